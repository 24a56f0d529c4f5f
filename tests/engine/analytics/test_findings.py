"""White areas and overlaps over the fixtures, compared with searches and with brute force."""

import csv
import io
from collections import defaultdict
from itertools import product
from typing import Any
from urllib.parse import parse_qsl

import pytest

from search_app.search.service import Services
from tests.engine.loaded import TODAY, LoadedApp
from tests.oracle.fixture_truth import COMMUNES, FORMER_COMMUNES
from tests.oracle.places import load_gazetteer
from tests.oracle.query import read_query
from tests.pivots.evaluate import sessions_of
from tests.pivots.loaded import loaded_offers

MOST_COMMUNES = 400


def totals(app: LoadedApp, searches: list[dict[str, Any]]) -> list[int]:
    """Return the totals of searches."""
    services: Services = app.app.state.services

    async def count() -> list[int]:
        found: list[int] = []
        for at in range(0, len(searches), 100):
            asked = [services.read_search([*each.items()]) for each in searches[at : at + 100]]
            found += await services.count(asked)
        return found

    assert app.client.portal is not None
    return app.client.portal.call(count)


@pytest.mark.parametrize("query", ["radius=30", "radius=8&region=76&upcoming=true", "radius=60&q=anglais", "funder=7"])
def test_white_areas_are_communes_around_which_the_search_finds_nothing(app: LoadedApp, query: str) -> None:
    asked = dict(parse_qsl(query))
    answer = app.get(f"/api/v1/analytics/white-areas?{query}").json()
    white = {area["insee"]: area for area in answer["areas"]}
    assert len(white) == answer["total"] == len(answer["areas"])
    communes = app.app.state.services.reference.current().reference.communes.values()
    regions = {asked["region"]} if "region" in asked else {each.region for each in communes}
    looked_at = [each for each in communes if each.lat is not None and each.region in regions][:MOST_COMMUNES]
    around = [
        {"radius": "30", **asked, "lat": str(each.lat), "lon": str(each.lon), "remote": "exclude"} for each in looked_at
    ]
    for commune, total in zip(looked_at, totals(app, around), strict=True):
        if not commune.insee.startswith(("751", "6938", "132")):
            assert (commune.insee in white) == (total == 0), commune
    remote = totals(app, [{**asked, "remote": "only"}])[0]
    assert {area["remote"] for area in answer["areas"]} <= {remote}
    people = [area["population"] for area in answer["areas"]]
    assert people == sorted(people, reverse=True)


def test_white_areas_refuse_a_place_that_is_no_territory(app: LoadedApp) -> None:
    for query in ("place=Albi", "lat=43.9&lon=2.1", "remote=only", "q=anglais+Albi"):
        answer = app.get(f"/api/v1/analytics/white-areas?{query}")
        assert answer.status == 400
        assert answer.json()["error"]["faults"][0]["parameter"] in query
    whole = app.get("/api/v1/analytics/white-areas?place=Occitanie").json()
    assert {area["insee"] for area in whole["areas"]} <= {
        each.insee
        for each in app.app.state.services.reference.current().reference.communes.values()
        if each.region == "76"
    }


@pytest.mark.parametrize("path", ["analytics", "analytics.csv"])
def test_periods_of_three_centuries_are_refused_before_they_are_counted(app: LoadedApp, path: str) -> None:
    answer = app.get(f"/api/v1/{path}?rows=month&start_from=1900-01-01&start_to=2199-12-31")
    assert answer.status == 400
    assert answer.json()["error"]["faults"][0]["parameter"] == "start_to"
    assert app.get(f"/api/v1/{path}?rows=year&start_from=1900-01-01&start_to=2199-12-31").status == 200


