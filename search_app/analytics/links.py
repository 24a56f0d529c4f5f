"""Query strings of the searches that total, rows, columns and cells are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from search_app.analytics.dimensions import UNTOLD, Dimension
from search_app.analytics.periods import Move, Period
from search_app.analytics.query import PivotQuery
from search_app.search.links import DAYS, Pairs, to_pairs, without
from search_app.search.query.words import words_filter
from search_app.search.resolved import ResolvedSearch

# They change the order or the page of results, never which offers are found.
_OF_RESULTS: Final = ("sort", "group", "size", "facets")
VERBATIM: Final = "verbatim"


def search_pairs(search: ResolvedSearch) -> Pairs:
    """Return the parameters of a search as it was understood: the filters among the words are parameters of their own.

    The remaining words are written so that they mean the same again, where there is such a way.
    """
    params = search.params
    pairs = without(to_pairs(params), "q", *_OF_RESULTS)
    if search.meant is None:
        return pairs
    return (*_words(search), *pairs)


def _words(search: ResolvedSearch) -> Pairs:
    """Return the words, with what is to be taken as it is, such that they find the same offers."""
    meant, params = search.meant, search.params
    if meant is None or not meant.words:
        return ()
    wanted = words_filter(replace(meant, loose=False))
    given = params.given
    for text in dict.fromkeys((meant.kept, meant.words, search.asked.q)):
        for more in ((), ("filters",), ("filters", "spelling")):
            verbatim = tuple(dict.fromkeys((*params.verbatim, *more)))
            again = search.snapshot.understander.understand(text, search.today, verbatim=verbatim, given=given)
            if not again.parameters and again.words and words_filter(again) == wanted:
                new = [name for name in verbatim if name not in params.verbatim]
                return (("q", text), *((VERBATIM, name) for name in new))
    return (("q", meant.kept), (VERBATIM, "filters"))


class Links:
    """The query strings of one pivot; a value replaces the parameter of its dimension."""

    def __init__(self, query: PivotQuery, search: ResolvedSearch, periods: Sequence[Period]) -> None:
        self._pairs = search_pairs(search)
        self._periods: Mapping[str, Period] = {each.value: each for each in periods}
        self._bases: dict[tuple[str, ...], str] = {}
        self._rows, self._columns = query.rows, query.columns

    @property
    def total(self) -> str:
        """Return the query string of all offers."""
        return urlencode(self._pairs)

    def row(self, value: str | None) -> str:
        """Return the query string of a row."""
        return self._of([(self._rows, value)])

    def column(self, value: str | None) -> str:
        """Return the query string of a column."""
        return self._of([(self._columns, value)])

    def cell(self, row: str | None, column: str | None) -> str:
        """Return the query string of a cell."""
        return self._of([(self._rows, row), (self._columns, column)])

    def _of(self, chosen: Sequence[tuple[Dimension | None, str | None]]) -> str:
        names: list[str] = []
        added: list[tuple[str, str]] = []
        for dimension, value in chosen:
            if dimension is None:
                continue
            if dimension.is_period and value is not None:
                names += DAYS
                period = self._periods[value]
                added += zip(DAYS, (period.first.isoformat(), period.last.isoformat()), strict=True)
            else:
                names.append(dimension.param)
                added.append((dimension.param, UNTOLD if value is None else value))
        key = tuple(names)
        if key not in self._bases:
            self._bases[key] = urlencode(without(self._pairs, *names))
        base, more = self._bases[key], urlencode(added)
        return f"{base}&{more}" if base else more


def moved(search: ResolvedSearch, move: Move) -> ResolvedSearch:
    """Return the same search with its window of starts moved."""
    first, last = search.params.start_from, search.params.start_to
    return search.with_params(
        start_from=move.day(first) if first else None, start_to=move.last_day(last) if last else None
    )
