"""Dates of a feed: ISO dates to LHEO's form, and values derived from the period of a session."""

import re
from datetime import date
from typing import Final

from mappings.codes import Entry
from mappings.days import YEARS, Day
from mappings.offer import FOREVER

# Common notations of days. With a time only if the day is certain: the time is local (with its offset, or without), or,
# in universal time, it is the same day in France.
CLOCK: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"
LOCAL: Final = r"(?:[+-](?!00:?00)[01][0-9]:?[0-5][0-9])?"
UNIVERSAL: Final = r"(?:[01][0-9]|2[01]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?:Z|[+-]00:?00)"
ISO: Final = re.compile(
    rf"([0-9]{{4}})-([0-9]{{2}})(?:-([0-9]{{2}})(?:[T ](?:{CLOCK}{LOCAL}|{UNIVERSAL})|{LOCAL}|Z)?)?"
)
ANY_DAY: Final = (date(YEARS[0], 1, 1), FOREVER)  # the window of a session that can be entered at any time


def restate_iso(text: str) -> str | None:
    """Return an ISO date or month in LHEO's form, None for other texts.

    >>> restate_iso("2027-03-01"), restate_iso("2027-03-01T00:00:00+01:00"), restate_iso("2027-03")
    ('20270301', '20270301', '20270300')
    >>> restate_iso("2027-03-15T09:00:00+01:00"), restate_iso("2027-03-15T21:59:59Z"), restate_iso("2027-03-15+01:00")
    ('20270315', '20270315', '20270315')
    >>> restate_iso("20270301"), restate_iso("2027-03-01T23:00:00Z"), restate_iso("01-03-2027")
    (None, None, None)
    """
    found = ISO.fullmatch(text)
    return f"{found[1]}{found[2]}{found[3] or '00'}" if found else None


def start_window(start: Day, end: Day, entry: Entry | None) -> tuple[date, date] | None:
    """Return the days that start filters compare with: the start, or the whole period of a permanent entry.

    >>> from mappings.days import parse_day
    >>> start_window(parse_day("20270300"), parse_day("20270630"), "fixed")
    (datetime.date(2027, 3, 1), datetime.date(2027, 3, 31))
    >>> start_window(parse_day("20270301"), parse_day("99999999"), "permanent")
    (datetime.date(2027, 3, 1), datetime.date(9999, 12, 31))
    >>> start_window(parse_day("00000000"), parse_day("20270630"), "permanent")
    """
    if start.first is None or start.last is None:
        return None
    if entry == "permanent":
        return start.first, end.last or FOREVER
    return start.first, start.last


def open_until(start: Day, end: Day, entry: Entry | None) -> date:
    """Return the last day on which a session is upcoming: its latest start, or its end if entry is permanent.

    >>> from mappings.days import parse_day
    >>> open_until(parse_day("20270300"), parse_day("20270630"), "fixed")
    datetime.date(2027, 3, 31)
    >>> open_until(parse_day("00000000"), parse_day("20270630"), "fixed")
    datetime.date(2027, 6, 30)
    >>> open_until(parse_day("20270301"), parse_day("99999999"), "permanent")
    datetime.date(9999, 12, 31)
    """
    if entry != "permanent" and start.last is not None:
        return start.last
    return end.last or FOREVER
