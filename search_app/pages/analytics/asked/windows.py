"""Usual periods to compare, as links: a comparison needs a period of starts."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from search_app.analytics.periods import Period, add_months, period_of
from search_app.analytics.query import COMPARISONS
from search_app.pages.analytics.asked.questions import PIVOT
from search_app.pages.search.presets import Preset, Presets
from search_app.search.links import DAYS, Pair, address, without

YEAR_BEFORE: Final = ("compare", "year")


def build_windows(pairs: Sequence[Pair], today: date) -> Presets:
    """Return links to the same table over each usual period, compared as chosen, or else with a year earlier."""
    compare = next((pair for pair in pairs if pair[0] == "compare" and pair[1] in COMPARISONS), YEAR_BEFORE)
    plain = without(tuple(pairs), *DAYS, "compare", "upcoming", "page")
    given = {pair for pair in pairs if pair[0] in DAYS}
    compared = any(name == "compare" for name, _ in pairs)
    links = []
    for text, period in _usual(today).items():
        days = tuple(zip(DAYS, (period.first.isoformat(), period.last.isoformat()), strict=True))
        links.append(Preset(text, address((*plain, *days, compare), PIVOT), compared and given == set(days)))
    return Presets(tuple(links))


def _usual(today: date) -> dict[str, Period]:
    """Return the usual periods by name.

    >>> [period.value for period in _usual(date(2026, 11, 30)).values()]
    ['2026-Q4', '2027-Q1', '2026', '2027']
    """
    quarter, year = period_of("quarter", today), period_of("year", today)
    return {
        "Ce trimestre": quarter,
        "Trimestre prochain": period_of("quarter", quarter.last + timedelta(days=1)),
        "Cette année": year,
        "Année prochaine": period_of("year", add_months(today, 12)),
    }
