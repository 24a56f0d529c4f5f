"""What spreadsheets and programs write: each line is taken, or is one rejected line, whatever is in it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bench.fuzz.seats import fuzz
from seats.statements.entries import Entries
from seats.statements.forms import CsvForm, Entry, Read, UnusableForm, read_ndjson
from seats.statements.lines import LineSplitter
from seats.statements.parse import LINE_LIMIT, Rejection, Statement

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HEAD = "session;financeur;capacite;places_restantes;releve_le;commentaire"
ROW = "S1;2;12;3;22/11/2026 19:25;rien"
GOOD: dict[str, Any] = {
    "session": "S1", "funder": "2", "capacity": 12, "available": 3, "sequence": 7,
    "observed_at": "2026-11-22T18:25:00Z",
}  # fmt: skip


def read(body: bytes, form: Read, size: int = 7) -> dict[int, Entry]:
    """Return what a body holds that comes in small parts, by line."""
    splitter, entries = LineSplitter(), Entries(form)
    lines = [line for n in range(0, len(body), size) for line in splitter.feed(body[n : n + size])]
    found = [each for line in (*lines, *splitter.end()) for each in entries.take(line, NOW)]
    found += entries.end(NOW)
    assert len(dict(found)) == len(found)
    return dict(found)


def taken(entries: dict[int, Entry]) -> dict[int, tuple[str, int | None]]:
    return {number: (each.session, each.available) for number, each in entries.items() if isinstance(each, Statement)}


def table(*rows: str, end: str = "\n") -> bytes:
    return end.join((HEAD, *rows)).encode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n", "\r\r\n"])
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_lines_may_end_as_on_any_system(end: str, size: int) -> None:
    lines = json.dumps(GOOD).encode() + end.encode() + json.dumps(GOOD | {"session": "S2"}).encode()
    assert list(taken(read(lines, read_ndjson, size)).values()) == [("S1", 3), ("S2", 3)]
    rows = table(ROW, ROW.replace("S1", "S2"), end=end)
    assert list(taken(read(rows, CsvForm(), size)).values()) == [("S1", 3), ("S2", 3)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_table_may_be_saved_in_any_encoding_of_spreadsheets(encoding: str) -> None:
    body = "session;financeur;capacité;places_restantes;relevé_le\r\nSÉ1;2;12;3;22/11/2026 19:25\r\n".encode(encoding)
    entry = read(body, CsvForm())[2]
    assert isinstance(entry, Statement)
    assert (entry.session, entry.capacity, entry.observed_at) == ("SÉ1", 12, "2026-11-22T18:25:00Z")


def test_json_lines_may_be_utf_16() -> None:
    assert taken(read(json.dumps(GOOD).encode("utf-16"), read_ndjson)) == {1: ("S1", 3)}


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;;", "\ufeffsep=;", "\n\nsep=;"])
def test_a_first_line_that_names_the_separator_is_none_of_the_table(first: str) -> None:
    found = taken(read(f"{first}\r\n".encode() + table(ROW), CsvForm()))
    assert list(found.values()) == [("S1", 3)]


def test_the_separator_that_is_named_counts_even_if_others_are_more_often_there() -> None:
    head, row = HEAD.replace(";", "|").replace("commentaire", "a;b;c;d;e;f;g;h"), ROW.replace(";", "|")
    assert taken(read(f"sep=|\n{head}\n{row}".encode(), CsvForm())) == {3: ("S1", 3)}


@pytest.mark.parametrize(
    ("cell", "field"),
    [
        ("9" * 5_000, "available"),
        ("1,8E+12", "available"),
        ("-3", "available"),
        ("²", "available"),
        ("1.000", "available"),
        ("9" * 18, "available"),
        ("x" * LINE_LIMIT, ""),
        ('"', ""),
        ('"3"4', ""),
    ],
)
def test_a_cell_that_is_no_number_costs_its_line_alone(cell: str, field: str) -> None:
    found = read(table("S0;2;12;3;;", f"S1;2;12;{cell};;", "S2;2;12;3;;"), CsvForm())
    rejected = found.pop(3)
    assert isinstance(rejected, Rejection)
    assert rejected.field == ("places_restantes" if field else "")
    assert len(str(rejected.value)) <= 201
    assert taken(found) == {2: ("S0", 3), 4: ("S2", 3)}


@pytest.mark.parametrize(("cell", "number"), [("1 200", 1200), ("1\u202f200", 1200), ("1\xa0200,00", 1200), ("3,0", 3)])
def test_whole_numbers_are_read_as_french_spreadsheets_write_them(cell: str, number: int) -> None:
    assert taken(read(table(f"S1;2;;{cell};;"), CsvForm())) == {2: ("S1", number)}


def test_a_cell_may_go_over_several_lines_within_quotation_marks() -> None:
    rows = ('S1;2;12;3;;"deux\r\nlignes ; et\n\nencore ""une"""', 'S2;2;12;4;;12" d’écran', 'S3;2;12;5;;"x"')
    assert taken(read(table(*rows), CsvForm())) == {2: ("S1", 3), 6: ("S2", 4), 7: ("S3", 5)}


