"""The forms in which statements arrive: one JSON object a line, or a table as spreadsheets save it."""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from seats.statement import LINE_LIMIT, Rejection, Statement, parse_statement, read_statement, shown, too_long

Entry = Statement | Rejection
Read = Callable[[bytes, int, datetime], Entry | None]  # line, its number from 1, now; None for a line without content

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
PARIS: Final = ZoneInfo("Europe/Paris")
FRENCH_MOMENTS: Final = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")
# The heads that a column may have, by field; the first is the one to recommend.
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
    """A table whose first line does not name the columns that are needed; the message is French, for the sender."""


def read_ndjson(line: bytes, number: int, now: datetime) -> Entry | None:
    """Read one line of JSON."""
    stripped = (line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line).strip()
    return parse_statement(stripped, number, now) if stripped else None


class CsvForm:
    """Reads the lines of one table: UTF-8 or windows-1252; semicolons, commas or tabs; one head line.

    An empty cell of places left withdraws the figure. Without a time of observation a line is of now, and without an
    order number the moment of arrival (milliseconds) is one, the last of several lines about a figure counting: for
    people who send a table whenever something changed.
    """

    def __init__(self) -> None:
        self._fields: list[str | None] | None = None
        self._delimiter = ";"
        self._arrivals = _Arrivals()

    def __call__(self, line: bytes, number: int, now: datetime) -> Entry | None:
        """Read a line; raises UnusableForm if it is the head and lacks a column."""
        if len(line) > LINE_LIMIT:
            return too_long(line, number)
        text = _decoded(line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line).rstrip("\r")
        if not text.strip(" ;,\t"):
            return None
        if self._fields is None:
            self._read_head(text)
            return None
        try:
            (cells,) = csv.reader([text], delimiter=self._delimiter, strict=True)
        except (csv.Error, ValueError):
            return Rejection(number, "", shown(line), "ligne illisible : guillemets non fermés")
        row = {name: cell.strip() for name, cell in zip(self._fields, cells, strict=False) if name is not None}
        typed = _typed(row, now)
        if typed["sequence"] is None:
            typed["sequence"] = self._arrivals.number(f"{row.get('session')} {row.get('funder')}", now)
        return read_statement(typed, number, now)

    def _read_head(self, text: str) -> None:
        self._delimiter = max(";,\t", key=text.count)
        heads = next(csv.reader([text], delimiter=self._delimiter))
        self._fields = [FIELD_OF_HEAD.get(head.strip().lower().replace(" ", "_")) for head in heads]
        missing = [HEADS[name][0] for name in NEEDED if name not in self._fields]
        if missing:
            raise UnusableForm(f"colonnes absentes de la première ligne : {', '.join(missing)}")


class _Arrivals:
    """Numbers lines by the moment of their arrival; of two about the same figure the later has the higher number."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}
        self._highest = 0

    def number(self, figure: str, now: datetime) -> int:
        """Return milliseconds, or one more than what the same figure was given in them."""
        moment = int(now.timestamp() * 1000)
        if moment > self._highest:  # whatever was given is lower: nothing need be remembered
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
    """Return a whole number, None for an empty cell, anything else as it is, to be told as wrong.

    >>> _number("12"), _number("12,0"), _number(""), _number("douze")
    (12, 12, None, 'douze')
    """
    whole = cell.replace(" ", "").replace(",", ".").removesuffix(".0")
    return int(whole) if whole.isdecimal() else cell or None


def _moment(cell: str, now: datetime) -> str:
    if not cell:
        return now.isoformat()
    for form in FRENCH_MOMENTS:
        try:
            return datetime.strptime(cell, form).replace(tzinfo=PARIS).astimezone(UTC).isoformat()
        except (ValueError, OverflowError):
            continue
    return cell


def read_entries(lines: Iterable[bytes], read: Read) -> Iterator[tuple[int, Entry]]:
    """Yield what every line that is not blank holds, with its number from 1; never raises for what a line states."""
    for number, line in enumerate(lines, 1):
        entry = read(line, number, datetime.now(UTC))
        if entry is not None:
            yield number, entry
