"""Sums of one day by département, domain, funder and month, as they are kept (docs/decisions/0028).

A document is a day and a place: everything, a région or a département. ``cells`` has, by domain (ANY for all), the sums
by funder (ANY for all), packed: of each of SUMS the total, then its values for MONTHS months from ``first_month`` on.
Every combination was counted for itself: no reader adds up cells.
"""

import base64
import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import orjson

ANY: Final = "any"
MONTHS: Final = 37  # kept of each day: a year back, the month of the day, two years ahead
BACK: Final = 12
# Of offers, of their funder lines, of their sessions, of (session, funder) pairs; ``*_told`` is how many figures there
# are, so that 0 and unknown differ.
SUMS: Final = (
    *("offers", "bought", "bought_told", "sessions", "seats_known", "left_at_least", "left", "left_told"),
    *("capacity", "capacity_told", "filled", "filled_capacity", "filled_told"),
)
Series = Sequence[int]  # the total, then one number a month
Cells = Mapping[str, Sequence[Series]]  # by funder, the series in the order of SUMS; zeros at the end are left out


def place_of(*, region: str = "", department: str = "") -> str:
    """Return the name of a place in the index.

    >>> place_of(region="76"), place_of(department="81"), place_of()
    ('region-76', 'department-81', 'any')
    """
    return f"department-{department}" if department else f"region-{region}" if region else ANY


def document_id(day: str, place: str) -> str:
    """Return the identifier of a document; that of ANY place is written last: the day is complete with it."""
    return f"{day}:{place}"


def month_of(day: date, offset: int = 0) -> str:
    """Return the month that lies so many months after that of a day.

    >>> month_of(date(2026, 11, 29)), month_of(date(2026, 11, 29), -12), month_of(date(2026, 11, 29), 2)
    ('2026-11', '2025-11', '2027-01')
    """
    number = day.year * 12 + day.month - 1 + offset
    return f"{number // 12:04}-{number % 12 + 1:02}"


def months_between(first: str, month: str) -> int:
    """Return how many months lie between two.

    >>> months_between("2025-11", "2027-01")
    14
    """
    return (int(month[:4]) - int(first[:4])) * 12 + int(month[5:]) - int(first[5:])


def pack_cells(cells: Cells) -> str:
    """Return the text of the cells of a domain."""
    return base64.b64encode(zlib.compress(orjson.dumps(cells), 6)).decode()


def unpack_sums(packed: str, funder: str, at: int) -> dict[str, int]:
    """Return the sums of a funder; ``at`` is 0 for the total, else 1 + the number of the month.

    >>> unpack_sums(pack_cells({"2": [[5, 3], [40]]}), "2", 1)["offers"], unpack_sums(pack_cells({}), "2", 0)["offers"]
    (3, 0)
    """
    cells: Any = orjson.loads(zlib.decompress(base64.b64decode(packed)))
    series = cells.get(funder, [])
    values = [each[at] if at < len(each) else 0 for each in series] + [0] * (len(SUMS) - len(series))
    return dict(zip(SUMS, values, strict=True))
