"""The answer to a pivot: one structure, from which JSON, exports and pages are made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from search_app.analytics.dimensions import Dimension
from search_app.analytics.measures import Measure
from search_app.search.resolved import ResolvedSearch

Values = Mapping[str, int | float | None]  # by name of the measure; None is not known


@dataclass(frozen=True, slots=True)
class Row:
    """A row or a column. ``value`` is as the parameter of the search takes it, None for what has none.

    ``search`` is the query string of its offers for ``/api/v1/offers``, without the question mark; its total is
    ``measures["offers"]``. ``previous`` are the measures of the period compared with, if one is.
    """

    value: str | None
    label: str
    measures: Values
    search: str
    previous: Values | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """The offers of a row that are in a column, named by their values."""

    row: str | None
    column: str | None
    measures: Values
    search: str
    previous: Values | None = None


@dataclass(frozen=True, slots=True)
class Pivot:
    """Total, rows of one page, all columns, and the cells of these rows: each counted for itself, never added up.

    ``search`` is the query string of all offers; ``found`` the search as it was understood and finally asked.
    """

    total: Values
    measures: Sequence[Measure]
    search: str
    found: ResolvedSearch
    rows_by: Dimension | None = None
    columns_by: Dimension | None = None
    rows: Sequence[Row] = field(default=())
    columns: Sequence[Row] = field(default=())
    cells: Sequence[Cell] = field(default=())
    sort: str = "offers"
    page: int = 1
    size: int = 20
    row_count: int = 0
    total_previous: Values | None = None
    compared_with: tuple[str, str] | None = None  # the moved window, ISO days

    @property
    def pages(self) -> int:
        """Return the number of pages of rows."""
        return -(-self.row_count // self.size)

    def cell(self, row: str | None, column: str | None) -> Cell | None:
        """Return a cell of this page, None if it has no offer."""
        return next((each for each in self.cells if each.row == row and each.column == column), None)
