"""All lines of a pivot, part by part, from one point in time.

A part is counted by the engine as a whole, so a pivot that may have many cells is counted in parts of its rows: each
has the cells of some tens of thousands of offers at most, however large the catalogue is.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

from search_app.analytics.dimensions import Kind
from search_app.analytics.engine.asking import Asking
from search_app.analytics.periods import move_of
from search_app.analytics.plan import CELLS, COLUMNS, ROWS, Part, offers_body
from search_app.analytics.present import NO_SUMS, Counted, Presenter, Sums
from search_app.analytics.query import PivotQuery
from search_app.analytics.service import Pivoting, has_many, set_periods, shown_keys
from search_app.base.errors import EngineOverloaded, ExportsFull
from search_app.search.service import Services

OFFERS_OF_A_PART: Final = 16_000
MOST_PARTS: Final = 64
EVERY_COLUMN: Final = 1_000_000
Line = tuple[object, ...]  # row, column if there are any, measures in order; None is not told


def header_of(query: PivotQuery) -> tuple[str, ...]:
    """Return the names of the columns of the file."""
    names = [each.name for each in query.measures]
    before = [f"previous_{name}" for name in names] if query.compare else []
    return ("row", *(("column",) if query.columns else ()), *names, *before)


@dataclass(eq=False)
class TableScan:
    """The lines of one pivot; takes a place among the open exports, and must be closed."""

    services: Services
    query: PivotQuery
    client: str
    view: str | None = None
    offers: int = 0
    _closed: bool = False

    async def begin(self) -> Pivoting:
        """Open the view and count the offers; raises ExportsFull, TooManyRequests, EngineError."""
        self.services.scans.add(self)
        try:
            self.view = await self.services.scans.views.open()
            work = Pivoting(self.services, self.query, Asking(self.services, self.view), self.query.search)
            await set_periods(work)
            work.search, answer = await work.asking.ask_search(work.search, lambda each: offers_body(self.query, each))
        except EngineOverloaded as error:
            self.close()
            raise ExportsFull("Trop d’exports pour le moteur de recherche. Réessayez dans un instant.") from error
        except BaseException:
            self.close()
            raise
        self.offers = answer["hits"]["total"]["value"]
        return work

    async def keep(self) -> None:
        """Extend the view: its reader may be slow."""
        if self.view is not None:
            await Asking(self.services, self.view).ask({"size": 0, "query": {"match_none": {}}})

    def close(self) -> None:
        """Close the view and release the place; never waits, and may be called again."""
        if self.view is not None:
            self.services.scans.views.close_soon(self.view)
            self.view = None
        if not self._closed:
            self._closed = True
            self.services.scans.leave(self)

    def __enter__(self) -> "TableScan":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


async def batches(scan: TableScan, work: Pivoting) -> AsyncIterator[list[Line]]:
    """Yield all lines in batches; raises EngineError, ExportsFull once the scan is closed."""
    query, services = scan.query, scan.services
    move = move_of(query.compare, *_window(work)) if query.compare else None
    for part in _parts(scan):
        if scan.view is None:
            raise ExportsFull("Cet export s’arrête : le service redémarre.")
        async with services.scans.steps:
            counted = await work.count(part)
            before = await work.count_moved(part, move) if move else None
        yield await services.turns.make(_lines(work, counted, before, whole=part.hashed[1] == 1))


def _window(work: Pivoting) -> tuple[date | None, date | None]:
    return work.search.params.start_from, work.search.params.start_to


def _parts(scan: TableScan) -> list[Part]:
    query = scan.query
    cells = len(query.dimensions) == 2
    if not has_many(query):
        return [Part(ROWS | (COLUMNS | CELLS if cells else 0), most_columns=EVERY_COLUMN)]
    number = min(MOST_PARTS, 1 + scan.offers // OFFERS_OF_A_PART)
    if query.rows is not None and query.rows.kind not in (Kind.OFFER, Kind.FUNDER, Kind.LINE):
        number = 1  # there are few periods and states
    return [Part(CELLS if cells else ROWS, hashed=(place, number)) for place in range(number)]


def _lines(work: Pivoting, counted: Counted, before: Counted | None, *, whole: bool) -> Iterator[Line]:
    """Yield the lines of a part; of a whole pivot in the order of labels, with ``empty`` those without offers, too."""
    query, presenter = work.query, work.presenter({})
    rows_by, columns_by = query.rows, query.columns
    assert rows_by is not None
    if columns_by is None:
        rows = {*counted.rows, *(shown_keys(work, rows_by) if whole else ())}
        for key in presenter.by_label(rows_by, rows) if whole else sorted(rows):
            told = before.rows.get(key, NO_SUMS) if before else None
            yield (presenter.value(rows_by, key), *_values(presenter, counted.rows.get(key), told))
        return
    keys: Iterable[tuple[str, str]] = sorted(counted.cells)
    if whole:
        rows = {*(row for row, _ in counted.cells), *shown_keys(work, rows_by)}
        columns = {*(column for _, column in counted.cells), *shown_keys(work, columns_by)}
        keys = product(presenter.by_label(rows_by, rows), presenter.by_label(columns_by, columns))
        if not query.show_empty:
            keys = (key for key in keys if key in counted.cells)
    for row, column in keys:
        told = before.cells.get((row, column), NO_SUMS) if before else None
        values = _values(presenter, counted.cells.get((row, column)), told)
        yield (presenter.value(rows_by, row), presenter.value(columns_by, column), *values)


def _values(presenter: Presenter, sums: Sums | None, before: Sums | None) -> Iterable[object]:
    told = presenter.values(sums).values()
    return told if before is None else (*told, *presenter.values(before).values())
