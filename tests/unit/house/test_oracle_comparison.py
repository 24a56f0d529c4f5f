"""The comparison of answers sees every kind of difference: an answer is tampered with, and the line must appear."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.oracle.answer import FACETS, answer
from tests.oracle.compare import Compared
from tests.oracle.dates import parse_period
from tests.oracle.places import Gazetteer
from tests.oracle.query import read_query
from tests.oracle.rows import ON_REQUEST, Place, Row, Session, make_row
from tests.oracle.trainings import Group, keys_of, training_differences

TODAY = date(2026, 11, 23)
PARAMETERS = {"level": ["14"], "lat": ["43.9"], "lon": ["2.1"], "radius": ["50"], "sort": ["start"]}
ALBI = Place("76", "81", 43.929, 2.132)


def row(name: str, *starts: str, level: str = "14") -> Row:
    sessions = (Session(f"{name}_{n}", *parse_period(s, None), "open", {"2": 3}) for n, s in enumerate(starts))
    codes = {"level": [level], "funder": ["2"], "provider": ["123456789"], "rome": ["F1703"]}
    return make_row(name, name, codes=codes, places=(ALBI,), sessions=tuple(sessions))


ROWS = {r.id: r for r in (row("a", "20270301", "20260101"), row("b", "20270201"), row("c", "20270201", level="15"))}


def good_answer() -> dict[str, Any]:
    figure = {"funder": "2", "capacity": 5, "available": 3}

    def session(name: str, start: str) -> dict[str, Any]:
        return {"id": name, "start": start, "recruiting": "open", "seats": [figure.copy()]}

    def facet(*counts: tuple[str, int], selected: str = "") -> list[dict[str, Any]]:
        return [{"value": value, "count": count, "selected": value == selected} for value, count in counts]

    return {
        "total": 2,
        "trainings": None,
        "presence": {"onsite": 2, "remote": 0},
        "results": [
            {"id": "b", "distance_km": 4.1, "sessions": [session("b_0", "2027-02-01")]},
            {"id": "a", "distance_km": 4.1, "sessions": [session("a_0", "2027-03-01"), session("a_1", "2026-01-01")]},
        ],
        "facets": {
            **{name: [] for name in FACETS if name not in ON_REQUEST},
            "region": facet(("76", 2)),
            "department": facet(("81", 2)),
            "rome": facet(("F1703", 2)),
            "level": facet(("14", 2), ("15", 1), selected="14"),
            "funder": facet(("2", 2)),
            "recruiting": facet(("open", 2)),
            "seats": facet(("1", 2)),
            "provider": facet(("123456789", 2)),
        },
    }


def differences(got: dict[str, Any]) -> list[str]:
    query = read_query(PARAMETERS, Gazetteer())
    expected = answer(ROWS.values(), query, TODAY)
    return Compared(PARAMETERS, expected, got, ROWS, query.sort).differences()


def test_right_answer_has_no_difference() -> None:
    assert differences(good_answer()) == []


TAMPERED: dict[str, Callable[[dict[str, Any]], object]] = {
    "trainings: nobody asked": lambda got: got.update(trainings=2),
    "presence: expected {'onsite': 2, 'remote': 0}, got None": lambda got: got.update(presence=None),
    "presence: expected {'onsite': 2, 'remote': 0}, got {'onsite': 1": lambda got: got.update(
        presence={"onsite": 1, "remote": 1}
    ),
    "total:": lambda got: got.update(total=3),
    "facet level=15: expected 1, got 2": lambda got: got["facets"]["level"][1].update(count=2),
    "facet level=15: expected 1, not listed": lambda got: got["facets"]["level"].pop(),
    "facet level: chosen 14": lambda got: got["facets"]["level"].pop(0),
    "facet level: 15 is wrongly": lambda got: got["facets"]["level"][1].update(selected=True),
    "facet region: missing": lambda got: got["facets"].pop("region"),
    "facet provider: 0 listed": lambda got: got["facets"]["provider"].clear(),
    "facet mode=onsite: expected 0": lambda got: got["facets"]["mode"].append(
        {"value": "onsite", "count": 1, "selected": False}
    ),
    "listed twice": lambda got: got["facets"]["region"].append(got["facets"]["region"][0]),
    "facet seats: 5 is listed without offers": lambda got: got["facets"]["seats"].append(
        {"value": "5", "count": 0, "selected": False}
    ),
    "facet seats: not in its order": lambda got: got["facets"]["seats"].insert(
        0, {"value": "full", "count": 0, "selected": False}
    ),
    "results that do not match: ['c']": lambda got: got["results"][0].update(id="c"),
    "on the page twice": lambda got: got["results"].append(got["results"][0]),
    "page: expected 2 results, got 1": lambda got: got["results"].pop(),
    "order:": lambda got: got["results"].reverse(),
    "sessions of a: expected ['a_0', 'a_1'] first": lambda got: got["results"][1]["sessions"].reverse(),
    "seats {'2': 4}": lambda got: got["results"][0]["sessions"][0]["seats"][0].update(available=4),
    "start 2027-02-02": lambda got: got["results"][0]["sessions"][0].update(start="2027-02-02"),
    "recruiting closed": lambda got: got["results"][0]["sessions"][0].update(recruiting="closed"),
    "distance of b": lambda got: got["results"][0].update(distance_km=9.0),
}


@pytest.mark.parametrize("line", TAMPERED)
def test_tampered_answer_is_reported(line: str) -> None:
    got = good_answer()
    TAMPERED[line](got)
    assert any(line in found for found in differences(got))


# The same offers, a and b of one training: b comes first, so it stands for both.
GROUPED_ROWS = {name: replace(each, training="x" if name != "c" else "y") for name, each in ROWS.items()}


def good_groups() -> dict[str, Any]:
    got = good_answer()
    told = {"key": "training2345", "offers": 2, "nearest_km": 4.1}
    return {**got, "trainings": 1, "pages": 1, "results": [{**got["results"][0], "training": told}]}


def group_differences(got: dict[str, Any]) -> list[str]:
    asked = {**PARAMETERS, "group": ["training"]}
    query = read_query(asked, Gazetteer())
    expected = answer(GROUPED_ROWS.values(), query, TODAY)
    return Compared(asked, expected, got, GROUPED_ROWS, query.sort).differences()


def test_right_answer_by_training_has_no_difference() -> None:
    assert group_differences(good_groups()) == []


TAMPERED_GROUPS: dict[str, Callable[[dict[str, Any]], object]] = {
    "trainings: expected 1, got 2": lambda got: got.update(trainings=2),
    "pages of trainings: expected 1, got 2": lambda got: got.update(pages=2),
    "page: expected 1 results, got 2": lambda got: got["results"].append({**good_answer()["results"][1]}),
    "offers of x: expected 2, got 1": lambda got: got["results"][0]["training"].update(offers=1),
    "nearest of x: expected": lambda got: got["results"][0]["training"].update(nearest_km=9.0),
    "order: result 0 (a)": lambda got: got["results"][0].update(good_answer()["results"][1]),
}


@pytest.mark.parametrize("line", TAMPERED_GROUPS)
def test_tampered_answer_by_training_is_reported(line: str) -> None:
    got = good_groups()
    TAMPERED_GROUPS[line](got)
    assert any(line in found for found in group_differences(got))


def test_training_listed_twice_is_reported() -> None:
    rows = {name: replace(each, training="x") for name, each in ROWS.items()}
    shown = [{"id": name, "training": {"offers": 2, "nearest_km": None}} for name in "ab"]
    got = {"trainings": 1, "pages": 1, "results": shown}
    groups = {"x": Group(keys=[(0,), (1,)])}
    assert list(training_differences(groups, got, rows, 20)) == ["a training is on the page twice"]


def test_each_training_has_its_own_key() -> None:
    rows = {name: replace(each, training=name.translate({98: "a"})) for name, each in ROWS.items()}  # b is a's
    assert keys_of(rows, {"a": "1", "b": "1", "c": "2"}) == {"a": "1", "c": "2"}
    for told in ({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "1", "c": "1"}):
        with pytest.raises(ValueError, match="key"):
            keys_of(rows, told)
