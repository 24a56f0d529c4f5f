"""White areas and overlaps over the fixtures, compared with searches and with brute force."""

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


@pytest.mark.parametrize("query", ["start_from=2027-01-01&start_to=2027-06-30", "region=76", "recruiting=open"])
def test_overlaps_are_those_of_brute_force(app: LoadedApp, query: str) -> None:
    gazetteer = load_gazetteer(COMMUNES, FORMER_COMMUNES)
    asked: dict[str, list[str]] = defaultdict(list)
    for name, value in parse_qsl(query):
        asked[name].append(value)
    answer = app.get(f"/api/v1/analytics/overlaps?{query}&size=100").json()
    quarters = app.get(f"/api/v1/analytics?{query}&rows=quarter&size=100").json()["rows"]
    windows = {row["value"]: dict(parse_qsl(row["search"])) for row in quarters}
    expected: dict[tuple[str, str, str], tuple[set[str], int]] = {}
    for offer in loaded_offers(app):
        values = offer.row.answers_to
        for rncp, zone in product(values["rncp"], values["employment_zone"]):
            for quarter, window in windows.items():
                days = {name: [window[name]] for name in ("start_from", "start_to")}
                search = read_query({**asked, **days}, gazetteer)
                if sessions_of(offer, search, TODAY) is not None:
                    sirens, number = expected.get((rncp, zone, quarter), (set(), 0))
                    expected[rncp, zone, quarter] = (sirens | values["provider"], number + 1)
    several = {key: told for key, told in expected.items() if len(told[0]) > 1}
    assert answer["total"] == len(several) > 0
    for row in answer["overlaps"]:
        sirens, number = several[row["rncp"], row["employment_zone"], row["quarter"]]
        assert ({each["siren"] for each in row["providers"]}, row["offers"]) == (sirens, number)
        assert all((row["rncp_label"], row["zone_label"], row["quarter_label"]))
    links = [dict(parse_qsl(row["search"])) for row in answer["overlaps"][:30]]
    assert totals(app, links) == [row["offers"] for row in answer["overlaps"][:30]]
    numbers = [len(row["providers"]) for row in answer["overlaps"]]
    assert numbers == sorted(numbers, reverse=True)
