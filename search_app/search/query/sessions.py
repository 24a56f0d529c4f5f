"""Conditions on a session: together one clause on ``windows``, so that they hold for the same session.

``mappings.session_index`` says what the field holds. The few conditions that none of its combinations has (a number of
seats between two tiers, "full" and "unknown" under several funders) are narrowed down by it and then decided by a
script on the sessions of each offer.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any, Final, NamedTuple

from mappings.session_index import (
    ANY,
    END,
    FULL,
    FUNDER_NUMBERS,
    LAST_DAY,
    MOST_LEFT,
    STATE_NUMBERS,
    TIERS,
    UNDATED,
    UNKNOWN,
    WHATEVER,
    WHOLLY_FULL,
    combination,
    day_number,
)
from search_app.search.facets import FACETS, UNTOLD, Counting, Facet
from search_app.search.params.search_params import SearchParams, Seats
from search_app.search.query.purchases import NO_LINE
from search_app.search.query.session_scripts import MEETS

Clause = dict[str, Any]
UNKNOWN_SEATS: Final = "unknown"
ANY_FUNDER: Final = ""  # of seats: any funder will do, or one of several
# The session facets: each session must have one of the selected values.
_CODES: Final = tuple(facet for facet in FACETS if facet.counting is Counting.SESSIONS)
if [facet.session_field for facet in _CODES] != ["recruiting"]:
    raise ValueError("mappings.session_index has combinations for one session facet, recruiting; add those of others")


class Days(NamedTuple):
    """Days of the axis between which a session must be able to start: on one of them, or if ``first`` comes after
    ``last``, on both and all between.
    """

    first: int
    last: int


NO_DAYS: Final = Days(END + 1, END + 1)  # no session has them; for scripts alone, as they lie beyond the axis


@dataclass(frozen=True, slots=True)
class SessionConditions:
    """Conditions of one session; ``funders`` are those whose seats count, empty for any.

    Days are ISO text, as they are stored, sent and compared. ``only`` are days of the axis in the place of those.
    ``wholly`` if a session that is full under one of the funders must be so under any: ranges tell it, and no script.
    """

    start_from: str | None = None
    start_to: str | None = None
    seats: Seats | None = None
    funders: tuple[str, ...] = ()
    recruiting: tuple[str, ...] = ()
    upcoming_on: str | None = None
    only: tuple[Days, ...] = ()
    wholly: bool = False

    @property
    def any_set(self) -> bool:
        """Tell whether there is any condition."""
        dated = self.start_from or self.start_to or self.upcoming_on or self.only
        return bool(dated or self.seats is not None or self.recruiting)

    @property
    def funder_of_seats(self) -> str | None:
        """Return the one funder under which seats are asked for, or ANY_FUNDER; None without a condition on seats."""
        if self.seats is None:
            return None
        return only_funder(self.funders)

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
        return replace(
            self,
            seats=seats,
            funders=() if seats is None or any_funder else self.funders,
            recruiting=() if Counting.SESSIONS in left_out else self.recruiting,
        )

    def query(self) -> list[Clause]:
        """Return the clause as a list of one, or an empty list without conditions.

        Under chosen funders it holds for offers that one of them pays: a session of other offers has no seats under
        them, not unknown ones.
        """
        if not self.any_set:
            return []
        ranges = any_of([
            _range(funder, self._tier(), state, days)
            for funder, state, days in product(self._funders(), self._states(), self.days())
        ] + self._unpaid())  # fmt: skip
        if self.has_a_combination():
            return [ranges]
        return [
            {"bool": {"filter": [ranges, {"script": {"script": {"source": MEETS, "params": self.script_params()}}}]}}
        ]

    def has_a_combination(self) -> bool:
        """Tell whether ranges alone find the sessions: not those with a rare number of seats, or under several funders
        with no known one.
        """
        if isinstance(self.seats, str):
            return self.wholly or len(self._funders()) <= 1
        return self.seats is None or self.seats in TIERS

    def _tier(self) -> int:
        """Return the tier of the seats, or the one that every session with these seats meets as well."""
        if self.seats is None:
            return WHATEVER
        if self.seats == "full":
            return WHOLLY_FULL if self.wholly else FULL
        if isinstance(self.seats, str):
            return UNKNOWN
        return max(tier for tier, least in enumerate(TIERS, start=1) if least <= self.seats)

    def _funders(self) -> list[int]:
        if not self.funders:
            return [ANY]
        return [FUNDER_NUMBERS[code] for code in self.funders if code != UNTOLD]

    def _unpaid(self) -> list[Clause]:
        """Return the clause of sessions that no funder pays, if they are asked for: their seats are unknown."""
        if self.seats != UNKNOWN_SEATS or UNTOLD not in self.funders:
            return []
        ranges = [_range(ANY, WHATEVER, state, days) for state, days in product(self._states(), self.days())]
        return [{"bool": {"filter": [NO_LINE, any_of(ranges)]}}]

    def _states(self) -> list[int]:
        return [STATE_NUMBERS[state] for state in self.recruiting] or [ANY]

    def days(self) -> list[Days]:
        """Return the days on which a session must be able to start, any of them."""
        if self.only:
            return [*self.only]
        today = None if self.upcoming_on is None else _day(self.upcoming_on)
        if self.start_from is None and self.start_to is None:
            if today is None:
                return [Days(0, END)]
            return [Days(today, LAST_DAY), Days(UNDATED + today, END)]
        first = 0 if self.start_from is None else _day(self.start_from)
        last = LAST_DAY if self.start_to is None else day_number(self.start_to)
        return [Days(max(first, today or 0), last)] if last >= 0 else []

    def script_params(self) -> dict[str, Any]:
        """Return the parameters of the scripts of ``session_scripts``."""
        days = self.days() + [NO_DAYS] * 2
        least, most = self._figures()
        return {
            "first": days[0].first, "last": days[0].last, "first2": days[1].first, "last2": days[1].last,
            "states": _bits(self._states()), "funders": _bits(self._funders()), "least": least, "most": most,
        }  # fmt: skip

    def _figures(self) -> tuple[int, int]:
        """Return the fewest and the most seats left, -1 for an unknown number."""
        if self.seats is None:
            return -1, MOST_LEFT
        if isinstance(self.seats, str):
            return (0, 0) if self.seats == "full" else (-1, -1)
        return self.seats, MOST_LEFT


def _bits(numbers: list[int]) -> int:
    return sum(1 << number for number in numbers)


def _day(day: str) -> int:
    return max(0, day_number(day))


def _range(funder: int, tier: int, state: int, days: Days) -> Clause:
    base = combination(funder, tier, state)
    if days.first > days.last:
        bounds = {"gte": base + days.last, "lte": base + days.first, "relation": "contains"}
    else:
        bounds = {"gte": base + days.first, "lte": base + days.last, "relation": "intersects"}
    return {"range": {"windows": bounds}}


def only_funder(funders: Sequence[str]) -> str:
    """Return the one funder under which seats count, or ANY_FUNDER."""
    return funders[0] if len(funders) == 1 and funders[0] != UNTOLD else ANY_FUNDER


def under_of(rows: Iterable[SessionConditions]) -> str | None:
    """Return the funder under which all of some conditions ask for seats, or ANY_FUNDER; None if none does."""
    found = {each.funder_of_seats for each in rows}
    return found.pop() if len(found) == 1 else ANY_FUNDER


def any_of(clauses: list[Clause]) -> Clause:
    """Return the clause that holds if at least one of some holds."""
    if not clauses:
        return {"match_none": {}}
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses}}


def conditions_of(params: SearchParams, today: date) -> SessionConditions:
    """Return the session conditions of a search; a request has them in ``SearchRequest.conditions``."""
    return SessionConditions(
        start_from=params.start_from.isoformat() if params.start_from else None,
        start_to=params.start_to.isoformat() if params.start_to else None,
        seats=params.seats,
        funders=params.funder if params.seats is not None else (),
        recruiting=params.chosen("recruiting"),
        upcoming_on=today.isoformat() if params.upcoming else None,
    )
