"""Named periods: « cet été », « au printemps 2027 », « le 2e trimestre », « en 2027 », « le mois prochain ».

A season is its three whole months (meteorological), and « rentrée » with a year the months in which schools begin.
« rentrée » alone is not a period: for adults there is another one in January.
"""

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from search_app.search.understand.found import Found

# name -> first month, number of months
_SEASONS: Final = {"printemps": (3, 3), "ete": (6, 3), "automne": (9, 3), "hiver": (12, 3)}
_FIRST_TO_FOURTH: Final = ("1er|premier", "2e|2eme|2nd|second|deuxieme", "3e|3eme|troisieme", "4e|4eme|quatrieme")
_QUARTERS: Final = {
    f"{name} {unit}": (1 + at * months, months)
    for unit, months in (("trimestre", 3), ("semestre", 6))
    for at, names in enumerate(_FIRST_TO_FOURTH[: 12 // months])
    for name in names.split("|")
}
_SCHOOL: Final = {"rentree": (9, 2), "rentree scolaire": (9, 2)}
PERIODS: Final[Mapping[str, tuple[int, int]]] = _SEASONS | _QUARTERS | _SCHOOL
# « début 2027 » means its first months; a part of a shorter period is the whole period, because people round.
_PARTS_OF_A_YEAR: Final = {"debut": (1, 3), "mi": (5, 4), "fin": (10, 3)}
_NEEDS_A_YEAR: Final = ("rentree", "rentree scolaire")
_YEARS_AHEAD: Final = 3  # no session begins later than this, nor in a past year
# « sports d'hiver » is not a date, « cet hiver » and « au printemps » are.
_CUE: Final = re.compile(
    r"(?:a |pour |pendant |durant |courant )?(?:l'|cet |ce |le )|en |au |courant |pour |(?:debut|mi|fin)[ -]"
)


def period_pattern(number: int) -> str:
    """Return the pattern of a period; ``number`` distinguishes its groups from those of a second moment."""
    names = "|".join(sorted(PERIODS, key=len, reverse=True))
    return (
        rf"(?:l'|cet |ce |le |la )?(?:(?P<period{number}>{names})(?: prochaine?)?"
        rf"(?: (?:de |en )?(?P<period_year{number}>20\d\d))?|(?P<annee{number}>annee )?(?P<whole{number}>20\d\d))"
    )


def is_period(match: re.Match[str], number: int) -> bool:
    """Tell whether the match is a period, not a month."""
    return bool(match[f"period{number}"] or match[f"whole{number}"])


def is_clear(match: re.Match[str], number: int, today: date, *, by_itself: bool) -> bool:
    """Tell whether a period is unambiguous; ``by_itself``: no « avant » or « entre » marks it as one."""
    name, year = match[f"period{number}"], match[f"period_year{number}"] or match[f"whole{number}"]
    if year and not is_ahead(int(year), today):
        return False
    if name == "hiver" and year:  # the winter that begins or the one that ends in that year
        return False
    if name in _NEEDS_A_YEAR and not year:
        return False
    said = not by_itself or bool(_CUE.match(match[0])) or "prochain" in match[0]
    return said or bool(year and (name or match[f"annee{number}"]))


def is_ahead(year: int, today: date) -> bool:
    """Tell whether sessions may still begin in a year."""
    return today.year <= year <= today.year + _YEARS_AHEAD


def days_of_period(match: re.Match[str], number: int, after: date) -> tuple[date, date]:
    """Return the first and the last day; without a year, of the next period that does not end before ``after``."""
    if match[f"whole{number}"]:
        return span_of(int(match[f"whole{number}"]), *_PARTS_OF_A_YEAR.get(match[f"part{number}"] or "", (1, 12)))
    month, months = PERIODS[match[f"period{number}"]]
    year = match[f"period_year{number}"]
    if year:
        return span_of(int(year), month, months)
    nearest = (span_of(after.year + later, month, months) for later in (-1, 0, 1))
    return next(days for days in nearest if days[1] >= after)


def span_of(year: int, month: int, months: int) -> tuple[date, date]:
    """Return the first and the last day of consecutive months.

    >>> span_of(2026, 12, 3)
    (datetime.date(2026, 12, 1), datetime.date(2027, 2, 28))
    """
    last = month + months - 2  # from 0
    end = date(year + last // 12, last % 12 + 1, 1)
    return date(year, month, 1), end.replace(day=calendar.monthrange(end.year, end.month)[1])


@dataclass(frozen=True, slots=True)
class _Relative:
    """Words whose days depend on today."""

    pattern: re.Pattern[str]
    days: Callable[[date, re.Match[str]], tuple[date, date]]


def _months_from(today: date, first: int, months: int) -> tuple[date, date]:
    """Return that many months, the first of them ``after`` months from this one."""
    month = today.month - 1 + first
    return span_of(today.year + month // 12, month % 12 + 1, months)


def _within(today: date, match: re.Match[str]) -> tuple[date, date]:
    number = _NUMBERS.get(match["number"]) or int(match["number"])
    if match["unit"] == "mois":
        day = today.replace(day=1)
        _, last = _months_from(day, number, 1)
        return today, last.replace(day=min(today.day, last.day))
    return today, today + timedelta(days=number * (7 if match["unit"].startswith("semaine") else 1))


_NUMBERS: Final = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6}
_RELATIVE: Final = tuple(
    _Relative(re.compile(pattern), days)
    for pattern, days in (
        (r"\b(?:(?:le|au|du|pour le|des le) )?mois prochain\b", lambda today, _: _months_from(today, 1, 1)),
        (r"\b(?:(?:dans|courant) )?ce mois(?:[ -]ci)?\b", lambda today, _: (today, _months_from(today, 0, 1)[1])),
        (r"\b(?:la )?semaine prochaine\b", lambda today, _: _week_from(today, 1)),
        (r"\bcette semaine\b", lambda today, _: (today, _week_from(today, 0)[1])),
        (r"\b(?:dans |pour |avant la fin de )?cette annee\b", lambda today, _: (today, date(today.year, 12, 31))),
        (
            r"\b(?:avant |d'ici )(?:a )?(?:la )?fin (?:de l'|d')annee\b",
            lambda today, _: (today, date(today.year, 12, 31)),
        ),
        (
            r"\b(?:en |a (?:la )?|vers (?:la )?|pour la )?fin (?:de l'|d')annee\b",
            lambda today, _: (max(today, date(today.year, 10, 1)), date(today.year, 12, 31)),
        ),
        (
            r"\b(?:en |au )?debut (?:de l'|d')annee(?: prochaine)?\b",
            lambda today, _: span_of(today.year + (today.month > 3), 1, 3),
        ),
        (r"\b(?:pour |des |a )?l'an(?:nee)? prochaine?\b", lambda today, _: span_of(today.year + 1, 1, 12)),
        (
            r"\b(?:d'ici (?:a )?|dans les |sous |dans moins de )(?P<number>\d{1,2}|un|une|deux|trois|quatre|cinq|six) "
            r"(?:prochaine?s )?(?P<unit>mois|semaines?|jours?)(?: prochaine?s)?\b",
            _within,
        ),
    )
)


def _week_from(today: date, weeks: int) -> tuple[date, date]:
    monday = today + timedelta(days=7 * weeks - today.weekday())
    return monday, monday + timedelta(days=6)


def find_relative(folded: str, today: date) -> Iterator[Found]:
    """Yield the first window relative to today: « le mois prochain », « d'ici trois mois »."""
    for each in _RELATIVE:
        match = each.pattern.search(folded)
        if match:
            start, end = each.days(today, match)
            yield Found("month", *match.span(), (("start_from", start), ("start_to", end)))
            return


_BARE_YEAR: Final = re.compile(r"(?:(?P<before>[a-z0-9]{1,40}) {1,9})?(?<![\w/.-])(?P<year>20\d\d)(?![\w/.-])")


def find_years(folded: str, today: date, is_title: Callable[[list[str]], bool]) -> list[Found]:
    """Return the years in a text outside of other dates: « soudeur albi 2027 », unless a title has the year after that
    word.

    With several years the window is from the first to the last.
    """
    matches = [
        match
        for match in _BARE_YEAR.finditer(folded)
        if is_ahead(int(match["year"]), today)
        and match["before"] not in PERIODS  # « hiver 2027 » is not the whole year
        and not is_title([match["before"] or "", match["year"]])
    ]
    years = [int(match["year"]) for match in matches]
    window = (("start_from", date(min(years), 1, 1)), ("start_to", date(max(years), 12, 31))) if years else ()
    return [Found("month", *match.span("year"), window) for match in matches]
