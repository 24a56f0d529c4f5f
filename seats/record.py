"""Takes statements in: into the ledger first, then into the offers; one code path for every way they arrive."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from mappings.keys import key_of
from mappings.names import IndexNames
from seats.forms import Entry, Read, read_entries
from seats.history import ensure_indices
from seats.ledger import Figure, fetch_checkpoint, fetch_current, store, to_figure
from seats.markers import Marker, heal
from seats.producers import Producer
from seats.projection import Cutoff, find_offers, merge_figures, project, project_documents
from seats.requests import Steps
from seats.statement import Rejection, Statement
from seats.tally import SeatsAnswer

STATEMENTS_AT_ONCE: Final = 1_000
BATCHES_A_MARK: Final = 10  # how often a command says how far it is


def record_lines(
    names: IndexNames, lines: Iterable[bytes], read: Read, producer: Producer, answer: SeatsAnswer, cutoff: Cutoff
) -> Steps[None]:
    """Record what lines state, one batch after the other; good lines before and after a bad one are taken.

    Raises UnusableForm for a table without the columns that are needed.
    """
    marker = Marker(names)
    entries = read_entries(lines, read)
    yield from ensure_indices(names, datetime.now(UTC))
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

    What was stale is projected as the ledger has it, which mends what an earlier failure left undone.
    """
    stated: list[tuple[int, Statement]] = []
    for number, entry in entries:
        if isinstance(entry, Rejection):
            answer.reject(entry)
        else:
            stated.append((number, entry))
    statements = yield from _allowed(names, stated, producer, answer)
    if not statements:
        return
    outcome = yield from store(names, statements, now.isoformat(timespec="milliseconds"), producer)
    fresh = [statement for statement, is_fresh in zip(statements, outcome.fresh, strict=True) if is_fresh]
    figures: dict[str, list[Figure]] = {}
    for statement in fresh:
        key = key_of(statement.session)
        figures[key] = merge_figures(figures.get(key, ()), [to_figure(statement.to_dict())])
    # Only now: a load that brings or moves a session has either been seen here, or sees the ledger with these figures.
    found = yield from find_offers(names.offers, figures)
    found = {offer: each for offer, each in found.items() if producer.may_speak_for(each.source)}
    known = {key for offer in found.values() for key in offer.session_keys}
    yield from project(names.offers, found, figures, cutoff())
    told = {(statement.session, statement.funder) for statement in fresh}
    stale = {(statement.session, statement.funder) for statement in statements} - told
    yield from project_documents(names.offers, (yield from fetch_current(names.ledger, sorted(stale))), cutoff())
    answer.accepted += len(fresh)
    answer.stale += len(statements) - len(fresh)
    answer.unknown += sum(key_of(statement.session) not in known for statement in fresh)


def _allowed(
    names: IndexNames, stated: Sequence[tuple[int, Statement]], producer: Producer, answer: SeatsAnswer
) -> Steps[list[Statement]]:
    """Return the statements that the producer may make; a session that no offer has, yet, is nobody's so far."""
    if producer.sources is None:
        return [statement for _, statement in stated]
    found = yield from find_offers(names.offers, {key_of(statement.session) for _, statement in stated})
    source_of = {key: offer.source for offer in found.values() for key in offer.session_keys}
    taken = []
    for number, statement in stated:
        source = source_of.get(key_of(statement.session))
        if source is None or producer.may_speak_for(source):
            taken.append(statement)
        else:
            allowed = ", ".join(sorted(producer.sources))
            reason = f"cette session est de la source {source} ; ce jeton vaut pour : {allowed}"
            answer.reject(Rejection(number, "session", statement.session[:200], reason))
    return taken
