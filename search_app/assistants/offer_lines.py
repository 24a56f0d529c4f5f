"""One offer in at most five lines, its key first; and its main values."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from mappings.codes import MODE_LABELS, RECRUITING_LABELS
from search_app.assistants.quotation import plain, quote
from search_app.pages.search.results.sessions import other_dates, session_to_show
from search_app.pages.shared.cards import place_line, session_when
from search_app.search.params.search_params import SearchParams
from search_app.search.passed import passed
from search_app.search.present.seat_lines import SeatLine, build_best_line
from search_app.search.results import OfferCard, SessionView
from search_app.text import wording
from search_app.text.levels import entry_requirement, exit_level

LONGEST_TITLE: Final = 120
LONGEST_NAME: Final = 70  # of a provider
LONGEST_LABEL: Final = 80  # of a certification
MOST_FUNDERS: Final = 3
NO_SESSION: Final = "Session : dates à demander"


def offer_lines(card: OfferCard, params: SearchParams, today: date, site: str) -> list[str]:
    """Return the lines of an offer: what, where, when with seats and their age, who pays, its address."""
    session = session_to_show(card, params, today)
    return [
        f"{card.key} {quote(wording.typeset(card.title), LONGEST_TITLE)}, {provider_text(card)}",
        " ; ".join(where_facts(card)),
        session_text(card, session, params, today),
        " ; ".join(payment_facts(card)),
        site + card.url,
    ]


def provider_text(card: OfferCard) -> str:
    """Return the provider's name as a quotation: it is a feed's text, too."""
    name = wording.provider(card.provider.name, card.trainer)
    return quote(name, LONGEST_NAME) if name else wording.UNNAMED


def where_facts(card: OfferCard) -> list[str]:
    """Return place, distance, mode, duration and levels, as far as they are known."""
    place = place_line(card.place)
    if card.mode == "remote":
        where = f"À distance (organisme : {plain(place, LONGEST_NAME)})" if place else "À distance"
    else:
        where = plain(place, LONGEST_NAME) if place else "Lieu non précisé"
    facts = [
        where,
        f"à {wording.kilometres(card.distance_km)}" if card.distance_km is not None else None,
        MODE_LABELS.get(card.mode or "") if card.mode != "remote" else None,
        wording.hours(card.hours) if card.hours else None,
        entry_requirement(card.entry_level_required),
        exit_level(card.level.code) if card.level else None,
    ]
    return [fact for fact in facts if fact]


def session_text(card: OfferCard, session: SessionView | None, params: SearchParams, today: date) -> str:
    """Return the session that a search result shows, its seats with the age of their figure, and how many others."""
    if session is None:
        return NO_SESSION
    others = other_dates(card, session, today)
    told = session_facts(session, card.entry, params, today, (build_best_line(session.seats, params.funder),))
    if others:
        told.append(f"+ {wording.counted(others, 'autre date', 'autres dates')}")
    return "Session : " + " ; ".join(told)


def session_facts(
    session: SessionView, entry: str | None, params: SearchParams, today: date, seats: Sequence[SeatLine]
) -> list[str]:
    """Return when a session takes place, the state of its recruitment, its seats, and what contradicts itself."""
    over = passed(session, entry, today.isoformat())
    facts = [session_when(session, entry, today, (params.start_from, params.start_to))]
    if over:
        facts.append(over)
    if session.recruiting != "unknown":
        facts.append(RECRUITING_LABELS.get(session.recruiting, session.recruiting).lower())
    facts += map(seats_text, seats)
    if session.contradiction and not over:
        facts.append(session.contradiction)
    return facts


def seats_text(line: SeatLine) -> str:
    """Return seats left with funder and age; « not known » if they are."""
    if line.funder is None:
        return "places : non connues"
    return f"{line.text} ({line.funder}, {line.age})"


def payment_facts(card: OfferCard) -> list[str]:
    """Return who pays, the price, and what the offer leads to."""
    labels = [funder.label for funder in card.funders]
    more = f" et {len(labels) - MOST_FUNDERS} autres" if len(labels) > MOST_FUNDERS else ""
    facts = [f"Qui paie : {', '.join(labels[:MOST_FUNDERS])}{more}" if labels else "Qui paie : non précisé"]
    if card.free:
        facts.append(wording.free([each.label for each in card.audience]))
    elif card.price is not None:
        facts.append(wording.euros(card.price))
    if card.certifications:
        facts.append(f"certification {quote(card.certifications[0], LONGEST_LABEL)}")
    return facts


def offer_values(card: OfferCard, params: SearchParams, today: date, site: str) -> Mapping[str, Any]:
    """Return the main values of an offer; seats are those of the session that the lines show."""
    session = session_to_show(card, params, today)
    seats = build_best_line(session.seats, params.funder) if session else SeatLine("unknown", "")
    return {
        "key": card.key,
        "title": plain(card.title, LONGEST_TITLE),
        "url": site + card.url,
        "start": session.start if session else None,
        "seats": seats.available,
        "observed_at": seats.observed_at,
    }
