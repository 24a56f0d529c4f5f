"""The answer that API.md promises, by looking at every row one after the other."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from math import inf
from typing import Any

from tests.oracle.lines import UNTOLD, meets, values_that_meet
from tests.oracle.places import Area, Circle, distance_km
from tests.oracle.query import Query
from tests.oracle.rows import FREE_FUNDERS, ON_LINES, ON_OFFERS, ON_SESSIONS, UNCOUNTED, Row, Session

FACETS = (*ON_OFFERS, *ON_LINES, *ON_SESSIONS)
SEATS: tuple[int | str, ...] = (1, 5, 10, "full", "unknown")
EDGE_KM = 0.002  # so close to the radius, rounding of coordinates decides: not a difference of meaning

Key = tuple[Any, ...]


@dataclass
class Answer:
    """Exact counts, and for each matching offer its sort key (part, then order) and its matching sessions in order.

    ``exact_domains`` counts the chosen Formacodes of five digits; ``distances`` are km from the point asked for;
    ``parted`` if on-site offers come before remote ones.
    """

    facets: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in FACETS})
    exact_domains: Counter[str] = field(default_factory=Counter)
    keys: dict[str, Key] = field(default_factory=dict)
    sessions: dict[str, list[str]] = field(default_factory=dict)
    distances: dict[str, float] = field(default_factory=dict)
    doubtful: bool = False
    parted: bool = False

    @property
    def total(self) -> int:
        """How many offers match."""
        return len(self.keys)

    @property
    def remote(self) -> int:
        """How many of the matching offers come in the second part: remote ones beside a place."""
        return sum(key[0] for key in self.keys.values())

    @property
    def order(self) -> list[Key]:
        """The sort keys of all matching offers in order; offers of equal keys may come in any order."""
        return sorted(self.keys.values())


def answer(rows: Iterable[Row], query: Query, today: date) -> Answer:
    """Return what a request must answer, counted over all rows."""
    found = Answer(parted=query.parted)
    with_any_seats = replace(query, seats=None)
    for row in rows:
        failed = [name for name, wanted in query.codes.items() if not row.accepts(name, wanted)]
        if len(failed) > 1 or not {*UNCOUNTED}.isdisjoint(failed) or not _holds(row, query):
            continue
        distance = _distance(row, query)
        at_the_edge = distance is not None and abs(distance - query.radius) < EDGE_KM
        found.doubtful = found.doubtful or (at_the_edge and not _is_in_its_town(row, query))
        if not _is_where(row, query, distance):
            continue
        matching = _matching_sessions(row, query, today)
        if failed:
            if matching is not None:
                found.facets[failed[0]].update(row.values[failed[0]])
            continue
        found.facets["funder"].update(_funder_values(row, query, today))
        for part in ON_LINES:
            found.facets[part].update(_values_of_lines(row, query, part, today))
        found.facets["recruiting"].update(_recruiting_values(row, query, today))
        found.facets["seats"].update(_seats_values(row, with_any_seats, query.seats, today))
        if matching is not None:
            _add(found, row, query, matching, distance, today)
    return found


def _add(found: Answer, row: Row, query: Query, matching: list[Session], distance: float | None, today: date) -> None:
    for name, values in row.values.items():
        found.facets[name].update(values or query.codes.get(name, frozenset()) & {UNTOLD})
    wanted = query.codes.get("domain", frozenset())
    found.exact_domains.update(code for code in wanted & row.answers_to["domain"] if len(code) == 5)
    matching = sorted(matching, key=lambda session: (*start_key(session, today), session.id))
    found.sessions[row.id] = [session.id for session in matching]
    found.keys[row.id] = (_part(row, query), *_sort_key(row, query, matching, distance, today))
    if distance is not None and row.mode != "remote":
        found.distances[row.id] = distance


def _holds(row: Row, query: Query) -> bool:
    """True if the conditions hold that are neither a facet's, nor a place's, nor about sessions."""
    if query.free and not row.funders & FREE_FUNDERS:
        return False
    if query.entry_level is not None and (row.entry_level or 0) > query.entry_level:
        return False
    if query.hours_max is not None and (row.hours is None or row.hours > query.hours_max):
        return False
    return query.price_max is None or (row.price is not None and row.price <= query.price_max)


def _distance(row: Row, query: Query) -> float | None:
    """Return the distance of its nearest place in km; None if it has none, or if no point was named."""
    if query.where is None or isinstance(query.where, Area) or row.mode == "remote":
        return None
    lat, lon, _ = query.where
    known = [distance_km(lat, lon, p.lat, p.lon) for p in row.places if p.lat is not None and p.lon is not None]
    return min(known, default=None)


def _is_where(row: Row, query: Query, distance: float | None) -> bool:
    """True if mode and place are what ``remote``, the radius and the area ask for."""
    if row.mode == "remote":
        return query.remote != "exclude"
    if query.remote == "only":
        return False
    if query.where is None:
        return True
    if isinstance(query.where, Area):
        wanted = query.where
        return any(
            p.region == wanted.region if wanted.region else p.department == wanted.department for p in row.places
        )
    return _is_in_its_town(row, query) or (distance is not None and distance <= query.radius)


def _is_in_its_town(row: Row, query: Query) -> bool:
    """True if one of its places is in the very town around which is searched."""
    town = query.where.commune if isinstance(query.where, Circle) else None
    return any(town in place.communes for place in row.places) if town else False


def _matching_sessions(row: Row, query: Query, today: date) -> list[Session] | None:
    """Return the sessions that meet all conditions, None if the action does not match by its sessions and funders."""
    if not meets(row.lines, query.lines):
        return None
    matching = [s for s in row.sessions if session_holds(s, row, query, today, query.funders)]
    return matching if matching or not query.about_sessions else None


def _funder_values(row: Row, query: Query, today: date) -> set[str]:
    """Return the funders of which each, chosen alone, would let the action match."""
    funders = values_that_meet(row.lines, query.lines, "funder")
    if not query.about_sessions:
        return funders
    return {
        funder
        for funder in funders
        if any(session_holds(s, row, query, today, frozenset((funder,))) for s in row.sessions)
    }


def _values_of_lines(row: Row, query: Query, part: str, today: date) -> set[str]:
    """Return the values of a part of the lines of which each, chosen alone, would let the action match."""
    if query.about_sessions and not any(session_holds(s, row, query, today, query.funders) for s in row.sessions):
        return set()
    return values_that_meet(row.lines, query.lines, part)


def _recruiting_values(row: Row, query: Query, today: date) -> set[str]:
    """Return the states of the sessions that meet all conditions but the one on the state."""
    if not meets(row.lines, query.lines):
        return set()
    return {
        s.recruiting for s in row.sessions if session_holds(s, row, query, today, query.funders, but_recruiting=True)
    }


def _seats_values(row: Row, query: Query, chosen: int | str | None, today: date) -> set[str]:
    """Return the rows of the list of seats, ``chosen`` among them, that a session gives which meets a query."""
    if not meets(row.lines, query.lines):
        return set()
    left = {
        seats_left(s, row, query.funders) for s in row.sessions if session_holds(s, row, query, today, query.funders)
    }
    rows = {*SEATS, chosen} - {None}
    return {str(asked) for asked in rows if any(_seats_are(figure, asked) for figure in left)}


def _seats_are(left: int | None, asked: int | str | None) -> bool:
    """Tell whether seats left, None where not known, are what is asked for."""
    if isinstance(asked, int):
        return left is not None and left >= asked
    return asked is None or left == {"full": 0, "unknown": None}[asked]


def session_holds(
    session: Session, row: Row, query: Query, today: date, funders: frozenset[str], but_recruiting: bool = False
) -> bool:
    """Tell whether a session meets all conditions, with its seats under some funders."""
    if query.recruiting and not but_recruiting and session.recruiting not in query.recruiting:
        return False
    if query.seats is not None and not _seats_are(seats_left(session, row, funders), query.seats):
        return False
    if (query.start_from or query.start_to) and not _in_window(session, row, query):
        return False
    return not query.upcoming or _is_upcoming(session, row, today)


def seats_left(session: Session, row: Row, funders: frozenset[str]) -> int | None:
    """Return the largest known figure under one of the funders that pay the action; of all statements without any."""
    counted = funders & row.funders if funders else session.available.keys()
    return max((session.available[funder] for funder in counted if funder in session.available), default=None)


def _in_window(session: Session, row: Row, query: Query) -> bool:
    if session.start is None:
        return False
    first, last = session.start
    if row.permanent:
        last = session.end.last if session.end else date.max
    return first <= (query.start_to or date.max) and last >= (query.start_from or date.min)


def _is_upcoming(session: Session, row: Row, today: date) -> bool:
    if session.start is not None and not row.permanent:
        return session.start.last >= today
    return session.end is None or session.end.last >= today


def start_key(session: Session, today: date) -> Key:
    """Return where a session comes in the order of starts: not begun, then begun, then of unknown start."""
    if session.start is None:
        return (2, date.max)
    return (0 if session.start.last >= today else 1, session.start.first)


def _part(row: Row, query: Query) -> int:
    """Return 1 for a remote offer beside a place, which comes after the others whatever the order is."""
    return int(query.parted and row.mode == "remote")


def _sort_key(row: Row, query: Query, matching: list[Session], distance: float | None, today: date) -> Key:
    if query.sort == "distance":
        return (inf if distance is None else distance,)
    if query.sort == "seats":
        known = [left for s in matching if (left := seats_left(s, row, query.funders)) is not None]
        return (-max(known) if known else 1,)
    return start_key(matching[0], today) if matching else (2, date.max)
