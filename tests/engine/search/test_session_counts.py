"""Counting by the sessions of each offer and counting by ranges are the same, whatever the conditions."""

import json
import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final, cast
from urllib.request import Request, urlopen

import pytest

from mappings.codes import FUNDER_LABELS
from mappings.names import IndexNames
from search_app.search.facets import FACETS, AtLeast, Codes
from search_app.search.params.search_params import Seats
from search_app.search.query.session_counts import (
    by_range,
    count_funders,
    count_seats,
    count_states,
    seats_rows,
    seats_under,
    state_rows,
)
from search_app.search.query.sessions import SessionConditions
from tests.engine.loaded import TODAY

DRAWS: Final = 60
SEATS: Final[tuple[Seats, ...]] = (1, 2, 3, 4, 5, 7, 11, 60, "full", "unknown")
STATES: Final = ("open", "closed", "suspended", "unknown")
FUNDERS: Final = ("2", "4", "5", "16", "10", "7")
Body = dict[str, Any]
VALUES: Final = {facet.param: facet.values for facet in FACETS}


def draw(rng: random.Random, funders: tuple[str, ...], *, states: bool, seats: bool) -> SessionConditions:
    """Return conditions, at least one."""
    while True:
        day = TODAY + timedelta(days=rng.randint(-60, 240))
        last: date | None = day + timedelta(days=rng.randint(0, 60)) if rng.random() < 0.6 else None
        left = rng.choice((None, *SEATS)) if seats else None
        conditions = SessionConditions(
            start_from=day.isoformat() if rng.random() < 0.6 else None,
            start_to=last.isoformat() if last else None,
            seats=left,
            funders=() if left is None else funders,
            recruiting=tuple(rng.sample(STATES, rng.randint(0, 2))) if states else (),
            upcoming_on=TODAY.isoformat() if rng.random() < 0.3 else None,
        )
        if conditions.any_set:
            return conditions


def draw_lists(rng: random.Random, funders: tuple[str, ...]) -> list[list[Body]]:
    """Return one list of each kind under conditions drawn anew, each counted by session and by range."""
    states, seats = cast(Codes, VALUES["recruiting"]), cast(AtLeast, VALUES["seats"])
    of_states = draw(rng, funders, states=False, seats=True)
    of_funders, of_seats = (draw(rng, (), states=True, seats=False) for _ in range(2))
    under = replace(of_seats, funders=funders)
    number, rows = cast(int, rng.choice(SEATS[:-2])), seats.rows(rng.choice((None, *SEATS)))
    return [
        [count_states(of_states), by_range(state_rows(states, of_states))],
        [count_funders(of_funders, number), funders_by_range(of_funders, number)],
        [count_seats(rows, seats.words, under), by_range(seats_rows(rows, under))],
    ]


def funders_by_range(conditions: SessionConditions, seats: int) -> Body:
    """Return the list of funders as the app counts it of many offers."""
    under = seats_under(conditions, seats, FUNDER_LABELS, SessionConditions.query)
    return {"filters": {"filters": {code: clauses[0] for code, clauses in under.items()}}}


@pytest.mark.parametrize("prefix", ["loaded_prefix", "loaded_in_parts_prefix"])
def test_both_ways_count_the_same(prefix: str, engine_url: str, request: pytest.FixtureRequest) -> None:
    """Beside chosen funders, of the offers that one of them pays, as in every search."""
    index = IndexNames(request.getfixturevalue(prefix)).offers
    rng = random.Random(20261129)
    counted = 0
    for _ in range(DRAWS):
        funders = tuple(rng.sample(FUNDERS, rng.randint(0, 3)))
        lists = draw_lists(rng, funders)
        named = {f"{number} {way}": each for number, ways in enumerate(lists) for way, each in enumerate(ways)}
        paid = {"terms": {"funder": funders}} if funders else {"match_all": {}}
        body = json.dumps({"size": 0, "aggs": {"paid": {"filter": paid, "aggs": named}}}).encode()
        asked = Request(f"{engine_url}/{index}/_search", body, {"Content-Type": "application/json"})
        with urlopen(asked, timeout=30) as answered:
            told = json.load(answered)["aggregations"]["paid"]
        for number in range(len(lists)):
            by_session = told[f"{number} 0"]["value"]
            ranged = {name: row["doc_count"] for name, row in told[f"{number} 1"]["buckets"].items()}
            assert by_session == {name: count for name, count in ranged.items() if count}, named
            counted += len(by_session)
    assert counted > DRAWS
