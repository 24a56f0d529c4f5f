"""Times of an information meeting, from its stored texts: invalid texts, and an end before the start, count as unknown.

The loader uses the rule to report repairs; readers use it because older loaders stored invalid texts.
"""

import re
from datetime import time, timedelta
from typing import Final, NamedTuple

from mappings.days import NO_DAY, Day, is_inverted, parse_day
from mappings.offer import Meeting

STORED_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
# A meeting that begins in the evening and ends in the early morning ends on the next day.
EVENING: Final = time(18)
MORNING: Final = time(6)
ONE_DAY: Final = timedelta(days=1)


class When(NamedTuple):
    """First and last day, and the hours; the end hour is on the day after ``first`` if ``overnight``."""

    first: Day
    last: Day
    start: time | None
    end: time | None
    overnight: bool


def parse_stored_time(text: str | None) -> time | None:
    """Parse a stored time; None for any other text.

    >>> parse_stored_time("09:30"), parse_stored_time("24:00"), parse_stored_time("99:99"), parse_stored_time("matin")
    (datetime.time(9, 30), None, None, None)
    """
    match = STORED_TIME.fullmatch(text or "")
    return time(int(match[1]), int(match[2])) if match else None


def to_when(meeting: Meeting) -> When:
    """Return the times of a stored meeting.

    >>> to_when(Meeting(start_text="20270121", start_time="14:00", end_time="09:00")).end
    >>> to_when(Meeting(start_text="20270121", start_time="23:30", end_time="00:30")).overnight
    True
    """
    first, last = parse_day(meeting.start_text), parse_day(meeting.end_text)
    if is_inverted(first, last):
        last = NO_DAY
    start, end = parse_stored_time(meeting.start_time), parse_stored_time(meeting.end_time)
    overnight = _is_overnight(first, last, start, end)
    if start and end and end < start and _is_one_day(first, last) and not overnight:
        end = None
    return When(first, last, start, end, overnight)


def _is_one_day(first: Day, last: Day) -> bool:
    return last.last is None or (last == first and first.precision == "day")


def _is_overnight(first: Day, last: Day, start: time | None, end: time | None) -> bool:
    """Tell whether the end hour is on the next day: from evening to early morning, and no other end day is given."""
    if start is None or end is None or not (start >= EVENING and end <= MORNING):
        return False
    return last.last is None or (first.precision == "day" and first.first is not None and _next(first) == last)


def _next(day: Day) -> Day:
    return parse_day(f"{day.first + ONE_DAY:%Y%m%d}") if day.first else NO_DAY
