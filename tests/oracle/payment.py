"""What pays for a person, by asking the rules about every session of every row, one after the other."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from funding.book import Book
from funding.evaluation.versions import find_in_force
from funding.facts.offer import OfferFacts, SessionFacts
from funding.facts.person import Person
from funding.facts.values import Days
from tests.oracle.answer import Answer, answer, session_holds
from tests.oracle.query import Query
from tests.oracle.rows import Row, Session

ORDER = ("paid", "possible", "unknown", "no")
HasSeats = Callable[[Sequence[str]], bool]
Facts = tuple[OfferFacts, Mapping[str, SessionFacts]]  # of an offer, and of its sessions by number


@dataclass(frozen=True)
class Payers:
    """The schemes that pay fees, asked for one person on a day; ``facts`` are those of the rows by number."""

    book: Book
    person: Person
    on: date
    facts: Mapping[str, Facts]

    def values(self, row: Row, query: Query) -> dict[str, str]:
        """Return the value of each matching session; under no number that of an action without sessions."""
        offer, sessions = self.facts[row.id]
        if not row.sessions:
            return {"": self._value(offer, None, lambda _: True)}
        return {
            session.id: self._value(offer, sessions[session.id], self._seats(row, session, query))
            for session in row.sessions
            if session_holds(session, row, query, self.on, query.funders)
        }

    def value(self, row: Row, query: Query) -> str:
        """Return the best value."""
        return min(self.values(row, query).values(), key=ORDER.index, default="no")

    def _seats(self, row: Row, session: Session, query: Query) -> HasSeats:
        """Return whether a session has the seats asked for under the funders of a scheme."""

        def has_seats(funders: Sequence[str]) -> bool:
            if query.seats is None or not funders:
                return True
            under = frozenset(funders) & (query.funders or frozenset(funders))
            return bool(under & row.funders) and session_holds(session, row, query, self.on, under)

        return has_seats

    def _value(self, offer: OfferFacts, session: SessionFacts | None, has_seats: HasSeats) -> str:
        given = session or SessionFacts()
        starts = given.starts(self.on) if session else Days(self.on, self.on)
        env: dict[str, Any] = {**self.person.env(), **offer.env(), **given.env(offer, self.on)}
        found = {"no"}
        for scheme in self.book.schemes:
            if "fees" not in scheme.pays or not scheme.versions or not has_seats(scheme.funders):
                continue
            in_force = find_in_force(scheme, starts, self.on)
            result = in_force.result(env)
            if result is None:
                found.add("unknown")
            elif result:
                found.add("possible" if in_force.versions[0].judged else "paid")
        return min(found, key=ORDER.index)


@dataclass(frozen=True)
class Expected:
    """What a search for a person must answer: the facet, the numbers of the offers, and their matching sessions."""

    counts: Counter[str]
    sessions: Mapping[str, Sequence[str]]
    values: Mapping[str, str]
    doubtful: bool


def expect(rows: Iterable[Row], query: Query, payers: Payers, chosen: frozenset[str]) -> Expected:
    """Return the answer to a search with chosen values; none: all."""
    rows = list(rows)
    found: Answer = answer(rows, query, payers.on)
    by_id = {row.id: row for row in rows}
    sessions: dict[str, Sequence[str]] = {}
    values: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for number, matching in found.sessions.items():
        each = payers.values(by_id[number], query)
        best = min(each.values(), key=ORDER.index, default="no")
        counts[best] += 1
        if not chosen or best in chosen:
            values[number] = best
            sessions[number] = [id_ for id_ in matching if not chosen or each[id_] in chosen]
    return Expected(counts, sessions, values, found.doubtful)


def expect_row(rows: Iterable[Row], query: Query, payers: Payers, chosen: frozenset[str], name: str, value: str) -> int:
    """Return how many offers a search has that chooses one value of a facet instead of those chosen."""
    changed = with_value(query, name, value)
    return len(expect(rows, changed, payers, chosen).values)


def with_value(query: Query, name: str, value: str) -> Query:
    """Return a query with this value of a facet alone."""
    if name == "seats":
        return replace(query, seats=int(value) if value.isdigit() else value)
    if name == "recruiting":
        return replace(query, recruiting=frozenset({value}))
    if name == "funder":
        return replace(query, lines={**query.lines, "funder": frozenset({value})})
    return replace(query, codes={**query.codes, name: frozenset({value})})
