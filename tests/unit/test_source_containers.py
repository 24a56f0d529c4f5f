"""Files, archives and the guards against what hides in them."""

import gzip
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures import hostile
from fixtures.hostile import document, record
from indexer.convert import ConvertContext, convert_record
from indexer.records import FileEnd, Limits, RawRecord, Reject, UnusableFeed
from indexer.sources import read_records
from mappings.reference import Reference

Write = Callable[[Path], hostile.Sound]
CONTEXT = ConvertContext("test", Reference(), "2026-11-23T00:00:00Z")


def read(*paths: Path, limits: Limits | None = None) -> tuple[list[str], list[str], list[FileEnd]]:
    """Live action numbers, reasons of rejects, ends of documents."""
    live: list[str] = []
    reasons: list[str] = []
    ends = []
    for item in read_records(paths, limits or Limits()):
        if isinstance(item, FileEnd):
            ends.append(item)
        elif isinstance(item, Reject):
            reasons.append(item.reason)
        else:
            offers, rejects, _ = convert_record(item, CONTEXT)
            live += [offer.id for offer in offers]
            reasons += [reject.reason for reject in rejects]
    return live, reasons, ends


@pytest.mark.parametrize(
    ("write", "reasons", "complete"),
    [
        (hostile.write_sound, [], True),
        (hostile.write_no_records, [], True),
        (hostile.write_lying_encoding, [], True),
        (hostile.write_utf16, [], True),
        (hostile.write_zip_escape, [], True),
        (hostile.write_huge_record, ["too-large"], True),
        (hostile.write_deep_record, ["not-well-formed"], True),
        (hostile.write_impossible_day, [], True),
        (hostile.write_long_identifier, [], True),
        (hostile.write_cut_file, ["not-closed"], False),
    ],
)
def test_a_hostile_file_costs_only_what_it_damages(
    write: Write, reasons: list[str], complete: bool, tmp_path: Path
) -> None:
    sound = write(tmp_path / "feed")
    live, found, ends = read(tmp_path / "feed")
    assert tuple(live) == sound
    assert found == reasons
    assert [end.complete for end in ends] == [complete]


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (hostile.write_empty, "empty file"),
        (hostile.write_not_xml, "not XML"),
        (hostile.write_binary, "not XML"),
        (hostile.write_unknown_format, "unknown format"),
        (hostile.write_unknown_version, "unknown version of LHEO"),
        (hostile.write_zip_in_zip, "archive inside an archive"),
        (hostile.write_gzip_bomb, "times its size"),
        (hostile.write_zip_bomb, "bytes decompressed for"),
        (hostile.write_billion_laughs, "DOCTYPE"),
        (hostile.write_external_entity, "DOCTYPE"),
        (hostile.write_corrupt_gzip, "unreadable data"),
    ],
)
def test_a_file_of_which_nothing_can_be_used_is_refused_in_one_line(write: Write, told: str, tmp_path: Path) -> None:
    assert write(tmp_path / "feed") == ()
    with pytest.raises(UnusableFeed, match=told) as error:
        read(tmp_path / "feed")
    assert str(tmp_path / "feed") in str(error.value)
    assert "\n" not in str(error.value)


def test_a_cut_gzip_gives_all_that_was_whole(tmp_path: Path) -> None:
    hostile.write_truncated_gzip(tmp_path / "feed")
    raw = (tmp_path / "feed").read_bytes()
    text = zlib.decompressobj(31).decompress(raw).decode(errors="ignore")
    live, reasons, (end,) = read(tmp_path / "feed")
    assert live == [f"H_{n}" for n in range(1, text.count("</formation>") + 1)]
    assert len(live) > 100
    assert (reasons, end.complete) == (["not-closed"], False)


def test_every_xml_file_of_an_archive_is_read_under_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "feed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/1.xml", document([record("A")]))
        archive.writestr("readme.txt", "no feed")
        archive.writestr("__MACOSX/a/._1.xml", "junk")
        archive.writestr("2.XML", document([record("B")]))
    live, reasons, ends = read(path)
    assert (live, reasons) == (["A", "B"], [])
    assert ends == [FileEnd(f"{path}!a/1.xml", True), FileEnd(f"{path}!2.XML", True)]


def test_one_bad_file_of_several_costs_none_of_the_others_and_is_told(tmp_path: Path) -> None:
    good = tmp_path / "good.xml"
    hostile.write_sound(good)
    hostile.write_not_xml(tmp_path / "bad.xml")
    live, _, ends = read(tmp_path / "bad.xml", good, tmp_path / "absent.xml")
    assert live == list(hostile.numbers(3))
    assert [end.complete for end in ends] == [False, True, False]
    assert "absent.xml" in str(ends[2].problem)


def test_an_archive_inside_an_archive_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "feed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("good.xml", document([record("A")]))
        archive.writestr("liar.xml", gzip.compress(document([record("B")]).encode()))
        archive.writestr("more.zip", b"PK\x03\x04")
    live, _, ends = read(path)
    assert live == ["A"]
    assert [end.complete for end in ends] == [True, False, False]


def test_a_bomb_is_stopped_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "feed.gz"
    with gzip.open(path, "wb") as file:
        file.write(document([record("A")]).removesuffix("</offres></lheo>\n").encode())
        file.write(b"<!--" + b" " * 3_000_000)
    limits = Limits(ratio=10, ratio_from=1_000_000)
    live, _, (end,) = read(path, limits=limits)
    assert (live, end.complete) == (["A"], False)
    assert "times its size" in str(end.problem)


def test_plain_text_may_be_as_repetitive_as_it_likes(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(document([record("A", content=" " * 200_000)]))
    assert read(path, limits=Limits(ratio=1, ratio_from=10))[0] == ["A"]


def test_records_are_read_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(document(record(f"A{n}") for n in range(3_000)))
    first = next(iter(read_records([path], Limits())))
    assert isinstance(first, RawRecord)
