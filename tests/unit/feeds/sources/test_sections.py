"""Comments, CDATA sections and instructions that nothing closes: each costs one record, in linear time."""

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.traps.hostile import CLOSING, HEAD, OPENING, document, record
from indexer.records import Limits, RawRecord
from indexer.sources.encodings import CHUNK
from indexer.sources.scanner import RecordScanner
from indexer.sources.sections import CLOSERS
from indexer.transform.tree import RecordError, parse_record

SECTIONS = [*CLOSERS.items()]
COUNT = 12
# What sound records and the gaps between them hold, so that closers stand everywhere.
HELD = "<formation numero='X'><intitule-formation>old</intitule-formation></formation>"
CONTENTS = (
    *("Théorie.", "<!-- x -->", "<![CDATA[ a > b ]]>", "<?p x?>", "CAP --> BTS ?>", "<![CDATA[</formation>]]>"),
    *(f"{opener}p {HELD} {closer}" for opener, closer in SECTIONS),
    f"<!-- {HELD} {HELD} --> <![CDATA[ <formation>{HELD}</formation> ]]>",
)
GAPS = ("", "\n", "<!-- gap -->", "<?gap x?>", f"<!-- {HELD} -->")


def scan(text: str, size: int = CHUNK) -> tuple[list[str], RecordScanner]:
    """Numbers of the records that can be read alone, in order, and the scanner."""
    chunks = (text[start : start + size] for start in range(0, len(text), size))
    scanner = RecordScanner("feed", chunks, Limits())
    found = []
    for item in scanner:
        if isinstance(item, RawRecord):
            try:
                found += [action.attributes["numero"] for action in parse_record(item.texts[0])[1].all("action")]
            except RecordError:
                continue
    return found, scanner


def pieces(draw: random.Random) -> list[str]:
    """A feed in pieces: its beginning, records and gaps in turns, its end."""
    made = [HEAD + OPENING]
    for number in range(COUNT):
        made += [record(f"R{number}", content=draw.choice(CONTENTS)), draw.choice(GAPS)]
    return [*made, CLOSING]


@pytest.mark.parametrize(("opener", "closer"), SECTIONS)
@pytest.mark.parametrize("rank", [0, 5, COUNT - 1])
def test_a_section_that_nothing_closes_costs_its_record_alone(opener: str, closer: str, rank: int) -> None:
    numbers = [f"R{number}" for number in range(COUNT)]
    records = [record(number, content=f"{opener} x" if number == numbers[rank] else "y") for number in numbers]
    found, scanner = scan(document(records))
    assert [number for number in found if number != numbers[rank]] == numbers[:rank] + numbers[rank + 1 :]
    assert (scanner.complete, scanner.problem) == (True, None)


@pytest.mark.parametrize(("opener", "closer"), SECTIONS)
@pytest.mark.parametrize("end", ["", " {closer}", "</offres> {closer}"])
def test_a_section_between_records_that_is_damaged_costs_none_and_is_told(opener: str, closer: str, end: str) -> None:
    records = [record(f"R{number}") for number in range(COUNT)]
    last = record("Z", content="x " + end.format(closer=closer) if "offres" not in end else "x")
    found, scanner = scan(f"{HEAD}{OPENING}{records[0]}{opener} {''.join(records[1:])}{last}{CLOSING}")
    assert found[:COUNT] == [f"R{number}" for number in range(COUNT)]
    assert scanner.complete
    assert "is never closed" in str(scanner.problem)
    assert str(scanner.problem).startswith("line 4: ")


@pytest.mark.parametrize(("opener", "closer"), SECTIONS)
def test_a_section_that_is_closed_hides_records_however_many(opener: str, closer: str) -> None:
    hidden = "".join(record(f"H{number}") for number in range(3_000))
    assert len(hidden) > 3_000_000
    found, scanner = scan(f"{HEAD}{OPENING}{record('A')}{opener} {hidden}{closer}{record('B')}{CLOSING}")
    assert (found, scanner.complete, scanner.problem) == (["A", "B"], True, None)


