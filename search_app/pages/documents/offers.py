"""Searches of offers that share a document's codes, with their counts: each is the total of the search behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from search_app.documents.answer import DocumentView
from search_app.documents.facets import FACETS
from search_app.search.links import address, to_pairs
from search_app.search.params.search_params import SearchParams
from search_app.search.reference_data import Snapshot
from search_app.text import wording

MOST_OF_A_KIND: Final = 4
TITLES: Final = {
    "rncp": "Certification : {}",
    "domain": "Domaine : {}",
    "rome": "Métier : {}",
    "funder": "Payées par : {}",
}


@dataclass(frozen=True, slots=True)
class OfferSearch:
    """One search of offers to come, with its French label."""

    label: str
    params: SearchParams


@dataclass(frozen=True, slots=True)
class OfferLink:
    """The same with its count."""

    label: str
    href: str
    count: int


def offer_searches(view: DocumentView, snapshot: Snapshot) -> list[OfferSearch]:
    """Return the searches of a document's codes, the most specific first, within its territory.

    Of a Formacode the domain is left out. Who pays and a territory alone are searched where there is nothing else.
    """
    codes = {"rncp": view.rncp, "domain": _domains(view), "rome": view.rome}
    found = [
        OfferSearch(_label(name, code, snapshot), _within(view, {name: (code,)}))
        for name, values in codes.items()
        for code in values[:MOST_OF_A_KIND]
    ]
    if not found:
        found = [
            OfferSearch(_label("funder", code, snapshot), _within(view, {"funder": (code,)}))
            for code in view.funder[:MOST_OF_A_KIND]
        ]
    if not found and (view.region or view.department):
        found = [OfferSearch("Toutes les formations du territoire", _within(view, {}))]
    return found


def _domains(view: DocumentView) -> list[str]:
    """Return the Formacodes, and the domains of which none is there."""
    return [*view.formacode, *(code for code in view.domain if not any(each[:3] == code for each in view.formacode))]


def _label(name: str, code: str, snapshot: Snapshot) -> str:
    return wording.typeset(TITLES[name].format(FACETS[name].label(snapshot, code)))


def _within(view: DocumentView, codes: dict[str, tuple[str, ...]]) -> SearchParams:
    given: dict[str, Any] = dict(codes)
    if view.department:
        given["department"] = tuple(view.department)
    elif view.region:
        given["region"] = tuple(view.region)
    return SearchParams(**given, upcoming=True)


def build_offer_links(searches: Sequence[OfferSearch], counts: Sequence[int]) -> tuple[OfferLink, ...]:
    """Return the searches that find something."""
    return tuple(
        OfferLink(each.label, address(to_pairs(each.params)), count)
        for each, count in zip(searches, counts, strict=True)
        if count
    )
