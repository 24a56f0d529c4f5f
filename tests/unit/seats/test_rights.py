"""Who may say something of a session: what waits, what is shown to whom, and what is told of what is late."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from mappings.keys import key_of
from seats.ledger.compare import Held
from seats.ledger.follower import Change, fetch_news, keep_rightful
from seats.ledger.history import shown_to
from seats.ledger.settling import Kept, is_without_right
from seats.ledger.store import id_of, is_waiting, ledger_id, may_count, waiting_id
from seats.projection.write import to_figures
from seats.statements.parse import Statement
from seats.statements.producers import Producer
from seats.statements.record import _covers
from seats.statements.stale import why_stale
from tests.unit.seats.test_follower import FakeLedger

ALL: dict[str, Any] = {"sources": None}
WAITING: dict[str, Any] = {"sources": ["one"]}
SETTLED: dict[str, Any] = {"sources": ["one"], "settled": "one"}


def document(rights: Mapping[str, Any], sequence: int = 7, available: int | None = 3) -> dict[str, Any]:
    """Return a document of the ledger, of a producer with these rights."""
    told = {"session": "S1", "session_key": key_of("S1"), "funder": "2", "capacity": 12, "available": available}
    told |= {"sequence": sequence, "observed_at": "2026-11-22T18:25:00Z"}
    return told | {name: value for name, value in rights.items() if value is not None}


@pytest.mark.parametrize(("rights", "waits"), [(ALL, False), (WAITING, True), (SETTLED, False)])
def test_what_waits_has_an_id_of_its_own_for_each_set_of_sources(rights: dict[str, Any], waits: bool) -> None:
    told = document(rights)
    place = ledger_id("S1", "2")
    assert is_waiting(told) is waits
    assert id_of(told) == (waiting_id("S1", "2", ["one"]) if waits else place)
    ids = {waiting_id("S1", "2", sources) for sources in (["one"], ["two"], ["two", "one"], ["2"])}
    assert len(ids | {place, ledger_id("S1\n2", "2"), ledger_id("S1", "4")}) == 7
    assert waiting_id("S1", "2", ["two", "one"]) == waiting_id("S1", "2", ["one", "two"])


@pytest.mark.parametrize(
    ("rights", "source", "counts", "seen", "blocks"),
    [
        (ALL, None, True, True, False),
        (ALL, "two", True, True, False),
        (WAITING, None, False, False, False),  # of a session that nobody knows, nobody can tell
        (WAITING, "one", True, True, False),
        (WAITING, "two", False, False, True),
        (SETTLED, None, False, True, False),  # a load is moving the session
        (SETTLED, "one", True, True, False),
        (SETTLED, "two", False, False, True),  # it has moved
    ],
)
def test_a_statement_counts_and_shows_by_the_right_of_its_producer(
    rights: dict[str, Any], source: str | None, counts: bool, seen: bool, blocks: bool
) -> None:
    told = document(rights)
    source_of = {} if source is None else {key_of("S1"): source}
    assert may_count(told, source) is counts
    assert list(to_figures([told], source_of)) == ([key_of("S1")] if counts else [])
    assert is_without_right(Kept(told, {}), source_of) is blocks
    assert [change.number for change in rightful([Change(5, told)], source_of)] == ([5] if seen else [])


def rightful(changes: Sequence[Change], source_of: Mapping[str, str]) -> list[Change]:
    """Return what readers may see, with an engine whose offers have these sessions."""
    steps = keep_rightful("offers", changes)
    hits = [{"_id": key, "fields": {"source": [source], "session_keys": [key]}} for key, source in source_of.items()]
    try:
        steps.send(None)
        steps.send({"hits": {"hits": hits}})
    except StopIteration as end:
        found: list[Change] = end.value
        return found
    raise AssertionError("one question is enough")


def test_figures_of_producers_for_every_source_are_followed_without_a_look_at_the_offers() -> None:
    changes = [Change(1, document(ALL)), Change(2, document(ALL))]
    with pytest.raises(StopIteration) as end:
        keep_rightful("offers", changes).send(None)
    assert end.value.value == changes


def test_news_leave_out_what_waits() -> None:
    asked: list[Any] = []

    class Noting(FakeLedger):
        def _hits(self, body: Mapping[str, Any]) -> list[dict[str, Any]]:
            asked.append(body["query"]["bool"]["must_not"])
            return super()._hits(body)

    ledger = Noting()
    ledger.write("a")
    ledger.run(fetch_news("seats", -1))
    limited, settled = {"exists": {"field": "sources"}}, {"exists": {"field": "settled"}}
    assert asked == [[{"bool": {"filter": [limited], "must_not": [settled]}}]]


@pytest.mark.parametrize(
    ("there", "late", "covers"),
    [
        (document(ALL, 7), document(WAITING, 7), True),
        (document(ALL, 6), document(WAITING, 7), False),
        (document({"sources": ["one", "two"]}, 8), document(WAITING, 7), True),
        (document(SETTLED, 8), document({"sources": ["one", "two"]}, 7), False),
    ],
)
def test_only_a_statement_that_counts_wherever_another_does_makes_it_stale(
    there: dict[str, Any], late: dict[str, Any], covers: bool
) -> None:
    assert _covers(there, late) is covers


@pytest.mark.parametrize(
    ("rights", "held", "differs"),
    [(ALL, 7, False), (ALL, 6, True), (ALL, 8, True), (WAITING, 6, True), (WAITING, 8, False), (SETTLED, 8, True)],
)
def test_an_offer_may_be_ahead_of_what_is_not_settled_yet(rights: dict[str, Any], held: int, differs: bool) -> None:
    assert Held("one", {"2": held}).differs_from(document(rights)) is differs


ONE, TWO = Producer("one-system", frozenset({"one"})), Producer("two-system", frozenset({"two"}))


@pytest.mark.parametrize(
    ("viewer", "waits", "source", "seen"),
    [
        (None, False, "one", ""),
        (None, True, None, None),
        (None, True, "one", ""),
        (None, True, "two", None),
        (ONE, False, "one", "one-system"),
        (TWO, False, "one", ""),
        (TWO, True, None, None),
        (ONE, True, "two", "one-system"),
        (Producer("all"), True, None, "one-system"),
    ],
)
def test_a_reader_of_the_history_sees_what_counts_and_producers_see_whose_it_is(
    viewer: Producer | None, waits: bool, source: str | None, seen: str | None
) -> None:
    row = {"available": 3, "producer": "one-system"} | ({"sources": ["one"]} if waits else {})
    expected = None if seen is None else {"available": 3} | ({"producer": seen} if seen else {})
    assert shown_to(viewer, row, source) == expected


@pytest.mark.parametrize(
    ("sequence", "available", "by_arrival", "reason"),
    [
        (8, 3, False, None),
        (7, 3, False, None),
        (7, 4, False, "autre contenu"),
        (6, 3, False, None),
        (6, 3, True, "horloge"),
    ],
)
def test_why_a_line_is_stale_is_told_unless_it_is_repeated_or_came_late(
    sequence: int, available: int, by_arrival: bool, reason: str | None
) -> None:
    stated = Statement("S1", "2", 12, available, sequence, "2026-11-22T18:25:00Z", by_arrival)
    told = why_stale(4, stated, document(ALL))
    assert (told is None) is (reason is None)
    if told is not None:
        assert reason is not None
        assert reason in told.reason
        assert (told.line, told.sequence, told.known_sequence) == (4, sequence, 7)
