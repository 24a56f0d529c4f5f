"""What an offer's page says first: when, seats, entry, price, and whom to call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from mappings.codes import MODE_LABELS
from mappings.offer import Offer
from search_app.pages.offer.facts import ContactCard, Fact, FactList, Value
from search_app.pages.offer.next_session import find_next_session
from search_app.pages.offer.sessions import SessionRow
from search_app.pages.shared.layout import Link
from search_app.search.present.seat_lines import NOT_KNOWN, SeatLine
from search_app.search.reference_data import Snapshot
from search_app.text import wording
from search_app.text.levels import entry_requirement, exit_level

MOST_AUDIENCES: Final = 3
# In this order: the first scheme that a contact has is the one that the page proposes.
_WAYS: Final = (
    ("tel:", "Téléphone", "phone", "Appeler {}"),
    ("mailto:", "Courriel", "mail", "Écrire à l’organisme"),
    ("http", "Site", "screen", "Voir le site"),
)


@dataclass(frozen=True, slots=True)
class Contact:
    """The way to reach the provider; ``act`` is the text of its button, beside the drawing ``icon``."""

    term: str
    icon: str
    act: str
    value: Value


def find_contact(rows: Sequence[SessionRow], contacts: Iterable[ContactCard]) -> Contact | None:
    """Return the first telephone number, else mail address, else site; those of the next session come first."""
    following = find_next_session(rows)
    cards = [*(following.row.contacts if following else ()), *contacts]
    lines = [line for card in cards for line in card.lines if line.href]
    for scheme, term, icon, act in _WAYS:
        for line in lines:
            if (line.href or "").startswith(scheme):
                return Contact(term, icon, act.format(line.text), line)
    return None


def build_brief(
    offer: Offer,
    rows: Sequence[SessionRow],
    price: Sequence[str | None],
    contact: Contact | None,
    snapshot: Snapshot,
    funding: Link | None = None,
) -> tuple[Fact, ...]:
    """Return the summary; ``price`` are the price or who it is free for, and who pays, ``funding`` leads to who pays
    for the reader.
    """
    following = find_next_session(rows)
    facts = FactList()
    if following:
        row = following.row
        facts.add("Prochaine session", row.when, *(row.closed or (row.enrolment,)), following.sooner)
        facts.add_seats("Places", seats_texts(row.seats), row.live.key)
    else:
        facts.add("Prochaine session", "Aucune session à venir n’est connue")
    facts.add("Pour entrer", entry_requirement(offer.entry_level_required), _audience(offer, snapshot))
    prices = [Value(wording.typeset(text)) for text in price if text]
    facts.add_values("Prix", [*prices, Value(funding.text, funding.href)] if funding else prices)
    facts.add_values(contact.term if contact else "Contact", [contact.value if contact else Value("Aucun n’est donné")])
    facts.add("En pratique", _practice(offer))
    return facts.all()


def seats_texts(lines: Sequence[SeatLine]) -> list[str]:
    """Return the text of each figure, with its funder where there are several."""
    texts = ["À demander" if line.compact == NOT_KNOWN else line.compact for line in lines]
    if len(lines) < 2:
        return texts
    return [f"{text} ({line.funder})" if line.funder else text for text, line in zip(texts, lines, strict=True)]


def _audience(offer: Offer, snapshot: Snapshot) -> str | None:
    labels = [snapshot.label("audience", code) for code in offer.audience]
    if not labels or len(labels) > MOST_AUDIENCES:
        return None
    return f"Pour : {', '.join(labels)}"


def _practice(offer: Offer) -> str:
    parts = (wording.hours(offer.hours) if offer.hours else None, MODE_LABELS.get(offer.mode or ""))
    return " ".join(text for text in (" · ".join(part for part in parts if part), exit_level(offer.level)) if text)
