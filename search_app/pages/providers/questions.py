"""The questions about a body: what each rests on, the offers that it is about, and whom to write to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from search_app.census.answer import BodyView
from search_app.census.gaps import source_text
from search_app.census.present import PATH
from search_app.pages.offer.facts import Value
from search_app.pages.providers import facts
from search_app.pages.shared.layout import Link
from search_app.pages.shared.site_contact import to_site_contact, with_message
from search_app.search.links import address
from search_app.text import wording

ABOUT_SITES: Final = ("site-closed", "site-unknown")  # their details are SIRETs
WITHOUT_OFFERS: Final = "no-offer"
NAMESAKES: Final = "shared-name"
SIREN_QUESTION: Final = (
    "Le SIREN {siren} est-il le bon ? Son dernier chiffre, qui contrôle les autres, ne convient pas."
)


@dataclass(frozen=True, slots=True)
class Question:
    """A gap as a question: what it rests on, its offers with their counts, and a mail about it."""

    text: str
    origin: str
    links: tuple[Link, ...]
    correct: Value | None


@dataclass(frozen=True, slots=True)
class Asking:
    """What questions need beside the body: how many offers it delivers, site and contact."""

    delivered: int
    public_url: str
    contact: str


def to_questions(view: BodyView, asking: Asking) -> tuple[Question, ...]:
    """Return the questions about a body, one about a wrong SIREN last."""
    return tuple(_questions(view, asking))


def _questions(view: BodyView, asking: Asking) -> Iterator[Question]:
    offers = _offers_links(view, asking.delivered)
    for gap in view.gaps:
        links = () if gap.code == WITHOUT_OFFERS else offers
        if gap.code == NAMESAKES:
            links += tuple(_namesakes(name) for name in gap.detail)
        origin = wording.typeset(f"Source : {source_text(gap.source, gap.date, view.untold_dates)}.")
        yield Question(gap.question, origin, links, to_correction(view, asking, gap.question, origin))
    if not is_sound_siren(view.siren):
        text = wording.typeset(SIREN_QUESTION.format(siren=facts.shown_siren(view.siren)))
        origin = wording.typeset("Source : catalogue des formations.")
        yield Question(text, origin, offers, to_correction(view, asking, text, origin))


def _offers_links(view: BodyView, delivered: int) -> tuple[Link, ...]:
    """Return the searches of a body's offers, each with its count."""
    links = []
    if view.offers.total:
        told = wording.counted(view.offers.total, "offre au catalogue", "offres au catalogue")
        links.append(Link(f"Voir {_article(view.offers.total)}{told}", address((("provider", view.siren),))))
    if delivered and not view.offers.total:
        told = wording.counted(delivered, "offre que cet organisme assure", "offres que cet organisme assure")
        links.append(Link(f"Voir {_article(delivered)}{told}", address((("trainer", view.siren),))))
    return tuple(links)


def _article(count: int) -> str:
    return "l’" if count == 1 else "les "


def _namesakes(name: str) -> Link:
    pairs = (("q", name), ("gap", NAMESAKES))
    return Link(wording.typeset(f"Voir les organismes nommés « {name} »"), address(pairs, PATH))


def to_correction(view: BodyView, asking: Asking, *about: str) -> Value | None:
    """Return a mail to the site's contact that names the body and what it is about; another contact unchanged."""
    url = f"{asking.public_url.rstrip('/')}{view.url}"
    lines = (f"{facts.shown_name(view)}, SIREN {view.siren}", url, *about, "", "Ce qui est à corriger :")
    return with_message(to_site_contact(asking.contact), f"Organisme {view.siren} : à corriger", lines)


def sirets_in_question(view: BodyView) -> frozenset[str]:
    """Return the establishments that questions are about."""
    return frozenset(siret for gap in view.gaps if gap.code in ABOUT_SITES for siret in gap.detail)


def is_sound_siren(siren: str) -> bool:
    """Tell whether the check digit of a SIREN is right (Luhn).

    >>> is_sound_siren("130002850"), is_sound_siren("999999999")
    (True, False)
    """
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(siren))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
