"""Files, archives and the guards against what hides in them."""

import gzip
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures.traps import hostile
from fixtures.traps.hostile import document, record
from indexer.load.convert import ConvertContext, convert_record
from indexer.records import FileEnd, Limits, RawRecord, Reject, UnusableFeed
from indexer.sources import read_records
from mappings.reference import Reference

Write = Callable[[Path], hostile.Sound]
CONTEXT = ConvertContext("test", Reference())


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


def write_zip(path: Path, *names: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive whose members each hold a record of their own, and its bytes."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for number, name in enumerate(names):
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            archive.writestr(info, document([record(f"A{number}")]))
    return path.read_bytes()


def damage_lzma(data: bytes) -> bytes:
    """Break the properties of the compressed data, behind the first local header."""
    at = 30 + len("a.xml") + 4
    return data[:at] + b"\xff" + data[at + 1 :]


def damage_name(data: bytes) -> bytes:
    """Say that a name is UTF-8, which it is not."""
    return data.replace("é.xml".encode(), b"\xff\xff.xml")


DAMAGED: dict[str, tuple[tuple[str, ...], int, Callable[[bytes], bytes]]] = {
    "LZMA data": (("a.xml",), zipfile.ZIP_LZMA, damage_lzma),
    "a name that is not UTF-8": (("é.xml",), zipfile.ZIP_DEFLATED, damage_name),
    "an empty name": (("", "a.xml"), zipfile.ZIP_DEFLATED, lambda data: data),
    "an unknown method": (("a.xml",), zipfile.ZIP_DEFLATED, lambda data: data.replace(b"\x08\0", b"\x5d\0")),
    "an absurd offset": (("a.xml",), zipfile.ZIP_DEFLATED, lambda data: data[:-6] + b"\xff\xff\xff\x7f\0\0"),
    "an encrypted member": (("a.xml",), zipfile.ZIP_DEFLATED, lambda data: data.replace(b"\x14\0\0\0", b"\x14\0\1\0")),
    "two members of one name, cut": (("a.xml", "b.xml"), zipfile.ZIP_STORED, lambda data: data[40:]),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_archive_costs_itself_and_no_other_file(kind: str, tmp_path: Path) -> None:
    names, method, damage = DAMAGED[kind]
    bad, good = tmp_path / "bad.zip", tmp_path / "good.xml"
    bad.write_bytes(damage(write_zip(bad, *names, method=method)))
    good.write_text(document([record("G")]))
    live, _, ends = read(bad, good)
    assert live[-1] == "G"
    assert ends[-1] == FileEnd(str(good), True)
    if names[0]:
        assert not ends[0].complete


def test_whatever_the_library_raises_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_zip(tmp_path / "feed.zip", "a.xml", "b.xml")
    for error in (IndexError("x"), struct.error("x"), AssertionError(), MemoryError(), OverflowError("x")):

        def fail(*_: object, error: Exception = error) -> bytes:
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(zipfile.ZipExtFile, "read1", fail)
            with pytest.raises(UnusableFeed, match="unreadable data after 0 bytes"):
                read(tmp_path / "feed.zip")
        with monkeypatch.context() as patched:
            patched.setattr(zipfile.ZipFile, "__init__", fail)
            with pytest.raises(UnusableFeed, match="unreadable zip archive"):
                read(tmp_path / "feed.zip")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_whose_output_has_no_bound_are_fed_in_small_pieces(
    method: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_zip(tmp_path / "feed.zip", "a.xml", method=method)
    read2, sizes = zipfile.ZipExtFile._read2, list[int]()  # type: ignore[attr-defined]

    def measured(stream: zipfile.ZipExtFile, size: int) -> bytes:
        data: bytes = read2(stream, size)
        sizes.append(len(data))
        return data

    monkeypatch.setattr(zipfile.ZipExtFile, "_read2", measured)
    assert read(tmp_path / "feed.zip")[0] == ["A0"]
    assert len(sizes) > 5
    assert max(sizes) <= 64  # 45 bytes of bzip2 may be 45 MB


def test_a_directory_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "feed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(200):
            archive.writestr(f"{number}.xml", "")
    with pytest.raises(UnusableFeed, match="directory has"):
        read(path, limits=Limits(members=10))


def test_names_of_members_cannot_break_a_line(tmp_path: Path) -> None:
    write_zip(tmp_path / "feed.zip", "a\n\x1b[2J.xml")
    _, _, (end,) = read(tmp_path / "feed.zip")
    assert end.file.isprintable()
