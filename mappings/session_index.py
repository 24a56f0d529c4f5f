"""Fields of an offer that answer conditions on its sessions without nesting (docs/decisions/0019).

Made from the sessions by ``index_sessions`` and, where statements change them, by the same rule in Painless
(``seats.projection.scripts``):

``windows``
    for each combination of funder, seats and recruitment state that one of the sessions meets, the days on which that
    session can start. A search for sessions that start in March, paid by the Region, with a seat left, is one range on
    this field: the condition holds for one and the same session, because each range comes from one session.
``starts``
    for each session with a known start, the days that it can mean. Only the first hits of a search for everything need
    it (``search_app.search.query.first_hits``).
``session_spans``
    one number per session, for the orders by session and for the rare conditions that no combination has.
``session_left``
    one number per session and known figure of seats left, beside the spans.
``session_capacity``
    the same for the known capacities under the funders of the offer.
``session_seen``
    one number per session: when it was first seen.
``session_keys``
    the keys of the sessions, by which statements find their offer.
``contradictions``
    how many of the sessions are open and full, or closed with seats left, if any.

A range is a pair of integers: the combination in the high bits, the day in the low ones. Ranges of one combination are
adjacent, so a search examines only these.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple, get_args

from mappings.codes import FUNDER_LABELS, Contradiction, Recruiting
from mappings.days import YEARS
from mappings.offer import FOREVER

# The axis of days: 0 is the first day of the first year of which feeds may speak. A session without a known start lies
# beyond the last day, at the day until which it counts as upcoming: no start window meets it.
FIRST: Final = date(YEARS[0], 1, 1)
FOREVER_DAY: Final = FOREVER.isoformat()
LAST_DAY: Final = 0x1FFFF  # an open end
UNDATED: Final = LAST_DAY + 1
END: Final = UNDATED + LAST_DAY
DAY_BITS: Final = 18

TIERS: Final = (1, 2, 3, 5, 10)  # numbers of seats that have a combination of their own
WHATEVER, FULL, UNKNOWN = 0, len(TIERS) + 1, len(TIERS) + 2  # the others: no condition on seats, none left, not known
WHOLLY_FULL: Final = len(TIERS) + 3  # none left under a funder, and none under any other of whom that is known
TIER_BITS: Final = 4
ANY: Final = 0  # any funder, any state
STATE_NUMBERS: Final = {state: number for number, state in enumerate(get_args(Recruiting), start=1)}
STATE_BITS: Final = 3
FUNDER_NUMBERS: Final = {"any": ANY} | {code: int(code) + 1 for code in FUNDER_LABELS}

MOST_LEFT: Final = 2**31 - 1  # no statement tells more
LEFT_BITS: Final = 31
FUNDER_BITS: Final = 5
DELTA_BITS: Final = 9
NO_START: Final = 0x1FF  # in the place of the delta
SEEN_BITS: Final = 48  # milliseconds since 1970

# Where the parts of a span begin in its number, counted in bits from the end; scripts in the engine take it apart.
STATE_AT: Final = DELTA_BITS
LAST_AT: Final = STATE_AT + STATE_BITS
FIRST_AT: Final = LAST_AT + DAY_BITS
POSITION_AT: Final = FIRST_AT + DAY_BITS
DAY_MASK: Final = (1 << DAY_BITS) - 1
STATE_MASK: Final = (1 << STATE_BITS) - 1

Fields = dict[str, Any]
# The fields made here; no reader of a stored offer needs them.
FIELDS: Final = (
    *("windows", "starts", "session_spans", "session_left", "session_capacity", "session_seen", "session_keys"),
    "contradictions",
)


class Span(NamedTuple):
    """What a number of ``session_spans`` says of one session.

    ``first`` and ``last`` are days of the axis; ``delta`` is the number of days from the first to the last possible
    start, NO_START if the start is unknown. ``position`` is that of the session in the offer.
    """

    position: int
    first: int
    last: int
    state: int
    delta: int

    def packed(self) -> int:
        """Return the number."""
        number = self.position << DAY_BITS | self.first
        number = (number << DAY_BITS | self.last) << STATE_BITS | self.state
        return number << DELTA_BITS | self.delta


@lru_cache(maxsize=20_000)
def day_number(day: str) -> int:
    """Return the place of an ISO day on the axis; days before its beginning are negative, those after its end are open.

    >>> day_number("1900-01-01"), day_number("2027-03-01"), day_number("9999-12-31") == LAST_DAY
    (0, 46445, True)
    """
    if day == FOREVER_DAY:
        return LAST_DAY
    return min((date.fromisoformat(day) - FIRST).days, LAST_DAY - 1)


def combination(funder: int, tier: int, state: int) -> int:
    """Return the first number of the ranges of a combination; the days of the axis are added to it."""
    return ((funder << TIER_BITS | tier) << STATE_BITS | state) << DAY_BITS


def to_span(session: Mapping[str, Any], position: int) -> Span:
    """Return the span of a stored session."""
    window, start = session.get("window"), session.get("start")
    state = STATE_NUMBERS[session.get("recruiting", "unknown")]
    if window is None:
        until = UNDATED + max(0, day_number(session.get("open_until", FOREVER_DAY)))
        return Span(position, until, until, state, NO_START)
    first, last = day_number(window["gte"]), day_number(window["lte"])
    delta = NO_START if start is None else day_number(session.get("start_last", start)) - day_number(start)
    return Span(position, first, last, state, delta)


def tiers_of(left: int | None) -> Sequence[int]:
    """Return the tiers that a number of seats left meets; None is an unknown one.

    >>> tiers_of(4), tiers_of(0), tiers_of(None)
    ([1, 2, 3], [6], [7])
    """
    if left is None:
        return [UNKNOWN]
    return [tier for tier, least in enumerate(TIERS, start=1) if left >= least] or [FULL]


def index_sessions(sessions: Sequence[Mapping[str, Any]], funders: Iterable[str]) -> Fields:
    """Return the fields made from stored sessions of an offer with these funders."""
    spans = [to_span(session, position) for position, session in enumerate(sessions)]
    fixed = {
        "session_keys": [session["key"] for session in sessions],
        "starts": _ranges({(span.first, span.first + span.delta) for span in spans if span.delta != NO_START}),
        "session_spans": [span.packed() for span in spans],
        "session_seen": [
            position << SEEN_BITS | _milliseconds(session["first_seen"])
            for position, session in enumerate(sessions)
            if "first_seen" in session
        ],
    }
    return fixed | index_seats(sessions, spans, funders)


def _ranges(ranges: set[tuple[int, int]]) -> list[dict[str, int]]:
    return [{"gte": first, "lte": last} for first, last in sorted(ranges)]


def _milliseconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp() * 1000)


def index_seats(sessions: Sequence[Mapping[str, Any]], spans: Sequence[Span], funders: Iterable[str]) -> Fields:
    """Return the fields that statements change; UPDATE_SCRIPT has the same rule, and a test compares them."""
    codes = ("any", *sorted({*funders} & FUNDER_NUMBERS.keys()))
    windows: set[tuple[int, int]] = set()
    figures: list[int] = []
    capacities: list[int] = []
    contradictions: Counter[str] = Counter()
    for session, span in zip(sessions, spans, strict=True):
        left = session.get("left", {})
        if kind := contradiction_of(session.get("recruiting", "unknown"), left.get("any")):
            contradictions[kind] += 1
        for base in _combinations(codes, tuple(map(left.get, codes)), span.state):
            windows.add((base + span.first, base + span.last))
        figures += [_figure(span.position, code, left[code]) for code in codes if code in left]
        if capacity := session.get("capacity"):
            capacities += [_figure(span.position, code, capacity[code]) for code in codes if code in capacity]
    return {
        "windows": _ranges(windows),
        "session_left": sorted(figures),
        "session_capacity": sorted(capacities),
        "contradictions": dict(contradictions),
    }


def _figure(position: int, code: str, left: int) -> int:
    return (position << FUNDER_BITS | FUNDER_NUMBERS[code]) << LEFT_BITS | left


@lru_cache(maxsize=20_000)  # most sessions of a feed have no figures, and the same funders
def _combinations(codes: tuple[str, ...], left: tuple[int | None, ...], state: int) -> tuple[int, ...]:
    """Return the first numbers of the combinations that a session meets, with its seats left under each funder."""
    told = [(FUNDER_NUMBERS[code], figure) for code, figure in zip(codes, left, strict=True)]
    of_seats = [(funder, tier) for funder, figure in told for tier in tiers_of(figure)]
    if left[0] == 0:  # under any funder
        of_seats += [(funder, WHOLLY_FULL) for funder, figure in told if figure == 0 and funder != ANY]
    return tuple(
        combination(funder, tier, each) for funder, tier in ((ANY, WHATEVER), *of_seats) for each in (ANY, state)
    )


def contradiction_of(recruiting: str, most_left: int | None) -> Contradiction | None:
    """Return the contradiction of state and seats, if any; ``most_left`` is the largest known figure.

    >>> contradiction_of("open", 0), contradiction_of("closed", 3), contradiction_of("open", None)
    ('open_full', 'closed_left', None)
    """
    if recruiting == "open" and most_left == 0:
        return "open_full"
    return "closed_left" if recruiting == "closed" and most_left else None
