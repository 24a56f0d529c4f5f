"""Active filters, each with the address of the same search without it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from search_app.pages.search.facet_lists import shown_label
from search_app.search.facets import FACETS, UNTOLD
from search_app.search.links import Pairs, address, without, without_place, without_value
from search_app.search.params.search_params import SearchParams
from search_app.search.params.table import ENTRY_LEVELS
from search_app.search.results import FacetRow, PlaceFound
from search_app.text import wording
from search_app.text.dates import french_day

CHOSEN_POINT: Final = "autour du point choisi"  # on a map, by « Autour de moi », or from a shared address


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter: its title (« Qui paie »), its value, and the address without it.

    ``without_person``: that page knows nothing of the reader's situation.
    """

    kind: str
    text: str
    href: str
    shown_kind: bool = False
    without_person: bool = False


def build_chips(
    params: SearchParams,
    pairs: Pairs,
    place: PlaceFound | None,
    facets: Mapping[str, Sequence[FacetRow]],
    titles: Mapping[str, str] | None = None,
) -> tuple[Chip, ...]:
    """Return a chip for each active filter, in the order of the form; ``titles`` are those of trainings by key."""
    chips = _of_words_and_place(params, pairs, place) + _of_sessions(params, pairs) + _of_plain(params, pairs)
    for key in params.training:
        text = wording.typeset((titles or {}).get(key) or f"clé {key}")
        chips.append(Chip("Formation", text, address(without_value(pairs, "training", key)), True))
    for facet in FACETS:
        labels = {row.value: row.label for row in facets.get(facet.param, ()) if row.selected}
        for value in params.chosen(facet.param):
            href = address(without_value(pairs, facet.param, value))
            text = shown_label(facet, value, labels.get(value, value))
            chips.append(Chip(facet.title, text, href, facet.title_on_chip))
    return tuple(chips)


def _of_words_and_place(params: SearchParams, pairs: Pairs, place: PlaceFound | None) -> list[Chip]:
    chips = []
    if params.q:
        chips.append(Chip("Mots", f"«{wording.NBSP}{params.q}{wording.NBSP}»", address(without(pairs, "q"))))
    if place is not None:
        chips.append(Chip("Lieu", place_text(place), address(without_place(pairs))))
    if params.remote != "include":
        text = "À distance seulement" if params.remote == "only" else "Sans les offres à distance"
        chips.append(Chip("À distance", text, address(without(pairs, "remote"))))
    return chips


def _of_sessions(params: SearchParams, pairs: Pairs) -> list[Chip]:
    chips = []
    if params.start_from:
        text = f"À partir du {french_day(params.start_from)}"
        chips.append(Chip("Début", text, address(without(pairs, "start_from"))))
    if params.start_to:
        chips.append(Chip("Début", f"Jusqu’au {french_day(params.start_to)}", address(without(pairs, "start_to"))))
    if params.upcoming:
        chips.append(Chip("Quand", "Sessions à venir", address(without(pairs, "upcoming"))))
    return chips


def _of_plain(params: SearchParams, pairs: Pairs) -> list[Chip]:
    chips = []
    if params.free:
        chips.append(Chip("Prix", "Gratuite si demandeur d’emploi", address(without(pairs, "free"))))
    if params.price_max is not None:
        chips.append(Chip("Prix", f"{wording.euros(params.price_max)} au plus", address(without(pairs, "price_max"))))
    if params.hours_max is not None:
        text = f"{wording.hours(params.hours_max)} au plus"
        chips.append(Chip("Durée", text, address(without(pairs, "hours_max"))))
    if params.entry_level is not None:
        text = ENTRY_LEVELS[str(params.entry_level)]
        chips.append(Chip("Mon niveau", text, address(without(pairs, "entry_level"))))
    for code in params.rncp:
        text = "Sans certification RNCP" if code == UNTOLD else f"RNCP{code}"
        chips.append(Chip("Certification", text, address(without_value(pairs, "rncp", code))))
    return chips


def place_text(place: PlaceFound) -> str:
    """Return the resolved place, with its radius: « Albi (Tarn), 30 km »."""
    label = place.label
    if place.kind == "point" and place.lat is not None and place.lon is not None:
        label = f"{CHOSEN_POINT} ({wording.point(place.lat, place.lon)})"
    return label if place.radius is None else f"{label}, {wording.number(place.radius)}{wording.NBSP}km"
