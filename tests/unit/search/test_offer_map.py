"""The map's parameters, what the engine is asked, and what is made of its answer."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from mappings.distance import distance_km
from mappings.reference import Commune, Reference
from search_app.api.openapi import build_openapi
from search_app.base.settings import Settings
from search_app.search.map import PATH
from search_app.search.map.frame import MOST_CELLS, VOCABULARY, WORLD, Frame
from search_app.search.map.query import build_map_body, build_named_body
from search_app.search.map.view import MOST_NAMED, keys_to_name, to_map_view
from search_app.search.params import PARAMETERS, SearchParams
from search_app.search.places.areas import Circle, Territory
from search_app.search.places.atlas import Box
from search_app.search.places.build import build_place_finder
from search_app.search.query.request import SearchRequest
from search_app.search.reference_data import Snapshot
from search_app.web.policies import SECURITY_HEADERS
from tests.away_engine import away_app

TODAY = date(2026, 11, 23)
ALBI = Frame(Box(1.5, 43.5, 2.8, 44.4), 9)


def request_of(area: Circle | Territory | None = None, **params: Any) -> SearchRequest:
    return SearchRequest(SearchParams(**params), area, TODAY, 2.5)


def faults_of(query: str) -> dict[str, str]:
    """What is allowed, by the name of each wrong parameter."""
    with TestClient(away_app()) as browser:
        answer = browser.get(f"{PATH}?{query}")
    assert answer.status_code == 400, answer.text
    faults = answer.json()["error"]["faults"]
    assert len({fault["parameter"] for fault in faults}) == len(faults)
    return {fault["parameter"]: fault["allowed"] for fault in faults}


def test_every_fault_is_named_at_once_those_of_the_search_and_those_of_the_view() -> None:
    faults = faults_of("seats=x&west=2&east=1&south=99&zoom=19&colour=red")
    assert set(faults) == {"seats", "east", "south", "zoom", "colour", "north"}
    assert set(VOCABULARY) | set(PARAMETERS) == set(faults["colour"].split(", "))


@pytest.mark.parametrize("given", ["west=1", "west=1&east=2&south=3", "north=2&east=x"])
def test_a_view_has_four_edges_or_none(given: str) -> None:
    assert set(faults_of(given)) == {"west", "south", "east", "north"} - (
        {part.partition("=")[0] for part in given.split("&") if not part.endswith("=x")}
    )


def test_a_view_too_fine_for_its_size_is_told_how_fine_it_may_be() -> None:
    assert faults_of("zoom=9") == {"zoom": "un nombre entier de 0 à 3 pour cette étendue"}
    assert Frame(WORLD, 3).cells <= MOST_CELLS < Frame(WORLD, 4).cells


def test_an_edge_may_be_that_of_the_world_and_without_an_engine_it_is_a_503() -> None:
    with TestClient(away_app()) as browser:
        answer = browser.get(f"{PATH}?west=-180&south=-90&east=180&north=90&zoom=0&page=2&sort=start")
    assert answer.status_code == 503


def test_a_wide_screen_has_fewer_cells_than_are_allowed() -> None:
    degrees = 360 / 256  # of longitude a pixel, at zoom 0
    wide, high = 1900 * degrees / 2**9, 900 * degrees / 2**9 * 0.72
    assert Frame(Box(2, 43, 2 + wide, 43 + high), 9).cells <= MOST_CELLS


def test_what_is_asked_of_the_engine_holds_no_number_in_its_scripts_and_a_time_out() -> None:
    one = build_map_body(request_of(Circle(43.93, 2.15, 30.0)), ALBI)
    other = build_map_body(request_of(), Frame(Box(-5.25, 41, 9.5, 51.125), 5))
    assert one["timeout"] == "2500ms"
    assert one["size"] == 0
    asked, asked_otherwise = (body["aggs"]["view"]["aggs"]["cells"]["scripted_metric"] for body in (one, other))
    # Scripts are compiled once and kept by their text: what changes with each view is a parameter.
    for name in ("init_script", "map_script", "combine_script", "reduce_script"):
        assert asked[name] == asked_otherwise[name]
    assert asked["params"] != asked_otherwise["params"]
    assert "query_string" not in str(one)


def test_an_offer_stands_at_the_place_nearest_to_the_point_searched_from_only_where_there_is_one() -> None:
    def near(area: Circle | Territory | None) -> Any:
        body = build_map_body(request_of(area), ALBI)
        return body["aggs"]["view"]["aggs"]["cells"]["scripted_metric"]["params"]["near"]

    assert near(Circle(43.93, 2.15, 30.0)) is True
    assert near(Territory("department", "81")) is False
    assert near(None) is False


def test_the_offers_of_small_cells_are_asked_for_by_their_keys_with_a_time_out() -> None:
    body = build_named_body(request_of(), ["b", "a"])
    assert body["query"] == {"terms": {"key": ["b", "a"]}}
    assert (body["size"], body["timeout"]) == (2, "2500ms")


def answer_of(cells: dict[str, list[float]], keys: dict[str, list[str]], **changes: Any) -> dict[str, Any]:
    bounds = {"top_left": {"lat": 44.2, "lon": 1.9}, "bottom_right": {"lat": 43.6, "lon": 2.2}}
    aggregations = {
        "remote": {"doc_count": 3},
        "placed": {"doc_count": 12, "extent": {"bounds": bounds}},
        "view": {"doc_count": 12, "cells": {"value": {"cells": cells, "keys": keys}}},
    }
    return {"hits": {"total": {"value": 20}}, "aggregations": aggregations | changes}


STORED = {
    "id": "14_AF_1", "key": "abcdefghijkl", "title": "CAP maçon", "source": "occitanie", "training_key": "t",
    "provider": {"name": "Les Ateliers", "siren": None},
    "places": [{"town": "Paris", "postal_code": "75001", "lat": 48.86, "lon": 2.35},
               {"town": "Albi", "postal_code": "81000", "lat": 43.93, "lon": 2.15}],
}  # fmt: skip
FULL = [11.0, 11 * 44.0, 11 * 2.0, 43.9, 44.1, 1.9, 2.1]
ONE = [1.0, 43.93, 2.15, 43.93, 43.93, 2.15, 2.15]


def test_cells_add_up_and_what_is_on_no_map_is_told_apart() -> None:
    answer = answer_of({"1/2": ONE, "3/4": FULL}, {"1/2": ["abcdefghijkl"]})
    view = to_map_view(answer, [STORED], request_of(), ALBI, Snapshot())
    assert (view.total, view.placed, view.remote, view.unplaced, view.in_view) == (20, 12, 3, 5, 12)
    assert [(cell.id, cell.count, len(cell.offers)) for cell in view.cells] == [("3/4", 11, 0), ("1/2", 1, 1)]
    assert (view.cells[0].lat, view.cells[0].lon) == (44.0, 2.0)
    assert view.extent is not None
    assert (view.extent.west, view.extent.south, view.extent.east, view.extent.north) == (1.9, 43.6, 2.2, 44.2)


def test_an_offer_of_several_places_is_told_with_the_one_where_it_stands() -> None:
    view = to_map_view(answer_of({"1/2": ONE}, {"1/2": ["abcdefghijkl"]}), [STORED], request_of(), ALBI, Snapshot())
    (offer,) = view.cells[0].offers
    assert (offer.place, offer.provider, offer.url) == ("81000 Albi", "Les Ateliers", "/offres/abcdefghijkl")


@pytest.mark.parametrize(
    ("start", "words"),
    [("2026-11-22", "à partir du 22 novembre 2026 (déjà commencée)"), ("2026-11-23", "à partir du 23 novembre 2026")],
)
def test_a_session_that_has_begun_is_told_as_one_on_the_map_too(start: str, words: str) -> None:
    row = {"id": "S1", "key": "s1", "start": start, "start_last": start, "start_precision": "day",
           "recruiting": "open"}  # fmt: skip
    stored = STORED | {"entry": "fixed", "sessions": [row]}
    view = to_map_view(answer_of({"1/2": ONE}, {"1/2": ["abcdefghijkl"]}), [stored], request_of(), ALBI, Snapshot())
    assert view.cells[0].offers[0].next_session == words


def town_at(name: str) -> dict[str, Any]:
    key = name.lower()[:3].ljust(12, "a")
    return STORED | {"key": key, "places": [{"town": name, "lat": 43.93, "lon": 2.15}]}


@pytest.mark.parametrize(
    ("towns", "name"),
    [(("LE SEQUESTRE",), "Le Sequestre"), (("ALBI", "ALBI"), "Albi"), (("PUYGOUZON", "ALBI"), "Albi")],
)
def test_a_group_bears_the_town_of_its_offers_else_the_largest_one(towns: tuple[str, ...], name: str) -> None:
    albi = Commune("81004", "Albi", ("81000",), 49_000, "81", "76", 43.93, 2.15)
    snapshot = Snapshot(places=build_place_finder(Reference(communes={albi.insee: albi})))
    offers = [town_at(each) for each in towns]
    answer = answer_of({"1/2": ONE}, {"1/2": [offer["key"] for offer in offers]})
    assert to_map_view(answer, offers, request_of(), ALBI, snapshot).cells[0].name == name


def test_an_offer_on_the_map_has_its_distance_and_the_seats_of_the_session_it_names() -> None:
    seats = [{"funder": "2", "available": 5, "capacity": 12, "observed_at": "2026-11-21T08:00:00Z"}]
    row = {"id": "S1", "key": "s1", "start": "2027-03-01", "start_last": "2027-03-01", "start_precision": "day",
           "recruiting": "open", "seats": seats}  # fmt: skip
    answer = answer_of({"1/2": ONE}, {"1/2": ["abcdefghijkl"]})
    near = SearchRequest(SearchParams(), Circle(43.93, 2.27, 30), TODAY)
    (offer,) = to_map_view(answer, [STORED | {"sessions": [row]}], near, ALBI, Snapshot()).cells[0].offers
    assert (offer.distance_km, offer.seats) == (9.6, "5\u00a0places")
    (offer,) = to_map_view(answer, [STORED], request_of(), ALBI, Snapshot()).cells[0].offers
    assert (offer.distance_km, offer.seats) == (None, None)


def test_names_of_towns_have_typographic_apostrophes() -> None:
    union = Commune("31561", "L'Union", ("31240",), 11_500, "31", "76", 43.93, 2.15)
    snapshot = Snapshot(places=build_place_finder(Reference(communes={union.insee: union})))
    view = to_map_view(answer_of({"1/2": ONE}, {}), [], request_of(), ALBI, snapshot)
    assert [view.cells[0].name, *(town.name for town in view.towns)] == ["L’Union", "L’Union"]


def test_the_circle_of_a_cell_holds_all_that_is_in_it() -> None:
    cell = to_map_view(answer_of({"3/4": FULL}, {}), [], request_of(), ALBI, Snapshot()).cells[0]
    for lat in (43.9, 44.1):
        for lon in (1.9, 2.1):
            assert distance_km(lat, lon, cell.around.lat, cell.around.lon) <= cell.around.radius
    assert cell.around.radius < 20


def test_a_view_without_offers_is_empty() -> None:
    nothing = {"placed": {"doc_count": 0, "extent": {}}, "view": {"doc_count": 0, "cells": {"value": {}}}}
    view = to_map_view(answer_of({}, {}, **nothing), [], request_of(), ALBI, Snapshot())
    assert (view.cells, view.in_view, view.extent) == ([], 0, None)


def test_offers_told_one_by_one_are_those_of_the_smallest_cells_whole_and_not_too_many() -> None:
    keys = {f"{number}/0": [f"{number}-{place}" for place in range(9)] for number in range(40)}
    told = keys_to_name(answer_of({}, keys | {"small": ["s"]}))
    assert "s" in told
    assert MOST_NAMED - 9 < len(told) <= MOST_NAMED
    assert (len(told) - 1) % 9 == 0


def test_the_document_of_the_api_has_the_map_with_all_its_parameters() -> None:
    operation = build_openapi()["paths"][PATH]["get"]
    assert [row["name"] for row in operation["parameters"]] == [*PARAMETERS, *VOCABULARY]
    schema = build_openapi()["components"]["schemas"]["MapView"]
    assert {"total", "placed", "remote", "unplaced", "in_view", "cells", "towns"} <= set(schema["properties"])


@pytest.mark.parametrize(
    "wrong",
    [
        "tiles/{z}/{x}/{y}", "https://tiles.example.fr/{z}/{x}.png", "ftp://h/{z}/{x}/{y}",
        "https://tiles.example.fr;script-src/{z}/{x}/{y}", "https://tiles.example.fr/{z}/{x}/{y}; script-src *",
        "https://a b/{z}/{x}/{y}", "https://{s}.example.fr/{z}/{x}/{y}",
    ],
)  # fmt: skip
def test_an_address_of_tiles_that_is_none_or_would_change_the_policy_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        Settings(tiles_url=wrong)


def test_pictures_of_another_site_are_allowed_only_with_tiles() -> None:
    def policy(**settings: Any) -> str:
        with TestClient(away_app(**settings)) as browser:
            return str(browser.get("/healthz").headers["content-security-policy"])

    plain = SECURITY_HEADERS["Content-Security-Policy"]
    assert policy() == plain
    with_tiles = policy(tiles_url="https://tiles.example.fr:8443/osm/{z}/{x}/{y}.png")
    assert "img-src 'self' data: https://tiles.example.fr:8443;" in with_tiles
    assert with_tiles.replace(" https://tiles.example.fr:8443", "") == plain
