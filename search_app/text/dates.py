"""Dates in French, never more precise than the data."""

import re
from datetime import date, timedelta
from functools import lru_cache

MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
          "décembre")  # fmt: skip
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)


def numeric_days(text: str) -> str:
    """Return a text with its ISO dates in French notation, impossible dates included.

    >>> numeric_days("2027-02-31"), numeric_days("reçu : « 2027-03-01 »")
    ('31/02/2027', 'reçu : « 01/03/2027 »')
    """
    return _ISO.sub(r"\3/\2/\1", text)


def iso_day(text: str) -> str:
    """Return a day in French notation as an ISO text, whether it exists or not; any other text unchanged.

    >>> iso_day("31/02/2027"), iso_day("1.3.2027"), iso_day("2027-03-01"), iso_day("mars")
    ('2027-02-31', '2027-03-01', '2027-03-01', 'mars')
    """
    match = _NUMERIC.fullmatch(text.strip())
    return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else text


def french_day(day: date | str, precision: str = "day") -> str:
    """Return a day at its precision.

    >>> french_day("2027-03-01"), french_day("2027-03-01", "month"), french_day("2027-03-01", "year")
    ('1er mars 2027', 'mars 2027', '2027')
    """
    if isinstance(day, str):
        day = date.fromisoformat(day)
    if precision == "year":
        return str(day.year)
    month = f"{MONTHS[day.month - 1]} {day.year}"
    return month if precision == "month" else f"{'1er' if day.day == 1 else day.day} {month}"


@lru_cache(maxsize=4096)  # a page of results repeats few days
def short_day(day: str, precision: str = "day") -> str:
    """Return an ISO day at its precision, as short as a list has room for.

    >>> short_day("2026-12-07"), short_day("2027-03-01"), short_day("2027-07-01", "month")
    ('7\xa0déc. 2026', '1er\xa0mars 2027', 'juill. 2027')
    """
    read = date.fromisoformat(day)
    if precision == "year":
        return str(read.year)
    month = f"{SHORT_MONTHS[read.month - 1]} {read.year}"
    return month if precision == "month" else f"{'1er' if read.day == 1 else read.day}\xa0{month}"


@lru_cache(maxsize=8192)  # few distinct periods occur many times in one answer
def french_period(start: str | None, precision: str, end: str | None, end_precision: str) -> str:
    """Return a period in French; an unknown end is stated or left out.

    >>> french_period("2027-03-01", "day", "2027-06-30", "day")
    'du 1er mars 2027 au 30 juin 2027'
    >>> french_period("2027-03-01", "month", "2027-06-30", "month")
    'de mars 2027 à juin 2027'
    >>> french_period("2027-03-08", "day", None, "unknown"), french_period(None, "unknown", "2027-06-30", "day")
    ('à partir du 8 mars 2027', 'début non précisé, jusqu’au 30 juin 2027')
    >>> french_period("2027-01-01", "year", "2027-12-31", "year")
    'en 2027'
    >>> french_period(None, "unknown", None, "unknown")
    'dates non précisées'
    """
    until = ("au " if end_precision == "day" else "à ") + french_day(end, end_precision) if end else ""
    if not start:
        return f"début non précisé, jusqu’{until}" if until else "dates non précisées"
    first = french_day(start, precision)
    if end and first == french_day(end, end_precision):
        return f"le {first}" if precision == "day" else f"en {first}"
    since = from_day(start, precision)
    return f"{since} {until}" if until else f"à partir {since}"


def french_window(first: date, last: date | None) -> str:
    """Return a window of days, named by its months if it consists of whole months.

    >>> french_window(date(2027, 3, 1), date(2027, 3, 31)), french_window(date(2027, 3, 1), date(2028, 2, 29))
    ('en mars 2027', 'de mars 2027 à février 2028')
    >>> french_window(date(2027, 3, 8), date(2027, 3, 31)), french_window(date(2027, 3, 1), None)
    ('du 8 mars 2027 au 31 mars 2027', 'à partir du 1er mars 2027')
    """
    whole = last is not None and first.day == 1 and (last + timedelta(days=1)).day == 1
    precision = "month" if whole else "day"
    return french_period(first.isoformat(), precision, last.isoformat() if last else None, precision)


def from_day(start: str, precision: str) -> str:
    """Return a start with its preposition.

    >>> from_day("2027-03-08", "day"), from_day("2027-04-01", "month"), from_day("2027-01-01", "year")
    ('du 8 mars 2027', 'd’avril 2027', 'de 2027')
    """
    first = french_day(start, precision)
    return f"du {first}" if precision == "day" else f"d’{first}" if first[0] in "aoé" else f"de {first}"
