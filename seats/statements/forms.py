"""Formats of statements: one JSON object per line, or a table as spreadsheets save it."""

import csv
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from seats.statements.parse import LINE_LIMIT, Rejection, Statement, parse_statement, read_statement, shown, too_long
from seats.statements.table_faults import as_of_table

Entry = Statement | Rejection
Numbered = tuple[int, Entry]  # number of the (first) line, and its entry
# arguments: line, its number from 1, now; returns None for a blank line
Read = Callable[[bytes, int, datetime], Entry | None]

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
BLANK: Final = " ;,|\t\xa0\0"  # a line of only these characters is blank
SEPARATOR: Final = re.compile(r'"?sep=(?P<separator>[^\w\s"]|\t)"?[;,|\t ]*', re.IGNORECASE)
WHOLE: Final = re.compile(r"(\d{1,18})(?:[.,]00?)?")  # longer numbers than any field accepts are passed on and rejected
PARIS: Final = ZoneInfo("Europe/Paris")
FRENCH_MOMENTS: Final = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")
# The accepted column heads, by field; the first is the recommended one.
HEADS: Final = {
    "session": ("session", "numero_session"),
    "funder": ("financeur", "funder"),
    "capacity": ("capacite", "capacité", "capacity"),
    "available": ("places_restantes", "available"),
    "sequence": ("numero_ordre", "numéro_ordre", "sequence"),
    "observed_at": ("releve_le", "relevé_le", "observed_at"),
}
FIELD_OF_HEAD: Final = {head: field for field, heads in HEADS.items() for head in heads}
NEEDED: Final = ("session", "funder", "available")


class UnusableForm(ValueError):
    """A table without the required columns in its first line; the message is French, for the sender."""


def read_ndjson(line: bytes, number: int, now: datetime) -> Entry | None:
    """Parse one line of JSON."""
    stripped = (line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line).strip()
    return parse_statement(stripped, number, now) if stripped else None


class CsvForm:
    """Parses the records of one table: UTF-8 or windows-1252; semicolons, commas or tabs; one head line.

    A first line such as ``sep=;`` names the separator, as spreadsheets write it. An empty cell of places left withdraws
    the figure. Without a time of observation a line is of now, and without a sequence the moment of arrival
    (milliseconds) is the sequence; of several lines about a figure the last counts. This suits people who send a table
    whenever something changed.
    """

    def __init__(self) -> None:
        self._fields: list[str | None] | None = None
        self._heads: dict[str, str] = {}  # by field, as the table spells them
        self._delimiter: str | None = None
        self._arrivals = _Arrivals()

    def __call__(self, line: bytes, number: int, now: datetime) -> Entry | None:
        """Parse a record; raises UnusableForm if it is the head and lacks a column."""
        if len(line) > LINE_LIMIT:
            return too_long(line, number)
        text = _decoded(line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line).rstrip("\r\n")
        if not text.strip(BLANK):
            return None
        if self._fields is None:
            self._read_head(text)
            return None
        cells = _cells(text, self._delimiter or ";")
        if cells is None:
            return Rejection(number, "", shown(line), "ligne illisible : guillemets non fermés ou mal placés")
        row = {name: cell.strip() for name, cell in zip(self._fields, cells, strict=False) if name is not None}
        typed = _typed(row, now)
        is_numbered = typed["sequence"] is not None
        if not is_numbered:
            typed["sequence"] = self._arrivals.number(f"{row.get('session')} {row.get('funder')}", now)
        entry = read_statement(typed, number, now)
        if isinstance(entry, Rejection):
            return as_of_table(entry, self._heads, row)
        return replace(entry, is_numbered_by_arrival=not is_numbered, session_head=self._heads["session"])

    def end(self) -> None:
        """Raise UnusableForm if the table named its separator and has no head line after it."""
        if self._fields is None and self._delimiter is not None:
            raise UnusableForm("aucune ligne après celle du séparateur")

    def is_open(self, line: bytes) -> bool:
        """Tell whether a quotation mark is open at the end of a line, so that the record may continue on the next
        one.
        """
        if line.count(b'"') % 2 == 0 or len(line) > LINE_LIMIT:
            return False
        text = _decoded(line)
        return _cells(text, self._delimiter or _delimiter_of(text)) is None

    def _read_head(self, text: str) -> None:
        told = SEPARATOR.fullmatch(text)
        if told:
            self._delimiter = told["separator"]
            return
        self._delimiter = self._delimiter or _delimiter_of(text)
        heads = _cells(text, self._delimiter) or text.split(self._delimiter)
        fields = [FIELD_OF_HEAD.get(_head(head)) for head in heads]
        missing = [HEADS[name][0] for name in NEEDED if name not in fields]
        if missing:
            raise UnusableForm(f"colonnes absentes de la première ligne : {', '.join(missing)}")
        twice = [HEADS[name][0] for name in HEADS if fields.count(name) > 1]
        if twice:
            raise UnusableForm(f"colonnes en double dans la première ligne : {', '.join(twice)}")
        self._fields = fields
        self._heads = {
            name: " ".join(head.split()) for name, head in zip(fields, heads, strict=True) if name is not None
        }


def _delimiter_of(text: str) -> str:
    return max(";,\t", key=text.count)


def _cells(text: str, delimiter: str) -> list[str] | None:
    """Return the cells of one record, None if its quotation marks are unbalanced."""
    try:
        (cells,) = csv.reader([text], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        return None
    return cells


def _head(cell: str) -> str:
    r"""Return a column head in the form of HEADS.

    >>> _head(" Places\n restantes\xa0"), _head("Capacite\u0301")
    ('places_restantes', 'capacité')
    """
    return "_".join(unicodedata.normalize("NFC", cell).lower().split())


class _Arrivals:
    """Generates sequences from the moment of arrival; of two lines about the same figure the later gets the
    higher one.
    """

    def __init__(self) -> None:
        self._given: dict[str, int] = {}
        self._highest = 0

    def number(self, figure: str, now: datetime) -> int:
        """Return milliseconds, or one more than the last sequence of the same figure."""
        moment = int(now.timestamp() * 1000)
        if moment > self._highest:  # all earlier sequences are lower: no need to remember them
            self._given.clear()
        given = max(moment, self._given.get(figure, 0) + 1)
        self._given[figure] = given
        self._highest = max(self._highest, given)
        return given


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("windows-1252", "replace")


def _typed(row: dict[str, str], now: datetime) -> dict[str, Any]:
    """Return the cells of a line as the values that the same line of JSON would have."""
    typed: dict[str, Any] = dict(row)
    for name in ("capacity", "available", "sequence"):
        typed[name] = _number(row.get(name, ""))
    typed["observed_at"] = _moment(row.get("observed_at", ""), now)
    return typed


def _number(cell: str) -> int | str | None:
    r"""Return an integer, None for an empty cell, any other text unchanged, to be rejected later.

    >>> _number("12"), _number("12,0"), _number("1\u202f200"), _number(""), _number("douze"), _number("9" * 5_000)[:3]
    (12, 12, 1200, None, 'douze', '999')
    """
    whole = WHOLE.fullmatch("".join(cell.split()))
    return int(whole[1]) if whole else cell or None


def _moment(cell: str, now: datetime) -> str:
    if not cell:
        return now.isoformat()
    for form in FRENCH_MOMENTS:
        try:
            return datetime.strptime(cell, form).replace(tzinfo=PARIS).astimezone(UTC).isoformat()
        except (ValueError, OverflowError):
            continue
    return cell
