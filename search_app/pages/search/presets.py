"""Usual periods for the start of a session, as links."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

from search_app.search.links import DAYS, Pairs, address, without

MONTHS: Final = {"Ce mois": 0, "3 mois": 3, "6 mois": 6}  # how many months from today; 0 is until the end of this one


@dataclass(frozen=True, slots=True)
class Preset:
    """A link that fills two date fields."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Presets:
    """Usual periods, each as a link."""

    links: tuple[Preset, ...]


def build_presets(pairs: Pairs, today: date) -> Presets:
    """Return the links to the same search with each period; that of the period in force takes it off."""
    plain, given = without(pairs, *DAYS), {pair for pair in pairs if pair[0] in DAYS}
    links = []
    for text, months in MONTHS.items():
        period = tuple(zip(DAYS, (today.isoformat(), _after(today, months).isoformat()), strict=True))
        current = given == set(period)
        links.append(Preset(text, address(plain if current else (*plain, *period)), current))
    return Presets(tuple(links))


def _after(day: date, months: int) -> date:
    """Return the day so many months later, or the last of its month; with 0 the last day of the month.

    >>> _after(date(2026, 11, 30), 3), _after(date(2026, 11, 12), 0)
    (datetime.date(2027, 2, 28), datetime.date(2026, 11, 30))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last) if months else last)
