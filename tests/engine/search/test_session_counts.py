"""Counting by the sessions of each offer and counting by ranges are the same, whatever the conditions."""

import json
import random
from datetime import date, timedelta
from typing import Any, Final, cast
from urllib.request import Request, urlopen

import pytest

from mappings.names import IndexNames
from search_app.search.facets import FACETS, AtLeast, Codes
from search_app.search.params.search_params import Seats
from search_app.search.query.session_counts import count_funders, count_seats, count_states
from search_app.search.query.sessions import SessionConditions
from tests.engine.loaded import TODAY

DRAWS: Final = 60
SEATS: Final[tuple[Seats, ...]] = (1, 2, 3, 4, 5, 7, 11, 60, "full", "unknown")
STATES: Final = ("open", "closed", "suspended", "unknown")
VALUES: Final = {facet.param: facet.values for facet in FACETS}


def draw(rng: random.Random, *, states: bool, seats: bool) -> SessionConditions:
    """Return conditions, at least one."""
    while True:
        day = TODAY + timedelta(days=rng.randint(-60, 240))
        last: date | None = day + timedelta(days=rng.randint(0, 60)) if rng.random() < 0.6 else None
        conditions = SessionConditions(
            start_from=day.isoformat() if rng.random() < 0.6 else None,
            start_to=last.isoformat() if last else None,
            seats=rng.choice((None, *SEATS)) if seats else None,
            recruiting=tuple(rng.sample(("open", "closed", "suspended", "unknown"), rng.randint(0, 2)))
            if states
            else (),
            upcoming_on=TODAY.isoformat() if rng.random() < 0.3 else None,
        )
        if conditions.any_set:
            return conditions


def both_ways(rng: random.Random) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return one list of each kind, counted in both ways, under conditions drawn anew."""
    of_states, of_funders, of_seats = draw(rng, states=False, seats=True), draw(rng, states=True, seats=False), draw(
        rng, states=True, seats=False
    )  # fmt: skip
    number = cast(int, rng.choice(SEATS[:-2]))
    chosen = rng.choice((None, *SEATS))
    states, seats = cast(Codes, VALUES["recruiting"]), cast(AtLeast, VALUES["seats"])
    return [
        (count_states(states, of_states, few=True), count_states(states, of_states, few=False)),
        (count_funders(of_funders, number, few=True), count_funders(of_funders, number, few=False)),
        (count_seats(seats, chosen, of_seats, (), few=True), count_seats(seats, chosen, of_seats, (), few=False)),
    ]


@pytest.mark.parametrize("prefix", ["loaded_prefix", "loaded_in_parts_prefix"])
def test_both_ways_count_the_same(prefix: str, engine_url: str, request: pytest.FixtureRequest) -> None:
    index = IndexNames(request.getfixturevalue(prefix)).offers
    rng = random.Random(20261129)
    counted = 0
    for _ in range(DRAWS):
        pairs = both_ways(rng)
        aggregations = {f"{number} {way}": pair[way] for number, pair in enumerate(pairs) for way in (0, 1)}
        body = json.dumps({"size": 0, "aggs": aggregations}).encode()
        asked = Request(f"{engine_url}/{index}/_search", body, {"Content-Type": "application/json"})
        with urlopen(asked, timeout=30) as answered:
            told = json.load(answered)["aggregations"]
        for number, _ in enumerate(pairs):
            by_session = told[f"{number} 0"].get("value")
            if by_session is None:  # unknown seats by funder have one way only
                continue
            by_range = {name: row["doc_count"] for name, row in told[f"{number} 1"]["buckets"].items()}
            assert by_session == {name: count for name, count in by_range.items() if count}, aggregations
            counted += len(by_session)
    assert counted > DRAWS
