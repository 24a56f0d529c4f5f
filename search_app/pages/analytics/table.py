"""The table of a pivot: a line for all, then one a row; each figure a link to its offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from search_app.analytics.answer import Cell, Pivot, Row, Values
from search_app.analytics.dimensions import Dimension
from search_app.census.present import PATH as PROVIDERS
from search_app.pages.analytics.addresses import PIVOT, offers_at
from search_app.pages.analytics.figures import Figure, Kind, to_figure
from search_app.search.facets.zones import short_zone
from search_app.search.links import Pairs, address, replaced, without
from search_app.text.casing import cased
from search_app.text.wording import NBSP, counted, number

OF_ORGANISATIONS: Final = ("provider", "trainer")  # dimensions whose labels are names


@dataclass(frozen=True, slots=True)
class SortHead:
    """The head of a measure: its label, and the address of the same table ordered by it."""

    label: str
    href: str
    sorted: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its groups of figures are those of the row as a whole, then one for each column; None has no offer.

    ``about`` is the page of the organisation that the row is.
    """

    label: str
    about: str | None
    groups: tuple[tuple[Figure, ...] | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The table; without columns there is one group of figures. ``whole`` is the line of everything found."""

    caption: str
    corner: SortHead
    measures: tuple[SortHead, ...]
    columns: tuple[str, ...]
    whole: Line
    lines: tuple[Line, ...]

    @property
    def two_heads(self) -> bool:
        """Tell whether columns and measures need a line of heads each."""
        return bool(self.columns) and len(self.measures) > 1


def build_table(pivot: Pivot, kinds: Sequence[Kind], pairs: Pairs) -> Table:
    """Return the table of a pivot; ``kinds`` are the measures that it shows, ``pairs`` its own address."""
    cells = {(cell.row, cell.column): cell for cell in pivot.cells}
    labels = labels_of(pivot.rows, pivot.rows_by)
    return Table(
        caption=_caption(pivot),
        corner=_sort_head(pivot.rows_by.label if pivot.rows_by else "", "label", pivot, pairs),
        measures=tuple(_sort_head(kind.label, kind.name, pivot, pairs) for kind in kinds),
        columns=labels_of(pivot.columns, pivot.columns_by),
        whole=_whole(pivot, kinds),
        lines=tuple(
            Line(label, _about(row, pivot.rows_by), _groups(row, pivot.columns, cells, kinds))
            for label, row in zip(labels, pivot.rows, strict=True)
        ),
    )


def labels_of(rows: Sequence[Row], dimension: Dimension | None) -> tuple[str, ...]:
    """Return the labels of rows as pages show them: names cased for reading, and told apart where they are alike."""
    if dimension is not None and dimension.name == "employment_zone":
        return tuple(short_zone(row.label) for row in rows)
    if dimension is None or dimension.name not in OF_ORGANISATIONS:
        return tuple(row.label for row in rows)
    shown = [cased(row.label) if row.value and row.value not in row.label else row.label for row in rows]
    return tuple(
        f"{label} ({row.value})" if row.value and shown.count(label) > 1 else label
        for label, row in zip(shown, rows, strict=True)
    )


def figures_of(
    kinds: Sequence[Kind], measures: Values, search: str, previous: Values | None = None
) -> tuple[Figure, ...] | None:
    """Return the figures of a row or cell; None without any offer, now and before."""
    if not measures.get("offers") and not (previous and previous.get("offers")):
        return None
    return tuple(to_figure(kind, measures, offers_at(search), previous) for kind in kinds)


def _whole(pivot: Pivot, kinds: Sequence[Kind]) -> Line:
    """Return the line of everything found, with the totals of the columns."""
    first = figures_of(kinds, pivot.total, pivot.search, pivot.total_previous)
    groups = [figures_of(kinds, row.measures, row.search, row.previous) for row in pivot.columns]
    return Line("Ensemble", None, (first, *groups))


def _about(row: Row, dimension: Dimension | None) -> str | None:
    """Return the page of the organisation that a row is, None if it is none or has no number."""
    if dimension is None or dimension.name not in OF_ORGANISATIONS or row.value is None:
        return None
    return f"{PROVIDERS}/{row.value}"


def _groups(
    row: Row, columns: Sequence[Row], cells: Mapping[tuple[str | None, str | None], Cell], kinds: Sequence[Kind]
) -> tuple[tuple[Figure, ...] | None, ...]:
    """Return the figures of a row, and those of its cells."""
    groups = [figures_of(kinds, row.measures, row.search, row.previous)]
    for column in columns:
        cell = cells.get((row.value, column.value))
        groups.append(figures_of(kinds, cell.measures, cell.search, cell.previous) if cell else None)
    return tuple(groups)


def _sort_head(label: str, name: str, pivot: Pivot, pairs: Pairs) -> SortHead:
    return SortHead(label, address(replaced(without(pairs, "page"), "sort", name), PIVOT), pivot.sort == name)


def _caption(pivot: Pivot) -> str:
    if pivot.rows_by is None:
        return "Ensemble"
    text = counted(pivot.row_count, "ligne", "lignes")
    if pivot.pages > 1:
        text += f", page {pivot.page} sur{NBSP}{number(pivot.pages)}"
    return text
