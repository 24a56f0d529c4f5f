"""Chart and map of a pivot: which measure is drawn, and what can be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from search_app.analytics.answer import Pivot
from search_app.analytics.dimensions import Dimension
from search_app.analytics.query import LARGEST_SIZE
from search_app.pages.analytics.addresses import DRAWN, PIVOT, VIEW, VIEWS, offers_at
from search_app.pages.analytics.chart import Chart, Series, build_chart
from search_app.pages.analytics.columns import has_order, in_order
from search_app.pages.analytics.figures import NO_OFFER, Figure, Kind, State, to_figure
from search_app.pages.analytics.headings import lowered
from search_app.pages.analytics.maps.area_map import AreaMap, AreaRow, build_area_map
from search_app.pages.analytics.maps.outlines import LEVELS
from search_app.pages.analytics.table import labels_of
from search_app.pages.map.pane import ViewLink
from search_app.search.links import Pairs, address, replaced, without
from search_app.text.wording import NBSP, counted, typeset

NOTHING: Final = Figure(State.NONE, None, NO_OFFER)
NO_MAP: Final = "La carte existe pour des lignes par région ou par département. Voici le tableau."
MONTHS: Final = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
MOST_NAMED: Final = 8  # columns left out that are named; the others are counted
NO_CHART: Final = "Un graphique a besoin de lignes : choisissez-en dans « Modifier le tableau »."


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn above the table, or why nothing is; ``choices`` draw another measure."""

    chart: Chart | None = None
    map: AreaMap | None = None
    choices: tuple[ViewLink, ...] = ()
    instead: str = ""
    notes: tuple[str, ...] = ()


NOTHING_DRAWN: Final = Drawing()


def build_views_of(pairs: Pairs, view: str, rows_by: Dimension) -> tuple[ViewLink, ...]:
    """Return the links to table, chart and map of the same pivot; there is no map of what has no outlines."""
    plain = without(pairs, VIEW)
    possible = [name for name in VIEWS if name != "map" or rows_by.name in LEVELS]
    view = view if view in possible else "table"
    return tuple(
        ViewLink(VIEWS[name], address(plain if name == "table" else (*plain, (VIEW, name)), PIVOT), name == view)
        for name in possible
    )


def build_drawing(pivot: Pivot, kinds: Sequence[Kind], view: str, drawn: str, pairs: Pairs, areas: Pivot) -> Drawing:
    """Return the drawing of a pivot; ``areas`` is the same with all its rows, for a map."""
    if view == "table":
        return NOTHING_DRAWN
    kind = _drawn(pivot, kinds, drawn)
    if pivot.rows_by is None:
        return Drawing(instead=typeset(NO_CHART))
    if view == "map" and pivot.rows_by.name not in LEVELS:
        return Drawing(instead=typeset(NO_MAP))
    choices = tuple(
        ViewLink(each.label, address(replaced(pairs, DRAWN, each.name), PIVOT), each.name == kind.name)
        for each in kinds
    )
    if view == "map":
        return Drawing(map=_map(areas, kind), choices=choices)
    chart = _chart(pivot, kind)
    notes = (_left_out(chart, pivot.columns_by, kind), _beyond(pivot))
    return Drawing(chart=chart, choices=choices, notes=tuple(filter(None, notes)))


def _drawn(pivot: Pivot, kinds: Sequence[Kind], drawn: str) -> Kind:
    """Return the measure that is drawn: the one asked for, else that of the order, else the first."""
    by_name = {kind.name: kind for kind in kinds}
    return by_name.get(drawn) or by_name.get(pivot.sort) or kinds[0]


def _map(pivot: Pivot, kind: Kind) -> AreaMap:
    assert pivot.rows_by is not None
    level = next(level for level in LEVELS if level == pivot.rows_by.name)
    rows = tuple(
        AreaRow(row.value, row.label, to_figure(kind, row.measures, offers_at(row.search))) for row in pivot.rows
    )
    return build_area_map(level, kind, rows)


def _chart(pivot: Pivot, kind: Kind) -> Chart:
    assert pivot.rows_by is not None
    labels = labels_of(pivot.rows, pivot.rows_by)
    title = f"{kind.label} par {lowered(pivot.rows_by.label)}"
    ticks = tuple(short_period(row.value or "") for row in pivot.rows) if pivot.rows_by.is_period else ()
    if pivot.columns_by is None:
        figures = tuple(to_figure(kind, row.measures, offers_at(row.search)) for row in pivot.rows)
        return build_chart(title, kind, labels, [Series("", figures)], ticks)
    cells = {(cell.row, cell.column): cell for cell in pivot.cells}
    series = []
    columns = in_order(pivot.columns, pivot.columns_by, kind)
    for label, column in zip(labels_of(columns, pivot.columns_by), columns, strict=True):
        found = [cells.get((row.value, column.value)) for row in pivot.rows]
        figures = tuple(to_figure(kind, cell.measures, offers_at(cell.search)) if cell else NOTHING for cell in found)
        series.append(Series(label, figures))
    return build_chart(f"{title} et {lowered(pivot.columns_by.label)}", kind, labels, series, ticks)


def _left_out(chart: Chart, columns_by: Dimension | None, kind: Kind) -> str:
    """Return which columns are drawn, and which are only in the table."""
    if columns_by is None or not chart.left_out:
        return ""
    drawn = len(chart.panels)
    which = f"les {drawn} premières" if has_order(columns_by) else f"les {drawn} plus grandes ({lowered(kind.label)})"
    names = ", ".join(chart.left_out[:MOST_NAMED])
    others = len(chart.left_out) - MOST_NAMED
    more = f" et {counted(others, 'autre', 'autres')}" if others > 0 else ""
    return typeset(f"Colonnes dessinées : {which}. Dans le tableau seulement : {names}{more}.")


def _beyond(pivot: Pivot) -> str:
    """Return what is not drawn, because it is on other pages of the table."""
    if pivot.pages < 2:
        return ""
    more = f" Jusqu’à {LARGEST_SIZE} lignes par page se choisissent plus bas." if pivot.size < LARGEST_SIZE else ""
    return f"Le graphique montre les {len(pivot.rows)}{NBSP}lignes de cette page, sur {pivot.row_count}.{more}"


def short_period(value: str) -> str:
    """Return a period for an axis.

    >>> short_period("2027-03"), short_period("2027-Q1"), short_period("2027")
    ('mars 27', 'T1 27', '2027')
    """
    year, _, part = value.partition("-")
    if not part:
        return year
    name = f"T{part[1:]}" if part.startswith("Q") else MONTHS[int(part) - 1]
    return f"{name} {year[2:]}"