def test_heads_may_go_over_several_lines_and_be_written_freely() -> None:
    head = ' Session ;FINANCEUR;"Places\nrestantes";Releve\u0301 le'
    assert taken(read(f"{head}\nS1;2;3;22/11/2026".encode(), CsvForm())) == {3: ("S1", 3)}


@pytest.mark.parametrize("many", [2, 99, 500])
def test_a_mark_that_is_never_closed_costs_its_line_alone(many: int) -> None:
    rows = [f"S{n};2;12;3;;" for n in range(many)]
    found = read(table('X;2;12;3;;"oups', *rows), CsvForm())
    assert isinstance(found.pop(2), Rejection)
    assert list(taken(found).values()) == [(f"S{n}", 3) for n in range(many)]


def test_lines_between_two_stray_marks_are_not_swallowed() -> None:
    found = read(table('X;2;12;"3;;', "S1;2;12;3;;", 'Y;2;12;3;;"', "S2;2;12;4;;"), CsvForm())
    assert taken(found) == {3: ("S1", 3), 5: ("S2", 4)}
    assert isinstance(found[2], Rejection)
    assert isinstance(found[4], Rejection)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("session;financeur", "places_restantes"),
        ("", "session"),
        ("session;financeur;places_restantes;numero_session", "en double"),
        ('session;"financeur;places_restantes', "financeur"),
        ("\0\1;\x85", "session"),
    ],
)
def test_a_head_that_cannot_be_used_is_told_once(head: str, said: str) -> None:
    with pytest.raises(UnusableForm, match=said):
        read(f"{head}\nS1;2;3".encode(), CsvForm())


@pytest.mark.parametrize(
    "line",
    [
        '{"session": ' + "[" * 900 + "]" * 900 + "}",
        '{"session": ' + "[" * 5_000,
        json.dumps(GOOD).replace("3", "9" * 5_000, 1),
        json.dumps(GOOD).replace("3", "1e400", 1),
        json.dumps(GOOD).replace("3", "NaN", 1),
        json.dumps(GOOD).replace("3", "-Infinity", 1),
        json.dumps(GOOD | {"session": "\ud800"}),
        json.dumps(GOOD | {"observed_at": "9999-12-31T23:59:59-23:59"}),
        json.dumps(GOOD | {"observed_at": {"a": [{}] * 50}}),
        "x" * 10_000_000,
        "\0",
    ],
)
def test_a_hostile_line_of_json_is_one_rejected_line(line: str) -> None:
    good = json.dumps(GOOD)
    found = read("\n".join((good, line, good)).encode(), read_ndjson, 1 << 16)
    rejected = found.pop(2)
    assert isinstance(rejected, Rejection)
    assert len(json.dumps(rejected.value)) < 1_300
    assert list(taken(found)) == [1, 3]


def test_any_mutation_of_a_body_is_taken_or_told() -> None:
    assert fuzz(seed=13, cases=700).failure is None


def test_quotation_mark_of_a_line_beyond_the_limit_opens_no_record() -> None:
    form = CsvForm()
    assert form.is_open(b'S1;"' + b"x" * 100)
    assert not form.is_open(b'S1;"' + b"x" * LINE_LIMIT)
