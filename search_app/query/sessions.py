"""Conditions on a session: all of them go into one nested query, so that they hold for one and the same session."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from search_app.params.search_params import SearchParams

Clause = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SessionConditions:
    """What one session must fulfil; ``funders`` are those under which seats are asked for, empty for any.

    Days are ISO text, as they are stored, sent and compared.
    """

    start_from: str | None = None
    start_to: str | None = None
    seats: int | None = None
    funders: tuple[str, ...] = ()
    recruiting: tuple[str, ...] = ()
    upcoming_on: str | None = None

    @property
    def any_set(self) -> bool:
        """Tell whether anything is asked of a session at all."""
        return bool(self.start_from or self.start_to or self.seats is not None or self.recruiting or self.upcoming_on)

    @property
    def seat_fields(self) -> list[str]:
        """Return the properties of which one must hold enough seats."""
        return [f"sessions.left.{code}" for code in self.funders] or ["sessions.left.any"]

    def clauses(self) -> list[Clause]:
        """Return the filters on the nested session."""
        clauses: list[Clause] = []
        if self.start_from or self.start_to:
            clauses.append({"range": {"sessions.window": _bounds(self.start_from, self.start_to)}})
        if self.seats is not None:
            enough: list[Clause] = [{"range": {name: {"gte": self.seats}}} for name in self.seat_fields]
            clauses.append(enough[0] if len(enough) == 1 else {"bool": {"should": enough}})
        if self.upcoming_on:
            clauses.append({"range": {"sessions.open_until": {"gte": self.upcoming_on}}})
        if self.recruiting:
            clauses.append({"terms": {"sessions.recruiting": list(self.recruiting)}})
        return clauses

    def query(self) -> list[Clause]:
        """Return the nested query as a list of one clause, or an empty list if nothing is asked."""
        if not self.any_set:
            return []
        return [{"nested": {"path": "sessions", "score_mode": "none", "query": {"bool": {"filter": self.clauses()}}}}]


def _bounds(start_from: str | None, start_to: str | None) -> Clause:
    bounds: Clause = {"relation": "intersects"}
    if start_from:
        bounds["gte"] = start_from
    if start_to:
        bounds["lte"] = start_to
    return bounds


def conditions_of(
    params: SearchParams, today: date, *, without_funder: bool = False, without_recruiting: bool = False
) -> SessionConditions:
    """Return the session conditions of a search, or those that remain when a count list leaves its own out."""
    return SessionConditions(
        start_from=params.start_from.isoformat() if params.start_from else None,
        start_to=params.start_to.isoformat() if params.start_to else None,
        seats=params.seats,
        funders=params.funder if params.seats is not None and not without_funder else (),
        recruiting=() if without_recruiting else params.recruiting,
        upcoming_on=today.isoformat() if params.upcoming else None,
    )
