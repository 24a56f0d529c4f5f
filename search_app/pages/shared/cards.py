"""One offer with its sessions, as its own page and lists of related offers display it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from mappings.codes import ENTRY_LABELS, MODE_LABELS, NOT_OPEN
from search_app.pages.shared.pick_link import PickLink
from search_app.search.links import Pairs, address
from search_app.search.params.search_params import SearchParams
from search_app.search.passed import is_behind, passed
from search_app.search.present.seat_lines import LiveSeats, SeatLine, State, build_seat_lines, to_state
from search_app.search.results import OfferCard, PlaceView, SessionView
from search_app.text import casing, wording
from search_app.text.dates import french_day, french_window, from_day
from search_app.text.wording import curved

MOST_SESSIONS: Final = 3
MOST_SEATS: Final = 3  # lines of one session; its own page has all
Window = tuple[date | None, date | None]  # first and last day asked for, each optional


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session on a card; ``passed``: it cannot be joined any more."""

    when: str
    state: State | None
    seats: tuple[SeatLine, ...]
    more_seats: str | None
    contradiction: str | None
    live: LiveSeats
    passed: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One offer; ``facts`` are mode, duration, level; unknown texts are None."""

    title: str
    href: str
    provider: str
    place: str | None
    remote: bool
    distance: str | None
    facts: tuple[str, ...]
    certification: str | None
    free: str | None
    price: str | None
    funders: str | None
    sessions: tuple[SessionLine, ...]
    no_session: str | None
    more_sessions: str | None
    pick: PickLink | None = None


def build_card(
    card: OfferCard,
    params: SearchParams,
    today: date,
    *,
    picked: Pairs = (),
    pick: PickLink | None = None,
) -> Card:
    """Return the card of a result; matching sessions are listed, the others counted.

    ``picked`` is the selection, for the link to the offer, and ``pick`` the link that changes it.
    """
    matching = card.sessions[: card.matching_sessions]
    shown = matching[:MOST_SESSIONS]
    return Card(
        title=wording.typeset(card.title),
        href=address(picked, card.url),
        provider=wording.provider_line(card.provider.name, card.trainer),
        place=_where(card),
        remote=card.mode == "remote",
        distance=None if card.distance_km is None else f"à {wording.kilometres(card.distance_km)}",
        facts=_facts(card),
        certification=_certification(card),
        free=wording.typeset(wording.free([each.label for each in card.audience])) if card.free else None,
        price=None if card.free or card.price is None else wording.euros(card.price),
        funders=_funders(card),
        sessions=tuple(_session_line(session, card.entry, params, today) for session in shown),
        no_session=None if shown else "Dates des sessions non communiquées",
        more_sessions=_more(len(matching) - len(shown), len(card.sessions) - len(matching)),
        pick=pick,
    )


def _where(card: OfferCard) -> str | None:
    """Return the place; that of a remote offer is only its provider's."""
    if card.mode != "remote":
        return place_line(card.place)
    town = card.place and card.place.town
    return (
        wording.typeset(f"{MODE_LABELS['remote']} (organisme : {casing.town(town)})") if town else MODE_LABELS["remote"]
    )


def place_line(place: PlaceView | None) -> str | None:
    """Return the town with the number of its département, and the number of other places."""
    if place is None:
        return None
    town = casing.town(place.town) if place.town else place.postal_code
    if town is None:
        return None
    text = f"{town} ({place.department})" if place.department else town
    text = curved(text)
    return text if not place.others else f"{text} et {wording.counted(place.others, 'autre lieu', 'autres lieux')}"


def _facts(card: OfferCard) -> tuple[str, ...]:
    facts = [
        MODE_LABELS.get(card.mode or "") if card.mode != "remote" else None,  # stated with the place
        wording.hours(card.hours) if card.hours else None,
        card.level.label if card.level else None,
        ENTRY_LABELS["permanent"] if card.entry == "permanent" else None,
    ]
    return tuple(fact for fact in facts if fact)


def _certification(card: OfferCard) -> str | None:
    if not card.certifications:
        return None
    first, others = card.certifications[0], len(card.certifications) - 1
    return f"{first} et {wording.counted(others, 'autre', 'autres')}" if others else first


def _session_line(session: SessionView, entry: str | None, params: SearchParams, today: date) -> SessionLine:
    seats = build_seat_lines(session.seats, preferred=params.funder)
    hidden = len(seats) - MOST_SEATS
    return SessionLine(
        when=session_when(session, entry, today, (params.start_from, params.start_to)),
        state=to_state(session.recruiting),
        seats=seats[:MOST_SEATS],
        more_seats=f"et selon {wording.counted(hidden, 'autre financeur', 'autres financeurs')}"
        if hidden > 0
        else None,
        contradiction=session.contradiction,
        live=to_live_seats(session, entry, cut=hidden > 0),
        passed=passed(session, entry, today.isoformat()),
    )


def to_live_seats(session: SessionView, entry: str | None, *, cut: bool = False) -> LiveSeats:
    """Return the data for updating the seats of a session in place; ``cut``: some of its figures are not displayed."""
    if entry == "permanent":
        about = "entrée toute l’année"
    elif session.start:
        about = f"session {from_day(session.start, session.precision)}"
    else:
        about = "session sans date de début"
    return LiveSeats(session.key, about, session.recruiting, cut)


def session_when(session: SessionView, entry: str | None, today: date, asked: Window = (None, None)) -> str:
    """Return when a session takes place, or how long it can still be entered, including the days ``asked`` for."""
    when, day = session.when, today.isoformat()
    if entry == "permanent" and session.start and not passed(session, entry, day):
        begun = is_behind(session, day) or (session.precision == "day" and session.start == day)
        if session.recruiting in NOT_OPEN:  # never « possible » where it is not
            when = f"entrée toute l’année, {when}"
        else:
            when = f"entrée possible {_from_now_on(session) + in_window(session, today, asked) if begun else when}"
    elif entry == "permanent" and not session.start and not session.end:
        when = f"entrée toute l’année, {when}"
    return when[:1].upper() + when[1:]


def _from_now_on(session: SessionView) -> str:
    if not session.end:
        return "dès maintenant"
    until = "au" if session.end_precision == "day" else "à"
    return f"dès maintenant, jusqu’{until} {french_day(session.end, session.end_precision)}"


def in_window(session: SessionView, today: date, asked: Window) -> str:
    """Return why a permanent session that can be entered today matches a window without today."""
    first, last = asked
    if first and first > today:
        until = last if last and last.isoformat() <= (session.end or "9999") else None
        return f", aussi {french_window(first, until)}"
    if last and last < today:
        since = first if first and first.isoformat() >= (session.start or "") else last
        return f" (elle l’était déjà {french_window(since, last)})"
    return ""


def _funders(card: OfferCard) -> str | None:
    names = ", ".join(funder.label for funder in card.funders)
    return f"Financeur{'s' if len(card.funders) > 1 else ''}{wording.NBSP}: {names}" if names else None


def _more(matching: int, others: int) -> str | None:
    if matching and others:
        return f"{wording.counted(matching, 'autre session convient', 'autres sessions conviennent')}, {others} non"
    if matching:
        return wording.counted(matching, "autre session", "autres sessions")
    if others:
        return f"{wording.counted(others, 'autre session', 'autres sessions')} hors de cette recherche"
    return None
