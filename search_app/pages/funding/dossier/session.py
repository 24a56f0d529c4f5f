"""The offer and the session that a dossier is about, and the sessions to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mappings.offer import Offer
from search_app.pages.offer.brief import find_contact
from search_app.pages.offer.facts import Fact, FactList, Value
from search_app.pages.offer.sections import build_contacts
from search_app.pages.offer.sessions import SessionRow
from search_app.pages.shared.cards import Card
from search_app.search.present.seat_lines import NOT_KNOWN, SeatLine
from search_app.text import wording

NO_SESSION: Final = (
    "Aucune session à rejoindre n’est connue : demandez les dates à l’organisme. Les conditions sont celles du jour."
)
OVER: Final = "Session terminée ou fermée aux inscriptions"
FULL: Final = "Complet : aucune place restante à cette session, demandez s’il y a une liste d’attente"


@dataclass(frozen=True, slots=True)
class SessionChoice:
    """One session to come; ``value`` is its key, empty for the first that is open and not full."""

    value: str
    label: str
    chosen: bool


def build_choices(rows: Sequence[SessionRow], chosen: str) -> tuple[SessionChoice, ...]:
    """Return the sessions that are not over, none where there is nothing to choose between."""
    to_come = [row for row in rows if not row.over]
    if len(to_come) < 2:
        return ()
    first = SessionChoice("", "La première encore possible", not chosen)
    return (first, *(SessionChoice(row.live.key, _label(row), row.live.key == chosen) for row in to_come))


def _label(row: SessionRow) -> str:
    return f"{row.when} ({row.closed[0].lower()})" if row.closed else row.when


def unlisted(choices: Sequence[SessionChoice], chosen: str) -> str:
    """Return the key of the chosen session if it is none to choose from: the only one, or one that is over."""
    return "" if any(choice.chosen for choice in choices) else chosen


def build_notice(row: SessionRow | None) -> str:
    """Return why nobody can enter the session that is judged, an empty text if somebody can."""
    if row is None:
        return wording.typeset(NO_SESSION)
    if row.over:
        return f"Session {row.passed[:1].lower()}{row.passed[1:]}" if row.passed else OVER
    if row.closed:
        return " ; ".join(row.closed)
    known = [line.available for line in row.seats if line.available is not None]
    return wording.typeset(FULL) if known and not any(known) else ""


def find_row(rows: Sequence[SessionRow], number: str | None) -> SessionRow | None:
    """Return the row of a session by its number."""
    return next((row for row in rows if row.number == number), None) if number else None


def build_about(offer: Offer, card: Card, row: SessionRow | None, rows: Sequence[SessionRow]) -> tuple[Fact, ...]:
    """Return what a dossier says of the offer: who, when, where, which number, which seats, what it costs."""
    contact = find_contact((row,) if row else rows, build_contacts(offer))
    facts = FactList().add("Formation", card.title).add("Organisme", card.provider)
    facts.add_values(
        contact.term if contact else "Contact", [contact.value] if contact else [Value("Aucun n’est donné")]
    )
    facts.add("Lieu", card.place)
    facts.add("Session", row.when if row else "Aucune session à venir n’est connue", *(row.closed if row else ()))
    facts.add("Numéro de session", row.number if row else None)
    facts.add("Numéro de l’action", offer.id)
    facts.add("Places", *map(_seats, row.seats if row else ()))
    facts.add("Durée", wording.hours(offer.hours) if offer.hours else None)
    facts.add("Prix", wording.euros(offer.price) if offer.price is not None else offer.detail.price_text or "Non connu")
    return facts.all()


def _seats(line: SeatLine) -> str:
    """Return a figure with its funder and its age."""
    if not line.funder:
        return "À demander" if line.text == NOT_KNOWN else line.text
    return f"{line.funder} : {line.text[:1].lower()}{line.text[1:]} ({line.age})"