@pytest.mark.parametrize(
    "query",
    ["start_from=2027-01-01&start_to=2027-06-30", "region=76", "recruiting=open", "seats=3", "funder=2"],
)
def test_overlaps_are_those_of_brute_force(app: LoadedApp, query: str) -> None:
    gazetteer = load_gazetteer(COMMUNES, FORMER_COMMUNES)
    asked: dict[str, list[str]] = defaultdict(list)
    for name, value in parse_qsl(query):
        asked[name].append(value)
    answer = app.get(f"/api/v1/analytics/overlaps?{query}&size=100").json()
    quarters = app.get(f"/api/v1/analytics?{query}&rows=quarter&size=100").json()["rows"]
    windows = {row["value"]: dict(parse_qsl(row["search"])) for row in quarters}
    expected: dict[tuple[str, str, str], tuple[set[str], int, set[str | None]]] = {}
    for offer in loaded_offers(app):
        values = offer.row.answers_to
        for rncp, zone in product(values["rncp"], values["employment_zone"]):
            for quarter, window in windows.items():
                days = {name: [window[name]] for name in ("start_from", "start_to")}
                search = read_query({**asked, **days}, gazetteer)
                if sessions_of(offer, search, TODAY) is not None:
                    sirens, number, payers = expected.get((rncp, zone, quarter), (set(), 0, set()))
                    payers = payers | (offer.row.funders or {None})
                    expected[rncp, zone, quarter] = (sirens | values["provider"], number + 1, payers)
    several = {key: told for key, told in expected.items() if len(told[0]) > 1}
    assert answer["total"] == len(several) > 0
    for row in answer["overlaps"]:
        sirens, number, payers = several[row["rncp"], row["employment_zone"], row["quarter"]]
        assert ({each["siren"] for each in row["providers"]}, row["offers"]) == (sirens, number)
        assert {each["value"] for each in row["funders"]} == payers
        assert all((row["rncp_label"], row["zone_label"], row["quarter_label"]))
        assert all(each["label"] for each in row["funders"])
    links = [dict(parse_qsl(row["search"])) for row in answer["overlaps"][:30]]
    assert totals(app, links) == [row["offers"] for row in answer["overlaps"][:30]]
    numbers = [len(row["providers"]) for row in answer["overlaps"]]
    assert numbers == sorted(numbers, reverse=True)


def rows_of(app: LoadedApp, path: str) -> list[dict[str, str]]:
    """Return the lines of a CSV file by the names of its header."""
    answer = app.get(f"/api/v1/analytics/{path}")
    assert answer.status == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_file_of_white_areas_has_all_of_them(loaded_app: LoadedApp) -> None:
    areas = loaded_app.get("/api/v1/analytics/white-areas?radius=8&region=76").json()["areas"]
    rows = rows_of(loaded_app, "white-areas.csv?radius=8&region=76&page=2&size=1")
    assert [row["insee"] for row in rows] == [area["insee"] for area in areas]
    assert len(rows) > 10
    for row, area in zip(rows, areas, strict=True):
        assert (row["label"], int(row["population"]), int(row["remote"])) == tuple(
            area[name] for name in ("label", "population", "remote")
        )
        assert float(row["lat"].replace(",", ".")) == area["lat"]
    assert loaded_app.get("/api/v1/analytics/white-areas.csv?place=Albi").status == 400


def test_file_of_overlaps_has_all_of_them_in_order(loaded_app: LoadedApp) -> None:
    pages = [loaded_app.get(f"/api/v1/analytics/overlaps?size=100&page={page}").json() for page in (1, 2, 3)]
    expected = [row for page in pages for row in page["overlaps"]]
    rows = rows_of(loaded_app, "overlaps.csv?size=1&page=3")
    assert len(rows) == pages[0]["total"] > 100
    for row, told in zip(rows, expected, strict=False):
        assert [row[name] for name in ("rncp", "employment_zone", "quarter", "search")] == [
            told[name] for name in ("rncp", "employment_zone", "quarter", "search")
        ]
        assert int(row["provider_count"]) == len(row["providers"].split(" | ")) == len(told["providers"])
        assert row["funders"].split(" | ") == [each["value"] or "unknown" for each in told["funders"]]
    assert loaded_app.get("/api/v1/analytics/overlaps.csv?seats=x").status == 400
