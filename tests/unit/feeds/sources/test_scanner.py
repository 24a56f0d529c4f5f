"""The scanner finds every whole record, whatever its neighbours are, and loses none of what stands beside damage."""

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.forms.lheo_2_3 import NAMESPACE
from fixtures.traps.hostile import document, record
from indexer.records import FileEnd, Limits, RawRecord, Reject, UnusableFeed
from indexer.sources import read_records
from indexer.sources.encodings import TextChunks
from indexer.sources.scanner import RecordScanner
from indexer.transform.tree import parse_record

Item = RawRecord | Reject | FileEnd
OPEN = f'<lheo xmlns="{NAMESPACE}"><offres>'
CLOSE = "</offres></lheo>"
A, B, C = (record(number) for number in "ABC")


def read(text: str | bytes, tmp_path: Path, limits: Limits | None = None) -> list[Item]:
    path = tmp_path / "feed.xml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read_records([path], limits or Limits()))


def live(items: list[Item]) -> list[str]:
    """The action numbers of records that parse alone, in order."""
    found = []
    for item in items:
        if isinstance(item, RawRecord):
            for text in item.texts:
                found += [action.attributes["numero"] for action in parse_record(text)[1].all("action")]
    return found


def rejects(items: list[Item]) -> list[tuple[str, str | None]]:
    return [(item.reason, item.identifier) for item in items if isinstance(item, Reject)]


def end(items: list[Item]) -> FileEnd:
    assert isinstance(items[-1], FileEnd)
    return items[-1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f'<?xml version="1.0"?>\n<!-- <lheo><formation> -->\n<lheo xmlns="{NAMESPACE}"><offres>', CLOSE),
        ("<lheo><offres>", CLOSE),
        (f'<lheo><offres xmlns="{NAMESPACE}">', CLOSE),
        (f'\ufeff<lheo-plus xmlns="{NAMESPACE}"><lheo><offres>', "</offres></lheo></lheo-plus>"),
        (f"<lheo\n xmlns:xsi='urn:x' xsi:y=\"a>b\" xmlns='{NAMESPACE}'><offres>", "</offres></lheo >"),
    ],
)
def test_records_are_found_under_every_kind_of_root(before: str, after: str, tmp_path: Path) -> None:
    items = read(f"{before}{A}<!-- between -->{B}<?pi x?>{C}{after}", tmp_path)
    assert live(items) == ["A", "B", "C"]
    assert end(items) == FileEnd(str(tmp_path / "feed.xml"), True)


@pytest.mark.parametrize("prefixed", [A.replace("<", "<f:").replace("<f:/", "</f:")])
def test_a_record_under_a_prefix_stands_alone_with_its_namespaces(prefixed: str, tmp_path: Path) -> None:
    foreign = '<x:formation xmlns:x="urn:other"/>'
    items = read(f'<f:lheo xmlns:f="{NAMESPACE}"><f:offres>{foreign}{prefixed}</f:offres></f:lheo>', tmp_path)
    assert live(items) == ["A"]
    own = prefixed.replace("<f:formation", f'<f:formation xmlns:f="{NAMESPACE}"')
    assert live(read(f'<lheo xmlns="{NAMESPACE}">{own}</lheo>', tmp_path)) == ["A"]


@pytest.mark.parametrize(
    "content",
    [
        "<![CDATA[ </formation> ]]>",
        "<![CDATA[ </formation><formation numero='X'> ]]>",
        "<!-- </formation><formation> -->",
        "<?x </formation> ?>",
        "&lt;/formation>",
        "<formations/>",
        '<x:formation xmlns:x="urn:other">y</x:formation>',
        "voir : formation",
        "annexe:formation",
    ],
)
def test_what_looks_like_the_end_of_a_record_does_not_end_it(content: str, tmp_path: Path) -> None:
    items = read(f"{OPEN}{A}{record('B', content=content)}{C}{CLOSE}", tmp_path)
    assert (live(items), rejects(items)) == (["A", "B", "C"], [])


@pytest.mark.parametrize(
    "broken",
    [
        B[:300],
        B[: B.index("</action>")],
        B.replace("</formation>", ""),
        B.replace("</formation>", "</formaton>"),
        record("B", content="<![CDATA[ x").replace("</formation>", ""),
    ],
    ids=["cut", "cut in the action", "no end tag", "wrong end tag", "cut in a CDATA section"],
)
def test_a_record_that_is_not_closed_costs_no_other(broken: str, tmp_path: Path) -> None:
    items = read(f"{OPEN}{A}{broken}{C}{record('D', content='<![CDATA[ y ]]>')}{CLOSE}", tmp_path)
    assert live(items) == ["A", "C", "D"]
    assert [reason for reason, _ in rejects(items)] == ["not-closed"]
    assert end(items).complete


@pytest.mark.parametrize(("opener", "closer"), [("<![CDATA[", "]]>"), ("<!--", "-->"), ("<?x", "?>")])
def test_a_section_that_only_a_later_record_closes_is_the_damage_of_its_own(
    opener: str, closer: str, tmp_path: Path
) -> None:
    broken, later = record("B", content=f"{opener} never closed"), record("D", content=f"{opener} y {closer}")
    items = read(f"{OPEN}{A}{broken}{C}{later}{CLOSE}", tmp_path)
    texts = [item.texts[0] for item in items if isinstance(item, RawRecord)]
    assert ["<action numero=" in text for text in texts] == [True] * 4
    assert [text.count("</formation>") for text in texts] == [1] * 4
    assert end(items).complete


