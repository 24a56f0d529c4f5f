"""Cuts a stream of bytes into lines in bounded memory."""

from collections.abc import Iterator
from typing import Final

from seats.statement import LINE_LIMIT

KEPT: Final = LINE_LIMIT + 1  # of a line that is too long: enough to tell that it is


class LineSplitter:
    r"""Takes parts of a body as they come and gives the lines that are whole, without their ends.

    >>> splitter = LineSplitter()
    >>> list(splitter.feed(b"one\ntw")), list(splitter.feed(b"o\n")), list(splitter.end())
    ([b'one'], [b'two'], [])
    """

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, part: bytes) -> Iterator[bytes]:
        """Yield the lines that this part completes."""
        *whole, rest = part.split(b"\n")
        for line in whole:
            self._keep(line)
            yield bytes(self._rest)
            self._rest.clear()
        self._keep(rest)

    def _keep(self, piece: bytes) -> None:
        self._rest += piece[: KEPT - len(self._rest)]

    def end(self) -> Iterator[bytes]:
        """Yield the last line if the body did not end with a line's end."""
        if self._rest:
            yield bytes(self._rest)
            self._rest.clear()
