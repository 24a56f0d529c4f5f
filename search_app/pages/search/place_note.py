"""Which place was searched, where its name has several meanings or was spelt otherwise."""

from dataclasses import dataclass

from search_app.pages.shared.layout import Link
from search_app.search.links import Pairs, address, replaced
from search_app.search.results import PlaceFound
from search_app.text.wording import curved


@dataclass(frozen=True, slots=True)
class PlaceNote:
    """The resolved place if it is ambiguous or spelt otherwise, and its alternatives."""

    text: str
    others: tuple[Link, ...]
    respelt: str = ""


def build_place_note(place: PlaceFound | None, pairs: Pairs) -> PlaceNote | None:
    """Return the note, None if the place needs none."""
    if place is None or not (place.others or place.respelt):
        return None
    others = tuple(Link(other.label, address(replaced(pairs, "place", other.code))) for other in place.others)
    return PlaceNote(place.label, others, curved(place.respelt) if place.respelt else "")
