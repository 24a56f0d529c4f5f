"""One offer in at most five lines, its key first; and its main values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

MOST_FUNDERS: Final = 3
LONGEST_FACT: Final = 140  # codes without a label may be any text, too
LONGEST_MOMENT: Final = 40
NO_SESSION: Final = "Session : dates à demander"


@dataclass(frozen=True, slots=True)
class Lengths:
    """Characters at most: of titles, names (provider, place), labels (certification), lines about the words, and of the
    address of the search, which is left out if it is longer.
    """

    title: int
    name: int
    label: int
    line: int
    address: int


USUAL: Final = Lengths(120, 70, 80, 400, 1_000)
SHORT: Final = Lengths(60, 40, 30, 160, 250)  # for an answer that would be too long otherwise


def offer_lines(card: OfferCard, params: SearchParams, today: date, site: str, lengths: Lengths = USUAL) -> list[str]:
    """Return the lines of an offer: what, where, when with seats and their age, who pays, its address."""
    session = session_to_show(card, params, today)
    return [
        f"{card.key} {quote(wording.typeset(card.title), lengths.title)}, {_provider(card, lengths)}",
        " ; ".join(_where_facts(card, lengths)),
        _session_text(card, session, params, today),
        " ; ".join(_payment_facts(card, lengths)),
        site + card.url,
    ]


def _provider(card: OfferCard, lengths: Lengths) -> str:
    """Return the provider's name as a quotation: it is a feed's text, too."""
    name = wording.provider(card.provider.name, card.trainer)
    return quote(name, lengths.name) if name else wording.UNNAMED


def _where_facts(card: OfferCard, lengths: Lengths) -> list[str]:
    """Return place, distance, mode, duration and levels, as far as they are known."""
    place = place_line(card.place)
    if card.mode == "remote":
        where = f"À distance (organisme : {plain(place, lengths.name)})" if place else "À distance"
    else:
        where = plain(place, lengths.name) if place else "Lieu non précisé"
    facts = [
        where,
        f"à {wording.kilometres(card.distance_km)}" if card.distance_km is not None else None,
        MODE_LABELS.get(card.mode or "") if card.mode != "remote" else None,
        wording.hours(card.hours) if card.hours else None,
        entry_requirement(card.entry_level_required),
        exit_level(card.level.code) if card.level else None,
    ]
    return [plain(fact, LONGEST_FACT) for fact in facts if fact]


def _session_text(card: OfferCard, session: SessionView | None, params: SearchParams, today: date) -> str:
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
    facts += map(_seats_text, seats)
    if session.contradiction and not over:
        facts.append(session.contradiction)
    return [plain(fact, LONGEST_FACT) for fact in facts]


def _seats_text(line: SeatLine) -> str:
    """Return seats left with funder and age; « not known » if they are."""
    if line.funder is None:
        return "places : non connues"
    return f"{line.text} ({line.funder}, {line.age})"


def _payment_facts(card: OfferCard, lengths: Lengths) -> list[str]:
    """Return who pays, the price, and what the offer leads to."""
    labels = [funder.label for funder in card.funders]
    more = f" et {len(labels) - MOST_FUNDERS} autres" if len(labels) > MOST_FUNDERS else ""
    told = ", ".join(plain(label, lengths.name) for label in labels[:MOST_FUNDERS])
    facts = [f"Qui paie : {told}{more}" if labels else "Qui paie : non précisé"]
    if card.free:
        facts.append(plain(wording.free([each.label for each in card.audience]), LONGEST_FACT))
    elif card.price is not None:
        facts.append(wording.euros(card.price))
    if card.certifications:
        facts.append(f"certification {quote(card.certifications[0], lengths.label)}")
    return facts


def offer_values(
    card: OfferCard, params: SearchParams, today: date, site: str, lengths: Lengths = USUAL
) -> Mapping[str, Any]:
    """Return the main values of an offer; seats are those of the session that the lines show."""
    session = session_to_show(card, params, today)
    seats = build_best_line(session.seats, params.funder) if session else SeatLine("unknown", "")
    return {
        "key": card.key,
        "title": plain(card.title, lengths.title),
        "url": site + card.url,
        "start": session.start if session else None,
        "seats": seats.available,
        "observed_at": plain(seats.observed_at, LONGEST_MOMENT) if seats.observed_at else None,
    }
