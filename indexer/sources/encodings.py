"""Decodes feeds: byte order mark, declaration and the bytes themselves determine the encoding.

Undecodable bytes become lone surrogates, which no valid text contains, so that valid records need not be searched;
``indexer.transform.repair`` converts them when a record is parsed.
"""

import codecs
import re
from collections.abc import Iterator
from typing import Final, Protocol

CHUNK: Final = 1 << 18  # larger chunks fall out of the processor's cache: measured 4 times slower at 1 MB
BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its prefix
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
BARE_STARTS: Final = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
# Feeds declared as ISO-8859-1 are windows-1252: the same, with œ, ’ and € in the place of control codes.
SINGLE_BYTE: Final = {"iso8859-1": "cp1252", "cp1252": "cp1252", "iso8859-15": "iso8859-15"}
DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
SURROGATE: Final = re.compile("[\ud800-\udfff]")
BAD_UNIT: Final = "\udc00"


def _mark_bad_unit(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return BAD_UNIT, error.end


codecs.register_error("boussole.bad-unit", _mark_bad_unit)


def read_undecodable(text: str) -> str:
    r"""Return the text with undecodable bytes read as windows-1252, the only likely encoding.

    >>> read_undecodable(b"\x93caf\xe9\x94 \x81".decode("utf-8", "surrogateescape"))
    '“café” �'
    """
    return text if text.isascii() else SURROGATE.sub(_read_surrogate, text)


def _read_surrogate(found: re.Match[str]) -> str:
    byte = ord(found[0]) & 0xFF
    return bytes([byte]).decode("cp1252", "replace") if byte >= 0x80 else "\ufffd"


class ByteStream(Protocol):
    """A byte source: ``read(n)`` returns at most n bytes, none at the end."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes."""


def codec_of(name: str) -> str | None:
    """Return Python's name of an encoding, None if it is unknown.

    >>> codec_of("ISO-8859-1"), codec_of("latin9"), codec_of("klingon")
    ('iso8859-1', 'iso8859-15', None)
    """
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


class TextChunks:
    """Iterates over the text of a stream; afterwards ``problem`` reports a wrong declaration, if any."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self.problem: str | None = None

    def __iter__(self) -> Iterator[str]:
        head = self._read_head()
        head, encoding = self._detect(head)
        if encoding in SINGLE_BYTE.values():
            yield from self._single_byte(head, encoding)
        else:
            yield from self._decode(head, encoding)

    def _read_head(self) -> bytes:
        head = b""
        while len(head) < 512 and (chunk := self._stream.read(CHUNK)):
            head += chunk
        return head

    def _detect(self, head: bytes) -> tuple[bytes, str]:
        found = DECLARED.match(head)
        for bom, encoding in BOMS:
            if head.startswith(bom):
                return head[len(bom) :], encoding
        for start, encoding in BARE_STARTS:
            if head.startswith(start):
                return head, encoding
        declared = found[1].decode() if found else "utf-8"
        codec = codec_of(declared)
        if codec in SINGLE_BYTE:
            self._declared = declared
            return head, SINGLE_BYTE[codec]
        if codec not in ("utf-8", "ascii"):
            self.problem = f"declares the encoding {declared!r}, read as UTF-8"
        return head, "utf-8"

    def _decode(self, head: bytes, encoding: str) -> Iterator[str]:
        errors = "boussole.bad-unit" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
        decoder = codecs.getincrementaldecoder(encoding)(errors)
        chunk = head
        while chunk:
            yield decoder.decode(chunk)
            chunk = self._stream.read(CHUNK)
        yield decoder.decode(b"", True)

    def _single_byte(self, head: bytes, encoding: str) -> Iterator[str]:
        """Accept a single-byte declaration only if the first non-ASCII bytes are not valid UTF-8."""
        chunk = head
        while chunk and chunk.isascii():
            yield chunk.decode("ascii")
            chunk = self._stream.read(CHUNK)
        if not chunk:
            return
        try:
            codecs.getincrementaldecoder("utf-8")().decode(chunk)
        except UnicodeDecodeError:
            yield from self._decode(chunk, encoding)
        else:
            self.problem = f"declares the encoding {self._declared!r} but its bytes are UTF-8, read as UTF-8"
            yield from self._decode(chunk, "utf-8")
