"""What a pivot must answer, by the definitions of docs/analytics.md: a cell is a search, counted over its offers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tests.oracle.answer import EDGE_KM, _distance, _holds, _in_window, _is_upcoming, _is_where
from tests.oracle.lines import UNTOLD, Line
from tests.oracle.query import Query
from tests.oracle.rows import Row, Session
from tests.pivots.offers import Offer

LINE_NAMES = ("funder", "programme", "market")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
Key = str | None
Value = int | float | None


@dataclass
class Evaluated:
    """Measures by key; rows and columns without offers are absent."""

    total: dict[str, Value]
    rows: dict[Key, dict[str, Value]]
    columns: dict[Key, dict[str, Value]]
    cells: dict[tuple[Key, Key], dict[str, Value]]
    periods: list[str]
    doubtful: bool = False


def values_of(offer: Offer, name: str) -> frozenset[str]:
    """Return the values of an offer in a dimension of the offer, none where it is not told."""
    if name == "formacode":
        return frozenset(code for code in offer.row.answers_to["domain"] if len(code) == 5)
    return offer.row.values["domain"] if name == "domain" else offer.row.answers_to[name]


def lines_of(offer: Offer, asked: Query) -> list[tuple[Line, int]]:
    """Return the funder lines that meet the conditions on one line; an offer without any has one that tells nothing."""
    return [
        (line, seats)
        for line, seats in offer.bought or [(Line(), 0)]
        if all((getattr(line, name) or UNTOLD) in wanted for name, wanted in asked.lines.items())
    ]


def sessions_of(offer: Offer, asked: Query, today: date) -> list[Session] | None:
    """Return the sessions of an offer that meet the conditions, None if the offer is not found."""
    row = offer.row
    if not all(_accepts(row, name, wanted) for name, wanted in asked.codes.items()):
        return None
    if not lines_of(offer, asked) or not _holds(row, asked) or not _is_where(row, asked, _distance(row, asked)):
        return None
    found = [session for session in row.sessions if _session_meets(session, offer, asked, today)]
    return found if found or not asked.about_sessions else None


def _accepts(row: Row, name: str, wanted: frozenset[str]) -> bool:
    values = row.answers_to[name]
    return not wanted.isdisjoint(values) or (UNTOLD in wanted and not values)


def _session_meets(session: Session, offer: Offer, asked: Query, today: date) -> bool:
    query = asked
    if query.recruiting and session.recruiting not in query.recruiting:
        return False
    if query.seats is not None:
        chosen = asked.lines.get("funder")
        counted = session.available.keys() if chosen is None else chosen & offer.row.funders
        most = max((session.available[each] for each in counted if each in session.available), default=None)
        wanted = {"full": most == 0, "unknown": most is None}.get(str(query.seats))
        if not (most is not None and most >= int(query.seats) if wanted is None else wanted):
            return False
    if (query.start_from or query.start_to) and not _in_window(session, offer.row, query):
        return False
    return not query.upcoming or _is_upcoming(session, offer.row, today)


class Cell:
    """The sums of the offers of one search."""

    def __init__(self, asked: Query) -> None:
        self.asked = asked
        self.sums: dict[str, float] = defaultdict(float)
        self.trainings: set[str] = set()
        self.providers: set[str] = set()

    def add(self, offer: Offer, sessions: Sequence[Session]) -> None:
        """Add an offer with its matching sessions."""
        sums, chosen = self.sums, self.asked.lines.get("funder")
        sums["offers"] += 1
        sums["sessions"] += len(sessions)
        self.trainings.add(offer.row.training)
        self.providers |= offer.row.values["provider"]
        for _, seats in lines_of(offer, self.asked):
            if seats:
                sums["bought"] += seats
                sums["bought_told"] += 1
        if offer.row.price is not None and offer.row.hours:
            sums["price"] += round(offer.row.price * 100)
            sums["hours"] += round(offer.row.hours * 100)
            sums["priced"] += 1
        funders = offer.row.funders if chosen is None else offer.row.funders & chosen
        for session in sessions:
            self._add_seats(session, offer.capacity.get(session.id, {}), funders)

    def _add_seats(self, session: Session, capacities: Mapping[str, int], funders: frozenset[str]) -> None:
        sums = self.sums
        left = {funder: session.available[funder] for funder in funders & session.available.keys()}
        told = {funder: capacities[funder] for funder in funders & capacities.keys()}
        sums["left"] += sum(left.values())
        sums["left_told"] += len(left)
        sums["capacity"] += sum(told.values())
        sums["capacity_told"] += len(told)
        if left:
            sums["left_at_least"] += max(left.values())
            sums["seats_known"] += 1
        for funder in left.keys() & told.keys():
            if left[funder] <= told[funder]:
                sums["filled"] += told[funder] - left[funder]
                sums["filled_capacity"] += told[funder]
                sums["filled_told"] += 1

    def measures(self) -> dict[str, Value]:
        """Return all measures."""
        sums = self.sums
        told = {"bought": "bought_told", "capacity": "capacity_told", "left": "left_told", "filled": "filled_told",
                "left_at_least": "seats_known"}  # fmt: skip
        ratios = {"fill_rate": ("filled", "filled_capacity"), "seats_known": ("seats_known", "sessions"),
                  "price_hour": ("price", "hours"), "price_known": ("priced", "offers")}  # fmt: skip
        return {
            "offers": int(sums["offers"]), "sessions": int(sums["sessions"]), "trainings": len(self.trainings),
            "providers": len(self.providers),
            **{name: int(sums[name]) if sums[known] else None for name, known in told.items()},
            **{name: sums[of] / sums[over] if sums[over] else None for name, (of, over) in ratios.items()},
        }  # fmt: skip


def evaluate(offers: Iterable[Offer], asked: Query, rows: str | None, columns: str | None, today: date) -> Evaluated:
    """Return what a pivot must answer."""
    offers = list(offers)
    period = next((name for name in (rows, columns) if name in MONTHS), None)
    periods = _periods(offers, asked, period, today) if period else {}
    cells: dict[tuple[str, Key, Key], Cell] = {}
    wide = _widened(asked, rows, columns)
    doubtful = False
    for offer in offers:
        doubtful = doubtful or _is_at_the_edge(offer, asked)
        if sessions_of(offer, wide, today) is None:  # it is in no cell
            continue
        for group, row, column in _places(offer, asked, rows, columns, periods):
            search = _replaced(_replaced(asked, rows if "r" in group else None, row, periods),
                               columns if "c" in group else None, column, periods)  # fmt: skip
            sessions = sessions_of(offer, search, today)
            if sessions is not None:
                cells.setdefault((group, row, column), Cell(search)).add(offer, sessions)
    found = {key: cell.measures() for key, cell in cells.items()}
    return Evaluated(
        total=found.get(("", None, None)) or Cell(asked).measures(),
        rows={row: told for (group, row, _), told in found.items() if group == "r"},
        columns={column: told for (group, _, column), told in found.items() if group == "c"},
        cells={(row, column): told for (group, row, column), told in found.items() if group == "rc"},
        periods=list(periods),
        doubtful=doubtful,
    )


def _is_at_the_edge(offer: Offer, query: Query) -> bool:
    distance = _distance(offer.row, query)
    return distance is not None and abs(distance - query.radius) < EDGE_KM


def _widened(asked: Query, rows: str | None, columns: str | None) -> Query:
    """Return a search that finds the offers of all cells."""
    names = {"domain" if name == "formacode" else name for name in (rows, columns)}
    return replace(
        asked,
        codes={name: each for name, each in asked.codes.items() if name not in names},
        lines={name: each for name, each in asked.lines.items() if name not in names},
        seats=None if "funder" in names else asked.seats,
    )


def _places(
    offer: Offer, asked: Query, rows: str | None, columns: str | None, periods: Mapping[str, tuple[date, date]]
) -> Iterator[tuple[str, Key, Key]]:
    """Yield the total, rows, columns and cells that an offer may be in, each once."""
    yield "", None, None
    row_keys = _candidates(offer, asked, rows, periods) if rows else []
    column_keys = _candidates(offer, asked, columns, periods) if columns else []
    yield from (("r", key, None) for key in row_keys)
    yield from (("c", None, key) for key in column_keys)
    yield from (("rc", row, column) for row in row_keys for column in column_keys)


def _candidates(offer: Offer, asked: Query, name: str, periods: Mapping[str, tuple[date, date]]) -> list[Key]:
    if name in MONTHS:
        return list(periods)
    if name == "recruiting":
        chosen: frozenset[str] | None = asked.recruiting or None
        values: set[str] = {session.recruiting for session in offer.row.sessions}
        return [value for value in values if chosen is None or value in chosen]
    if name in LINE_NAMES:
        chosen = asked.lines.get(name)
        values = {getattr(line, name) or "" for line, _ in offer.bought or [(Line(), 0)]}
    else:
        chosen = asked.codes.get("domain" if name == "formacode" else name)
        values = set(values_of(offer, name)) or {""}
    if name == "formacode" and chosen is not None:
        values = {
            value for value in values if value in chosen or value[:3] in chosen or (not value and UNTOLD in chosen)
        }
        return [value or None for value in values]
    return [value or None for value in values if chosen is None or (value or UNTOLD) in chosen]


def _replaced(asked: Query, name: str | None, key: Key, periods: Mapping[str, tuple[date, date]]) -> Query:
    """Return the search of a row, in which the value replaces the parameter of the dimension."""
    if name is None:
        return asked
    wanted = frozenset((key or UNTOLD,))
    if name in MONTHS:
        first, last = periods[str(key)]
        return replace(asked, start_from=first, start_to=last)
    if name == "recruiting":
        return replace(asked, recruiting=wanted)
    if name in LINE_NAMES:
        return replace(asked, lines={**asked.lines, name: wanted})
    parameter = "domain" if name == "formacode" else name
    return replace(asked, codes={**asked.codes, parameter: wanted})


def _periods(offers: Iterable[Offer], asked: Query, kind: str, today: date) -> dict[str, tuple[date, date]]:
    """Return the periods of the window, else from the first to the last start told by a session found."""
    first, last = asked.start_from, asked.start_to
    if first is None or last is None:
        spans = [
            session.start
            for offer in offers
            for session in sessions_of(offer, asked, today) or ()
            if session.start is not None
        ]
        lows, highs = [span.first for span in spans], [span.last for span in spans]
        first = first or min([*lows, *([last] if last else [])], default=None)
        last = last or max([*highs, *([first] if asked.start_from and first else [])], default=None)
    return dict(_between(kind, first, last)) if first and last else {}


def _between(kind: str, first: date, last: date) -> Iterator[tuple[str, tuple[date, date]]]:
    day = first
    while day <= last:
        number = (day.month - 1) // MONTHS[kind]
        name = {"month": f"{day:%Y-%m}", "quarter": f"{day.year}-Q{number + 1}", "year": str(day.year)}[kind]
        end = (number + 1) * MONTHS[kind]
        following = date(day.year + end // 12, end % 12 + 1, 1)
        yield name, (day, min(last, following - timedelta(days=1)))
        day = following


def differences(
    expected: Evaluated, told: Mapping[str, Any], columns: bool, shown_rows: Mapping[Key, Any]
) -> list[str]:
    """Return what an answer (all pages of rows) tells otherwise."""
    found = _compare("total", expected.total, told["total"])
    found += _compare_lines("row", expected.rows, shown_rows, expected.periods)
    if columns:
        shown = {line["value"]: line for line in told["columns"]}
        found += _compare_lines("column", expected.columns, shown, expected.periods)
    return found


def compare_cells(expected: Evaluated, cells: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return how the cells of all pages differ."""
    shown = {(cell["row"], cell["column"]): cell for cell in cells}
    found = ["a cell is told twice"] if len(shown) != len(cells) else []
    return found + _compare_lines("cell", expected.cells, shown, [])


def _compare_lines(
    kind: str, expected: Mapping[Any, Any], told: Mapping[Any, Any], may_be_empty: Sequence[str]
) -> list[str]:
    found = [f"{kind} {key} is missing: {expected[key]['offers']} offers" for key in expected.keys() - told.keys()]
    found += [
        f"{kind} {key} is told: {told[key]['measures']}"
        for key in told.keys() - expected.keys()
        if key not in may_be_empty or told[key]["measures"].get("offers", 0)
    ]
    for key in expected.keys() & told.keys():
        found += _compare(f"{kind} {key}", expected[key], told[key]["measures"])
    return found


def _compare(where: str, expected: Mapping[str, Value], told: Mapping[str, Value]) -> list[str]:
    return [
        f"{where}: {name} is {value}, not {expected[name]}"
        for name, value in told.items()
        if not _same(expected[name], value)
    ]


def _same(one: Value, other: Value) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 1e-9 * max(1, abs(one))
