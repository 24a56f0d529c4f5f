"""From the sums that the engine counted to rows, columns and cells."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from language.words import fold
from search_app.analytics.answer import Cell, Row, Values
from search_app.analytics.dimensions import Dimension, Kind
from search_app.analytics.engine.sums import SIZE, to_sums
from search_app.analytics.labels import Labels
from search_app.analytics.links import Links
from search_app.analytics.measures import values_of
from search_app.analytics.periods import Period
from search_app.analytics.plan import PIVOT, STATES
from search_app.analytics.query import PivotQuery

Sums = Sequence[int]
NO_SUMS: Sums = (0,) * SIZE


@dataclass(frozen=True)
class Counted:
    """What one request counted: sums by the keys of rows and columns, as the scripts have them."""

    total: Sums = NO_SUMS
    rows: Mapping[str, Sums] = field(default_factory=dict)
    columns: Mapping[str, Sums] = field(default_factory=dict)
    cells: Mapping[tuple[str, str], Sums] = field(default_factory=dict)
    count: int = 0  # of rows, those of other pages included
    column_count: int = 0
    keys: Sequence[str] = ()


def read_counted(answer: Mapping[str, Any]) -> Counted:
    """Return what the engine's answer to ``plan.pivot_body`` says."""
    value = answer["aggregations"][PIVOT]["value"]
    return Counted(
        value["total"] or NO_SUMS,
        {row[0]: row[1] for row in value["rows"]},
        {column[0]: column[1] for column in value["columns"]},
        {(row, column): sums for row, column, sums in value["cells"]},
        value["count"],
        value["columnCount"],
        value.get("keys", ()),
    )


class Presenter:
    """Makes rows and cells of one pivot."""

    def __init__(self, query: PivotQuery, labels: Labels, links: Links, periods: Sequence[Period]) -> None:
        self._query = query
        self._labels = labels
        self._links = links
        self._periods = periods

    def values(self, sums: Sums | None) -> Values:
        """Return the measures of a cell; without sums it has no offer."""
        return values_of(to_sums(sums or NO_SUMS), self._query.measures)

    @property
    def total_link(self) -> str:
        """Return the query string of all offers."""
        return self._links.total

    def value(self, dimension: Dimension, key: str) -> str | None:
        """Return the value of a key of the scripts."""
        if dimension.is_period:
            return self._periods[int(key)].value
        if dimension.kind is Kind.STATE:
            return str(STATES[key])
        return key or None

    def key(self, dimension: Dimension, value: str | None) -> str:
        """Return the key of a value."""
        if dimension.is_period:
            return str(next(place for place, each in enumerate(self._periods) if each.value == value))
        if dimension.kind is Kind.STATE:
            return next(key for key, state in STATES.items() if state == value)
        return value or ""

    def label(self, dimension: Dimension, key: str) -> str:
        """Return the label of a key."""
        return self._labels.of(dimension, self.value(dimension, key))

    def by_label(self, dimension: Dimension, keys: Iterable[str]) -> list[str]:
        """Return keys in the order of their labels, periods by time; what has no value comes last."""
        if dimension.is_period:
            return sorted(keys, key=int)
        return sorted(keys, key=lambda key: (not key, fold(self.label(dimension, key)), key))

    def rows(self, keys: Iterable[str], sums: Mapping[str, Sums], previous: Mapping[str, Sums] | None) -> Iterator[Row]:
        """Yield the rows with these keys."""
        assert self._query.rows is not None
        return self._lines(self._query.rows, self._links.row, keys, sums, previous)

    def columns(
        self, keys: Iterable[str], sums: Mapping[str, Sums], previous: Mapping[str, Sums] | None
    ) -> Iterator[Row]:
        """Yield the columns with these keys."""
        assert self._query.columns is not None
        return self._lines(self._query.columns, self._links.column, keys, sums, previous)

    def _lines(
        self,
        dimension: Dimension,
        link: Any,
        keys: Iterable[str],
        sums: Mapping[str, Sums],
        previous: Mapping[str, Sums] | None,
    ) -> Iterator[Row]:
        for key in keys:
            value = self.value(dimension, key)
            before = None if previous is None else self.values(previous.get(key))
            yield Row(value, self._labels.of(dimension, value), self.values(sums.get(key)), link(value), before)

    def cells(
        self,
        rows: Iterable[str],
        columns: Sequence[str],
        sums: Mapping[tuple[str, str], Sums],
        previous: Mapping[tuple[str, str], Sums] | None,
    ) -> Iterator[Cell]:
        """Yield the cells of these rows and columns that have offers, or all of them if empty ones are shown."""
        by_row, by_column = self._query.rows, self._query.columns
        assert by_row is not None
        assert by_column is not None
        columns_ = [(key, self.value(by_column, key)) for key in columns]
        for row_key in rows:
            row = self.value(by_row, row_key)
            for column_key, column in columns_:
                found = sums.get((row_key, column_key))
                before = None if previous is None else previous.get((row_key, column_key))
                if found is None and before is None and not self._query.show_empty:
                    continue
                told = None if previous is None else self.values(before)
                yield Cell(row, column, self.values(found), self._links.cell(row, column), told)
