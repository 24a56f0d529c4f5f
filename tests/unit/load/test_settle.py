"""What a load settles before it writes: who stands of equal numbers, and what is new, changed, unchanged and gone."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from indexer.load.batches import Batch, RecordRows
from indexer.load.settle import _remember, count_plan
from indexer.records import BlockRef, OfferRow, PlanCounts, RawRecord
from indexer.work_files.settlement import Settlement
from mappings.keys import key_of

BLOCK = BlockRef("1.spool", 0, 10)


def offer(identifier: str, digest: str = "aa", sessions: tuple[str, ...] = (), key: str | None = None) -> OfferRow:
    keys = tuple(map(key_of, sessions))
    name = f"Organisme de {identifier}"
    return OfferRow(
        identifier, key or key_of(identifier), digest, 0, 2, sessions, keys, "123456789", name, "f.xml", 1, identifier
    )


@pytest.fixture
def settlement(tmp_path: Path) -> Iterator[Settlement]:
    settlement = Settlement(tmp_path / "settlement.sqlite")
    yield settlement
    settlement.close()


def planned(settlement: Settlement) -> list[tuple[str, bool]]:
    return [(row.key, row.is_new) for row in settlement.planned()]


def test_the_first_of_equal_numbers_stands_within_a_block_and_across_blocks(settlement: Settlement) -> None:
    assert settlement.add_block(BLOCK, [offer("a", "01"), offer("b"), offer("a", "02")])[0].reason == "repeated-number"
    (clash,) = settlement.add_block(BLOCK, [offer("c"), offer("b", "03")])
    assert (clash.offer.id, clash.reason, clash.session) == ("b", "repeated-number", None)
    assert [row.hash for row in settlement.planned()] == ["01", "aa", "aa"]


def test_two_numbers_with_one_key_are_told_apart_from_a_repeated_number(settlement: Settlement) -> None:
    (clash,) = settlement.add_block(BLOCK, [offer("a"), offer("b", key=key_of("a"))])
    assert (clash.offer.id, clash.reason) == ("b", "key-collision")


def test_a_repeated_session_is_taken_off_the_later_offer_whose_hash_changes(settlement: Settlement) -> None:
    (clash,) = settlement.add_block(BLOCK, [offer("a", sessions=("s1", "s2")), offer("b", sessions=("s3", "s2"))])
    assert (clash.offer.id, clash.reason, clash.session) == ("b", "repeated-session", "s2")
    first, second = settlement.planned()
    assert settlement.dropped_positions() == {second.number: {1}}
    assert first.hash == "aa"
    assert second.hash != "aa"


def test_sessions_of_a_rejected_offer_are_free_for_the_next_one(settlement: Settlement) -> None:
    settlement.add_block(BLOCK, [offer("a"), offer("a", sessions=("s1",)), offer("b", sessions=("s1",))])
    assert settlement.dropped_positions() == {}


def test_the_plan_tells_new_changed_unchanged_and_gone_apart(settlement: Settlement) -> None:
    settlement.add_block(BLOCK, [offer("new"), offer("changed", "02"), offer("same", "03")])
    settlement.add_live(
        [(key_of("changed"), "01"), (key_of("same"), "03"), (key_of("gone"), "04"), (key_of("bad"), "05")]
    )
    settlement.keep(["bad"])
    assert settlement.count() == (1, 1, 1, 1, 1)  # new, changed, same, gone, kept
    assert planned(settlement) == [(key_of("new"), True), (key_of("changed"), False)]
    assert list(settlement.gone()) == [key_of("gone")]


def test_an_offer_that_is_dropped_later_is_not_written_and_its_live_version_goes(settlement: Settlement) -> None:
    settlement.add_block(BLOCK, [offer("a"), offer("b")])
    settlement.add_live([(key_of("a"), "00")])
    settlement.drop_offer(settlement.find(key_of("a")).number)
    assert planned(settlement) == [(key_of("b"), True)]
    assert list(settlement.gone()) == [key_of("a")]


def test_a_provider_is_known_by_its_most_frequent_name(settlement: Settlement) -> None:
    rows = [offer(str(n))._replace(provider_name=name) for n, name in enumerate(["GRETA", "Greta", "Greta", "AFPA"])]
    settlement.add_block(BLOCK, rows)
    assert settlement.providers() == {"123456789": "Greta"}


def test_names_from_a_rejected_repeat_do_not_count(settlement: Settlement) -> None:
    settlement.add_block(BLOCK, [offer("a"), *(offer("a")._replace(provider_name="Autre") for _ in range(3))])
    assert settlement.providers() == {"123456789": "Organisme de a"}


@pytest.mark.parametrize(("clashing", "remembered"), [((), [b"a", b"b"]), (("b",), [b"a"])])
def test_records_of_which_nothing_is_told_are_remembered(clashing: tuple[str, ...], remembered: list[bytes]) -> None:
    batch, rows = Batch(), {name: offer(name) for name in "abc"}
    for name in (*rows, "without offers"):
        batch.add(RawRecord("f.xml", 1, "2.3", (name,)), name.encode(), [])
    parts = [RecordRows([row], name != "c") for name, row in rows.items()]
    found: list[tuple[bytes, list[OfferRow]]] = []
    load: Any = SimpleNamespace(next=SimpleNamespace(add=found.extend))
    _remember(batch, [*parts, RecordRows([], True)], {rows[name] for name in clashing}, load)
    assert [digest for digest, _ in found] == remembered


@pytest.mark.parametrize(("withheld", "expected"), [(None, (4, 50, 95)), ("a file is cut", (0, 54, 99))])
def test_plan_counts_the_offers_that_will_be_live(withheld: str | None, expected: tuple[int, int, int]) -> None:
    """What the gate against too many fewer offers compares."""
    report = SimpleNamespace(live_before=97, removals_withheld=withheld)
    counts = PlanCounts(new=2, changed=3, same=38, gone=4, kept=50)
    load: Any = SimpleNamespace(report=report, settlement=SimpleNamespace(count=lambda: counts))
    count_plan(load)
    assert (report.removed, report.kept, report.live) == expected
    assert (report.new, report.changed, report.same) == (2, 3, 38)
