"""Figures written into offers: what the engine's scripts decide, and which requests are sent again."""

import pytest

from engine.fake import FakeEngine
from engine.lease import Lease
from mappings.loader import load_index_body
from mappings.names import IndexNames
from seats.projection.frozen import NEVER, REBUILD_LOCK, let_live_index_go
from seats.projection.scripts import REMOVE_SCRIPT, UPDATE_SCRIPT

NAMES = IndexNames("x-")


def lines_of(script: str) -> list[str]:
    return [" ".join(line.split()) for line in script.splitlines() if line.strip()]


LEFT = [
    "if (figure.observed_at.compareTo(params.cutoff) < 0) { continue; }",
    "boolean pays = funders.contains(figure.funder);",
    "if (pays && figure.capacity != null) { capacity[figure.funder] = figure.capacity; }",
    "int available = figure.available == null ? -1 : figure.available;",
    "if (available < 0) { continue; }",
    "if (pays) { left[figure.funder] = available; }",
    "if (left.any == null || left.any < available) { left.any = available; }",
]
ROWS = [
    "if (any == null) { rows.add('unknown'); }",
    "else if (any == 0) { rows.add('full'); }",
    "else { for (int least : params.least) { if (any >= least) { rows.add(least.toString()); } } }",
]


def test_script_takes_the_figure_of_the_higher_sequence_and_keeps_the_present_one_of_equals() -> None:
    """The real engine runs it in tests/engine/seats; here a turned comparison fails in a millisecond."""
    lines = lines_of(UPDATE_SCRIPT)
    assert "if (at < 0) { seats.add(figure); touched = true; }" in lines
    assert "else if (seats[at].sequence < figure.sequence) { seats[at] = figure; touched = true; }" in lines
    assert [line for line in lines if line in LEFT] == LEFT
    assert [line for line in lines if line in ROWS] == ROWS
    assert lines[-1] == "} else { ctx.op = 'none'; }"


def test_script_takes_away_only_the_figure_with_exactly_this_sequence() -> None:
    lines = lines_of(REMOVE_SCRIPT)
    assert "if (each.funder == figure.funder && each.sequence == figure.sequence) { stays = false; }" in lines
    assert "if (stays) { seats.add(figure); }" in lines
    assert "if (seats.size() == session.seats.size()) { continue; }" in lines
    assert [line for line in lines if line in LEFT] == LEFT
    assert [line for line in lines if line in ROWS] == ROWS


@pytest.mark.parametrize(("held", "is_over", "goes"), [(False, False, False), (True, False, False), (True, True, True)])
def test_index_that_a_rebuild_froze_is_let_go_only_when_the_rebuild_is_gone(
    held: bool, is_over: bool, goes: bool
) -> None:
    fake = FakeEngine()
    fake.create(NAMES.locks, load_index_body("locks"))
    fake.create("x-offers-1", load_index_body("offers") | {"aliases": {NAMES.offers: {}}})
    fake.cluster.indices["x-offers-1"].settings["refresh_interval"] = NEVER
    if held:
        fake.run(Lease(NAMES.locks, REBUILD_LOCK).take())
    if is_over:
        (lock,) = fake.documents(NAMES.locks).values()
        fake.put(NAMES.locks, {REBUILD_LOCK: lock | {"until": "2000-01-01T00:00:00+00:00"}})
    assert fake.run(let_live_index_go(NAMES)) is goes
    interval = load_index_body("offers")["settings"]["index"]["refresh_interval"]
    assert fake.cluster.indices["x-offers-1"].settings["refresh_interval"] == (interval if goes else NEVER)
