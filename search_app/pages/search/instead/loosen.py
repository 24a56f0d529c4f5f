"""Suggestions for an empty result: filters to loosen, the likeliest first, only those with results."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from search_app.pages.search.chips import build_chips
from search_app.pages.shared.layout import CountedLink, Link
from search_app.search.facets import FACETS
from search_app.search.links import SEARCH, Pairs, address, replaced, to_pairs, without, without_place
from search_app.search.params import SearchParams, parse_params
from search_app.search.results import PlaceFound, SearchResults
from search_app.text import wording

WIDER_KM: Final = (50, 100, 200)
MOST_ASKED: Final = 20  # suggestions that the engine counts
LATER: Final = "Accepter un début plus tardif"
CLEAR: Final = Link("Effacer tous les critères", SEARCH)


def build_suggestions(params: SearchParams, results: SearchResults) -> tuple[Link, ...]:
    """Return less restrictive searches: a wider circle, the whole country, later dates, then without each filter.

    One of them has no condition at all; there is none if the search had none.
    """
    pairs = to_pairs(params)
    links = _around(params, pairs, results.place)
    if params.start_to:
        links.append(Link(LATER, address(without(pairs, "start_to"))))
    if params.remote == "exclude":
        links.append(Link("Accepter aussi les offres à distance", address(without(pairs, "remote"))))
    links += _without_a_filter(params, pairs, results)
    if params.q:
        links.append(Link("Chercher sans ces mots", address(without(pairs, "q"))))
    first = {link.href: link for link in reversed(links)}  # the first wording of each is kept
    different = [link for link in links if first[link.href] is link][: MOST_ASKED - 1]
    if not pairs or SEARCH in first:
        return tuple(different)
    return (*different, CLEAR)


def search_of(suggestion: Link) -> SearchParams:
    """Return the search of an address of this site."""
    return parse_params(parse_qsl(urlsplit(suggestion.href).query))


def build_loosening(suggestions: Sequence[Link], counts: Sequence[int]) -> tuple[CountedLink, ...]:
    """Return the suggestions with results, and their numbers; clearing everything only if nothing else helps."""
    found = [CountedLink(link.text, count, link.href) for link, count in zip(suggestions, counts, strict=True) if count]
    others = [link for link in found if link.label != CLEAR.text]
    return tuple(others or found)


def _around(params: SearchParams, pairs: Pairs, place: PlaceFound | None) -> list[Link]:
    if place is None:
        return []
    links = []
    if place.radius is not None:
        wider = next((radius for radius in WIDER_KM if radius > params.radius), None)
        if wider:
            text = f"Chercher jusqu’à {wider}{wording.NBSP}km"
            links.append(Link(text, address(replaced(pairs, "radius", str(wider)))))
    links.append(Link("Chercher dans toute la France", address(without_place(pairs))))
    return links


def _without_a_filter(params: SearchParams, pairs: Pairs, results: SearchResults) -> list[Link]:
    """Return the search without each filter; all values of a filter at once, because any of them may match."""
    several = {
        facet.title: facet.param for facet in FACETS if not facet.single and len(getattr(params, facet.param)) > 1
    }
    if len(params.rncp) > 1:
        several["Certification"] = "rncp"
    if len(params.training) > 1:
        several["Formation"] = "training"
    links = []
    for chip in build_chips(params, pairs, results.place, results.facets):
        if chip.kind in ("Mots", "Lieu", "À distance"):
            continue
        if chip.kind in several:
            text, href = f"Retirer les filtres « {chip.kind} »", address(without(pairs, several[chip.kind]))
        else:
            text, href = f"Retirer le filtre « {chip.kind} : {chip.text} »", chip.href
        links.append(Link(wording.typeset(text), href))
    return links
