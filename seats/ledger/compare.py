"""Compares the ledger with the figures in the offers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from engine.paging import close_view, read_page
from engine.requests import Request, Steps
from mappings.names import IndexNames
from seats.ledger.store import fetch_current, is_waiting, may_count
from seats.ledger.views import open_ledger
from seats.projection.write import SESSIONS_AT_ONCE

FIELDS: Final = ("session", "session_key", "funder", "sequence", "received_at", "sources", "settled")
SUSPECTS_AT_ONCE: Final = 10_000  # figures that seem to differ, kept for a second look
CURRENT_AT_ONCE: Final = 1_000
GRACE: Final = 1.0  # seconds before the second look: a projection in progress is no difference


@dataclass(slots=True)
class Comparison:
    """Result of the comparison of ledger and offers.

    ``waiting`` are statements for unknown sessions, or without the right of their producer; ``lag_seconds`` is the time
    since the oldest differing one was received.
    """

    statements: int = 0
    waiting: int = 0
    differ: int = 0
    lag_seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the comparison for ``status``."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Held:
    """An offer's data on a session: its source, and the sequence of each funder's figure."""

    source: str
    sequences: Mapping[str, int]

    def concerns(self, statement: Mapping[str, Any]) -> bool:
        """Tell whether the producer of a statement has the right for the session's source."""
        return may_count(statement, self.source)

    def differs_from(self, statement: Mapping[str, Any]) -> bool:
        """Tell whether the offer has another figure; beside an unsettled one it may have a newer one."""
        held = self.sequences.get(statement["funder"], -1)
        sequence: int = statement["sequence"]
        return held < sequence if is_waiting(statement) else held != sequence


def compare(names: IndexNames, advance: Callable[[int], None]) -> Steps[Comparison]:
    """Compare every statement of the ledger in one point in time; differences are checked twice."""
    found = Comparison()
    suspects: list[Mapping[str, Any]] = []
    view = yield from open_ledger(names.ledger, fields=FIELDS)
    while hits := (yield from read_page(view)):
        statements = [hit["_source"] for hit in hits]
        held = yield from fetch_held(names.offers, {each["session_key"] for each in statements})
        for each in statements:
            offer = held.get(each["session_key"])
            if offer is None or not offer.concerns(each):
                found.waiting += 1
            elif offer.differs_from(each):
                suspects.append(each)
        found.statements += len(statements)
        if len(suspects) >= SUSPECTS_AT_ONCE:
            yield from _look_again(names, suspects, found)
            suspects.clear()
        advance(len(hits))
    yield from close_view(view)
    yield from _look_again(names, suspects, found)
    return found


def fetch_held(offers: str, session_keys: Iterable[str]) -> Steps[dict[str, Held]]:
    """Return the offers' data on sessions, by session key; sessions without an offer are absent."""
    held: dict[str, Held] = {}
    keys = list(session_keys)
    fields = ["source", "sessions.key", "sessions.seats.funder", "sessions.seats.sequence"]
    params = {"ignore_unavailable": "true", "allow_partial_search_results": "false"}
    for start in range(0, len(keys), SESSIONS_AT_ONCE):
        chunk = keys[start : start + SESSIONS_AT_ONCE]
        query = {"terms": {"session_keys": chunk}}
        body = {"size": 10_000, "_source": fields, "query": {"bool": {"filter": [query]}}}
        answer = yield Request("POST", f"/{offers}/_search", body, params)
        wanted = set(chunk)
        for hit in answer["hits"]["hits"]:
            source = hit["_source"]["source"]
            for session in hit["_source"]["sessions"]:
                if session["key"] in wanted:
                    sequences = {each["funder"]: each["sequence"] for each in session.get("seats", ())}
                    held[session["key"]] = Held(source, sequences)
    return held


def _look_again(names: IndexNames, suspects: Sequence[Mapping[str, Any]], found: Comparison) -> Steps[None]:
    """Count those that still differ after a while and a refresh.

    An offer differs if it is behind the ledger at the first look, or ahead of the ledger after it was read; anything
    between is a statement that came meanwhile.
    """
    if not suspects:
        return
    yield Request("POST", f"/{names.offers}/_refresh", pause=GRACE)
    now = datetime.now(UTC)
    for start in range(0, len(suspects), CURRENT_AT_ONCE):
        chunk = suspects[start : start + CURRENT_AT_ONCE]
        held = yield from fetch_held(names.offers, {each["session_key"] for each in chunk})
        current = yield from fetch_current(names.ledger, [(each["session"], each["funder"]) for each in chunk])
        newest = {(each["session_key"], each["funder"]): each["sequence"] for each in current}
        for each in filter(is_waiting, chunk):  # it is among the others by now, or still waits
            pair = each["session_key"], each["funder"]
            newest[pair] = max(newest.get(pair, -1), each["sequence"])
        for each in chunk:
            key, funder = each["session_key"], each["funder"]
            if key not in held or (key, funder) not in newest:
                continue  # the offer, or the statement, was removed meanwhile
            sequence = held[key].sequences.get(funder, -1)
            if sequence < each["sequence"] or sequence > newest[key, funder]:
                found.differ += 1
                lag = (now - datetime.fromisoformat(each["received_at"])).total_seconds()
                found.lag_seconds = max(found.lag_seconds, round(lag, 3))
