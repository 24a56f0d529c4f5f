"""What of a plan is sent to the engine, and what is taken off it because another source has it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from indexer.load import foreign, write
from indexer.load.foreign import _check_sessions
from indexer.load.write import PlanWriter
from indexer.offers.bulk import Version
from indexer.records import BlockRef, OfferRow, Planned, Reject
from indexer.work_files.settlement import Settlement
from mappings.keys import key_of
from mappings.names import IndexNames

BLOCK = BlockRef("1.spool", 0, 10)
BODY = orjson.dumps({"id": "A1", "sessions": [{"id": "S0", "key": "s0"}, {"id": "S1", "key": "s1"}]})
SPOOL: Any = SimpleNamespace(read=lambda *_: BODY)
PLANNED = Planned(7, "a", "hash", True, BLOCK, 0, 2, "f.xml", 3, 1)


def test_new_offer_is_created_and_changed_one_replaces_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settlement = Settlement(tmp_path / "settlement.sqlite")
    rows = [OfferRow(name, key_of(name), "new", 0, 2, (), (), None, None, "f.xml", 1, name) for name in ("old", "new")]
    settlement.add_block(BLOCK, rows)
    settlement.add_live([(key_of("old"), "before")])
    load: Any = SimpleNamespace(
        indices=SimpleNamespace(names=IndexNames("x-"), settings=SimpleNamespace(seats_cutoff=lambda: "")),
        lock=SimpleNamespace(check=lambda: None),
        report=SimpleNamespace(started_at="2026-11-23"),
        settlement=settlement,
    )
    live = {key_of("old"): SimpleNamespace(version=Version(4, 1), figures={}, seen=None)}
    monkeypatch.setattr(write, "fetch_live", lambda *_: live)
    operations = list(PlanWriter(load, has_figures=False)._operations(settlement.planned(), SPOOL))
    settlement.close()
    assert {each.key: (each.kind, each.version) for each in operations} == {
        key_of("old"): ("index", Version(4, 1)),
        key_of("new"): ("create", None),
    }


def test_only_sessions_of_the_plan_are_taken_off_when_another_source_has_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = {"source": "two", "sessions": [{"key": "elsewhere", "id": "E"}, {"key": "s1", "id": "S1"}]}
    monkeypatch.setattr(foreign, "_find", lambda *_: [there])
    dropped: list[tuple[int, int]] = []
    rejects: list[Reject] = []
    settlement = SimpleNamespace(find=lambda _: PLANNED, drop_session=lambda *place: dropped.append(place))
    load: Any = SimpleNamespace(indices=None, source="one", settlement=settlement, set_aside=rejects.append)
    _check_sessions(load, "x-offers-1", [("s1", "a", 1)], SPOOL)
    assert dropped == [(7, 1)]
    assert [(each.identifier, each.reason, each.whole) for each in rejects] == [("S1", "number-of-other-source", False)]
