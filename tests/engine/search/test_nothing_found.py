"""A search without results over the fixtures: what the page offers instead is there, and is the nearest there is."""

import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from lxml import html

from search_app.text.dates import french_day
from tests.engine.loaded import LoadedApp

# Each finds nothing where and when it is asked, and something farther or later.
NOWHERE_NEAR = (
    {"place": "Aurillac (15)", "radius": "2", "level": "18", "remote": "exclude"},
    {"place": "Mende (48)", "radius": "1", "entry": "permanent", "remote": "exclude"},
    {"place": "Rodez (12)", "radius": "5", "q": "cuisine", "upcoming": "true", "remote": "exclude"},
)


def plain(node: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", node.text_content()).strip()


def links_of(app: LoadedApp, query: dict[str, str]) -> list[tuple[str, str, int]]:
    """Return the text, address and count of all that is offered instead."""
    answer = app.get(f"/offres?{urlencode(query)}")
    page: html.HtmlElement = html.fromstring(answer.text)
    assert plain(page.xpath('//span[@class="count"]')[0]) == "Aucune offre"
    items = page.xpath('//div[@class="nothing"]//li')
    counts = [int(re.sub(r"\D", "", plain(item.xpath('./span[@class="tally"]')[0]))) for item in items]
    links = [item.xpath("./a")[0] for item in items]
    return [(plain(link), link.get("href"), count) for link, count in zip(links, counts, strict=True)]


def total_of(app: LoadedApp, address: str) -> Any:
    query = parse_qs(urlsplit(address).query)
    return app.search(query).json()["total"]


@pytest.mark.parametrize("query", NOWHERE_NEAR, ids=lambda query: query["place"])
def test_the_nearest_towns_are_offered_with_what_a_search_there_finds(
    loaded_app: LoadedApp, query: dict[str, str]
) -> None:
    offered = links_of(loaded_app, query)
    towns = [row for row in offered if re.search(r", à .*km$", row[0])]
    assert 1 <= len(towns) <= 3
    for _, address, count in offered:
        assert count == total_of(loaded_app, address) > 0
    around = {name: [value] for name, value in query.items()} | {"radius": ["1000"], "sort": ["distance"]}
    nearest = loaded_app.search(around).json()["results"][0]
    told = float(re.findall(r"à ([\d,]+) km$", towns[0][0])[0].replace(",", "."))
    assert told == pytest.approx(nearest["distance_km"], abs=0.5)
    assert nearest["place"]["town"] in towns[0][0]


def test_the_next_beginning_is_told_where_the_days_are_too_early(loaded_app: LoadedApp) -> None:
    query = {"q": "soudeur", "start_from": "2027-01-01", "start_to": "2027-01-02", "entry": "fixed", "seats": "3"}
    (later,) = [row for row in links_of(loaded_app, query) if row[0].startswith("Accepter un début plus tardif")]
    after = {"q": ["soudeur"], "start_from": ["2027-01-03"], "entry": ["fixed"], "seats": ["3"], "sort": ["start"]}
    first = loaded_app.search(after).json()["results"][0]
    sessions = [each for each in first["sessions"] if each["matches"]]
    assert later[0].endswith(f"dès le {french_day(sessions[0]['start'])}")


def test_what_is_offered_keeps_words_as_loose_as_the_answer_has_them(loaded_app: LoadedApp) -> None:
    words = "volcan carrelage"
    loosely = loaded_app.search({"q": [words]}).json()
    assert loosely["understood"]["loose"]
    offered = links_of(loaded_app, {"q": words, "seats": "999"})
    counts = [count for text, _, count in offered if text.startswith("Retirer le filtre « Places restantes")]
    assert counts == [loosely["total"]] != [0]


def test_an_unknown_place_leads_to_the_nearest_spellings(loaded_app: LoadedApp) -> None:
    answer = loaded_app.get("/offres?q=anglais&place=Toulouze-sur-Mer")
    assert answer.status == 400
    page: html.HtmlElement = html.fromstring(answer.text)
    links = page.xpath('//div[@class="error-summary"]//li/a[contains(@href, "place=")]')
    assert "Toulouse (31)" in [plain(link) for link in links]
    assert all("q=anglais" in link.get("href") for link in links)
    assert loaded_app.get(links[0].get("href")).status == 200
    fault = loaded_app.search({"place": ["Toulouze-sur-Mer"]}).json()["error"]["faults"][0]
    assert "Peut-être : Toulouse (31)" in fault["message"]
    assert "Tarn" in loaded_app.search({"place": ["81999"]}).json()["error"]["faults"][0]["message"]
