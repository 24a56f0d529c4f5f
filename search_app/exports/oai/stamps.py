"""Times of OAI-PMH: UTC, in days or in seconds."""

import re
from datetime import UTC, date, datetime
from typing import Final

DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
SECOND: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
LAST_SECOND: Final = "T23:59:59Z"
FIRST_SECOND: Final = "T00:00:00Z"


def is_time(text: str) -> bool:
    """Tell whether a text is an existing day or second in a form of the protocol.

    >>> is_time("2026-02-28"), is_time("2026-02-30"), is_time("2026-02-28T24:00:00Z"), is_time("2026-02-28T10:00Z")
    (True, False, False, False)
    """
    try:
        if DAY.fullmatch(text):
            date.fromisoformat(text)
            return True
        if SECOND.fullmatch(text):
            # Python 3.13 takes 24:00:00 for the beginning of the next day.
            return datetime.fromisoformat(text).strftime("%H:%M:%S") == text[11:19]
    except ValueError:
        pass
    return False


def is_day(text: str) -> bool:
    """Tell whether a time of the protocol is in days."""
    return "T" not in text


def first_second(text: str) -> str:
    """Return the first second of a time of the protocol.

    >>> first_second("2026-02-28"), first_second("2026-02-28T10:00:00Z")
    ('2026-02-28T00:00:00Z', '2026-02-28T10:00:00Z')
    """
    return text + FIRST_SECOND if is_day(text) else text


def last_second(text: str) -> str:
    """Return the last second of a time of the protocol.

    >>> last_second("2026-02-28")
    '2026-02-28T23:59:59Z'
    """
    return text + LAST_SECOND if is_day(text) else text


def to_stamp(moment: datetime) -> str:
    """Return a moment in seconds of UTC.

    >>> to_stamp(datetime.fromisoformat("2026-02-28T10:00:00.9+01:00"))
    '2026-02-28T09:00:00Z'
    """
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
