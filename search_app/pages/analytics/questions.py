"""Ready questions: what commissioners ask for first, each one link."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from search_app.search.links import Pairs, address
from search_app.text.wording import typeset

PIVOT: Final = "/pilotage"
WHITE_AREAS: Final = "/pilotage/zones-blanches"
OVERLAPS: Final = "/pilotage/doublons"
_TO_COME: Final = ("upcoming", "true")


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
    Question(typeset("Où n’y a-t-il rien à moins de 30 km ?"),
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
    """Return the ready question that an address asks, whatever the order of its parameters.

    >>> question_at("/pilotage/doublons", (("upcoming", "true"),)).text
    'Qui d’autre achète la même certification ici\xa0?'
    """
    asked = sorted(pairs)
    for question in (*QUESTIONS, *MORE):
        parts = urlsplit(question.href)
        if parts.path == path and sorted(parse_qsl(parts.query)) == asked:
            return question
    return None
