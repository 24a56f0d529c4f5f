"""Bodies that are made to cost time or memory, or to break what reads them: each is one fault of the source."""

import io
import random
import struct
import time
import zipfile
from datetime import UTC, datetime

import pytest
from lxml import etree

from indexer.harvest.faults import SourceFault
from indexer.harvest.read.aside import Aside
from indexer.harvest.read.dila import LIST_BYTES, read_sheets
from indexer.harvest.read.feed import read_xml_feed
from indexer.harvest.read.oai import DAY, NAMESPACE, SECOND, next_from
from indexer.harvest.read.pages import read_page
from indexer.harvest.read.xml import MOST_ATTRIBUTES, parse_xml
from indexer.harvest.told import Reading, Told

SHEET = '<Publication ID="F1" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Une fiche</dc:title></Publication>'
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def zip_of(method: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for number in range(3):
            archive.writestr(f"F{number}.xml", SHEET)
    return file.getvalue()


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=str
)
def test_damaged_zip_is_a_fault_of_the_source(method: int) -> None:
    dice, whole = random.Random(1), zip_of(method)
    assert len(list(read_sheets(io.BytesIO(whole), "zip", Reading()))) == 3
    faults = 0
    for _ in range(600):
        body = bytearray(whole)
        for _ in range(dice.choice((1, 2, 4))):
            body[dice.randrange(len(body))] = dice.choice((0, 255, dice.randrange(256)))
        try:
            list(read_sheets(io.BytesIO(bytes(body)), "zip", Reading()))
        except SourceFault:
            faults += 1
    assert faults > 300


def test_list_of_files_of_a_zip_is_bounded() -> None:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 0, 20, *[0] * 8, 1, 0, *[0] * 5)
    entries = (entry[:46] + b"a") * (LIST_BYTES // 47 + 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, len(entries), 0, 0)
    with pytest.raises(SourceFault, match="list of files"):
        list(read_sheets(io.BytesIO(entries + end), "zip", Reading()))


def test_attributes_are_bounded_as_tags_are() -> None:
    tags = b'<b c="1" d="1" e="1" f="1"/>' * (MOST_ATTRIBUTES // 4 + 1)
    with pytest.raises(SourceFault, match="more than 1000000 attributes"):
        parse_xml(b"<a>" + tags + b"</a>", "x")


def test_document_type_in_ebcdic_is_refused() -> None:
    body = '<?xml version="1.0" encoding="cp037"?><!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0">&a;</rss>'
    with pytest.raises(SourceFault, match="EBCDIC"):
        read_xml_feed(body.encode("cp037") + b"</rss>", "x")


NEXT = [
    ("2026-11-20T10:00:00Z", "2026-11-20T09:59:59Z", "2026-11-19"),
    ("2036-01-01T00:00:00Z", "2026-11-30T11:59:59Z", "2026-11-29"),
    ("0001-01-01T00:00:00Z", None, None),
    ("0900-01-01", None, None),
    ("2026-99-99", None, None),
]


@pytest.mark.parametrize(("told", "second", "day"), NEXT)
def test_next_harvest_begins_before_now_whatever_the_clock_of_the_provider(
    told: str, second: str | None, day: str | None
) -> None:
    root = etree.Element(f"{NAMESPACE}OAI-PMH")
    etree.SubElement(root, f"{NAMESPACE}responseDate").text = told
    assert (next_from(root, SECOND, NOW), next_from(root, DAY, NOW)) == (second, day)


ATTRIBUTES = b" ".join(b"a%d=1" % number for number in range(60_000))


def test_page_that_takes_too_long_is_a_fault_and_the_next_one_is_read() -> None:
    page = b"<html><head><title>Une page</title></head>%b</html>"
    hostile, large = page % (b"<p " + ATTRIBUTES + b">"), page % (b"<p>x" * 50_000)
    with Aside(seconds=2) as aside:
        began = time.monotonic()
        with pytest.raises(SourceFault, match="takes more than 2 s"):
            aside.read(len(hostile), "x", read_page, "https://x.example/a", hostile)
        assert time.monotonic() - began < 15
        for body in (large, page % b""):
            told = aside.read(len(body), "x", read_page, "https://x.example/a", body)
            assert isinstance(told, Told)
            assert told.titles == ["Une page"]


def test_fault_of_a_large_body_is_told_as_that_of_a_small_one() -> None:
    body = b"<html>" + b"<p>x" * 50_000
    with Aside() as aside, pytest.raises(SourceFault, match=r"^x: not a feed"):
        aside.read(len(body), "x", read_xml_feed, body, "x")
