"""``offre`` and ``places``: one offer, and the seats of its sessions."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from mappings.codes import MODE_LABELS
from search_app.base.errors import BadParameters, NotFound, UnknownOffer
from search_app.pages.offer.facts import Value
from search_app.pages.offer.sections import build_contacts
from search_app.pages.shared.layout import Link
from search_app.pages.widgets.frame import Frame
from search_app.pages.widgets.session_lines import SessionLine, build_session_line, joinable, where_line
from search_app.pages.widgets.theme import Theme, fault_of, split_theme
from search_app.search.links import Pairs
from search_app.search.present.offer import to_offer_view
from search_app.search.results import OfferCard
from search_app.search.service import Services
from search_app.search.whole_offer import read_offer
from search_app.text import wording

MOST_SESSIONS: Final = {"offre": 2, "places": 6}
MOST_SEATS: Final = {"offre": 1, "places": 4}
NOTHING_TO_COME: Final = "Aucune session à venir n’est annoncée"
LONGEST_KEY: Final = 500  # characters of an action's number


@dataclass(frozen=True, slots=True)
class OfferFrame(Frame):
    """The context of ``offre`` and of ``places``, which has no facts; ``link`` leads to the offer's page."""

    link: Link
    where: str
    facts: tuple[str, ...]
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
    whole = kind == "offre"
    title = wording.typeset(card.title if whole else f"Places : {card.title}")
    coming = joinable(card, today)
    shown = coming[: MOST_SESSIONS[kind]]
    others = len(coming) - len(shown)
    return OfferFrame(
        title=title,
        theme=query.theme,
        more=Link("Voir l’offre complète" if whole else "Voir l’offre et s’inscrire", card.url),
        link=Link(title, card.url),
        where=where_line(card),
        facts=_facts(card) if whole else (),
        sessions=tuple(_line(session, card, today, MOST_SEATS[kind]) for session in shown),
        no_session=NOTHING_TO_COME,
        others=f"Et {wording.counted(others, 'autre session', 'autres sessions')} à venir" if others else None,
        phone=_phone(stored) if whole else None,
    )


def _line(session: Any, card: OfferCard, today: date, most: int) -> SessionLine:
    return build_session_line(session, card.entry, today, most=most)


def _facts(card: OfferCard) -> tuple[str, ...]:
    practical = (
        MODE_LABELS.get(card.mode or "") if card.mode != "remote" else None,
        wording.hours(card.hours) if card.hours else None,
        card.certifications[0] if card.certifications else None,
    )
    price = wording.typeset(wording.free([each.label for each in card.audience])) if card.free else None
    if price is None and card.price is not None:
        price = wording.euros(card.price)
    facts = (" · ".join(text for text in practical if text), price or "Prix non communiqué")
    return tuple(fact for fact in facts if fact)


def _phone(stored: dict[str, Any]) -> Value | None:
    lines = (line for contact in build_contacts(read_offer(stored)) for line in contact.lines)
    return next((line for line in lines if (line.href or "").startswith("tel:")), None)
