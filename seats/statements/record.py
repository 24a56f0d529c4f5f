"""Records statements: first in the ledger, then in the offers; one code path for all ways in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

from engine.requests import Steps
from mappings.keys import key_of
from mappings.names import IndexNames
from seats.ledger.history import ensure_indices
from seats.ledger.settling import Kept, displace, fetch_kept, is_without_right, settle
from seats.ledger.store import fetch_checkpoint, id_of, is_waiting, ledger_id, store, to_stored
from seats.projection.markers import Marker, heal
from seats.projection.write import Cutoff, find_offers, project, sources_of, to_figures
from seats.statements.entries import read_entries
from seats.statements.forms import Entry, Read
from seats.statements.parse import Rejection, Statement
from seats.statements.producers import Producer
from seats.statements.stale import StaleReason, why_stale
from seats.statements.tally import SeatsAnswer

STATEMENTS_AT_ONCE: Final = 1_000
BATCHES_A_MARK: Final = 10  # batches between two progress messages of a command

Numbered = tuple[int, Statement]


@dataclass(frozen=True, slots=True)
class Row:
    """The statement of a line, and the ledger document that holds it."""

    number: int
    statement: Statement
    document: dict[str, Any]

    @property
    def session_key(self) -> str:
        """Return the key of the session."""
        key: str = self.document["session_key"]
        return key

    @property
    def place(self) -> str:
        """Return the ledger id under which statements for this session and funder compete."""
        return ledger_id(self.statement.session, self.statement.funder)


def record_lines(
    names: IndexNames,
    lines: Iterable[bytes],
    read: Read,
    producer: Producer,
    answer: SeatsAnswer,
    cutoff: Cutoff,
    replicas: int = 0,
) -> Steps[None]:
    """Record the statements of lines, batch by batch; valid lines before and after an invalid one are recorded.

    ``replicas`` is the number of copies of an index that is created for them.
    Raises UnusableForm for a table without the required columns.
    """
    marker = Marker(names)
    entries = read_entries(lines, read)
    yield from ensure_indices(names, datetime.now(UTC), replicas)
    yield from heal(names, cutoff)
    done = 0
    while batch := list(islice(entries, STATEMENTS_AT_ONCE)):
        if done % BATCHES_A_MARK == 0:
            yield from marker.put((yield from fetch_checkpoint(names.ledger)))
        yield from record_batch(names, batch, datetime.now(UTC), producer, answer, cutoff)
        done += 1
    yield from marker.remove()


def record_batch(
    names: IndexNames,
    entries: Sequence[tuple[int, Entry]],
    now: datetime,
    producer: Producer,
    answer: SeatsAnswer,
    cutoff: Cutoff,
) -> Steps[None]:
    """Record the entries of some lines and count them; on return they are durable and in the offers.

    For a stale statement the ledger's figure is projected again, which repairs an incomplete earlier attempt.
    """
    stated = _stated(entries, answer)
    received_at = now.isoformat(timespec="milliseconds")
    if producer.sources is None:
        rows = [Row(*each, to_stored(each[1], received_at, producer, None)) for each in stated]
    else:
        rows = yield from _allowed(names, stated, received_at, producer, answer)
    if not rows:
        return
    outcome = yield from store(names, [row.document for row in rows], received_at)
    fresh = [row for row, is_fresh in zip(rows, outcome.fresh, strict=True) if is_fresh]
    late = [row for row, is_fresh in zip(rows, outcome.fresh, strict=True) if not is_fresh]
    kept = yield from fetch_kept(names.ledger, {id_of(row.document) for row in late})
    # Only now: a load that adds or moves a session either was visible here, or reads these figures in the ledger.
    found = yield from find_offers(names.offers, {row.session_key for row in rows})
    source_of = sources_of(found)
    blocked = [row for row in late if is_without_right(kept.get(id_of(row.document)), source_of)]
    if blocked:
        taken = yield from _make_room(names, blocked, source_of)
        fresh += taken
        late = [row for row in late if row not in taken]
    told = [row.document for row in fresh] + [each.document for each in kept.values()]
    yield from settle(names.ledger, told, source_of)
    yield from project(names.offers, found, to_figures(told, source_of), cutoff())
    answer.accepted += len(fresh)
    for row in late:
        answer.hold_for_stale(_why_stale(row, kept.get(id_of(row.document))))
    answer.unknown += sum(not _is_known(row, producer, source_of) for row in fresh)


def _stated(entries: Iterable[tuple[int, Entry]], answer: SeatsAnswer) -> list[Numbered]:
    """Return the statements among the entries; the answer counts the rejections."""
    stated: list[Numbered] = []
    for number, entry in entries:
        if isinstance(entry, Rejection):
            answer.reject(entry)
        else:
            stated.append((number, entry))
    return stated


def _is_known(row: Row, producer: Producer, source_of: Mapping[str, str]) -> bool:
    source = source_of.get(row.session_key)
    return source is not None and producer.may_speak_for(source)


def _why_stale(row: Row, kept: Kept | None) -> StaleReason | None:
    return None if kept is None else why_stale(row.number, row.statement, kept.document)


def _make_room(names: IndexNames, blocked: Sequence[Row], source_of: Mapping[str, str]) -> Steps[list[Row]]:
    """Replace unauthorised statements that made others stale; return the statements that replaced them."""
    claims = [row for row in blocked if not is_waiting(row.document)]
    newest = {row.place: row for row in sorted(claims, key=lambda row: row.statement.sequence)}
    done = yield from displace(names.ledger, [row.document for row in newest.values()], source_of)
    return [row for row in newest.values() if row.place in done]


def _allowed(
    names: IndexNames, stated: Sequence[Numbered], received_at: str, producer: Producer, answer: SeatsAnswer
) -> Steps[list[Row]]:
    """Return the statements that a producer with limited sources may make; an unknown session has no source yet."""
    found = yield from find_offers(names.offers, {key_of(statement.session) for _, statement in stated})
    source_of = sources_of(found)
    rows = []
    for number, statement in stated:
        source = source_of.get(key_of(statement.session))
        if source is None or producer.may_speak_for(source):
            rows.append(Row(number, statement, to_stored(statement, received_at, producer, source)))
        else:
            allowed = ", ".join(sorted(producer.sources or ()))
            reason = f"cette session est de la source {source} ; ce jeton vaut pour : {allowed}"
            answer.reject(Rejection(number, statement.session_head, statement.session[:200], reason))
    return (yield from _without_overtaken(names, rows, answer))


def _without_overtaken(names: IndexNames, rows: Sequence[Row], answer: SeatsAnswer) -> Steps[list[Row]]:
    """Leave out pending statements behind a newer one that counts for the same sources; these are stale."""
    places = {id_of(row.document): row.place for row in rows if is_waiting(row.document)}
    kept = yield from fetch_kept(names.ledger, places.values())
    taken = []
    for row in rows:
        there = kept.get(row.place) if id_of(row.document) in places else None
        if there is not None and _covers(there.document, row.document):
            answer.hold_for_stale(_why_stale(row, there))
        else:
            taken.append(row)
    return taken


def _covers(there: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Tell whether a statement is at least as new as another and counts for every source of the other."""
    sources = there.get("sources")
    return there["sequence"] >= document["sequence"] and (sources is None or {*sources} >= {*document["sources"]})
