"""Takes statements in: into the ledger first, then into the offers; one code path for every way they arrive."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

from mappings.keys import key_of
from mappings.names import IndexNames
from seats.ledger import Figure, add_figures, fetch_current, store
from seats.projection import Cutoff, merge_figures, project
from seats.requests import Steps
from seats.statement import Rejection, Statement, parse_statements

STATEMENTS_AT_ONCE: Final = 1_000


@dataclass(slots=True)
class SeatsAnswer:
    """What became of all lines; ``unknown`` are accepted statements for sessions that no offer has, yet."""

    accepted: int = 0
    stale: int = 0
    unknown: int = 0
    rejected: list[Rejection] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the answer as the API gives it."""
        return asdict(self)


def record_lines(
    names: IndexNames, lines: Iterable[bytes], now: datetime, producer: str, cutoff: Cutoff
) -> Steps[SeatsAnswer]:
    """Parse NDJSON lines and record what they state; good lines before and after a bad one are taken."""
    answer = SeatsAnswer()
    for batch in _batches(parse_statements(lines, now)):
        answer.rejected += [entry for _, entry in batch if isinstance(entry, Rejection)]
        statements = [entry for _, entry in batch if isinstance(entry, Statement)]
        if statements:
            received_at = now.isoformat(timespec="milliseconds")
            yield from _record(names, statements, received_at, producer, answer, cutoff())
    return answer


def _batches(
    entries: Iterator[tuple[int, Statement | Rejection]],
) -> Iterator[list[tuple[int, Statement | Rejection]]]:
    while batch := list(islice(entries, STATEMENTS_AT_ONCE)):
        yield batch


def _record(
    names: IndexNames,
    statements: list[Statement],
    received_at: str,
    producer: str,
    answer: SeatsAnswer,
    cutoff: str,
) -> Steps[None]:
    """Store a batch and project it; what was stale is projected as the ledger has it, which mends an earlier crash."""
    outcome = yield from store(names.ledger, statements, received_at, producer)
    figures: dict[str, list[Figure]] = {}
    fresh = [statement for statement, is_fresh in zip(statements, outcome.fresh, strict=True) if is_fresh]
    for statement in fresh:
        key = key_of(statement.session)
        figures[key] = merge_figures(figures.get(key, ()), [_figure(statement)])
    told = {(statement.session, statement.funder) for statement in fresh}
    stale = {(statement.session, statement.funder) for statement in statements} - told
    documents = yield from fetch_current(names.ledger, sorted(stale))
    add_figures(figures, documents)
    known = yield from project(names.offers, figures, cutoff)
    answer.accepted += len(fresh)
    answer.stale += len(statements) - len(fresh)
    answer.unknown += sum(key_of(statement.session) not in known for statement in fresh)


def _figure(statement: Statement) -> Figure:
    return {
        "funder": statement.funder,
        "capacity": statement.capacity,
        "available": statement.available,
        "sequence": statement.sequence,
        "observed_at": statement.observed_at,
    }
