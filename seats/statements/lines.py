"""Splits a byte stream into lines in bounded memory, with any line ends, and converts UTF-16 to UTF-8."""

import codecs
from collections.abc import Iterator
from typing import Final

from seats.statements.parse import LINE_LIMIT

KEPT: Final = LINE_LIMIT + 1  # bytes kept of a line that is too long: enough to detect it
MARK: Final = 2  # bytes that distinguish UTF-16


class LineSplitter:
    r"""Takes parts of a body and returns the complete lines, without their ends.

    A line ends with a line feed, a carriage return or both. UTF-16 (which spreadsheets call "Unicode text") is detected
    by its first two bytes.

    >>> splitter = LineSplitter()
    >>> list(splitter.feed(b"one\ntw")), list(splitter.feed(b"o\r")), list(splitter.feed(b"\n3"))
    ([b'one'], [b'two'], [])
    >>> list(splitter.end())
    [b'3']
    """

    def __init__(self) -> None:
        self._rest = bytearray()
        self._is_after_return = False
        self._beginning: bytes | None = b""  # until the encoding is detected; None after that
        self._decoder: codecs.IncrementalDecoder | None = None

    def feed(self, part: bytes) -> Iterator[bytes]:
        """Yield the lines that this part completes."""
        if self._beginning is not None:
            part = self._beginning + part
            if len(part) < MARK:
                self._beginning = part
                return
            self._begin(part)
        yield from self._split(part if self._decoder is None else _encoded(self._decoder.decode(part)))

    def end(self) -> Iterator[bytes]:
        """Yield the last line if the body did not end with a line end."""
        last = self._beginning or b""
        if self._decoder is not None:
            last = _encoded(self._decoder.decode(b"", final=True))
        yield from self._split(last)
        if self._rest:
            yield bytes(self._rest)
            self._rest.clear()

    def _begin(self, part: bytes) -> None:
        self._beginning = None
        encoding = _utf_16_of(part)
        if encoding is not None:
            self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def _split(self, part: bytes) -> Iterator[bytes]:
        if self._is_after_return and part:
            part = part.removeprefix(b"\n")
            self._is_after_return = False
        if part.endswith(b"\r"):
            self._is_after_return = True
        if b"\r" in part:
            part = part.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *whole, rest = part.split(b"\n")
        for line in whole:
            self._keep(line)
            yield bytes(self._rest)
            self._rest.clear()
        self._keep(rest)

    def _keep(self, piece: bytes) -> None:
        self._rest += piece[: KEPT - len(self._rest)]


def _utf_16_of(beginning: bytes) -> str | None:
    """Return the UTF-16 variant of a text, by its byte order mark or the zero byte of its first letter; None if it is
    not UTF-16.

    >>> _utf_16_of(b"\\xff\\xfes\\0"), _utf_16_of(b"\\0{"), _utf_16_of(b"session;")
    ('utf-16', 'utf-16-be', None)
    """
    first, second = beginning[:MARK]
    if beginning[:MARK] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if first and not second:
        return "utf-16-le"
    return "utf-16-be" if second and not first else None


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
