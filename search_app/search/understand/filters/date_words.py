"""Words for dates: « en mars », « avant le 1er avril », « de janvier à mars », « rentrée septembre 2027 ».

Named periods are in ``period_words``. A date without year means the next one from today. « avant » and « après »
exclude the date; « à partir de », « jusqu'en » and « d'ici » include it.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from search_app.search.understand.filters.period_words import (
    days_of_period,
    find_relative,
    is_clear,
    is_period,
    period_pattern,
)
from search_app.search.understand.found import Found

MONTHS: Final = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_SHORT: Final = {"janv": 1, "fev": 2, "fevr": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12}
_DAY: Final = r"1er|0?[1-9]|[12]\d|3[01]"
_MONTH: Final = r"0?[1-9]|1[0-2]"
_NUMBERS: Final = {name: at for at, name in enumerate(MONTHS, 1)} | _SHORT
_SHORT_YEAR: Final = r"2[6-9]\b"  # « mars 27 »; a later number is a département: « mars 31 »
_CENTURY: Final = 2000  # century of two-digit years, as in « 15/01/27 »


def _moment(number: int, end: str = r"(?![\w-])") -> str:
    """Return the pattern of a day or a month; ``number`` distinguishes its groups from those of a second moment."""
    return (
        rf"(?:le |la )?(?:(?:{'|'.join(WEEKDAYS)}) )?(?:rentree (?:de |d')?(?!20)|mois (?:de |d'))?"
        rf"(?:(?P<part{number}>debut|mi|fin)[ -](?:de |d')?)?"
        rf"(?:(?:(?P<day{number}>{_DAY}) )?(?P<month{number}>{'|'.join(_NUMBERS)})\b\.?"
        rf"(?: (?P<year{number}>20\d\d|{_SHORT_YEAR}))?"
        rf"|(?P<numeric{number}>(?:{_DAY})(?P<sign{number}>[/.-])(?:{_MONTH})(?P=sign{number})(?:20\d\d|[23]\d)"
        rf"|(?:0[1-9]|[12]\d|3[01])/(?:0[1-9]|1[0-2])(?!/)|(?:{_MONTH})[/-]20\d\d"
        rf"|20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))"
        rf"|{period_pattern(number)}){end}"
    )


# In « Cinq-Mars-la-Pile », « Saint Mars » the month is part of a name.
_NO_NAME: Final = r"(?<![\w-])(?<!saint )(?<!cinq )(?<!champ de )"
_FIRST: Final = _moment(1, end=r"\b")  # a hyphen may follow: « mars-avril »
_BETWEEN: Final = re.compile(
    rf"{_NO_NAME}(?P<cue>entre |de |d'|du |en )?(?:{_FIRST}|(?:le )?(?P<day>{_DAY}))"
    rf"(?: ?[-/] ?| (?:a |au |et |ou |jusqu'a |jusqu'au |jusqu'en )(?:en )?){_moment(2)}"
)
_FROM: Final = re.compile(rf"\b(?P<how>a (?:partir|compter) (?:de |du |d')|des |depuis |apres ){_moment(1)}")
_UNTIL: Final = re.compile(rf"\b(?:et )?(?P<how>avant |jusqu'(?:en |au |a )|d'ici (?:a |au )?){_moment(1)}")
_IN: Final = re.compile(rf"{_NO_NAME}(?:(?:en|au|a|pour|courant) )?{_moment(1)}")
# Words that only say that the date is a start date.
_BEGINS: Final = re.compile(
    r"(?:\b(?:(?:qui|pour|a|et|devant|pouvant) )?(?:commen(?:ce|cent|cer|cant)|debute(?:nt|r)?|"
    r"demarr(?:ent|er?|ant|age)|depart|entrees?|sessions?|dates?|debut|prevue?s?)"
    r"(?: ?:)?(?: (?:de|en|prevue?s?))?(?: d'| |$))+$"
)


@dataclass(frozen=True, slots=True)
class _Days:
    """The first and the last day of a moment; ``has_year`` tells whether its year was typed."""

    first: date
    last: date
    has_year: bool


def find_dates(folded: str, today: date) -> Iterator[Found]:
    """Yield one window: between two dates, from one date, up to one date, both of these, or within one period."""
    for each in _find(folded, today):
        begins = _BEGINS.search(folded, 0, each.start)
        yield replace(each, start=begins.start()) if begins else each


def _find(folded: str, today: date) -> Iterator[Found]:
    between = _BETWEEN.search(folded)
    window = _between(between, today) if between else None
    if between and window:
        yield Found("month", *between.span(), (("start_from", window[0]), ("start_to", window[1])))
        return
    begins, ends = _first_date(_FROM, folded, today), _first_date(_UNTIL, folded, today)
    if begins or ends:
        yield from _from_and_until(begins, ends, today)
        return
    matches = [match for match in _IN.finditer(folded) if _is_date(match, 1, today, by_itself=True)]
    if not matches:
        yield from find_relative(folded, today)
        return
    days = [_days(match, 1, today) for match in matches]
    for match in matches:
        whole = (("start_from", min(each.first for each in days)), ("start_to", max(each.last for each in days)))
        yield Found("month", *match.span(), whole)


def _first_date(pattern: re.Pattern[str], folded: str, today: date) -> re.Match[str] | None:
    return next((match for match in pattern.finditer(folded) if _is_date(match, 1, today)), None)


def _is_date(match: re.Match[str], number: int, today: date, *, by_itself: bool = False) -> bool:
    """Tell whether a moment is a date: « sept » alone is a number, « hiver » alone a season of any year."""
    if is_period(match, number):
        return is_clear(match, number, today, by_itself=by_itself)
    told = match[f"day{number}"] or match[f"year{number}"] or match[0].startswith("en ")
    return bool(told) or not by_itself or match[f"month{number}"] not in _SHORT


def _between(match: re.Match[str], today: date) -> tuple[date, date] | None:
    """Return the window between two dates, None if it is not one: « entre 3 et mars », « Windows 2026-2027 »."""
    if not _is_date(match, 2, today) or (match["whole2"] and not match["cue"]):
        return None
    if not match["day"] and not _is_date(match, 1, today):
        return None
    if match["day"]:
        if is_period(match, 2) or not _day_month_year(match, 2)[0]:
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
        elif not begins:  # « avant mars 2020 » is past
            yield Found("month", *ends.span(), (("start_to", last),))


def _last_day(ends: re.Match[str], start: date) -> date:
    """Return the last day of « avant … » or « jusqu'en … »; without a year, never before ``start``."""
    named = _days(ends, 1, start)
    leaves_out = ends["how"] == "avant " and ends["part1"] != "fin"
    last = named.first - timedelta(days=1) if leaves_out else named.last
    if last >= start or named.has_year:
        return last
    return _years_later(named.first, 1) - timedelta(days=1)


