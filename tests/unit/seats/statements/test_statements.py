"""Seat statements: what is taken, what is not and why, and which figure stands."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.codes import lheo_table
from mappings.settings import SettingsError
from search_app.base.settings import Settings
from seats.projection.write import figures_to_left, merge_figures
from seats.statements.entries import read_entries
from seats.statements.forms import CsvForm, read_ndjson
from seats.statements.parse import LINE_LIMIT, Rejection, Statement, parse_statement
from seats.statements.producers import Producer, Producers

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "session": "14_SE_1",
    "funder": "2",
    "capacity": 12,
    "available": 3,
    "sequence": 7,
    "observed_at": "2026-11-22T18:25:00Z",
}


def microseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)


def parse(**changes: Any) -> Statement | Rejection:
    return parse_statement(orjson.dumps(GOOD | changes), 1, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"available": None},  # withdrawn
        {"capacity": None},
        {"available": 13},  # above capacity: told as it is
        {"sequence": 0},
        {"sequence": microseconds(NOW + timedelta(days=1))},
        {"observed_at": "2026-11-22T19:25:00+01:00"},
        {"observed_at": "2026-11-23T23:59:59Z"},  # a clock may be wrong by hours
        {"comment": "ignored"},
        *({"funder": code} for code in lheo_table("dict-financeurs")),
    ],
)
def test_a_sound_statement_is_taken(changes: dict[str, Any]) -> None:
    statement = parse(**changes)
    assert isinstance(statement, Statement)
    assert statement.available == (GOOD | changes)["available"]
    assert statement.observed_at.endswith("Z")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"session": ""}, "session"),
        ({"session": None}, "session"),
        ({"session": 5}, "session"),
        ({"session": "x" * 8_001}, "session"),
        ({"funder": "99"}, "funder"),
        ({"funder": 2}, "funder"),
        ({"funder": "any"}, "funder"),  # the name of our own field for all funders
        ({"capacity": -1}, "capacity"),
        ({"available": -1}, "available"),
        ({"available": 1.5}, "available"),
        ({"available": True}, "available"),
        ({"available": "3"}, "available"),
        ({"available": 2**31}, "available"),
        ({"sequence": None}, "sequence"),
        ({"sequence": -1}, "sequence"),
        ({"sequence": microseconds(NOW + timedelta(days=1)) + 1}, "sequence"),
        ({"sequence": 2**53}, "sequence"),
        ({"sequence": 2**53 + 1}, "sequence"),
        ({"session": [0] * 1_000}, "session"),
        ({"sequence": 1e300}, "sequence"),
        ({"observed_at": "yesterday"}, "observed_at"),
        ({"observed_at": "2026-11-22T18:25:00"}, "observed_at"),
        ({"observed_at": "2099-01-01T00:00:00Z"}, "observed_at"),
        ({"observed_at": "0001-01-01T00:00:00+14:00"}, "observed_at"),
        ({"observed_at": None}, "observed_at"),
    ],
)
def test_an_unsound_statement_is_rejected_with_its_field_and_value(changes: dict[str, Any], field: str) -> None:
    rejection = parse(**changes)
    assert isinstance(rejection, Rejection)
    assert rejection.field == field
    assert rejection.reason
    assert len(orjson.dumps(rejection.value)) < 1_000


@pytest.mark.parametrize("field", list(GOOD))
def test_an_absent_field_is_named(field: str) -> None:
    row = {name: value for name, value in GOOD.items() if name != field}
    assert parse_statement(orjson.dumps(row), 4, NOW) == Rejection(4, field, None, "champ absent")


@pytest.mark.parametrize(
    "line", [b"not json", b"[1]", b"3", b'{"session": NaN}', b"\xff\xfe", b"[" * 5_000, b"x" * (LINE_LIMIT + 1)]
)
def test_a_line_that_is_no_statement_is_one_rejection(line: bytes) -> None:
    rejection = parse_statement(line, 9, NOW)
    assert isinstance(rejection, Rejection)
    assert rejection.line == 9
    assert len(str(rejection.value)) <= 201


def test_good_lines_before_and_after_a_bad_one_are_taken_and_blank_ones_counted_as_lines() -> None:
    good = orjson.dumps(GOOD)
    entries = list(read_entries([b"\xef\xbb\xbf" + good + b"\r\n", b"\n", b"bad\n", good], read_ndjson))
    assert [(number, type(entry)) for number, entry in entries] == [(1, Statement), (3, Rejection), (4, Statement)]


def figure(funder: str, available: int | None, sequence: int = 1) -> dict[str, Any]:
    return {"funder": funder, "capacity": None, "available": available, "sequence": sequence, "observed_at": "x"}


@pytest.mark.parametrize(
    ("figures", "funders", "left"),
    [
        ([], ["2"], {}),
        ([figure("2", 3)], ["2"], {"2": 3, "any": 3}),
        ([figure("2", 0)], ["2"], {"2": 0, "any": 0}),  # known and none left, which is not unknown
        ([figure("2", 3), figure("4", 9)], ["2", "4"], {"2": 3, "4": 9, "any": 9}),  # never summed
        ([figure("2", 3), figure("4", 9)], ["2"], {"2": 3, "any": 9}),  # a statement adds no funder
        ([figure("2", None), figure("4", 1)], ["2", "4"], {"4": 1, "any": 1}),
        ([figure("2", None)], ["2"], {}),
        ([figure("2", 40_000)], ["2"], {"2": 40_000, "any": 40_000}),
    ],
)
def test_seats_left_follow_from_figures_and_the_funders_of_the_action(
    figures: list[dict[str, Any]], funders: list[str], left: dict[str, int]
) -> None:
    assert figures_to_left(figures, funders, "") == left


FIGURES = st.lists(
    st.builds(figure, st.sampled_from(["2", "4", "16"]), st.none() | st.integers(0, 20), st.integers(0, 9)), max_size=8
)


@given(FIGURES, FIGURES)
def test_figures_in_any_order_of_arrival_end_with_the_highest_sequence(
    first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    unique = list({(row["funder"], row["sequence"]): row for row in (*first, *second)}.values())
    forward, backward = merge_figures([], unique), merge_figures([], reversed(unique))
    assert forward == backward
    highest = {row["funder"]: max(r["sequence"] for r in unique if r["funder"] == row["funder"]) for row in unique}
    assert {row["funder"]: row["sequence"] for row in forward} == highest
    assert [row["funder"] for row in forward] == sorted(highest)


def test_of_several_lines_of_a_table_about_the_same_figure_the_last_counts() -> None:
    read, now = CsvForm(), datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    lines = [b"session;financeur;places_restantes", b"S1;2;8", b"S2;2;3", b"S1;2;1", b"S1;2;"]
    entries = [read(line, number, now) for number, line in enumerate(lines, 1)]
    again = read(b"S1;2;5", 6, now + timedelta(milliseconds=1))
    stated = [each for each in (*entries, again) if isinstance(each, Statement)]
    of_s1 = [(each.sequence, each.available) for each in stated if each.session == "S1"]
    assert [available for _, available in sorted(of_s1)][:3] == [8, 1, None]
    assert len(set(of_s1)) == 4
    milliseconds = int(now.timestamp() * 1000)
    assert [each.sequence for each in stated if each.session == "S2"] == [milliseconds]
    much_later = read(b"S1;2;7", 7, now + timedelta(seconds=1))
    assert isinstance(much_later, Statement)
    assert much_later.sequence == milliseconds + 1000


ONE, TWO = "0123456789abcdef-1", "0123456789abcdef-2"


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        (f"a:{ONE},b:{ONE}", "entry 2 (b) has the same token as entry 1 (a)"),
        (f"a:{ONE}:x,b:{TWO}, b:{ONE}:y", "entry 3 (b) has the same token as entry 1 (a)"),
        (f"a:{ONE},a:{ONE}", "same token"),
        (f"a: {ONE} ,b:{ONE}", "same token"),
        (f"a:{ONE}:x,a:{TWO}", "entries 1 and 2 are both named a"),
        (f"a:{ONE}:x,a:{TWO}:x+y", "differ in their sources"),
        ("a:short", "at least 16"),
        (f":{ONE}", "a name"),
        (f"a:{ONE}:x+", "sources"),
    ],
)
def test_tokens_that_do_not_tell_who_sends_are_refused_without_being_shown(tokens: str, said: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environment({"BOUSSOLE_SEATS_TOKENS": tokens})
    assert said in str(refusal.value)
    assert ONE not in str(refusal.value)
    assert TWO not in str(refusal.value)


def test_a_producer_may_have_two_tokens_while_one_replaces_the_other() -> None:
    producers = Producers.parse(f"a:{ONE}:x+y, a:{TWO}:y+x")
    assert producers.find(ONE.encode()) == producers.find(TWO.encode()) == Producer("a", frozenset("xy"))
