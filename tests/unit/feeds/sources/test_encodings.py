"""An encoding is believed only if the bytes agree with it."""

import io
from pathlib import Path

import pytest

from fixtures.traps.hostile import document, record
from indexer.load.convert import ConvertContext, convert_record
from indexer.records import FileEnd, Limits, RawRecord
from indexer.sources import read_records
from indexer.sources.encodings import CHUNK, TextChunks, read_undecodable
from mappings.reference import Reference

CONTEXT = ConvertContext("test", Reference())
TITLE = "Métiers de l’œuvre à 50 €"


def declared(encoding: str) -> str:
    return document([record("A", TITLE)]).replace("UTF-8", encoding, 1)


def read(data: bytes, tmp_path: Path) -> tuple[str, tuple[str, ...], FileEnd]:
    """Title and kinds of faults of the one offer, and the end."""
    path = tmp_path / "feed.xml"
    path.write_bytes(data)
    raw, end = read_records([path], Limits())
    assert isinstance(raw, RawRecord)
    assert isinstance(end, FileEnd)
    (offer,), _, _ = convert_record(raw, CONTEXT)
    return offer.body.decode().partition('"title":"')[2].partition('"')[0], offer.fault_kinds, end


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (declared("UTF-8").encode(), False),
        (declared("UTF-8").encode("utf-8-sig"), False),
        (declared("UTF-16").encode("utf-16"), False),
        (declared("UTF-16").encode("utf-16-le"), False),
        (declared("UTF-16").encode("utf-16-be"), False),
        (declared("UTF-32").encode("utf-32"), False),
        (declared("ISO-8859-1").encode("cp1252"), False),
        (declared("windows-1252").encode("cp1252"), False),
        (declared("ISO-8859-1").encode(), True),
        (declared("UTF-16").encode(), True),
        (declared("klingon").encode(), True),
        (declared("rot13").encode(), True),
        (document([record("A", TITLE)]).partition("\n")[2].encode(), False),
    ],
)
def test_text_is_read_as_its_bytes_are_and_a_lie_is_told(data: bytes, told: bool, tmp_path: Path) -> None:
    title, faults, end = read(data, tmp_path)
    assert (title, faults, end.complete) == (TITLE, (), True)
    assert bool(end.problem) == told


def test_bytes_that_are_not_utf_8_are_read_as_windows_1252_and_reported(tmp_path: Path) -> None:
    title, faults, end = read(declared("UTF-8").encode("cp1252"), tmp_path)
    assert (title, faults, end.complete) == (TITLE, ("undecodable-bytes",), True)


def test_a_latin_1_file_may_begin_with_much_plain_ascii() -> None:
    data = b'<?xml version="1.0" encoding="ISO-8859-1"?>' + b"a" * CHUNK + "été".encode("cp1252")
    assert "".join(TextChunks(io.BytesIO(data))).endswith("aété")
    lie = b'<?xml version="1.0" encoding="ISO-8859-1"?>' + b"a" * CHUNK + "été".encode()
    assert "".join(TextChunks(io.BytesIO(lie))).endswith("aété")


def test_a_character_cut_by_a_chunk_is_whole() -> None:
    for shift in range(4):
        data = b" " * (CHUNK - shift) + "€".encode() * 10
        assert "".join(TextChunks(io.BytesIO(data))).strip() == "€" * 10


def test_a_broken_pair_in_utf_16_costs_one_character() -> None:
    data = "\ufeffab".encode("utf-16-le") + b"\x00\xd8" + "cd".encode("utf-16-le")
    assert read_undecodable("".join(TextChunks(io.BytesIO(data)))) == "ab\ufffdcd"
