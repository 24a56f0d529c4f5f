"""What bench.peers decides without a database: statements, their parameters, numbers of values, written answers."""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import orjson
import pytest

from bench.kinds import Drawn, Values, kinds
from bench.peers.agree import differences
from bench.peers.postgres.codes import Codes
from bench.peers.postgres.lists import Lists
from bench.peers.postgres.parameters import NotAnswered, read_request, statement_of
from bench.peers.postgres.parts import numbered
from bench.peers.postgres.statements import STATEMENTS
from bench.peers.postgres.truth import offer_columns, pair_columns
from search_app.search.facets import FACETS
from tests.oracle.dates import Span
from tests.oracle.rows import Place, Row, Session, make_row

TODAY = date(2026, 11, 29)
FOUND = {"region": {"76", "93"}, "level": {"13", "14"}, "provider": {"130002850"}, "rome": {"F1703", "G1204"}}
CODES = Codes.of(FOUND)
FACET_ROWS = {
    "funder": [{"value": "2", "count": 3}, {"value": "11", "count": 1}],
    "region": [{"value": "76", "count": 2}],
    "level": [{"value": "13", "count": 2}],
}
KINDS = kinds(Values(FACET_ROWS), TODAY)
EXPECTED = dict(
    zip(KINDS, ("words", "words_window", "words_codes", "place", "place", "window", "everything"), strict=True)
)


def drawn_of(kind: str) -> list[Drawn]:
    draw: Callable[[random.Random], Drawn] = KINDS[kind]
    return [draw(random.Random(seed)) for seed in range(20)]


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_counts_every_facet_of_the_app_once(name: str) -> None:
    counted = Counter(facet for part in STATEMENTS[name].parts for facet in part.facets)
    assert counted == Counter(facet.param for facet in FACETS if not facet.on_request)


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_contains_the_sql_of_each_part(name: str) -> None:
    assert [part for part in STATEMENTS[name].parts if part.sql not in STATEMENTS[name].sql] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_statement_and_all_parameters(kind: str) -> None:
    for drawn in drawn_of(kind):
        asked = read_request(drawn, CODES, TODAY, 31)
        assert asked.statement == EXPECTED[kind]
        needed = set(numbered(STATEMENTS[asked.statement].sql).names) - {"q", "jobs"}
        assert [name for name in sorted(needed) if asked.values.get(name) is None] == []


def test_request_becomes_text_parameters() -> None:
    drawn = {"lat": "60", "lon": "2.1", "radius": "30", "start_from": "2027-03-01", "start_to": "2027-03-31"}
    values = read_request(drawn | {"funder": "2", "seats": "3"}, CODES, TODAY, 31).values
    assert values["from"] == "2027-03-01"
    assert values["least"] == "3"
    assert values["funder"] == str(CODES.funder("2"))
    assert values["metres"] == "30000.0"
    assert float(str(values["wide"])) > 1.9 * float(str(values["high"])) > 0.5
    assert int(str(values["seat_rows"])) == sum(
        CODES.bit("seats", row) for row in ("1", "3", "5", "10", "full", "unknown")
    )


def test_any_funder_is_number_zero_and_no_other_is() -> None:
    values = read_request({"start_from": "2027-03-01", "start_to": "2027-03-31", "seats": "1"}, CODES, TODAY, 31).values
    assert values["funder"] == "0"
    assert min(CODES.funder(value) for value in CODES.values["funder"]) == 1


@pytest.mark.parametrize("names", [{"mode"}, {"q", "mode"}, {"seats"}, {"start_from", "start_to", "seats", "region"}])
def test_request_without_statement_is_refused(names: set[str]) -> None:
    with pytest.raises(NotAnswered):
        statement_of(frozenset(names))


def a_row(*sessions: Session, permanent: bool = False) -> Row:
    entry = "permanent" if permanent else "fixed"
    codes = {"provider": ["130002850"], "funder": ["2", "4"], "mode": ["onsite"], "entry": [entry], "level": ["13"]}
    return make_row("1", "Soudeur", codes=codes, places=(Place("76", None, 43.9, 2.1),), sessions=sessions)


