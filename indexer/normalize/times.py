"""Times of day in feeds: « 09h00 », « 9:00 », « 9 h », XML's « 09:00:00 »."""

import re
from typing import Final

TIME: Final = re.compile(r"([01]?\d|2[0-3])\s*[hH:.]\s*([0-5]\d)?\s*(?:mn|min)?|([01]\d|2[0-3])([0-5]\d)", re.ASCII)
# xs:time: seconds are dropped; with an offset the hour is local. Universal time is not accepted: the place is unknown
# here.
XML_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d):[0-5]\d(?:\.\d+)?(?:[+-](?!00:00)[01]\d:[0-5]\d)?", re.ASCII)


def parse_time(text: str) -> str | None:
    """Return a time as ``HH:MM``, None for other texts.

    >>> [parse_time(text) for text in ("09h00", "9:00", "9h", "9 H 30", "14.15", "0830")]
    ['09:00', '09:00', '09:00', '09:30', '14:15', '08:30']
    >>> [parse_time(text) for text in ("09:00:00", "23:59:59.5", "09:00:00+01:00")]
    ['09:00', '23:59', '09:00']
    >>> [parse_time(text) for text in ("25h00", "9h75", "matin", "9", "", "24:00:00", "09:00:60", "09:00:00Z")]
    [None, None, None, None, None, None, None, None]
    """
    stated = text.strip()
    if found := XML_TIME.fullmatch(stated):
        return f"{found[1]}:{found[2]}"
    match = TIME.fullmatch(stated)
    if not match:
        return None
    return f"{int(match[1] or match[3]):02}:{match[2] or match[4] or '00'}"
