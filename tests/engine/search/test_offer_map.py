"""The map over the fixtures: its cells add up to what a search finds, and nobody is counted twice."""

import random
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from jsonschema import Draft202012Validator

from search_app.api.openapi import build_openapi
from search_app.search.map.frame import MOST_CELLS
from search_app.search.map.query import FEW
from search_app.search.map.view import MOST_NAMED
from tests.engine.loaded import TODAY, LoadedApp
from tests.oracle.answer import answer
from tests.oracle.draw import Drawer, Drawn
from tests.oracle.fixture_truth import COMMUNES, DATA, FORMER_COMMUNES, fixture_row, identify, read_fixture_truth
from tests.oracle.places import Circle, Gazetteer, distance_km, load_gazetteer
from tests.oracle.query import Query, read_query
from tests.oracle.rows import Row

REQUESTS: Final = 60
Point = tuple[float, float]
EDGES: Final = ("west", "south", "east", "north")


@dataclass(frozen=True)
class Truth:
    """The rows behind the app, and where each offer is: nowhere for remote ones."""

    rows: list[Row]
    points: dict[str, list[Point]]
    gazetteer: Gazetteer


@pytest.fixture(scope="module")
def truth(app: LoadedApp) -> Truth:
    results: list[dict[str, Any]] = []
    for page in range(1, 30):
        results += app.search({"size": ["100"], "page": [str(page)]}).json()["results"]
    rows = [fixture_row(told) for told in identify(read_fixture_truth(DATA / "truth.jsonl.gz"), results)]
    points = {
        row.id: [(place.lat, place.lon) for place in row.places if place.lat is not None and place.lon is not None]
        if "remote" not in row.values["mode"]
        else []
        for row in rows
    }
    return Truth(rows, points, load_gazetteer(COMMUNES, FORMER_COMMUNES))


def fetch(app: LoadedApp, drawn: Drawn, **frame: object) -> dict[str, Any]:
    query = urlencode({**drawn, **{name: str(value) for name, value in frame.items()}}, doseq=True)
    told = app.get(f"/api/v1/map?{query}")
    assert told.status == 200, told.text
    view: dict[str, Any] = told.json()
    return view


def shown_at(points: list[Point], query: Query) -> list[Point]:
    """Where an offer may stand: at its nearest place where there is a circle, else at any."""
    if isinstance(query.where, Circle) and points:
        centre = query.where
        return [min(points, key=lambda point: distance_km(point[0], point[1], centre.lat, centre.lon))]
    return points


def is_inside(point: Point, frame: dict[str, float]) -> bool:
    return frame["south"] <= point[0] <= frame["north"] and frame["west"] <= point[1] <= frame["east"]


def draw_frame(rng: random.Random, points: list[Point]) -> dict[str, float]:
    """A view around one of the points, at a zoom that its size allows."""
    lat, lon = rng.choice(points)
    zoom = rng.choice((5, 6, 7, 8, 9, 11, 13))
    degrees = 360 / 2 ** (zoom + 2)  # of a cell
    wide, high = degrees * rng.uniform(2, 20), degrees * rng.uniform(1, 12) * 0.7
    lat, lon = lat + rng.uniform(-high, high) / 2, lon + rng.uniform(-wide, wide) / 2
    edges = (lon - wide / 2, lat - high / 2, lon + wide / 2, lat + high / 2)
    return dict(zip(EDGES, (round(edge, 5) for edge in edges), strict=True)) | {"zoom": zoom}


def test_under_any_filters_cells_add_up_to_the_offers_with_a_place_each_counted_once(
    app: LoadedApp, truth: Truth
) -> None:
    drawer, rng, somewhere, several = Drawer(truth.rows, truth.gazetteer, TODAY, seed=11), random.Random(5), 0, 0
    every = [point for points in truth.points.values() for point in points]
    for _ in range(REQUESTS):
        drawn = drawer.parameters()
        query = read_query(drawn, truth.gazetteer)
        expected = answer(truth.rows, query, TODAY)
        if expected.doubtful:
            continue
        world, frame = fetch(app, drawn, zoom=rng.choice((0, 2, 3))), draw_frame(rng, every)
        view = fetch(app, drawn, **frame)
        placed = {key: shown_at(truth.points[key], query) for key in expected.keys if truth.points[key]}
        inside = {key for key, points in placed.items() if any(is_inside(point, frame) for point in points)}
        for told, in_view in ((world, len(placed)), (view, len(inside))):
            assert told["total"] == expected.total == told["placed"] + told["remote"] + told["unplaced"], drawn
            assert told["placed"] == len(placed), drawn
            assert told["in_view"] == sum(cell["count"] for cell in told["cells"]) == in_view, (drawn, frame)
        named = [offer["id"] for cell in view["cells"] for offer in cell["offers"]]
        assert len(named) == len(set(named))
        assert set(named) <= inside
        somewhere += 0 < len(inside) < len(placed)
        several += any(len(truth.points[key]) > 1 for key in inside)
    assert somewhere > REQUESTS / 6, "views hardly ever show a part: this proves little"
    assert several > REQUESTS / 12, "offers of several places are hardly ever in view: this proves little"


