"""What an offer's page says of other offers holds in the search that it leads to."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import html

from tests.engine.loaded import LoadedApp

SAMPLES = 12


def page_of(loaded_app: LoadedApp, url: str) -> html.HtmlElement:
    answer = loaded_app.get(url)
    assert answer.status == 200
    return html.fromstring(answer.text)


def found_by(loaded_app: LoadedApp, href: str) -> dict[str, Any]:
    answer: dict[str, Any] = loaded_app.search(parse_qs(urlsplit(href).query) | {"size": ["100"]}).json()
    return answer


def test_other_offers_are_first_in_their_search_and_the_number_is_right(loaded_app: LoadedApp) -> None:
    query = {"q": ["cuisine"], "upcoming": ["true"], "remote": ["exclude"], "size": [str(SAMPLES)]}
    shown = 0
    for offer in loaded_app.search(query).json()["results"]:
        for section in page_of(loaded_app, offer["url"]).xpath('//section[@class="related"]'):
            links = [link.get("href") for link in section.xpath('.//p[@class="related-title"]/a')]
            (every,) = section.xpath("./p/a")
            found = found_by(loaded_app, every.get("href"))
            number = re.search(r"\((\d+)\soffre", every.text_content())
            assert number
            assert int(number[1]) == found["total"]
            urls = [each["url"] for each in found["results"]]
            assert offer["url"] not in links
            assert [url for url in urls if url in links] == links, "nearest first"
            shown += 1
    assert shown >= SAMPLES


def test_an_offer_is_shown_where_its_neighbours_cannot_be_asked_for(loaded_app: LoadedApp, monkeypatch: Any) -> None:
    (offer,) = loaded_app.search({"q": ["cuisine"], "size": ["1"]}).json()["results"]
    monkeypatch.setattr("search_app.search.engine.offers.FIRST_OPTIONS", "no_such_option=1")
    page = page_of(loaded_app, offer["url"])
    assert page.xpath("//h1")[0].text_content() == offer["title"]
    assert not page.xpath('//section[@class="related"]')
