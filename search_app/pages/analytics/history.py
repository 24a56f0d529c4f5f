"""How the figures of a search moved: those kept of each day, where its filters are among those that are kept."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Final

from search_app.analytics.history import KEPT, Day, HistoryQuery
from search_app.analytics.query import PivotQuery
from search_app.pages.analytics.addresses import API
from search_app.pages.analytics.chart import Chart, Series, build_chart
from search_app.pages.analytics.figures import Figure, Kind, to_figure, to_kind
from search_app.search.links import DAYS, address
from search_app.search.params.search_params import SearchParams
from search_app.text.dates import french_day
from search_app.text.wording import typeset

DAYS_BACK: Final = 92  # three months: what one compares; the JSON has all days
MOST_LINES: Final = 14  # days of the table, the newest
_KEPT_FILTERS: Final = ("region", "department", "domain", "funder")
_WITHOUT_MEANING: Final = frozenset(("upcoming", "sort", "page", "size", "group", "facet_size", "explain"))
OTHER_FILTERS: Final = typeset(
    "L’évolution est gardée par région, département, domaine, financeur et mois de début, une valeur de chacun :"
    " retirez les autres filtres pour la voir."
)
NOTHING_KEPT: Final = "Aucun jour n’est encore gardé : les chiffres le sont une fois par jour, après un chargement."
ABOUT: Final = (
    "Les chiffres sont gardés une fois par jour, après un chargement, pour toutes les sessions du catalogue, passées ou"
    " à venir. Les lignes et les colonnes du tableau n’y changent rien."
)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One day of the table."""

    day: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class HistoryPart:
    """The days that were kept, the newest first, with a chart of the first measure; ``note`` is what to know."""

    note: str
    heads: tuple[str, ...] = ()
    lines: tuple[HistoryLine, ...] = ()
    chart: Chart | None = None
    json_href: str = ""


def to_history_query(query: PivotQuery, today: date) -> HistoryQuery | None:
    """Return what is asked of the kept days; None if a filter is not kept, or has several values."""
    params = query.search.params
    given = params.given - _WITHOUT_MEANING
    chosen = {name: params.chosen(name) for name in _KEPT_FILTERS if params.chosen(name)}
    several = any(len(values) > 1 or values[0] == "unknown" for values in chosen.values())
    month = _month_of(params)
    if given - {*_KEPT_FILTERS, *DAYS} or several or month is None:
        return None
    if len(chosen.keys() & {"region", "department"}) == 2 or len(chosen.get("domain", ("",))[0]) == 5:
        return None
    region, department, domain, funder = (chosen.get(name, ("",))[0] for name in _KEPT_FILTERS)
    return HistoryQuery(region, department, domain, funder, month, today - timedelta(days=DAYS_BACK))


def _month_of(params: SearchParams) -> str | None:
    """Return the month that the window of starts is, "" without a window, None for any other window."""
    first, last = params.start_from, params.start_to
    if first is None and last is None:
        return ""
    if first is None or last is None or first.day != 1 or (first.year, first.month) != (last.year, last.month):
        return None
    return f"{first:%Y-%m}" if last.day == monthrange(last.year, last.month)[1] else None


def build_history(query: HistoryQuery | None, days: Sequence[Day], kinds: Sequence[Kind]) -> HistoryPart:
    """Return the part of the page; ``kinds`` are the measures of its table, of which some are not kept."""
    if query is None:
        return HistoryPart(OTHER_FILTERS)
    kept = {measure.name for measure in KEPT}
    shown = [kind for kind in kinds if kind.name in kept] or [to_kind(KEPT[0])]
    if not days:
        return HistoryPart(typeset(NOTHING_KEPT), json_href=_json_of(query))
    lines = []
    for place in range(len(days) - 1, max(-1, len(days) - 1 - MOST_LINES), -1):
        before = days[place - 1].measures if place else None
        figures = tuple(to_figure(kind, days[place].measures, None, before) for kind in shown)
        lines.append(HistoryLine(french_day(date.fromisoformat(days[place].day)), figures))
    return HistoryPart(
        note=typeset(ABOUT),
        heads=tuple(kind.label for kind in shown),
        lines=tuple(lines),
        chart=_chart(days, shown[0]) if len(days) > 1 else None,
        json_href=_json_of(query),
    )


def _chart(days: Sequence[Day], kind: Kind) -> Chart:
    moments = [date.fromisoformat(each.day) for each in days]
    labels = [french_day(moment) for moment in moments]
    ticks = [f"{moment.day:02}/{moment.month:02}" for moment in moments]
    figures = tuple(to_figure(kind, each.measures) for each in days)
    return build_chart(f"{kind.label}, jour après jour", kind, labels, [Series("", figures)], ticks)


def _json_of(query: HistoryQuery) -> str:
    """Return the address of all kept days of the same query."""
    asked = [(each.name, getattr(query, each.name)) for each in fields(query) if each.name not in ("since", "until")]
    return address(tuple(pair for pair in asked if pair[1]), f"{API}/history")
