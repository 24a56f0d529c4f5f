"""oEmbed: the answers for the site's pages, for other addresses, and for wrong parameters."""

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jsonschema
import pytest
from lxml import html

from search_app.api.openapi import build_openapi
from search_app.api.openapi_oembed import OEMBED_SCHEMA
from search_app.pages.widgets.oembed import LARGEST, PATH
from search_app.pages.widgets.theme import CORNERS, SCHEMES
from tests.stored_offers import least_offer
from tests.unit.widgets.test_frames import KEY, OFFERS, get, tree

SITE = "http://testserver"


def ask(**given: Any) -> tuple[int, dict[str, Any]]:
    answer = get(f"/oembed?{urlencode(given)}")
    assert answer.headers["content-type"] == "application/json"
    return answer.status_code, json.loads(answer.text)


@pytest.mark.parametrize(
    ("page", "frame"),
    [
        ("/offres?funder=2", "/widgets/1/liste?funder=2&upcoming=true"),
        (f"/offres/{OFFERS[0]['id']}", f"/widgets/1/offre?key={KEY}"),
        ("/offres", "/widgets/1/recherche?upcoming=true"),
        ("/", "/widgets/1/recherche?upcoming=true"),
    ],
)
def test_a_page_is_described_as_its_frame(page: str, frame: str) -> None:
    status, told = ask(url=SITE + page)
    assert status == 200
    assert (told["version"], told["type"], told["provider_url"]) == ("1.0", "rich", f"{SITE}/")
    fragment = html.fragments_fromstring(told["html"])
    assert [element.tag for element in fragment] == ["blockquote", "iframe"]  # what WordPress keeps
    assert fragment[1].get("src") == SITE + frame
    assert fragment[1].get("title") == told["title"]
    assert (fragment[1].get("width"), fragment[1].get("height")) == (str(told["width"]), str(told["height"]))
    assert get(frame).status_code == 200


def test_frame_is_no_larger_than_the_asking_page_allows() -> None:
    _, free = ask(url=f"{SITE}/offres?funder=2")
    _, bound = ask(url=f"{SITE}/offres?funder=2", maxwidth=320, maxheight=300)
    assert (bound["width"], bound["height"]) == (320, 300)
    assert free["width"] == 680
    assert free["height"] > 300


@pytest.mark.parametrize("name", ["maxwidth", "maxheight"])
@pytest.mark.parametrize("value", ["abc", "0", "-5", "1e3", "99999999999", "²"])
def test_a_size_that_is_none_is_a_400_that_names_it(name: str, value: str) -> None:
    status, told = ask(url=f"{SITE}/", **{name: value})
    assert status == 400
    (fault,) = told["error"]["faults"]
    assert (fault["parameter"], fault["value"]) == (name, value)
    assert "pixels" in fault["allowed"]


@pytest.mark.parametrize(
    "url",
    [
        "https://ailleurs.example.fr/offres",
        "http://testserver.example.fr/offres",
        "http://testserver@ailleurs.example.fr/offres",
        "//ailleurs.example.fr/offres",
        "javascript:alert(1)",
        "http://[",
        f"{SITE}/aide",
        f"{SITE}/offres/nulle",
        f"{SITE}/offres/",
    ],
)
def test_another_site_another_page_and_an_unknown_offer_are_a_404(url: str) -> None:
    assert ask(url=url)[0] == 404


def test_other_formats_are_not_implemented_and_no_address_is_a_fault() -> None:
    status, told = ask(url=f"{SITE}/", format="xml")
    assert (status, told["error"]["code"]) == (501, "unsupported_format")
    assert ask(url=f"{SITE}/", format="json")[0] == 200
    assert ask()[0] == 400
    status, told = ask(url=f"{SITE}/offres?seats=x")
    assert (status, told["error"]["faults"][0]["parameter"]) == (400, "seats")


@pytest.mark.parametrize("page", ["/offres?funder=2&size=3", f"/offres/{KEY}?selection=nulle"])
def test_result_and_offer_pages_lead_to_their_description(page: str) -> None:
    (link,) = tree(page).xpath("//link[@type='application/json+oembed']")
    assert link.get("rel") == "alternate"
    address = urlsplit(link.get("href"))
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{SITE}/oembed"
    assert parse_qs(address.query)["url"] == [SITE + page]
    assert get(f"{address.path}?{address.query}").status_code == 200


@pytest.mark.parametrize("page", ["/aide", "/sources", "/selection"])
def test_other_pages_have_no_frame(page: str) -> None:
    assert tree(page).xpath("//link[@type='application/json+oembed']") == []


def test_markup_of_a_feed_stays_text() -> None:
    offer = least_offer("evil") | {"title": '"><script>alert(1)</script>'}
    answer = get(f"/oembed?url=/offres/{offer['key']}", [offer])
    assert "<script" not in json.loads(answer.text)["html"]


def test_the_api_document_says_what_the_code_does() -> None:
    operation = build_openapi()["paths"][PATH]["get"]
    schemas = {row["name"]: row["schema"] for row in operation["parameters"]}
    assert schemas["corners"]["enum"] == list(CORNERS)
    assert schemas["scheme"]["enum"] == list(SCHEMES)
    assert schemas["maxwidth"]["maximum"] == schemas["maxheight"]["maximum"] == LARGEST
    _, told = ask(url=f"{SITE}/offres/{KEY}")
    jsonschema.validate(told, OEMBED_SCHEMA)
    assert set(told) == set(OEMBED_SCHEMA["required"])