def test_the_numbers_of_a_cut_record_are_told_only_if_they_can_be_all(tmp_path: Path) -> None:
    cut_after_action, cut_inside = B[: B.index("</action>") + 9], B[: B.index("</action>")]
    first, second = (
        item for item in read(f"{OPEN}{cut_after_action}{cut_inside}{A}{CLOSE}", tmp_path) if isinstance(item, Reject)
    )
    assert (first.identifier, first.identifiers) == ("B", ("B",))
    assert (second.identifier, second.identifiers) == ("B", ())


def test_a_huge_record_is_set_aside_and_its_numbers_are_told(tmp_path: Path) -> None:
    limits = Limits(record=50_000)
    huge = record("B", content="x" * 2_000_000 + "</fin>")
    items = read(f"{OPEN}{A}{huge}{C}{CLOSE}", tmp_path, limits)
    assert live(items) == ["A", "C"]
    reject = next(item for item in items if isinstance(item, Reject))
    assert (reject.reason, reject.identifiers, len(reject.record)) == ("too-large", ("B",), 100_000)
    assert end(items).complete


@pytest.mark.parametrize("place", range(30, len(A) + len(B), 97))
def test_a_file_cut_anywhere_keeps_what_was_whole_and_says_so(place: int, tmp_path: Path) -> None:
    text = f"{OPEN}{A}{B}"
    items = read(text[: len(OPEN) + place], tmp_path)
    assert live(items) == (["A"] if place >= len(A) - 1 else [])
    assert not end(items).complete
    assert "feed.xml" in str(end(items).problem)


def test_a_file_without_its_end_is_not_complete(tmp_path: Path) -> None:
    items = read(f"{OPEN}{A}{B}</offres>", tmp_path)
    assert (live(items), end(items).complete) == (["A", "B"], False)


def test_every_record_knows_its_line(tmp_path: Path) -> None:
    items = read(f"<?xml version='1.0'?>\n{OPEN}\n\n{A}{B}\n  {C}{CLOSE}", tmp_path)
    assert [item.line for item in items if isinstance(item, RawRecord)] == [4, 5, 7]


def test_a_record_of_no_content_is_a_record(tmp_path: Path) -> None:
    items = read(f"{OPEN}{A}<formation numero='E'/>{B}{CLOSE}", tmp_path)
    assert [item.texts[0][:10] for item in items if isinstance(item, RawRecord)] == ["<formation"] * 3


def test_formations_that_share_a_number_are_told(tmp_path: Path) -> None:
    twin = B.replace('<formation numero="FB"', '<formation numero="FA"')
    items = read(f"{OPEN}{A}{twin}{C}{CLOSE}", tmp_path)
    assert [item.repeats_training for item in items if isinstance(item, RawRecord)] == [False, True, False]


class Dribble(io.RawIOBase):
    """A stream that gives few bytes at a time, of random number."""

    def __init__(self, data: bytes, seed: int) -> None:
        self._stream, self._random = io.BytesIO(data), random.Random(seed)

    def read(self, size: int = -1, /) -> bytes:
        return self._stream.read(self._random.randint(1, 900))


def scan(data: bytes, seed: int) -> Iterator[tuple[str, ...]]:
    for item in RecordScanner("f", iter(TextChunks(Dribble(data, seed))), Limits()):
        yield item.texts if isinstance(item, RawRecord) else (item.reason, item.record)


@pytest.mark.parametrize("seed", range(5))
def test_the_same_is_found_however_the_bytes_arrive(seed: int) -> None:
    tricky = record("T", content="<![CDATA[</formation>]]><!-- <formation> -->é’")
    data = document([A, tricky, B[:200], C, tricky, f"<!-- {A} -->", B]).encode()
    whole = list(RecordScanner("f", iter([data.decode()]), Limits()))
    expected = [item.texts if isinstance(item, RawRecord) else (item.reason, item.record) for item in whole]
    assert len(expected) == 6
    assert list(scan(data, seed)) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty file"),
        ("numero;intitule\n1;CAP\n", "not XML"),
        ('{"formations": []}', "not XML"),
        ("<rss/>", "root 'rss'"),
        ("\n\n<html><body/></html>", "line 3"),
        ("<!DOCTYPE lheo [<!ENTITY a 'b'>]><lheo/>", "DOCTYPE"),
        ('<lheo xmlns="http://lheo.gouv.fr/7.1"><offres/></lheo>', "unknown version of LHEO"),
        ("<lheo", "no root element"),
    ],
)
def test_what_is_no_feed_is_refused_with_file_and_reason(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableFeed, match=told) as error:
        read(text, tmp_path)
    assert "feed.xml" in str(error.value)


@pytest.mark.parametrize(
    ("namespace", "form"),
    [
        ("http://www.lheo.org/2.2", "2.2"),
        ("http://lheo.gouv.fr/2.3", "2.3"),
        ("http://www.lheo.org/1.3.0", "1.3"),
        ("urn:x", "2.3"),
    ],
)
def test_the_version_is_that_of_the_namespace(namespace: str, form: str, tmp_path: Path) -> None:
    items = read(f'<lheo xmlns="{namespace}"><offres>{A}{CLOSE}', tmp_path)
    assert [item.format for item in items if isinstance(item, RawRecord)] == [form]


def test_without_a_namespace_the_record_tells_the_version(tmp_path: Path) -> None:
    items = read("<lheo><offres><offre-formation><x/></offre-formation></offres></lheo>", tmp_path)
    assert [item.format for item in items if isinstance(item, RawRecord)] == ["1.3"]
