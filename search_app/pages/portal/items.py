"""Offers in compact lists: each training once, with its offers below."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from search_app.pages.search.results.sessions import session_to_show, short_when
from search_app.pages.subjects.subjects import to_department, to_training
from search_app.search.params.search_params import SearchParams
from search_app.search.results import OfferCard, PlaceView
from search_app.text import wording
from search_app.text.casing import town

FOR_ALL: Final = SearchParams(upcoming=True)  # of the portal's lists: no funder and no days asked for
NOT_JOINED: Final = {"closed": "inscriptions closes", "suspended": "inscriptions suspendues"}


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One offer: who, where and when in one text, which is the link."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class TrainingItem:
    """A training with some of its offers; ``count`` is how many match in all, None if these are all."""

    title: str
    href: str | None
    count: str | None
    lines: tuple[OfferLine, ...]


def build_items(cards: Iterable[OfferCard], today: date, count_text: str = "") -> tuple[TrainingItem, ...]:
    """Return offers by training, in the order of the first offer of each.

    ``count_text`` follows the number of a training's offers, in a list grouped by training.
    """
    groups: dict[str, list[OfferCard]] = {}
    for card in cards:
        groups.setdefault(card.training.key, []).append(card)
    return tuple(_item(key, group, today, count_text) for key, group in groups.items())


def build_lines(cards: Iterable[OfferCard], today: date) -> tuple[OfferLine, ...]:
    """Return one line for each offer."""
    return tuple(OfferLine(_line(card, today), card.url) for card in cards)


def _item(key: str, cards: list[OfferCard], today: date, count_text: str) -> TrainingItem:
    title, offers = cards[0].title, cards[0].training.offers
    count = None if offers is None else f"{wording.counted(offers, 'offre', 'offres')}{count_text}"
    return TrainingItem(wording.typeset(title), to_training(key, title).path, count, build_lines(cards, today))


def _line(card: OfferCard, today: date) -> str:
    parts = (
        wording.provider_line(card.provider.name, card.trainer),
        _where(card.place, card.mode),
        _when(card, today),
    )
    return wording.typeset(" · ".join(part for part in parts if part))


def _where(place: PlaceView | None, mode: str | None) -> str:
    if mode == "remote":
        return "À distance"
    name = _town(place) if place else None
    if place is None or name is None:
        return "Lieu à demander"
    return f"{name} et ailleurs" if place.others else name


def _town(place: PlaceView) -> str | None:
    """Return the town with the number of its département; without a town, the département or the postal code."""
    if place.town:
        return f"{town(place.town)} ({place.department})" if place.department else town(place.town)
    department = to_department(place.department or "")
    return department.label if department else place.postal_code


def _when(card: OfferCard, today: date) -> str:
    """Return when the session shown on the card of the offer begins, and that its enrolment is closed."""
    session = session_to_show(card, FOR_ALL, today)
    if session is None:
        return "Dates à demander"
    text = short_when(session, card.entry, FOR_ALL, today)
    told = NOT_JOINED.get(session.recruiting)
    return f"{text}, {told}" if told else text
