"""``offre`` and ``places``: one offer, and the seats of its sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from search_app.base.errors import BadParameters, NotFound, UnknownOffer
from search_app.pages.offer.facts import Value, phone_link
from search_app.pages.search.results.card import ResultCard, ShownSession, build_result_card
from search_app.pages.shared.layout import Link
from search_app.pages.widgets.frame import Frame
from search_app.pages.widgets.session_lines import SessionLine, build_session_line, sessions_to_come, where_line
from search_app.pages.widgets.theme import Theme, fault_of, split_theme
from search_app.search.links import Pairs
from search_app.search.params.search_params import SearchParams
from search_app.search.present.offer import to_offer_view
from search_app.search.results import OfferCard, SessionView
from search_app.search.service import Services
from search_app.search.whole_offer import read_offer
from search_app.text import wording

MOST_SESSIONS: Final = 6
MOST_SEATS: Final = 4  # of one session
NOTHING_TO_COME: Final = "Aucune session à venir n’est annoncée"
LONGEST_KEY: Final = 500  # characters of an action's number


@dataclass(frozen=True, slots=True)
class OfferFrame(Frame):
    """The context of ``offre``, with facts and the next session, and of ``places``, with many sessions.

    ``link`` leads to the offer's page.
    """

    link: Link
    where: str
    facts: tuple[str, ...]
    session: ShownSession | None
    sessions: tuple[SessionLine, ...]
    no_session: str
    others: str | None
    phone: Value | None


@dataclass(frozen=True, slots=True)
class OfferQuery:
    """What the address of a frame asks for."""

    theme: Theme
    key: str


def read_offer_query(pairs: Pairs) -> OfferQuery:
    """Return theme and offer of an address; raises BadParameters."""
    theme, others, faults = split_theme(pairs)
    keys = [value.strip() for name, value in others if name == "key" and value.strip()]
    if len(keys) != 1 or len(keys[0]) > LONGEST_KEY:
        why = "cette valeur est trop longue" if len(keys) == 1 else "il faut une offre"
        faults.append(fault_of("key", " ; ".join(keys), "la clé d’une offre, ou son numéro", why))
    if faults:
        raise BadParameters(faults)
    return OfferQuery(theme, keys[0])


async def fetch_offer(services: Services, key: str) -> dict[str, Any]:
    """Return the stored offer; raises UnknownOffer, also for one that was removed, and EngineError."""
    try:
        return await services.offer(key)
    except NotFound as error:
        raise UnknownOffer("Cette offre n’existe pas, ou n’est plus au catalogue.") from error


def build_offer_frame(kind: str, query: OfferQuery, services: Services, stored: dict[str, Any]) -> OfferFrame:
    """Return the frame of a stored offer."""
    settings, snapshot = services.settings, services.reference.current()
    today = settings.current_day()
    card = to_offer_view(stored, snapshot, today, settings.seats_old_after_days).offer
    shown = build_result_card(card, SearchParams(), today)
    if kind == "places":
        return _places(sessions_to_come(read_offer(stored), card, today), card, shown, query, today)
    return OfferFrame(
        title=shown.title,
        theme=query.theme,
        more=Link("Voir l’offre complète", card.url),
        link=Link(shown.title, card.url),
        where=where_line(shown),
        facts=_facts(card, shown),
        session=shown.session,
        sessions=(),
        no_session=shown.no_session,
        others=shown.more_dates,
        phone=phone_link(shown.phone) if shown.phone else None,
    )


def _places(
    coming: Sequence[SessionView], card: OfferCard, shown: ResultCard, query: OfferQuery, today: date
) -> OfferFrame:
    title = f"Places{wording.NBSP}: {shown.title}"
    others = len(coming) - MOST_SESSIONS
    return OfferFrame(
        title=title,
        theme=query.theme,
        more=Link("Voir l’offre et s’inscrire", card.url),
        link=Link(title, card.url),
        where=where_line(shown),
        facts=(),
        session=None,
        sessions=tuple(build_session_line(each, card.entry, today, MOST_SEATS) for each in coming[:MOST_SESSIONS]),
        no_session=NOTHING_TO_COME,
        others=f"+ {wording.counted(others, 'autre date', 'autres dates')}" if others > 0 else None,
        phone=None,
    )


def _facts(card: OfferCard, shown: ResultCard) -> tuple[str, ...]:
    """Return what one decides by: price, duration and level, certification."""
    price = f"{shown.price}, sous conditions" if shown.conditional else shown.price
    levels = f"{shown.entry} {shown.leads_to}" if shown.leads_to else shown.entry
    practical = f"{shown.hours} · {levels}" if shown.hours else levels
    return tuple(text for text in (price, practical, next(iter(card.certifications), None)) if text)
