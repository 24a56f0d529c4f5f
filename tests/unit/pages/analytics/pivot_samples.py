"""Pivots that the tests of these pages render: invented figures, easy to change."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lxml import html

from search_app.analytics.answer import Cell, Pivot, Row
from search_app.analytics.dimensions import DIMENSIONS
from search_app.analytics.history import Day, HistoryQuery
from search_app.analytics.measures import MEASURES
from search_app.analytics.query import OWN, VOCABULARY, PivotQuery
from search_app.pages.analytics.figures import with_coverage
from search_app.pages.analytics.page import Answers, PivotPage, build_pivot_page
from search_app.pages.shared.render import render
from search_app.search.links import Pairs
from search_app.search.params import parse_params
from search_app.search.query import SearchRequest
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import SearchResults
from tests.unit.pages.pages_samples import NO_LABELS, TODAY, card, results

Kept = tuple[HistoryQuery | None, Sequence[Day]]
SITE = "https://boussole.example"


def values(offers: int = 4, **changes: float | None) -> dict[str, float | None]:
    """Return all measures of a cell."""
    if not offers:
        return {name: 0 if row.unit in ("offres", "sessions") else None for name, row in MEASURES.items()}
    plain: dict[str, float | None] = {
        "offers": offers, "sessions": 2 * offers, "trainings": 2, "providers": 1, "bought": 40, "capacity": 20,
        "left": 5, "filled": 15, "left_at_least": 4, "fill_rate": 0.75, "seats_known": 0.6, "price_hour": 9.5,
        "price_known": 0.5,
    }  # fmt: skip
    return plain | changes


def search_of(pairs: Pairs) -> ResolvedSearch:
    """Return the resolved search of an address, without any engine."""
    params = parse_params(
        [pair for pair in pairs if pair[0] in VOCABULARY and (pair[0] not in OWN or pair[0] == "page")]
    )
    return ResolvedSearch(params, SearchRequest(params, None, TODAY), (), NO_LABELS)


def query_of(pairs: Pairs) -> PivotQuery:
    """Return the pivot of an address that has no fault."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    measures = given.get("measure", ["offers", "sessions", "left", "fill_rate"])
    return PivotQuery(
        search_of(pairs),
        DIMENSIONS.get(given.get("rows", [""])[0]),
        DIMENSIONS.get(given.get("columns", [""])[0]),
        tuple(MEASURES[name] for name in measures),
        given.get("sort", ["offers"])[0],
        int(given.get("page", ["1"])[0]),
    )


def row(value: str | None, label: str, **changes: Any) -> Row:
    """Return a row whose offers are those of its value."""
    return Row(value, label, values(**changes), f"region={value or 'unknown'}")


def pivot_of(query: PivotQuery, **changes: Any) -> Pivot:
    """Return an answer with two rows; with columns, with two of them and three of four cells."""
    rows = (row("76", "Occitanie", offers=9), row(None, "Région non connue", offers=2, left=None, fill_rate=None))
    columns = (Row("2", "Région", values(6), "funder=2"), Row("4", "France Travail", values(5), "funder=4"))
    cells = (
        Cell("76", "2", values(5, left=0), "region=76&funder=2"),
        Cell("76", "4", values(4), "region=76&funder=4"),
        Cell(None, "2", values(2), "region=unknown&funder=2"),
    )
    plain = Pivot(
        values(11), with_coverage(query.measures), "upcoming=true", query.search, query.rows, query.columns,
        rows if query.rows else (), columns if query.columns else (),
        cells if query.rows and query.columns else (), query.sort or "", query.page, 20, 2,
    )  # fmt: skip
    return replace(plain, **changes)


def page_of(
    pairs: Pairs, answer: SearchResults | None = None, *, history: Kept | None = None, **changes: Any
) -> PivotPage:
    """Return the page of an address."""
    query = query_of(pairs)
    pivot = pivot_of(query, **changes)
    return build_pivot_page(query, Answers(pivot, pivot, answer or results(card()), history), pairs, SITE)


def html_of(pairs: Pairs, answer: SearchResults | None = None, **changes: Any) -> html.HtmlElement:
    """Return the same as HTML."""
    page: html.HtmlElement = html.fromstring(render("analytics/pivot.html", page_of(pairs, answer, **changes)).decode())
    return page


def text_of(element: html.HtmlElement) -> str:
    """Return what is read of an element, on one line."""
    return " ".join(str(element.text_content()).replace("\xa0", " ").replace("\u202f", " ").split())