def test_an_offer_of_two_places_is_seen_at_either_and_counted_once_where_both_are_in_view(
    app: LoadedApp, truth: Truth
) -> None:
    apart = [
        (row, truth.points[row.id])
        for row in truth.rows
        if len(truth.points[row.id]) > 1 and distance_km(*truth.points[row.id][0], *truth.points[row.id][1]) > 5
    ]
    assert apart
    for row, (first, second, *_) in apart[:5]:
        asked: Drawn = {"q": [row.id], "verbatim": ["filters"]}
        for place in (first, second):
            edges = (place[1] - 0.01, place[0] - 0.01, place[1] + 0.01, place[0] + 0.01)
            around = dict(zip(EDGES, (round(edge, 5) for edge in edges), strict=True))
            view = fetch(app, asked, **around, zoom=13)
            assert row.id in [offer["id"] for cell in view["cells"] for offer in cell["offers"]], row.id
        world = fetch(app, asked, zoom=3)
        assert world["in_view"] == world["placed"] > 0


def test_a_cell_stands_among_its_offers_and_its_circle_finds_all_of_them(app: LoadedApp) -> None:
    asked: Drawn = {"place": ["Albi"], "radius": ["100"], "upcoming": ["true"]}
    view = fetch(app, asked, west=0.8, south=43, east=3.5, north=44.9, zoom=8)
    assert len(view["cells"]) > 5
    for cell in view["cells"]:
        bounds, around = cell["bounds"], cell["around"]
        assert is_inside((cell["lat"], cell["lon"]), {name: bounds[name] for name in EDGES})
        there = {"lat": [str(around["lat"])], "lon": [str(around["lon"])], "radius": [str(around["radius"])]}
        listed = app.search({**there, "remote": ["exclude"], "upcoming": ["true"], "size": ["100"]}).json()
        assert listed["total"] >= cell["count"]
        if listed["total"] <= 100:
            assert {offer["id"] for offer in cell["offers"]} <= {result["id"] for result in listed["results"]}


def test_small_cells_tell_all_their_offers_as_results_tell_them_and_the_answer_is_bounded(app: LoadedApp) -> None:
    asked: Drawn = {"upcoming": ["true"]}
    view = fetch(app, asked, west=-5, south=42, east=9, north=51, zoom=6)
    told = [cell for cell in view["cells"] if cell["offers"]]
    assert told
    assert all(len(cell["offers"]) == cell["count"] <= FEW for cell in told)
    assert sum(len(cell["offers"]) for cell in told) <= MOST_NAMED
    assert len(view["cells"]) <= MOST_CELLS
    for offer in [offer for cell in told for offer in cell["offers"]][:10]:
        whole = app.get(f"/api/v1/offers/{offer['key']}").json()
        assert (whole["offer"]["title"], whole["offer"]["provider"]["name"]) == (offer["title"], offer["provider"])
        assert offer["next_session"]


def test_words_that_nothing_has_are_loosened_as_the_search_does(app: LoadedApp) -> None:
    for words in ("soudeur", "boulanger à Albi", "zzzz soudeurr introuvablex"):
        listed = app.search({"q": [words]}).json()
        assert fetch(app, {"q": [words]})["total"] == listed["total"], words


def test_the_answer_is_as_the_document_says(app: LoadedApp) -> None:
    document = build_openapi()
    schema = {"$ref": "#/components/schemas/MapView", "components": document["components"]}
    view = fetch(app, {}, west=-5, south=42, east=9, north=51, zoom=6)
    assert view["cells"]
    assert view["towns"]
    assert list(Draft202012Validator(schema).iter_errors(view)) == []
