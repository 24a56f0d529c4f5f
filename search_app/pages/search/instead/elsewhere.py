"""Alternatives to an empty result: the nearest towns with results, and the next start date."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from search_app.pages.search.instead.loosen import LATER
from search_app.pages.shared.layout import CountedLink, Link
from search_app.search.links import address, replaced, to_pairs, without
from search_app.search.params.search_params import SearchParams
from search_app.search.places.finder import PlaceFinder
from search_app.search.places.found_place import FoundPlace
from search_app.search.results import OfferCard, PlaceFound
from search_app.text import wording
from search_app.text.dates import french_day

FARTHEST_KM: Final = 1000.0
ASKED_FOR: Final = 60  # offers, the nearest first: one town has many
MOST_TOWNS: Final = 3


@dataclass(frozen=True, slots=True)
class Instead:
    """Conditions to loosen, the nearest towns with results, and domains, each with its number of offers; words that are
    spelt nearly so; sheets that answer the words.
    """

    loosening: tuple[CountedLink, ...] = ()
    nearby: tuple[CountedLink, ...] = ()
    spellings: tuple[Link, ...] = ()
    domains: tuple[CountedLink, ...] = ()
    sheets: tuple[Link, ...] = ()


NOTHING_INSTEAD: Final = Instead()


@dataclass(frozen=True, slots=True)
class Town:
    """A town with results, and its distance."""

    place: FoundPlace
    distance_km: float


def nearby_search(params: SearchParams, place: PlaceFound | None) -> SearchParams | None:
    """Return the search for results nearest to a town or point, at any distance; None without a point."""
    if place is None or place.radius is None or place.lat is None or place.lon is None or params.remote == "only":
        return None
    point = replace(params, place=None, lat=place.lat, lon=place.lon, radius=FARTHEST_KM, remote="exclude")
    return replace(point, sort="distance", group="none", page=1, size=ASKED_FOR)


def later_search(params: SearchParams) -> SearchParams | None:
    """Return the search for the first session after the requested days; None for an open window."""
    if params.start_to is None:
        return None
    after = params.start_to + timedelta(days=1)
    return replace(params, start_from=after, start_to=None, sort="start", group="none", page=1, size=1)


def nearest_towns(cards: Sequence[OfferCard], places: PlaceFinder) -> list[Town]:
    """Return the towns of offers sorted by distance, each once; unknown towns are left out."""
    towns: dict[str, Town] = {}
    for card in cards:
        found = _find(card, places)
        if found and card.distance_km is not None:
            towns.setdefault(found.label, Town(found, card.distance_km))
    return list(towns.values())[: 2 * MOST_TOWNS]  # the circle around some may be empty


def _find(card: OfferCard, places: PlaceFinder) -> FoundPlace | None:
    at = card.place
    if at is None or not at.town:
        return None
    texts = (f"{at.town} ({at.department})", f"{at.postal_code} {at.town}")
    return next((found[0] for text in texts if (found := places.find(text)) and found[0].kind != "region"), None)


def build_towns(params: SearchParams, towns: Sequence[Town]) -> list[Link]:
    """Return the same search around each of these towns."""
    pairs = without(without(to_pairs(params), "lat"), "lon")
    return [
        Link(
            f"{town.place.label}, à {wording.kilometres(town.distance_km)}",
            address(replaced(pairs, "place", town.place.label)),
        )
        for town in towns
    ]


def tell_when(loosening: Sequence[CountedLink], cards: Sequence[OfferCard], after: date) -> tuple[CountedLink, ...]:
    """Return the suggestions, that of a later start with its first date, if known."""
    matching = (session for card in cards for session in card.sessions if session.matches and session.start)
    first = next(matching, None)
    if first is None or not first.start or date.fromisoformat(first.start) <= after:
        return tuple(loosening)
    day = french_day(first.start, first.precision)
    told = f"{LATER}{wording.NBSP}: dès {'le ' if first.precision == 'day' else ''}{day}"
    return tuple(replace(link, label=told) if link.label == LATER else link for link in loosening)
