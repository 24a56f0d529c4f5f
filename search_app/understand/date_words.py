"""Words that are dates: « en mars », « avant le 1er avril », « de janvier à mars », « rentrée septembre 2027 ».

Without a year the next such date from today is meant. « avant » and « après » leave out what they name; « à partir
de », « jusqu'en » and « d'ici » take it in.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from search_app.understand.found import Found

MONTHS: Final = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_DAY: Final = r"1er|0?[1-9]|[12]\d|3[01]"


def _moment(number: int, end: str = r"(?![\w-])") -> str:
    """Return the pattern of a day or a month; ``number`` tells its groups from those of another one beside it."""
    return (
        rf"(?:le |la )?(?:(?:{'|'.join(WEEKDAYS)}) )?(?:rentree (?:de |d')?|mois (?:de |d'))?"
        rf"(?:(?P<part{number}>debut|mi|fin)[ -](?:de |d')?)?"
        rf"(?:(?:(?P<day{number}>{_DAY}) )?(?P<month{number}>{'|'.join(MONTHS)})(?: (?P<year{number}>20\d\d))?"
        rf"|(?P<numeric{number}>(?:{_DAY})/(?:0?[1-9]|1[0-2])/20\d\d)){end}"
    )


# « Cinq-Mars-la-Pile », « Saint Mars »: there the month is part of a name.
_NO_NAME: Final = r"(?<![\w-])(?<!saint )(?<!cinq )(?<!champ de )"
_FIRST: Final = _moment(1, end=r"\b")  # a hyphen may follow: « mars-avril »
_BETWEEN: Final = re.compile(
    rf"{_NO_NAME}(?:entre |de |d'|du |en )?(?:(?:le )?(?P<day>{_DAY})|{_FIRST})"
    rf"(?: ?[-/] ?| (?:a |au |et |ou |jusqu'a |jusqu'au |jusqu'en )(?:en )?){_moment(2)}"
)
_FROM: Final = re.compile(rf"\b(?P<how>a (?:partir|compter) (?:de |du |d')|des |depuis |apres ){_moment(1)}")
_UNTIL: Final = re.compile(rf"\b(?:et )?(?P<how>avant |jusqu'(?:en |au |a )|d'ici (?:a |au )?){_moment(1)}")
_IN: Final = re.compile(rf"{_NO_NAME}(?:(?:en|au|a|pour|courant|debut) )?{_moment(1)}")


@dataclass(frozen=True, slots=True)
class _Days:
    """The first and the last day of what was named; ``has_year`` tells whether its year was typed."""

    first: date
    last: date
    has_year: bool


def find_dates(folded: str, today: date) -> Iterator[Found]:
    """Yield one window: between two dates, from one on, up to one, both of these, or in one."""
    between = _BETWEEN.search(folded)
    window = _between(between, today) if between else None
    if between and window:
        yield Found("month", *between.span(), (("start_from", window[0]), ("start_to", window[1])))
        return
    begins, ends = _FROM.search(folded), _UNTIL.search(folded)
    if begins or ends:
        yield from _from_and_until(begins, ends, today)
        return
    matches = list(_IN.finditer(folded))
    days = [_days(match, 1, today) for match in matches]
    for match in matches:
        whole = (("start_from", min(each.first for each in days)), ("start_to", max(each.last for each in days)))
        yield Found("month", *match.span(), whole)


def _between(match: re.Match[str], today: date) -> tuple[date, date] | None:
    """Return the window between two dates, None if it is none: « entre 3 et mars »."""
    if match["day"]:
        if not match["day2"] and not match["numeric2"]:
            return None
        until = _days(match, 2, today)
        start = _day_of(until.first, match["day"])
        return (start, until.last) if start <= until.last else None
    since = _days(match, 1, today)
    until = _days(match, 2, since.first)
    start = since.first
    if start > until.last and not since.has_year:  # « de septembre à juin 2027 »
        start = _years_later(start, until.last.year - start.year)
        start = start if start <= until.last else _years_later(start, -1)
    return (start, until.last) if start <= until.last else None


def _from_and_until(begins: re.Match[str] | None, ends: re.Match[str] | None, today: date) -> Iterator[Found]:
    start = today
    if begins:
        named = _days(begins, 1, today)
        start = named.last + timedelta(days=1) if begins["how"] == "apres " else named.first
        yield Found("month", *begins.span(), (("start_from", start),))
    if ends:
        last = _last_day(ends, start)
        if last >= start:
            own_start = () if begins else (("start_from", start),)
            yield Found("month", *ends.span(), (*own_start, ("start_to", last)))
        elif not begins:  # « avant mars 2020 »: what is over
            yield Found("month", *ends.span(), (("start_to", last),))


def _last_day(ends: re.Match[str], start: date) -> date:
    """Return the last day of « avant … » or « jusqu'en … »: without a year never before ``start``."""
    named = _days(ends, 1, start)
    leaves_out = ends["how"] == "avant " and ends["part1"] != "fin"
    last = named.first - timedelta(days=1) if leaves_out else named.last
    if last >= start or named.has_year:
        return last
    return _years_later(named.first, 1) - timedelta(days=1)


def _days(match: re.Match[str], number: int, after: date) -> _Days:
    """Return the days of a moment: without a year the next ones that do not end before ``after``.

    >>> _days(_IN.search("le 15 mars"), 1, date(2026, 11, 23)).first
    datetime.date(2027, 3, 15)
    >>> _days(_IN.search("en novembre"), 1, date(2026, 11, 23)).last
    datetime.date(2026, 11, 30)
    """
    day, month, year = _day_month_year(match, number)
    first = date(int(year) if year else after.year, month, 1)
    days = _Days(_day_of(first, day), _day_of(first, day), bool(year)) if day else _Days(first, _end(first), bool(year))
    if days.last >= after or year:
        return days
    first = _years_later(first, 1)
    return _Days(_day_of(first, day), _day_of(first, day), False) if day else _Days(first, _end(first), False)


def _day_month_year(match: re.Match[str], number: int) -> tuple[str | None, int, str | None]:
    if match[f"numeric{number}"]:
        day, month, year = match[f"numeric{number}"].split("/")
        return day, int(month), year
    return match[f"day{number}"], MONTHS.index(match[f"month{number}"]) + 1, match[f"year{number}"]


def _day_of(month: date, day: str) -> date:
    """Return a day of a month; the last one if it has no such day, as « 31 avril »."""
    return month.replace(day=min(int(day.removesuffix("er")), _end(month).day))


def _end(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _years_later(day: date, years: int) -> date:
    """Return the same day of another year, 28 February for the 29th."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))
