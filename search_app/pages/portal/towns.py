"""Towns of places that their catalogue states by postal code only."""

from collections.abc import Iterable

from msgspec.structs import replace

from mappings.reference import Reference
from search_app.search.results import OfferCard, PlaceView


def with_towns(cards: Iterable[OfferCard], reference: Reference) -> list[OfferCard]:
    """Return offers with the town of their place, where the postal code is that of a single commune."""
    return [_with_town(card, card.place, reference) for card in cards]


def _with_town(card: OfferCard, place: PlaceView | None, reference: Reference) -> OfferCard:
    if place is None or place.town or not place.postal_code:
        return card
    communes = reference.by_postal_code.get(place.postal_code, ())
    if len(communes) != 1:
        return card
    return replace(card, place=replace(place, town=reference.communes[communes[0]].name))
