"""Answers a pivot: which requests it takes, and what is made of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from search_app.analytics.answer import Pivot
from search_app.analytics.bounds import find_periods
from search_app.analytics.dimensions import DIMENSIONS, UNTOLD, Dimension
from search_app.analytics.engine.asking import Asking, asking
from search_app.analytics.engine.sums import to_sums
from search_app.analytics.labels import Labels
from search_app.analytics.links import Links, moved
from search_app.analytics.measures import MEASURES, values_of
from search_app.analytics.periods import Move, Period, move_of
from search_app.analytics.plan import (
    CELLS,
    COLUMNS,
    MOST_COLUMNS,
    ROWS,
    TOTAL,
    Part,
    offers_body,
    pivot_body,
)
from search_app.analytics.present import NO_SUMS, Counted, Presenter, read_counted
from search_app.analytics.query import BY_LABEL, PivotQuery, chosen_values
from search_app.base.errors import BadParameters, Fault
from search_app.search.resolved import ResolvedSearch
from search_app.search.service import Services

TRAINING: Final = DIMENSIONS["training"]
MOST_PERIODS: Final = 600  # rows by month of fifty years
MOST_BEFORE: Final = 10_000  # columns of the period compared with: those that are shown are among them


@dataclass
class Pivoting:
    """One pivot while it is answered; ``search`` becomes what was finally asked."""

    services: Services
    query: PivotQuery
    asking: Asking
    search: ResolvedSearch
    periods: Sequence[Period] = ()

    async def count(self, part: Part) -> Counted:
        """Return what the engine counts of the search."""
        self.search, answer = await self.asking.ask_search(
            self.search, lambda request: pivot_body(self.query, request, self.periods, part)
        )
        return await asyncio.to_thread(read_counted, answer)

    async def count_moved(self, part: Part, move: Move) -> Counted:
        """Return the same of the search with its window moved."""
        request = moved(self.search, move).request
        part = replace(part, most_columns=MOST_BEFORE)
        return read_counted(await self.asking.ask(pivot_body(self.query, request, self.periods, part, move)))

    def presenter(self, titles: dict[str, str]) -> Presenter:
        """Return what makes the rows and cells."""
        labels = Labels(self.search.snapshot, self.periods, titles)
        return Presenter(self.query, labels, Links(self.query, self.search, self.periods), self.periods)


async def pivot(services: Services, query: PivotQuery) -> Pivot:
    """Return total, rows of the page, columns and cells; raises BadParameters for too many columns, EngineError."""
    several = bool(query.compare) or has_many(query) or any(each.is_period for each in query.dimensions)
    async with asking(services, several=several) as one_view:
        work = Pivoting(services, query, one_view, query.search)
        await set_periods(work)
        counted, keys = await _count_page(work)
        if query.columns is not None:
            _check_columns(query.columns, counted.column_count)
        before = await _count_before(work, keys) if query.compare else None
        shown = [*(keys if query.rows is TRAINING else ()), *(counted.columns if query.columns is TRAINING else ())]
        titles = await titles_of(work.asking, shown)
    return await _present(work, counted, before, keys, titles)


def is_long(query: PivotQuery, dimension: Dimension | None) -> bool:
    """Tell whether a dimension may have more values than one answer should carry with all its cells."""
    if dimension is None or not dimension.may_have_many:
        return False
    chosen = chosen_values(query.search.params, dimension)
    return chosen is None or (dimension.name == "formacode" and any(len(code) == 3 for code in chosen))


def has_many(query: PivotQuery) -> bool:
    """Tell whether rows or columns may be many."""
    return is_long(query, query.rows) or is_long(query, query.columns)


async def set_periods(work: Pivoting) -> None:
    """Find the periods of the dimension that has them; raises BadParameters if they are too many."""
    for dimension in work.query.dimensions:
        if dimension.is_period:
            work.search, work.periods = await find_periods(work.asking, work.search, dimension)
            if dimension is work.query.columns:
                _check_columns(dimension, len(work.periods))
            _check_periods(dimension, len(work.periods))


def _check_periods(dimension: Dimension, number: int) -> None:
    """Raise BadParameters if there are too many: sessions with an open end are counted in each of them."""
    if number > MOST_PERIODS:
        allowed = f"une fenêtre start_from – start_to d’au plus {MOST_PERIODS} périodes, ou quarter ou year"
        why = f"{number} périodes pour {dimension.name}, c’est trop"
        message = f"start_to : {why} (reçu : « {dimension.name} » ; possible : {allowed})."
        raise BadParameters([Fault("start_to", dimension.name, allowed, message, f"{why} (possible : {allowed}).")])


def _check_columns(dimension: Dimension, number: int) -> None:
    if number > MOST_COLUMNS:
        allowed = f"une dimension d’au plus {MOST_COLUMNS} colonnes, ou un filtre qui en garde moins"
        why = f"{number} colonnes pour {dimension.name}, c’est trop pour un tableau"
        message = f"columns : {why} (reçu : « {dimension.name} » ; possible : {allowed})."
        raise BadParameters([Fault("columns", dimension.name, allowed, message, f"{why} (possible : {allowed}).")])


async def _count_page(work: Pivoting) -> tuple[Counted, list[str]]:
    """Return what is counted, and the keys of the rows of the page in order.

    The engine sorts and cuts many rows by a measure; of many rows by label it first tells the keys. Cells of many rows
    or columns are counted for the rows of the page alone.
    """
    query = work.query
    groups = TOTAL | (ROWS if query.rows else 0) | (COLUMNS if query.columns else 0)
    cells = CELLS if len(query.dimensions) == 2 else 0
    if not has_many(query):
        counted = await work.count(Part(groups | cells))
        return await _page_of(work, counted)
    long_rows, by_label = is_long(query, query.rows), query.sort == BY_LABEL
    part = Part(groups)
    if long_rows and by_label:
        part = replace(part, keys_alone=True)
    elif long_rows:
        part = replace(part, sort=MEASURES[query.sort or "offers"], first=_first(query), size=query.size)
    counted = await work.count(part)
    keys = list(counted.rows)
    if not long_rows or by_label:
        counted, keys = await _page_of(work, counted)
    rest = cells | (ROWS if long_rows and by_label else 0)
    if keys and rest:
        more = await work.count(Part(rest, only=keys))
        counted = replace(counted, rows=more.rows if rest & ROWS else counted.rows, cells=more.cells)
    return counted, keys


def _first(query: PivotQuery) -> int:
    return (query.page - 1) * query.size


async def _page_of(work: Pivoting, counted: Counted) -> tuple[Counted, list[str]]:
    """Return the same with the number of rows, and the keys of the page, where the keys of all rows are known."""
    query = work.query
    if query.rows is None:
        return counted, []
    presenter = work.presenter({})
    if query.rows is TRAINING and counted.keys:
        return counted, await _trainings_by_title(work)
    keys = presenter.by_label(query.rows, {*counted.keys, *counted.rows, *shown_keys(work, query.rows)})
    if measure := MEASURES.get(query.sort or ""):
        values = {key: values_of(to_sums(counted.rows.get(key, NO_SUMS)), [measure])[measure.name] for key in keys}
        keys.sort(key=lambda key: (values[key] is None, -(values[key] or 0)))
    return replace(counted, count=len(keys)), keys[_first(query) : _first(query) + query.size]


def shown_keys(work: Pivoting, dimension: Dimension) -> list[str]:
    """Return the keys shown without offers: all periods; with ``empty`` the chosen values, or a closed table."""
    if dimension.is_period:
        return [str(place) for place in range(len(work.periods))]
    if not work.query.show_empty:
        return []
    presenter = work.presenter({})
    chosen = chosen_values(work.search.params, dimension)
    values = dimension.closed if chosen is None else [None if value == UNTOLD else value for value in chosen]
    digits = 5 if dimension.name == "formacode" else 0
    return [presenter.key(dimension, value) for value in values if not digits or value is None or len(value) == digits]


async def _trainings_by_title(work: Pivoting) -> list[str]:
    """Return the keys of the trainings of the page in the order of their titles."""
    body = offers_body(work.query, work.search.request) | {
        "sort": ["title.exact", "training_key"], "collapse": {"field": "training_key"}, "_source": ["training_key"],
        "from": _first(work.query), "size": work.query.size,
    }  # fmt: skip
    answer = await work.asking.ask(body)
    return [hit["_source"]["training_key"] for hit in answer["hits"].get("hits", ())]


async def titles_of(asked: Asking, keys: Sequence[str]) -> dict[str, str]:
    """Return a title of each of these trainings."""
    if not keys:
        return {}
    body = {
        "query": {"bool": {"filter": [{"terms": {"training_key": list(keys)}}]}},
        "collapse": {"field": "training_key"}, "sort": ["title.exact", "key"], "size": len(keys),
        "_source": ["training_key", "title"], "track_total_hits": True,
    }  # fmt: skip
    hits = (await asked.ask(body))["hits"].get("hits", ())
    return {hit["_source"]["training_key"]: hit["_source"]["title"] for hit in hits}


async def _count_before(work: Pivoting, keys: Sequence[str]) -> Counted:
    """Return what is counted with the window moved, for the same rows and columns."""
    query, params = work.query, work.search.params
    move = move_of(query.compare or "", params.start_from, params.start_to)
    rows, columns = ROWS if query.rows else 0, COLUMNS if query.columns else 0
    cells = CELLS if len(query.dimensions) == 2 else 0
    if not has_many(query):
        return await work.count_moved(Part(TOTAL | rows | columns | cells), move)
    counted = await work.count_moved(Part(TOTAL | columns), move)
    if not keys:
        return counted
    rest = await work.count_moved(Part(rows | cells, only=keys), move)
    return replace(counted, rows=rest.rows, cells=rest.cells)


async def _present(
    work: Pivoting, counted: Counted, before: Counted | None, keys: Sequence[str], titles: dict[str, str]
) -> Pivot:
    """Return the answer; rows and cells are made in turns with other requests."""
    query, turns = work.query, work.services.turns
    presenter = work.presenter(titles)
    columns: Sequence[str] = []
    if query.columns is not None:
        columns = presenter.by_label(query.columns, {*counted.columns, *shown_keys(work, query.columns)})
        _check_columns(query.columns, len(columns))
    rows_made, columns_made, cells_made = [], [], []
    if query.rows is not None:
        rows_made = await turns.make(presenter.rows(keys, counted.rows, before.rows if before else None))
    if query.columns is not None:
        columns_made = await turns.make(presenter.columns(columns, counted.columns, before.columns if before else None))
    if len(query.dimensions) == 2:
        cells_made = await turns.make(presenter.cells(keys, columns, counted.cells, before.cells if before else None))
    params = work.search.params
    compared = None
    if query.compare:
        other = moved(work.search, move_of(query.compare, params.start_from, params.start_to)).params
        compared = (str(other.start_from or ""), str(other.start_to or ""))
    return Pivot(
        total=presenter.values(counted.total), measures=query.measures, search=presenter.total_link, found=work.search,
        rows_by=query.rows, columns_by=query.columns, rows=rows_made, columns=columns_made, cells=cells_made,
        sort=query.sort or "", page=query.page, size=query.size, row_count=counted.count,
        total_previous=presenter.values(before.total) if before else None, compared_with=compared,
    )  # fmt: skip
