"""Offers in compact lists: each training once, with its offers below."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from search_app.pages.subjects.subjects import to_training
from search_app.search.passed import is_behind, passed
from search_app.search.results import OfferCard, PlaceView, SessionView
from search_app.text import wording
from search_app.text.casing import town
from search_app.text.dates import french_day

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
    name = (place.town or place.postal_code) if place else None
    if place is None or name is None:
        return "Lieu à demander"
    text = f"{town(name)} ({place.department})" if place.department else town(name)
    return f"{text} et ailleurs" if place.others else text


def _when(card: OfferCard, today: date) -> str:
    """Return when the first matching session that can be joined begins, else that of the first one, and that its
    enrolment is closed.
    """
    sessions = card.sessions[: card.matching_sessions]
    if not sessions:
        return "Dates à demander"
    joined = next((each for each in sessions if each.recruiting not in NOT_JOINED), None)
    session = joined or sessions[0]
    text = _start(session, card.entry, today)
    return text if joined else f"{text}, {NOT_JOINED[session.recruiting]}"


def _start(session: SessionView, entry: str | None, today: date) -> str:
    day = today.isoformat()
    if not session.start:
        return "Entrée toute l’année" if entry == "permanent" else "Date à demander"
    if entry == "permanent" and is_behind(session, day) and not passed(session, entry, day):
        return "Entrée à tout moment"
    return french_day(session.start, session.precision)
