"""The order of columns on pages: the largest first, where the dimension has no order of its own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from search_app.analytics.answer import Pivot, Row
from search_app.analytics.dimensions import Dimension
from search_app.pages.analytics.figures import Kind

_IN_ORDER: Final = ("level",)  # whose labels stand in their own order


def has_order(dimension: Dimension) -> bool:
    """Tell whether the values of a dimension have an order of their own: periods, and levels."""
    return dimension.is_period or dimension.name in _IN_ORDER


def in_order(columns: Sequence[Row], dimension: Dimension, kind: Kind) -> tuple[Row, ...]:
    """Return columns, the largest of a measure first, what is not known and what has no value last."""
    if has_order(dimension):
        return tuple(columns)

    def place(column: Row) -> tuple[bool, bool, float]:
        value = column.measures.get(kind.name)
        return column.value is None, value is None, -(value or 0)

    return tuple(sorted(columns, key=place))


def with_columns_in_order(pivot: Pivot, kinds: Sequence[Kind]) -> Pivot:
    """Return the answer with its columns in the order of the rows' measure, or else of the first one shown."""
    if pivot.columns_by is None:
        return pivot
    kind = next((each for each in kinds if each.name == pivot.sort), kinds[0])
    return replace(pivot, columns=in_order(pivot.columns, pivot.columns_by, kind))
