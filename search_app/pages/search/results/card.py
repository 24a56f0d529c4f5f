"""One result as a list shows it: what one decides by, in six lines on a phone and three columns on a desk."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from mappings.codes import NOT_OPEN
from search_app.pages.funding.on_results import Paid, build_paid
from search_app.pages.search.results.sessions import (
    NO_SESSION,
    other_dates,
    session_to_show,
    short_when,
)
from search_app.pages.shared.cards import to_live_seats
from search_app.pages.shared.pick_link import PickLink
from search_app.search.links import Pairs, address
from search_app.search.params.search_params import SearchParams
from search_app.search.passed import passed
from search_app.search.present.seat_lines import LiveSeats, SeatLine, State, build_best_line, to_state
from search_app.search.present.sessions import contradiction_text
from search_app.search.results import OfferCard, PlaceView, SeatsView, SessionView
from search_app.text import wording
from search_app.text.casing import town
from search_app.text.levels import entry_requirement, exit_level

UNKNOWN_PRICE: Final = wording.typeset("Prix : à demander")
# With the mark of the note below the list, which states the conditions once.
FREE: Final = "Gratuite si demandeur d’emploi"


@dataclass(frozen=True, slots=True)
class ShownSession:
    """The session that a result shows; ``state`` only where registration is not open, ``figures`` are the seats of all
    funders for static/live.js: ``2:5 4:-``.
    """

    when: str
    state: State | None
    passed: str | None
    contradiction: str | None
    seats: SeatLine
    live: LiveSeats
    figures: str
    chosen: str


@dataclass(frozen=True, slots=True)
class ResultCard:
    """One offer of a list; unknown texts are None, an empty price is not shown.

    ``conditional``: the note on free offers applies to the price.
    """

    key: str
    title: str
    href: str
    provider: str
    place: str | None
    distance: str | None
    session: ShownSession | None
    price: str
    conditional: bool
    hours: str | None
    entry: str
    leads_to: str | None
    more_dates: str | None
    phone: str | None
    pick: PickLink | None = None
    paid: Paid | None = None

    @property
    def is_training(self) -> bool:
        """Tell this card from the row of a training."""
        return False

    @property
    def no_session(self) -> str:
        """Return what is said instead of a date."""
        return NO_SESSION


def build_result_card(
    card: OfferCard, params: SearchParams, today: date, *, picked: Pairs = (), pick: PickLink | None = None
) -> ResultCard:
    """Return the card of a result; ``picked`` is the selection, for the link to the offer."""
    session = session_to_show(card, params, today)
    others = other_dates(card, session, today)
    price, conditional = _price(card) if card.funding is None else (_own_price(card), False)
    return ResultCard(
        key=card.key,
        title=wording.typeset(card.title),
        href=address(picked, card.url),
        provider=wording.provider_line(card.provider.name, card.trainer),
        place=_where(card),
        distance=None if card.distance_km is None else wording.kilometres(card.distance_km),
        session=_shown(session, card, params, today) if session else None,
        price=price,
        conditional=conditional,
        hours=wording.hours(card.hours) if card.hours else None,
        entry=entry_requirement(card.entry_level_required),
        leads_to=exit_level(card.level.code) if card.level else None,
        more_dates=f"+ {wording.counted(others, 'autre date', 'autres dates')}" if others else None,
        phone=card.phone,
        pick=pick,
        paid=build_paid(card, picked, session.key if session else ""),
    )


def _shown(session: SessionView, card: OfferCard, params: SearchParams, today: date) -> ShownSession:
    seats, over = build_best_line(session.seats, params.funder), passed(session, card.entry, today.isoformat())
    return ShownSession(
        when=short_when(session, card.entry, params, today),
        state=to_state(session.recruiting) if session.recruiting in NOT_OPEN else None,
        passed=over,
        contradiction=None if over else _contradiction(session, seats),
        seats=seats,
        live=to_live_seats(session, card.entry),
        figures=" ".join(map(_figure, session.seats)),
        chosen=" ".join(params.funder),
    )


def _contradiction(session: SessionView, seats: SeatLine) -> str | None:
    """Return the sentence on state and seats, with the figure that the card shows where that contradicts the state."""
    if session.contradiction and session.recruiting == "closed" and seats.available:
        return contradiction_text("closed_left", seats.available)
    return session.contradiction


def _figure(seats: SeatsView) -> str:
    return f"{seats.funder}:{'-' if seats.available is None else seats.available}"


def _where(card: OfferCard) -> str | None:
    """Return the town, with its département where no distance says which one it is; of a remote offer, the
    provider's.
    """
    remote = card.mode == "remote"
    name = town_line(card.place, with_department=card.distance_km is None and not remote)
    if not remote:
        return name
    return wording.typeset(f"À distance (organisme : {name})") if name else "À distance"


def town_line(place: PlaceView | None, *, with_department: bool) -> str | None:
    """Return the town cased for reading, and how many other places there are."""
    if place is None or not (place.town or place.postal_code):
        return None
    text = wording.curved(town(place.town)) if place.town else str(place.postal_code)
    if with_department and place.department:
        text += f" ({place.department})"
    return f"{text} et {wording.counted(place.others, 'autre lieu', 'autres lieux')}" if place.others else text


def _own_price(card: OfferCard) -> str:
    """Return the price for somebody who told a situation: of « gratuite si » only the figure, if there is one."""
    if card.price is not None:
        return wording.euros(card.price)
    return "" if card.free else UNKNOWN_PRICE


def _price(card: OfferCard) -> tuple[str, bool]:
    """Return the price, and whether the note on offers free for job seekers applies to it."""
    if card.free:
        told = wording.free([each.label for each in card.audience])
        return (FREE, True) if told == wording.FREE else (wording.typeset(told), False)
    return (UNKNOWN_PRICE if card.price is None else wording.euros(card.price)), False
