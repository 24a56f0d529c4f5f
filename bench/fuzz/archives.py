"""Archives as a hostile or broken sender makes them: unusual members, then damage to their structures."""

import bz2
import gzip
import io
import lzma
import random
import re
import struct
import warnings
import zipfile
from collections.abc import Callable
from typing import Final

NAMES: Final = (
    *("a.xml", "a.xml", "b.XML", "é.xml", "dir/", "dir/c.xml", "../up.xml", "/etc/x.xml", "x\n.xml", "\x1b[2J.xml"),
    *(
        "",
        ".xml",
        "n" * 3_000 + ".xml",
        "more.zip",
        "more.gz",
        "__MACOSX/a.xml",
        "readme.txt",
        "con.xml",
        "\u202exml.xml",
    ),
)
METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
NUMBERS: Final = (0, 1, 2, 6, 8, 12, 14, 20, 63, 93, 99, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFE, 0xFFFF, 2**31, 2**32 - 1)
# Offsets of the structures of an archive, and the length of their fixed part.
STRUCTURES: Final = (
    (b"PK\x03\x04", 30),
    (b"PK\x01\x02", 46),
    (b"PK\x05\x06", 22),
    (b"PK\x06\x06", 56),
    (b"PK\x06\x07", 20),
)


def draw_archive(draw: random.Random, document: bytes) -> bytes:
    """Return an archive of a document, possibly damaged beyond recognition."""
    data = draw.choice((_zip, _zip, _zip, _gzip, _other))(draw, document)
    for _ in range(draw.choice((0, 1, 1, 2, 3, 6))):
        data = draw.choice(DAMAGES)(draw, data) if data else data
    return data


def _zip(draw: random.Random, document: bytes) -> bytes:
    file = io.BytesIO(draw.choice((b"", b"", b"#!/bin/sh\n")))
    with warnings.catch_warnings(), zipfile.ZipFile(file, "a") as archive:
        warnings.simplefilter("ignore")  # one name twice
        archive.comment = draw.choice((b"", b"", b"PK\x05\x06" * 9, draw.randbytes(300)))
        for _ in range(draw.randint(0, 4)):
            info = zipfile.ZipInfo(draw.choice(NAMES))
            info.compress_type = draw.choice(METHODS)
            info.extra = draw.choice((b"", b"", b"\x01\x00\x08\x00" + b"\xff" * 8, draw.randbytes(9)))
            archive.writestr(info, _content(draw, document))
    return file.getvalue()


def _content(draw: random.Random, document: bytes) -> bytes:
    kind = draw.randrange(8)
    if kind == 0:
        return gzip.compress(document)
    if kind == 1:
        return document[: draw.randrange(len(document))] + b" " * draw.choice((10, 100_000, 1_000_000))
    return draw.choice((b"", document, document, document))


def _gzip(draw: random.Random, document: bytes) -> bytes:
    members = [_content(draw, document) for _ in range(draw.randint(1, 3))]
    return b"".join(gzip.compress(member, draw.randint(0, 9)) for member in members) + draw.choice(
        (b"", b"\0" * 99, b"x")
    )


def _other(draw: random.Random, document: bytes) -> bytes:
    pack: Callable[[bytes], bytes] = draw.choice((bz2.compress, lzma.compress, bytes))
    return pack(document)


def _set_number(draw: random.Random, data: bytes) -> bytes:
    """Overwrite a field in the fixed part of one of the archive's structures, or of a gzip header, with a boundary
    value.
    """
    places = [(found.start(), size) for magic, size in STRUCTURES for found in re.finditer(re.escape(magic), data)]
    start, size = draw.choice(places) if places else (0, min(18, len(data)))
    width = draw.choice((1, 2, 2, 4, 4, 8))
    if size <= width:
        return data
    at = start + draw.randrange(size - width + 1)
    number = draw.choice((*NUMBERS, draw.getrandbits(8 * width))) % (1 << 8 * width)
    if draw.random() < 0.3 and at + width <= len(data):
        number = (int.from_bytes(data[at : at + width], "little") + draw.choice((-1, 1, 256))) % (1 << 8 * width)
    return data[:at] + struct.pack("<Q", number)[:width] + data[at + width :]


def _flip(draw: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.choice((1, 1, 4, 30))):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _encrypt(draw: random.Random, data: bytes) -> bytes:
    """Mark each member as encrypted."""
    flags = re.compile(rb"(PK\x03\x04..|PK\x01\x02....).", re.DOTALL)
    return flags.sub(lambda found: found[1] + b"\x01", data)


def _rename(draw: random.Random, data: bytes) -> bytes:
    """Damage the names: not UTF-8 although declared so, or of another length than the other header says."""
    wrong = draw.choice((b"\xff.xml", b"a\0xml", b"\xc3(xml"))
    return data.replace(b"a.xml", wrong).replace(b"\xc3\xa9.xml", b"\xc3\xff.xml")


DAMAGES: Final[tuple[Callable[[random.Random, bytes], bytes], ...]] = (
    *(_set_number, _set_number, _set_number, _flip, _encrypt, _rename),
    lambda draw, data: data[: draw.randrange(len(data))],
    lambda draw, data: data[draw.randrange(len(data)) :],
    lambda draw, data: data[: (at := draw.randrange(len(data)))] + data[at + draw.randrange(1, 60) :],
    lambda draw, data: data[: (at := draw.randrange(len(data)))] + draw.randbytes(draw.randrange(1, 60)) + data[at:],
    lambda draw, data: data[: (at := draw.randrange(len(data)))] + bytes(draw.randrange(1, 3_000)) + data[at:],
    lambda draw, data: data + data[draw.randrange(len(data)) :],
)
