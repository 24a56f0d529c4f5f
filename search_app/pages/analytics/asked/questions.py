"""Ready questions: what commissioners ask for first, each one link."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from search_app.search.links import Pairs, address, without
from search_app.search.params.table import PARAMETERS
from search_app.search.results import PlaceFound
from search_app.text.wording import NBSP, typeset

PIVOT: Final = "/pilotage"
WHITE_AREAS: Final = "/pilotage/zones-blanches"
OVERLAPS: Final = "/pilotage/doublons"
_TO_COME: Final = ("upcoming", "true")
# Parameters of the search that say how offers are listed, or how the form is.
_NOT_FILTERS: Final = ("sort", "group", "page", "size", "facet_size", "facets", "explain", "upcoming")
_NOT_OF_TERRITORY: Final = ("lat", "lon", "remote")  # a question about each commune takes neither
_TERRITORIES: Final = ("department", "region")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, what its answer shows, and the address of the answer."""

    text: str
    about: str
    href: str


def _pivot(text: str, about: str, *pairs: tuple[str, str]) -> Question:
    return Question(typeset(text), typeset(about), address((*pairs, _TO_COME), PIVOT))


QUESTIONS: Final = (
    _pivot("Places restantes par zone d’emploi et financeur", "Où reste-t-il des places, et qui les paie ?",
           ("rows", "employment_zone"), ("columns", "funder"), ("measure", "left"), ("sort", "left")),
    _pivot("Taux de remplissage par domaine", "Ce qui se remplit, et ce qui ne se remplit pas.",
           ("rows", "domain"), ("measure", "fill_rate"), ("measure", "capacity"), ("measure", "left"),
           ("measure", "sessions"), ("sort", "capacity")),
    Question(typeset(f"Où n’y a-t-il rien à moins de 30{NBSP}km ?"),
             "Les communes loin de toute formation, avec leurs habitants.",
             address((("radius", "30"), _TO_COME), WHITE_AREAS)),
    Question(typeset("Qui d’autre achète la même certification ici ?"),
             "La même certification, la même zone d’emploi, le même trimestre, chez deux organismes ou plus.",
             address((_TO_COME,), OVERLAPS)),
)  # fmt: skip
MORE: Final = (
    _pivot("Places achetées par financeur et programme", "Le volume acheté, d’après le catalogue.",
           ("rows", "programme"), ("columns", "funder"), ("measure", "bought"), ("sort", "bought")),
    _pivot("Ce qui commence, mois par mois", "Sessions et places restantes, en graphique.",
           ("rows", "month"), ("measure", "sessions"), ("measure", "left"), ("view", "chart")),
    _pivot("Offres par département", "Sur une carte.",
           ("rows", "department"), ("measure", "offers"), ("size", "100"), ("view", "map")),
    _pivot("Prix affiché de l’heure par domaine", "Ce que disent les catalogues, pas les marchés.",
           ("rows", "domain"), ("measure", "price_hour"), ("measure", "offers")),
    _pivot("Organismes qui ont le plus de places libres", "Et leur taux de remplissage.",
           ("rows", "provider"), ("measure", "left"), ("measure", "fill_rate"), ("sort", "left")),
)  # fmt: skip


def question_at(path: str, pairs: Pairs) -> Question | None:
    """Return the ready question that an address asks, whatever its filters and the order of its parameters.

    >>> question_at("/pilotage/doublons", (("upcoming", "true"), ("funder", "2"))).text
    'Qui d’autre achète la même certification ici\xa0?'
    """
    for question in (*QUESTIONS, *MORE):
        at, own = _parts_of(question)
        others = [pair for pair in pairs if pair not in own]
        if at == path and set(own) <= set(pairs) and all(name in PARAMETERS and name != "sort" for name, _ in others):
            return question
    return None


def filtered(questions: Sequence[Question], pairs: Pairs, place: PlaceFound | None) -> tuple[Question, ...]:
    """Return questions that keep the filters, the place and the dates of an address."""
    filters = tuple(pair for pair in pairs if pair[0] in PARAMETERS and pair[0] not in _NOT_FILTERS)
    if place is None:
        filters = without(filters, "radius")
    return tuple(_with(question, filters, place) for question in questions)


def _with(question: Question, filters: Pairs, place: PlaceFound | None) -> Question:
    path, own = _parts_of(question)
    if path == WHITE_AREAS:
        filters = without(filters, *_NOT_OF_TERRITORY, *(("place",) if not is_territory(place) else ()))
    if any(name == "domain" and len(code) == 5 for name, code in filters):  # the rows must be as fine as the filter
        own = tuple(("rows", "formacode") if pair == ("rows", "domain") else pair for pair in own)
    kept = without(filters, *(name for name, _ in own))
    return replace(question, href=address((*kept, *own), path))


def is_territory(place: PlaceFound | None) -> bool:
    """Tell whether a place has communes that can be looked at one by one."""
    return place is not None and place.kind in _TERRITORIES


def _parts_of(question: Question) -> tuple[str, Pairs]:
    parts = urlsplit(question.href)
    return parts.path, tuple(parse_qsl(parts.query))
