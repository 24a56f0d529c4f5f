"""The page of one offer: everything in its record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from mappings.offer import Offer
from search_app.exports.structured_data import build_course, to_script
from search_app.pages.documents.block import SHEETS, InformBlock
from search_app.pages.funding.links import funding_link, funding_path
from search_app.pages.offer import sections
from search_app.pages.offer.back_link import EVERYTHING
from search_app.pages.offer.brief import Contact, build_brief, find_contact
from search_app.pages.offer.facts import ContactCard, Fact, Value
from search_app.pages.offer.gone import SHEET
from search_app.pages.offer.related import Related
from search_app.pages.offer.sections import Section
from search_app.pages.offer.sessions import PlaceBlock, SessionRow, build_places, build_session_rows
from search_app.pages.selection.shortlist import NOTHING_PICKED, Selection
from search_app.pages.shared.cards import Card, build_card
from search_app.pages.shared.layout import Freshness, Layout, Link, Page
from search_app.pages.shared.pick_link import PickLink
from search_app.pages.shared.picking import SCRIPT as PICKING_SCRIPT
from search_app.pages.shared.picking import build_bar, build_pick, pairs_of
from search_app.pages.shared.site_contact import to_report, to_site_contact
from search_app.search.links import Pairs
from search_app.search.params.search_params import SearchParams
from search_app.search.present.offer import OfferView
from search_app.search.reference_data import Snapshot
from search_app.search.whole_offer import read_offer
from search_app.text import wording

MOST_SESSIONS: Final = 3  # to come, the others are folded
MOST_PAYERS: Final = 3  # in the summary; a section has all


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A part of the record that was repaired or left out."""

    field: str
    value: str | None
    remedy: str


@dataclass(frozen=True, slots=True)
class OfferPage(Page):
    """The page context of an offer; of its sessions to come some are folded (``later``).

    ``funding`` is the link to who pays for one's own situation, None where no rules are stored.
    """

    card: Card
    brief: tuple[Fact, ...]
    contact: Contact | None
    entrance: Section
    schedule: Section
    to_come: tuple[SessionRow, ...]
    later: tuple[SessionRow, ...]
    past: tuple[SessionRow, ...]
    places: tuple[PlaceBlock, ...]
    seats: Section
    payment: Section
    learning: Section
    calling: Section
    contacts: tuple[ContactCard, ...]
    origin: Section
    faults: tuple[FaultRow, ...]
    session_numbers: tuple[str, ...]
    others: tuple[Fact, ...]
    json_href: str
    related: tuple[Related, ...]
    report: Value | None
    back: Link
    pick: PickLink | None = None
    funding: Link | None = None
    inform: InformBlock | None = None
    session_funding: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """Data of an offer's page beside its record.

    ``site`` is the requested address of the site, ``public_url`` the configured one, ``contact`` the address for error
    reports; the last two are empty if not set. ``selection`` is the reader's selection.
    """

    freshness: Freshness | None = None
    site: str = ""
    public_url: str = ""
    contact: str = ""
    related: tuple[Related, ...] = ()
    inform: InformBlock | None = None
    back: Link = EVERYTHING
    selection: Selection = NOTHING_PICKED


def build_offer_page(view: OfferView, snapshot: Snapshot, today: date, about: About) -> OfferPage:
    """Return the page of an offer, as of a day."""
    offer, picked = read_offer(view.record), pairs_of(about.selection)
    card = build_card(view.offer, SearchParams(), today, picked=picked)
    rows = build_session_rows(offer, view.offer.sessions, today)
    contacts = sections.build_contacts(offer)
    contact = find_contact(rows, contacts)
    price = _price(card, [funder.label for funder in view.offer.funders])
    to_come = tuple(row for row in rows if not row.over)
    funding = funding_link(offer.key, snapshot, picked)
    return OfferPage(
        layout=_layout(view, offer, card, snapshot, about),
        card=card,
        brief=build_brief(offer, rows, price, contact, snapshot, funding),
        contact=contact,
        entrance=sections.entrance(offer, snapshot),
        schedule=sections.schedule(offer),
        to_come=to_come[:MOST_SESSIONS],
        later=to_come[MOST_SESSIONS:],
        past=tuple(row for row in rows if row.over),
        places=build_places(offer, snapshot),
        seats=sections.seats(offer, sum(bool(session.seats) for session in offer.sessions)),
        payment=sections.payment(offer),
        learning=sections.learning(offer, snapshot, picked),
        calling=sections.calling(offer, picked),
        contacts=contacts,
        origin=sections.origin(offer),
        faults=tuple(FaultRow(fault.field, fault.value, fault.remedy) for fault in offer.faults),
        session_numbers=tuple(session.id for session in offer.sessions),
        others=tuple(Fact(path, tuple(map(Value, texts))) for path, texts in offer.detail.others.items()),
        json_href=f"/api/v1/offers/{offer.key}",
        related=about.related,
        report=_report(card, view, about),
        back=about.back,
        pick=build_pick(view.offer, about.selection, view.offer.url),
        funding=funding,
        inform=about.inform,
        session_funding=_session_funding(offer.key, picked, to_come) if funding else {},
    )


def _layout(view: OfferView, offer: Offer, card: Card, snapshot: Snapshot, about: About) -> Layout:
    url = view.offer.url
    return Layout(
        title=_title(card),
        section="search",
        description=(offer.goal or "")[:200] or None,
        canonical=url,
        indexed=not about.selection.picks,
        freshness=about.freshness,
        structured=to_script(build_course(offer, snapshot, f"{about.public_url.rstrip('/')}{url}")),
        sheets=(SHEET, *SHEETS) if about.inform else (SHEET,),
        scripts=(PICKING_SCRIPT,),
        bar=build_bar(about.selection),
    )


def _session_funding(key: str, picked: Pairs, rows: Sequence[SessionRow]) -> Mapping[str, str]:
    """Return the address of who pays for each session."""
    return {row.live.key: funding_path(key, picked, row.live.key) for row in rows}


def _report(card: Card, view: OfferView, about: About) -> Value | None:
    """Return the link for an error report, None without a contact."""
    contact = to_site_contact(about.contact)
    return to_report(contact, f"Offre : {_title(card)}", view.offer.key, f"{about.site}{view.offer.url}")


def _title(card: Card) -> str:
    return ", ".join(text for text in (card.title, card.place) if text)


def _price(card: Card, payers: Sequence[str]) -> tuple[str | None, ...]:
    """Return the price, or for whom it is free, and who pays."""
    more = len(payers) - MOST_PAYERS
    rest = f" et {wording.counted(more, 'autre', 'autres')}" if more > 0 else ""
    told = f"Payée par : {', '.join(payers[:MOST_PAYERS])}{rest}" if payers else None
    return card.free or card.price or "Non communiqué", told