def a_session(available: dict[str, int], end: Span | None = None) -> Session:
    return Session("S", Span(date(2027, 3, 1), date(2027, 3, 31)), end, "open", available)


CODES_OF_ROWS = Codes.of({**FOUND, "mode": {"onsite"}, "entry": {"fixed", "permanent"}})


def test_session_has_a_row_for_any_funder_and_for_each_of_the_action() -> None:
    rows = list(pair_columns(7, a_row(a_session({"2": 4, "16": 9})), CODES_OF_ROWS))
    of = {row[1]: row for row in rows}
    assert set(of) == {0, CODES.funder("2"), CODES.funder("4")}
    assert of[0][6] == 9  # a statement of a funder that does not pay counts for any
    assert of[CODES.funder("2")][6:8] == (4, sum(CODES.bit("seats", row) for row in ("1", "2", "3")))
    assert of[CODES.funder("4")][6:8] == (None, CODES.bit("seats", "unknown"))


@pytest.mark.parametrize(
    ("permanent", "end", "until"),
    [
        (False, Span(date(2027, 6, 1), date(2027, 6, 1)), date(2027, 3, 31)),
        (True, Span(date(2027, 6, 1), date(2027, 6, 1)), date(2027, 6, 1)),
        (True, None, "infinity"),
    ],
)
def test_window_of_permanent_entry_lasts_until_its_end(permanent: bool, end: Span | None, until: Any) -> None:
    (row, *_) = pair_columns(7, a_row(a_session({}, end), permanent=permanent), CODES_OF_ROWS)
    assert row[2:5] == (date(2027, 3, 1), date(2027, 3, 31), until)
    assert row[8] is not permanent


def test_offer_carries_states_and_seats_of_its_sessions() -> None:
    columns = offer_columns(7, a_row(a_session({"2": 0}), a_session({"2": 6})), CODES_OF_ROWS)
    seats = {CODES.number("seats", row) for row in ("1", "5", "full")}
    funders = {CODES.number("funder", code) for code in ("2", "4")}
    assert set(columns[-1]) == seats | funders | {CODES.number("recruiting", "open")}


def test_answer_lists_chosen_value_without_offers_and_orders_equal_counts_by_value() -> None:
    drawn = {"region": "93", "level": "13", "funder": "2", "seats": "2"}
    asked = read_request(drawn, CODES, TODAY, 31)
    numbers = [CODES.number("rome", "G1204"), CODES.number("rome", "F1703"), CODES.number("region", "76")]
    numbers += [CODES.number("seats", "unknown"), CODES.number("seats", "10")]
    answer = orjson.loads(Lists(CODES, {}).answer(asked, 3, (numbers, [2, 2, 1, 5, 1]), ([b'{"id":"a"}'], [1.0])))
    assert list(answer["facets"]) == [facet.param for facet in FACETS]
    assert [(row["value"], row["count"]) for row in answer["facets"]["rome"]] == [("F1703", 2), ("G1204", 2)]
    assert [(row["value"], row["count"], row["selected"]) for row in answer["facets"]["region"]] == [
        ("76", 1, False), ("93", 0, True),
    ]  # fmt: skip
    assert [row["value"] for row in answer["facets"]["seats"]] == ["2", "10", "unknown"]
    assert answer["results"] == [{"id": "a"}]


def test_each_difference_of_two_answers_is_told() -> None:
    row = {"value": "76", "count": 2, "selected": False}
    ours = {"total": 2, "facets": {"region": [row]}, "results": [{"sessions": [{"start": "1900-01-03"}]}]}
    theirs = {"total": 2, "facets": {"region": [row]}, "results": [{}], "order": [200_002.0]}
    assert list(differences({}, ours, theirs)) == []
    told = list(differences({}, ours, theirs | {"total": 3, "facets": {}, "order": [3.0]}))
    assert [line.partition(":")[0] for line in told] == ["total", "region", "starts of the page"]


def test_missing_package_is_named_in_one_line() -> None:
    script = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from bench.peers.packages import load_package\nload_package('psycopg')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("bench.peers: psycopg is missing")
    assert "requirements/peers.txt" in done.stderr
    assert done.stderr.count("\n") == 1