def test_a_long_comment_that_is_never_closed_is_gone_back_to() -> None:
    records = "".join(record(f"R{number}", content="é’" * 100) for number in range(3_000))
    found, scanner = scan(f"{HEAD}{OPENING}{record('A')}\n<!-- {records}{CLOSING}")
    assert found == ["A", *(f"R{number}" for number in range(3_000))]
    assert str(scanner.problem).startswith("line 5: <!-- is never closed")


def test_a_comment_before_the_root_that_is_never_closed_costs_no_record() -> None:
    found, scanner = scan(f"{HEAD}<!-- export {OPENING}{record('A')}{record('B')}{CLOSING}")
    assert (found, scanner.complete) == (["A", "B"], True)
    assert "comment before the root" in str(scanner.problem)


def test_an_end_tag_whose_start_is_damaged_is_told_so_that_nothing_is_removed() -> None:
    found, scanner = scan(document([record("A"), record("B").replace("<formation", "<form\x02ation", 1), record("C")]))
    assert found == ["A", "C"]
    assert "whose start cannot be read" in str(scanner.problem)


@given(st.integers(0, 2**32), st.sampled_from([opener for opener, _ in SECTIONS]), st.integers(1, 3))
def test_damage_anywhere_costs_what_it_touches_and_nothing_else(seed: int, opener: str, times: int) -> None:
    draw = random.Random(seed)
    made = pieces(draw)
    touched: set[str] = set()
    for _ in range(times):
        # Of several that stand between records one may break what hides the other: nobody can tell what was meant.
        rank = draw.randrange(1, len(made) - 1) if times == 1 else draw.randrange(1, len(made) - 1, 2)
        place = draw.randrange(len(made[rank]) + 1)
        made[rank] = made[rank][:place] + opener + made[rank][place:]
        if rank % 2 and 0 < place < len(made[rank]) - len(opener):
            touched.add(f"R{rank // 2}")
    text = "".join(made)
    found, _ = scan(text)
    sound = [f"R{number}" for number in range(COUNT) if f"R{number}" not in touched]
    assert [number for number in found if number in sound] == sound
    assert len(found) == len(set(found))
    assert scan(text, draw.randrange(900, 3_000))[0] == found


REPEATED: dict[str, Callable[[int], str]] = {
    "end tags in comments": lambda n: document([record("A", content="<!-- </formation> <x " * n), record("B")]),
    "comments": lambda n: document([record("A"), "<!-- " * n, record("B")]),
    "comments and records": lambda n: document([record("A"), ("<!-- " * 9 + record("B")) * (n // 60)]),
    "all kinds in one record": lambda n: document([record("A", content="<!--<![CDATA[<?<formation>x" * n)]),
    "records cut in comments": lambda n: document(["<formation>x <!-- </formation>"] * n),
    "records cut in all kinds": lambda n: document(
        [f"<formation>x {opener} </formation>" for opener, _ in SECTIONS * (n // 3)]
    ),
    "comments between that records close": lambda n: document(
        [f"<!-- {record('A', content='-->')}" for _ in range(n // 30)]
    ),
}


@pytest.mark.parametrize("kind", REPEATED)
def test_time_grows_with_the_length_and_not_with_its_square(kind: str) -> None:
    def cost(size: int) -> float:
        text = REPEATED[kind](size)
        chunks = iter([text[at : at + CHUNK] for at in range(0, len(text), CHUNK)])
        began = time.process_time()
        for _ in RecordScanner("feed", chunks, Limits()):
            pass
        return time.process_time() - began

    cost(1_000)
    small, large = cost(4_000), cost(32_000)
    assert large < 3 * 8 * max(small, 0.02), f"{small:.3f} s, 8 times as long: {large:.3f} s"
