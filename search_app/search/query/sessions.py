"""Conditions on a session: all go into one nested query, so that they hold for the same session."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from search_app.search.facets import FACETS, Counting, Facet
from search_app.search.params.search_params import SearchParams, Seats

Clause = dict[str, Any]
# The session facets: each session must have one of the selected values.
_CODES: Final = tuple(facet for facet in FACETS if facet.counting is Counting.SESSIONS)


@dataclass(frozen=True, slots=True)
class SessionConditions:
    """Conditions of one session; ``funders`` are those whose seats count, empty for any.

    ``codes`` are names of its fields, each with the values of which it must have one. Days are ISO text, as they are
    stored, sent and compared.
    """

    start_from: str | None = None
    start_to: str | None = None
    seats: Seats | None = None
    funders: tuple[str, ...] = ()
    codes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    upcoming_on: str | None = None

    @property
    def any_set(self) -> bool:
        """Tell whether there is any condition."""
        return bool(self.start_from or self.start_to or self.seats is not None or self.codes or self.upcoming_on)

    @property
    def seat_fields(self) -> list[str]:
        """Return the fields with the seats left under the requested funders."""
        return seat_fields(self.funders)

    def without(self, facets: Collection[Facet]) -> "SessionConditions":
        """Return the conditions that remain when facets leave their own out.

        Without the funders a number of seats is required under any funder, which is implied by any specific one; "full"
        and "unknown" under any funder imply nothing about a specific one, so there is no condition.
        """
        left_out = [facet.counting for facet in facets]
        any_funder = Counting.FUNDERS in left_out
        seats = self.seats
        if Counting.SEATS in left_out or (any_funder and isinstance(seats, str)):
            seats = None
        names = {_name(facet) for facet in facets if facet in _CODES}
        return replace(
            self,
            seats=seats,
            funders=() if seats is None or any_funder else self.funders,
            codes=tuple((name, values) for name, values in self.codes if name not in names),
        )

    def clauses(self) -> list[Clause]:
        """Return the filters on the nested session."""
        clauses: list[Clause] = []
        if self.start_from or self.start_to:
            clauses.append({"range": {"sessions.window": _bounds(self.start_from, self.start_to)}})
        if self.seats is not None:
            clauses.append(seats_clause(self.seats, self.seat_fields))
        if self.upcoming_on:
            clauses.append({"range": {"sessions.open_until": {"gte": self.upcoming_on}}})
        clauses += [{"terms": {f"sessions.{name}": list(values)}} for name, values in self.codes]
        return clauses

    def query(self) -> list[Clause]:
        """Return the nested query as a list of one clause, or an empty list without conditions."""
        if not self.any_set:
            return []
        return [{"nested": {"path": "sessions", "score_mode": "none", "query": {"bool": {"filter": self.clauses()}}}}]


def seat_fields(funders: Sequence[str]) -> list[str]:
    """Return the fields with the seats left under some funders, or the largest figure without any."""
    return [f"sessions.left.{code}" for code in funders] or ["sessions.left.any"]


def seats_clause(seats: int | str, fields: Sequence[str]) -> Clause:
    """Return the filter on the figures of a session: at least one large enough, all known ones 0, or none known."""
    if seats == "unknown":
        return {"bool": {"must_not": [{"exists": {"field": name}} for name in fields]}}
    if seats == "full":
        none_left = any_of([{"term": {name: 0}} for name in fields])
        return none_left if len(fields) == 1 else {"bool": {"filter": none_left, "must_not": seats_clause(1, fields)}}
    return any_of([{"range": {name: {"gte": seats}}} for name in fields])


def any_of(clauses: list[Clause]) -> Clause:
    """Return the clause that holds if at least one of some holds."""
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses}}


def _bounds(start_from: str | None, start_to: str | None) -> Clause:
    bounds: Clause = {"relation": "intersects"}
    if start_from:
        bounds["gte"] = start_from
    if start_to:
        bounds["lte"] = start_to
    return bounds


def conditions_of(params: SearchParams, today: date) -> SessionConditions:
    """Return the session conditions of a search; a request has them in ``SearchRequest.conditions``."""
    return SessionConditions(
        start_from=params.start_from.isoformat() if params.start_from else None,
        start_to=params.start_to.isoformat() if params.start_to else None,
        seats=params.seats,
        funders=params.funder if params.seats is not None else (),
        codes=tuple((_name(facet), values) for facet in _CODES if (values := params.chosen(facet.param))),
        upcoming_on=today.isoformat() if params.upcoming else None,
    )


def _name(facet: Facet) -> str:
    """Return the session field of a facet."""
    return facet.session_field.removeprefix("sessions.")
