"""What is asked at random holds every word of the public contract, and is the same for the same seed."""

from collections import Counter
from datetime import date
from typing import Final

import pytest

from tests.oracle.dates import Span
from tests.oracle.draw import Drawer, Drawn
from tests.oracle.fixture_truth import COMMUNES, DATA, Truth, fixture_row, read_fixture_truth
from tests.oracle.places import Area, Circle, Gazetteer, load_gazetteer, resolve
from tests.oracle.query import CODE_FILTERS, OTHERS
from tests.oracle.rows import Row

TODAY: Final = date(2026, 11, 23)
PARAMETERS: Final = {*CODE_FILTERS, *OTHERS} - {"q"}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(COMMUNES)


def numbered(truth: Truth, number: int) -> Truth:
    sessions = [{**session, "session": session["session"] or str(n)} for n, session in enumerate(truth["sessions"])]
    return {**truth, "action": truth["action"] or str(number), "sessions": sessions}


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    truths = read_fixture_truth(DATA / "truth.jsonl.gz")
    return [fixture_row(numbered(truth, number)) for number, truth in enumerate(truths)]


@pytest.fixture(scope="module")
def drawn(rows: list[Row], gazetteer: Gazetteer) -> list[Drawn]:
    drawer = Drawer(rows, gazetteer, TODAY, seed=1)
    return [drawer.parameters() for _ in range(1000)]


def test_every_parameter_is_drawn_often(drawn: list[Drawn]) -> None:
    counts = Counter(name for parameters in drawn for name in parameters)
    assert {name: counts[name] for name in PARAMETERS if counts[name] < 20} == {}


def test_every_choice_is_drawn(drawn: list[Drawn]) -> None:
    values = {(name, value) for parameters in drawn for name, listed in parameters.items() for value in listed}
    for name, choices in {
        "remote": "include only exclude",
        "recruiting": "open closed suspended unknown",
        "mode": "onsite blended remote unknown",
        "entry": "fixed permanent unknown",
        "state_funded": "true false",
        "sort": "start distance seats",
        "entry_level": "0 13 14 15 16 17 18",
    }.items():
        assert {value for known, value in values if known == name} == set(choices.split())
    several = Counter(name for parameters in drawn for name, listed in parameters.items() if len(listed) > 1)
    assert {"1", "5", "10", "full", "unknown"} <= {value for name, value in values if name == "seats"}
    assert {"funder", "recruiting", "domain", "rome", "level", "region", "department", "provider"} <= several.keys()


def test_places_of_every_kind_are_drawn(drawn: list[Drawn], gazetteer: Gazetteer) -> None:
    texts = [parameters["place"][0] for parameters in drawn if "place" in parameters]
    meant = {text: resolve(gazetteer, text) for text in texts}
    assert any(isinstance(place, Area) and place.region for place in meant.values())
    assert any(isinstance(place, Area) and place.department for place in meant.values())
    assert any(isinstance(place, Circle) and text.isdigit() for text, place in meant.items())
    assert any(isinstance(place, Circle) and not text.isdigit() for text, place in meant.items())
    assert None not in meant.values()


def test_same_seed_draws_the_same_queries(rows: list[Row], gazetteer: Gazetteer, drawn: list[Drawn]) -> None:
    drawer = Drawer(rows, gazetteer, TODAY, seed=1)
    assert [drawer.parameters() for _ in range(50)] == drawn[:50]


def test_fixtures_contain_every_case_of_the_rules(rows: list[Row]) -> None:
    """Without these the random requests would prove less than they seem to."""
    sessions = [(row, session) for row in rows for session in row.sessions]
    starts = {_precision(session.start) for _, session in sessions}
    assert starts == {"day", "month", "year", "unknown"}
    assert {row.mode for row in rows} == {"onsite", "blended", "remote", None}
    assert any(len(row.places) > 1 for row in rows)
    assert any(not row.places for row in rows)
    assert any(not row.sessions for row in rows)
    assert any(row.mode == "remote" and row.places for row in rows)
    assert any(row.permanent and session.end for row, session in sessions)
    assert any(row.permanent and session.end is None for row, session in sessions)
    assert any(row.permanent and session.start is None for row, session in sessions)
    assert any(session.available.keys() - row.funders for row, session in sessions)
    assert any(session.recruiting == "closed" and max(session.available.values(), default=0) for _, session in sessions)
    assert any(session.start == Span(TODAY, TODAY) for _, session in sessions)
    assert {row.entry_level for row in rows} >= {0, 13, 14, 15}


def _precision(span: Span | None) -> str:
    if span is None:
        return "unknown"
    days = (span.last - span.first).days
    return "day" if days == 0 else "month" if days < 31 else "year"
