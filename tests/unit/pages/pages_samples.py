"""Objects that the tests of the pages render: small, whole, and easy to change."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from search_app.pages.search.instead.elsewhere import NOTHING_INSTEAD, Instead
from search_app.pages.search.page import SearchPage, build_search_page
from search_app.pages.search.shown import LIST, Shown
from search_app.pages.shared.render import render
from search_app.search.facets import FACETS
from search_app.search.params import parse_params
from search_app.search.query import SearchRequest
from search_app.search.reference_data import Snapshot
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import (
    CodeView,
    FacetRow,
    OfferCard,
    PlaceFound,
    PlaceView,
    ProviderView,
    SearchResults,
    SeatsView,
    SessionView,
    SourceState,
    TrainingView,
)

TODAY = date(2026, 11, 23)
REGION = CodeView("2", "Région")
NO_LABELS = Snapshot()

Query = list[tuple[str, str]]

EVERYTHING: Query = [
    ("q", "maçon"), ("place", "Albi"), ("radius", "50"), ("remote", "exclude"), ("start_from", "2027-03-01"),
    ("start_to", "2027-03-31"), ("funder", "2"), ("funder", "4"), ("seats", "2"), ("recruiting", "open"),
    ("state_funded", "true"), ("domain", "223"), ("rome", "F1703"), ("rncp", "37348"), ("level", "13"),
    ("audience", "83056"), ("mode", "onsite"), ("entry", "permanent"), ("region", "76"), ("department", "81"),
    ("provider", "041427865"), ("entry_level", "0"), ("free", "true"), ("upcoming", "true"), ("hours_max", "400.5"),
    ("price_max", "2000"), ("sort", "distance"), ("size", "10"), ("training", "training2345"),
]  # fmt: skip
EVERYTHING += [(facet.param, facet.example) for facet in FACETS if facet.param not in dict(EVERYTHING)]


def seats(available: int | None, *, age_days: int = 2, funder: str = "2", label: str = "Région") -> SeatsView:
    return SeatsView(funder, label, 12, available, "2026-11-21T08:00:00Z", age_days, age_days > 7)


def facet_row(value: str, label: str, count: int, selected: bool = False) -> FacetRow:
    return FacetRow(value, label, count, selected)


def session(**changes: Any) -> SessionView:
    plain = SessionView(
        "S1", "s1", "2027-03-01", "2027-06-30", "day", "day", "du 1er mars 2027 au 30 juin 2027", "open", [], True, None
    )
    return replace(plain, **changes)


def card(**changes: Any) -> OfferCard:
    plain = OfferCard(
        id="14_AF_1", key="abcdefghijkl", url="/offres/abcdefghijkl", title="CAP maçon", source="occitanie",
        provider=ProviderView("041427865", "Les Ateliers"), place=PlaceView("Albi", "81000", "81", "76", 43.9, 2.1),
        distance_km=12.3, mode="onsite", entry="fixed", level=CodeView("13", "Niveau 3 (CAP, BEP)"), certifications=[],
        certifying=True, funders=[REGION], state_funded=True, free=True, hours=455.0, price=None, audience=[],
        sessions=[session()],
        matching_sessions=1, training=TrainingView("training2345", None, None),
    )  # fmt: skip
    return replace(plain, **changes)


def results(*cards: OfferCard, **changes: Any) -> SearchResults:
    facets: dict[str, list[FacetRow]] = {facet.param: [] for facet in FACETS} | {
        "funder": [facet_row("2", "Région", 31), facet_row("4", "France Travail", 7)]
    }
    plain = SearchResults(
        total=len(cards), page=1, size=20, pages=1 if cards else 0, sort="start", group="none", trainings=None,
        place=None, presence=None, understood=None, today=TODAY, results=list(cards), facets=facets,
        sources=[SourceState("occitanie", "2026-11-23T03:12:00+00:00", 31, 0, False)], explain=None,
    )  # fmt: skip
    return replace(plain, **changes)


def albi(**changes: Any) -> PlaceFound:
    return replace(PlaceFound("town", "Albi (81)", "81004", 43.9, 2.1, 30.0, []), **changes)


def search_page(
    query: Query, answer: SearchResults, shown: Shown = LIST, instead: Instead = NOTHING_INSTEAD
) -> SearchPage:
    """Return the page of results for a query that found this answer."""
    params = parse_params(query)
    search = ResolvedSearch(params, SearchRequest(params, None, TODAY), (), NO_LABELS)
    return build_search_page(search, answer, instead, shown)


def search_html(query: Query, answer: SearchResults) -> str:
    """Return the same as HTML."""
    return render("search.html", search_page(query, answer)).decode()
