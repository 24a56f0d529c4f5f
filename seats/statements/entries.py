"""Entries of a body: its lines numbered and read, records of several lines joined."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from seats.statements.forms import CsvForm, Numbered, Read
from seats.statements.parse import LINE_LIMIT, Rejection

LINES_OF_A_RECORD: Final = 100


def read_entries(lines: Iterable[bytes], read: Read) -> Iterator[Numbered]:
    """Yield the entry of every non-blank line, with its number from 1; never raises for the content of a line."""
    entries = Entries(read)
    for line in lines:
        yield from entries.take(line, datetime.now(UTC))
    yield from entries.end(datetime.now(UTC))


class Entries:
    """Numbers the lines of a body and parses them; a quoted cell of a table may span several lines.

    If joined lines are not a valid statement, because a quotation mark was never closed, only the line that opened it
    is rejected: the others are parsed separately.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._number = 0
        self._held: list[tuple[int, bytes]] = []  # lines of an incomplete record

    def take(self, line: bytes, now: datetime) -> Iterator[Numbered]:
        """Yield the entry of a line, and the entries of the lines held before it."""
        self._number += 1
        yield from self._take(self._number, line, now)

    def end(self, now: datetime) -> Iterator[Numbered]:
        """Yield the entries of the lines still held."""
        while self._held:
            yield from self._give_up(now)
        if isinstance(self._read, CsvForm):
            self._read.end()

    def _take(self, number: int, line: bytes, now: datetime) -> Iterator[Numbered]:
        if not self._held and not (isinstance(self._read, CsvForm) and self._read.is_open(line)):
            yield from self._one(number, line, now)
            return
        self._held.append((number, line))
        if len(self._held) == 1:
            return
        record = b"\n".join(held for _, held in self._held)
        if len(self._held) > LINES_OF_A_RECORD or len(record) > LINE_LIMIT:
            yield from self._give_up(now)
        elif record.count(b'"') % 2 == 0:
            first, _ = self._held[0]
            entry = self._read(record, first, now)
            if isinstance(entry, Rejection):
                yield from self._give_up(now)
            else:
                self._held.clear()
                yield from () if entry is None else ((first, entry),)

    def _one(self, number: int, line: bytes, now: datetime) -> Iterator[Numbered]:
        entry = self._read(line, number, now)
        if entry is not None:
            yield number, entry

    def _give_up(self, now: datetime) -> Iterator[Numbered]:
        """Parse the first held line alone, and those after it as if they had just arrived."""
        (first, line), *others = self._held
        self._held.clear()
        yield from self._one(first, line, now)
        for number, other in others:
            yield from self._take(number, other, now)
