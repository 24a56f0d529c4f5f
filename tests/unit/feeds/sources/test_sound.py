"""A sound document is read as an XML parser reads it: sections hide the record tags in them."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from fixtures.forms.lheo_2_3 import NAMESPACE
from fixtures.traps.hostile import CLOSING, HEAD, OPENING, document, record
from indexer.records import Limits, RawRecord, Reject
from indexer.sources.encodings import CHUNK
from indexer.sources.scanner import RecordScanner
from indexer.sources.sections import CLOSERS

OLD = '<formation numero="X">\n<intitule-formation>old</intitule-formation>\n</formation >'
SECTIONS = [*CLOSERS.items()]
# What a closed section may hold and still be told from one that nothing closes (docs/feeds.md): whole records, nested
# ones too, start tags in words, and end tags alone if no record begins behind them.
WHOLE = (
    OLD,
    f"<formation>{OLD} {OLD}</formation>",
    "<formation/>",
    "<formation>word</formation>",
    "<p:formation><b/></p:formation>",
)
WORDS = (
    "",
    "text",
    "<formation> tag",
    "<offre-formation x='1'> tag",
    "<lheo>",
    "</offres></lheo>",
    "<b>",
    "&",
    "<!",
    "> ?",
    "'",
)
ENDS = ("</formation>", "</formation> </formation\n>", "</lheo>")
OTHERS = {
    "<!--": ("<![CDATA[", "]]>", "<?", "?>"),
    "<![CDATA[": ("<!--", "-->", "<?", "?>"),
    "<?": ("<!--", "-->", "]]>"),
}


def section(draw: random.Random, opener: str, closer: str) -> str:
    """A section as XML allows it, with record tags in it."""
    held = draw.choices([*WHOLE, *WORDS, *OTHERS[opener]], k=draw.randrange(5))
    held += draw.choices(ENDS, k=1) if draw.random() < 0.2 else []
    text = " ".join(held)
    if opener == "<!--":
        text = text.replace("--", "")
    return f"{opener}{'p ' if opener == '<?' else ' '}{text} {closer}"


def sound_document(draw: random.Random) -> str:
    """A well-formed feed, with sections in its records and, where XML allows them, between these."""
    outside = [pair for pair in SECTIONS if pair[0] != "<![CDATA["]
    made = [HEAD, OPENING]
    for number in range(draw.randrange(1, 6)):
        parts = ["Théorie.", *(section(draw, *draw.choice(SECTIONS)) for _ in range(draw.randrange(4))), "CAP --> ?>"]
        draw.shuffle(parts)
        gaps = [section(draw, *draw.choice(outside)) for _ in range(draw.randrange(2))]
        made += [record(f"R{number}", content="".join(parts)), *gaps]
    return "".join([*made, CLOSING])


def told(root: etree._Element) -> list[tuple[object, ...]]:
    """All that a parser tells of an element, its namespace left out, which a record read alone has no longer."""
    return [
        (etree.QName(each).localname if isinstance(each.tag, str) else each.tag, sorted(each.attrib.items()), each.text)
        + ((each.tail,) if each is not root else ())
        for each in root.iter()
    ]


def as_parsed(text: str) -> list[list[tuple[object, ...]]]:
    return [told(child) for child in etree.fromstring(text.encode()).iter(f"{{{NAMESPACE}}}formation")]


def scan(text: str, size: int = CHUNK) -> tuple[list[RawRecord | Reject], RecordScanner]:
    scanner = RecordScanner("feed", iter([text[at : at + size] for at in range(0, len(text), size)]), Limits())
    return [*scanner], scanner


@given(st.integers(0, 2**32))
def test_a_sound_document_is_read_as_a_parser_reads_it(seed: int) -> None:
    draw = random.Random(seed)
    text = sound_document(draw)
    for size in (CHUNK, draw.randrange(900, 3_000)):
        found, scanner = scan(text, size)
        assert not [item for item in found if isinstance(item, Reject)]
        texts = [item.texts[0] for item in found if isinstance(item, RawRecord)]
        assert [told(etree.fromstring(alone.encode())) for alone in texts] == as_parsed(text)
        assert (scanner.complete, scanner.problem) == (True, None)


@pytest.mark.parametrize(("opener", "closer"), SECTIONS)
@pytest.mark.parametrize("rank", [0, 2, 4])
@pytest.mark.parametrize("held", [OLD, OLD * 3, record("H"), *WHOLE])
def test_a_closed_section_in_a_record_hides_whole_records(opener: str, closer: str, rank: int, held: str) -> None:
    content = f"a {opener}p {held} {closer} b"
    records = [record(f"R{number}", content=content if number == rank else "y") for number in range(5)]
    found, scanner = scan(document(records))
    assert [item.identifier if isinstance(item, Reject) else None for item in found] == [None] * 5
    assert (scanner.complete, scanner.problem) == (True, None)


@pytest.mark.parametrize(("opener", "closer"), SECTIONS)
def test_a_section_never_closed_ends_before_the_next_of_its_kind(opener: str, closer: str) -> None:
    broken = record("A", content=f"{opener} x").replace("</formation>", "")
    sound = record("C", content=f"{opener}p {OLD} {closer}")
    found, _ = scan(document([broken, record("B"), sound, record("D")]))
    assert [item.reason if isinstance(item, Reject) else "" for item in found] == ["not-closed", "", "", ""]


@pytest.mark.parametrize(("opener", "closer"), SECTIONS)
@pytest.mark.parametrize("is_inside", [True, False])
def test_a_terminator_of_a_later_record_or_section_closes_nothing(opener: str, closer: str, is_inside: bool) -> None:
    cut = record("A").replace("</formation>", f"</forma{opener}tion>")
    content, gap = (f"x {closer}", "") if is_inside else ("y", f"{opener}p gap {closer}")
    found, _ = scan(document([cut, record("B", content=content), gap, record("C")]))
    assert [item.reason if isinstance(item, Reject) else "" for item in found] == ["not-closed", "", ""]


@pytest.mark.parametrize(("opener", "closer"), SECTIONS)
@pytest.mark.parametrize("held", ["<formation><b/>", "<formation><b/></formation>", "</formation><formation><b/>"])
def test_time_grows_with_the_record_tags_in_sections(opener: str, closer: str, held: str) -> None:
    def cost(count: int) -> float:
        text = document([record("A", content=f"{opener}p {held * count} {opener}{closer}"), record("B")])
        began = time.process_time()
        scan(text)
        return time.process_time() - began

    cost(100)
    small, large = cost(1_000), cost(8_000)
    assert large < 3 * 8 * max(small, 0.02), f"{small:.3f} s, 8 times as long: {large:.3f} s"
