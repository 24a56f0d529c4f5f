"""Nothing found here and then: the nearest towns that have something, and when it next begins."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from search_app.pages.search.loosen import LATER
from search_app.pages.shared.layout import CountedLink, Link
from search_app.search.links import address, replaced, to_pairs, without
from search_app.search.params.search_params import SearchParams
from search_app.search.places.finder import FoundPlace, PlaceFinder
from search_app.search.results import OfferCard, PlaceFound
from search_app.text import wording
from search_app.text.dates import french_day

FARTHEST_KM: Final = 1000.0
ASKED_FOR: Final = 60  # offers, the nearest first: those of one town are many
MOST_TOWNS: Final = 3


@dataclass(frozen=True, slots=True)
class Instead:
    """What to loosen and the nearest towns that have something, each with how much it finds."""

    loosening: tuple[CountedLink, ...] = ()
    nearby: tuple[CountedLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Town:
    """A town that has something, and how far it is."""

    place: FoundPlace
    distance_km: float


def nearby_search(params: SearchParams, place: PlaceFound | None) -> SearchParams | None:
    """Return the search for what is nearest to a town or point, however far; None where nothing can be measured."""
    if place is None or place.radius is None or place.lat is None or place.lon is None or params.remote == "only":
        return None
    point = replace(params, place=None, lat=place.lat, lon=place.lon, radius=FARTHEST_KM, remote="exclude")
    return replace(point, sort="distance", group="none", page=1, size=ASKED_FOR)


def later_search(params: SearchParams) -> SearchParams | None:
    """Return the search for the first session after the days that were asked for; None where they have no end."""
    if params.start_to is None:
        return None
    after = params.start_to + timedelta(days=1)
    return replace(params, start_from=after, start_to=None, sort="start", group="none", page=1, size=1)


def nearest_towns(cards: Sequence[OfferCard], places: PlaceFinder) -> list[Town]:
    """Return the towns of offers that come the nearest first, each once; those that no search knows are left out."""
    towns: dict[str, Town] = {}
    for card in cards:
        found = _find(card, places)
        if found and card.distance_km is not None:
            towns.setdefault(found.label, Town(found, card.distance_km))
    return list(towns.values())[: 2 * MOST_TOWNS]  # the circle around some may hold nothing


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
    """Return the suggestions, that of a later beginning with the first one after that day, where it is known."""
    matching = (session for card in cards for session in card.sessions if session.matches and session.start)
    first = next(matching, None)
    if first is None or not first.start or date.fromisoformat(first.start) <= after:
        return tuple(loosening)
    day = french_day(first.start, first.precision)
    told = f"{LATER}{wording.NBSP}: dès {'le ' if first.precision == 'day' else ''}{day}"
    return tuple(replace(link, label=told) if link.label == LATER else link for link in loosening)