def _days(match: re.Match[str], number: int, after: date) -> _Days:
    """Return the days of a moment; without a year, the next ones that do not end before ``after``.

    >>> _days(_IN.search("le 15 mars"), 1, date(2026, 11, 23)).first
    datetime.date(2027, 3, 15)
    >>> _days(_IN.search("en novembre"), 1, date(2026, 11, 23)).last
    datetime.date(2026, 11, 30)
    """
    if is_period(match, number):
        return _Days(
            *days_of_period(match, number, after), bool(match[f"period_year{number}"] or match[f"whole{number}"])
        )
    day, month, year = _day_month_year(match, number)
    first = date(_CENTURY + int(year) % 100 if year else after.year, month, 1)
    days = _Days(_day_of(first, day), _day_of(first, day), bool(year)) if day else _Days(first, _end(first), bool(year))
    if days.last >= after or year:
        return days
    first = _years_later(first, 1)
    return _Days(_day_of(first, day), _day_of(first, day), False) if day else _Days(first, _end(first), False)


def _day_month_year(match: re.Match[str], number: int) -> tuple[str | None, int, str | None]:
    """Return the typed day, the month and the typed year, perhaps its last two digits; « 15/01 » has no year.

    >>> _day_month_year(_IN.search("15/01/27"), 1), _day_month_year(_IN.search("01/2027"), 1)
    (('15', 1, '27'), (None, 1, '2027'))
    >>> _day_month_year(_IN.search("2027-03-01"), 1), _day_month_year(_IN.search("mars 27"), 1)
    (('01', 3, '2027'), (None, 3, '27'))
    """
    numbers = re.split("[/.-]", match[f"numeric{number}"] or "")
    if len(numbers) == 3:
        day, month, year = reversed(numbers) if len(numbers[0]) == 4 else numbers
        return day, int(month), year
    if len(numbers) == 2:
        return (None, int(numbers[0]), numbers[1]) if len(numbers[1]) == 4 else (numbers[0], int(numbers[1]), None)
    return match[f"day{number}"], _NUMBERS[match[f"month{number}"]], match[f"year{number}"]


def _day_of(month: date, day: str) -> date:
    """Return a day of a month; its last day if there is no such day, as in « 31 avril »."""
    return month.replace(day=min(int(day.removesuffix("er")), _end(month).day))


def _end(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _years_later(day: date, years: int) -> date:
    """Return the same day of another year, 28 February for the 29th."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))
