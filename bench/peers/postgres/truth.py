"""Rows of the tables from the truth file of a generated catalogue, read by the oracle's code, not by the app's."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from bench.peers.postgres.codes import Codes
from tests.oracle.rows import Row, Session

OF_PLACE_AND_FORM: Final = ("region", "department", "level", "mode", "entry", "state_funded")
SEATS_WITHOUT_CONDITION: Final = (1, 5, 10)  # the rows that the app lists if no number is asked for
Columns = tuple[Any, ...]


def collect_values(rows: Iterable[Row]) -> dict[str, set[str]]:
    """Return the values of each facet that a catalogue has."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name, values in row.values.items():
            found[name] |= values
    return found


def offer_columns(line: int, row: Row, codes: Codes) -> Columns:
    """Return the row of table ``truth``; nsf and rhythm, of which the file says nothing, are added from the app."""
    place = row.places[0]
    states = {session.recruiting for session in row.sessions}
    seats = {value for session in row.sessions for value in _seats_rows(most_left(session))}
    sessions = (
        codes.numbers("funder", row.funders) + codes.numbers("recruiting", states) + codes.numbers("seats", seats)
    )

    def of(*names: str) -> list[int]:
        return sorted(number for name in names for number in codes.numbers(name, row.values[name]))

    def one(name: str) -> int | None:
        return next(iter(of(name)), None)

    return (
        line, row.id, row.mode == "remote", place.lat, place.lon, one("region"), one("level"), one("provider"),
        of("rome"), of(*OF_PLACE_AND_FORM), of("domain", "rome"), of("audience"), sorted(sessions),
    )  # fmt: skip


def pair_columns(line: int, row: Row, codes: Codes) -> Iterator[Columns]:
    """Yield the rows of table ``truth_pair``: for each session, under any funder and under each of the action."""
    for session in row.sessions:
        first, last, until = _window(session, row.permanent)
        state = codes.number("recruiting", session.recruiting) - codes.base("recruiting")
        figures = [(0, most_left(session))]
        figures += [(codes.funder(funder), session.available.get(funder)) for funder in sorted(row.funders)]
        for funder, left in figures:
            mask = codes.mask_of_seats(left)
            yield line, funder, first, last, until, state, left, mask, not row.permanent


def most_left(session: Session) -> int | None:
    """Return the largest known figure of all statements."""
    return max(session.available.values(), default=None)


def _window(session: Session, permanent: bool) -> tuple[date | None, date | None, date | str | None]:
    if session.start is None:
        return None, None, None
    first, last = session.start
    if permanent:
        return first, last, session.end.last if session.end else "infinity"
    return first, last, last


def _seats_rows(left: int | None) -> list[str]:
    if left is None:
        return ["unknown"]
    return [str(least) for least in SEATS_WITHOUT_CONDITION if left >= least] or ["full"]
