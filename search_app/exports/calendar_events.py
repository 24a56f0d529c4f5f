"""Sessions as calendar events (iCalendar, RFC 5545): the possible start days, never an invented day.

| start in the feed | event |
|---|---|
| a day | that day |
| a month | the whole month, and the title says that the day is unknown |
| permanent entry | from the first day to the last one, if known: any of them is possible |
| a year, or unknown | none |
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from icalendar import Event, vText

from mappings.offer import FOREVER
from search_app.exports.meeting_events import to_meeting_events
from search_app.search.contacts import phones_of
from search_app.search.present.seat_lines import NOT_KNOWN, build_seat_line
from search_app.search.present.sessions import DATED
from search_app.search.results import OfferCard, SeatsView, SessionView
from search_app.text import wording
from search_app.text.dates import french_day

Stored = dict[str, Any]
ONE_DAY: Final = timedelta(days=1)
# Fields of an event beside those of a result.
EVENT_FIELDS: Final = (
    "written_at", "detail.contacts", "provider.contacts", "trainers.contacts", "sessions.window", "sessions.contacts",
    "places.name", "places.lines", "places.phones",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """The possible start days of a session, both inclusive."""

    first: date
    last: date


def to_days(session: Mapping[str, Any]) -> Days | None:
    """Return the possible start days of a stored session, None if not even the month is known.

    An open end is left out: the event is then on the first day only.
    """
    window = session.get("window")
    if not window or session.get("start_precision") not in DATED:
        return None
    first, last = date.fromisoformat(window["gte"]), date.fromisoformat(window["lte"])
    return Days(first, first if last == FOREVER else last)


def to_events(stored: Stored, card: OfferCard, site: str) -> Iterator[Event]:
    """Yield an event for each matching session with days; ``card`` is the same offer as a result."""
    sessions = {session["key"]: session for session in stored.get("sessions") or ()}
    for view in card.sessions:
        if view.matches and (days := to_days(sessions[view.key])):
            yield to_event(stored, card, sessions[view.key], view, days, site)


def to_event(stored: Stored, card: OfferCard, session: Stored, view: SessionView, days: Days, site: str) -> Event:
    """Return the event of one session. TRANSPARENT: it states possible start days and does not block the calendar."""
    url, changed = f"{site}{card.url}", _changed(stored, view)
    event = Event()
    event.add("uid", f"session-{view.key}@boussole")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("dtstart", days.first)
    if days.last < date.max:  # the last representable day has no successor; without an end an event is one day long
        event.add("dtend", days.last + ONE_DAY)  # exclusive
    event.add("transp", "TRANSPARENT")
    event.add("summary", _summary(card, view))
    event.add("location", _location(stored, card))
    event.add("description", _description(stored, card, session, view, url))
    event.add("url", url)
    if card.place and card.place.lat is not None and card.place.lon is not None and card.mode != "remote":
        event.add("geo", (card.place.lat, card.place.lon))
    if phones := phones_of(stored, session):
        event.add("contact", vText(", ".join(filter(None, (card.provider.name, *phones)))))
    return event


def to_session_events(
    stored: Stored, card: OfferCard, session: Stored, view: SessionView, days: Days | None, site: str
) -> bytes:
    """Return the events of one session's calendar: its start, if it has days, and its recruitment meetings."""
    start = [to_event(stored, card, session, view, days, site)] if days else []
    where = _location(stored, card)
    meetings = to_meeting_events(session, card, where, _changed(stored, view), f"{site}{card.url}")
    return b"".join(event.to_ical() for event in (*start, *meetings))


def _changed(stored: Stored, view: SessionView) -> datetime:
    """Return when the offer was last written or its seats last observed, so that equal answers have equal stamps."""
    moments = [stored["written_at"], *(figure.observed_at for figure in view.seats)]
    return max(_moment(text) for text in moments).replace(microsecond=0)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _summary(card: OfferCard, view: SessionView) -> str:
    where = "à distance" if card.mode == "remote" else card.place.town if card.place else None
    what = ", ".join(filter(None, (card.title, where)))
    if card.entry == "permanent":
        return f"{what} (entrée toute l’année)"
    if view.precision == "month" and view.start:
        return f"{what} ({french_day(view.start, 'month')}, jour non précisé)"
    return f"{what} (début)"


def _location(stored: Stored, card: OfferCard) -> str:
    if card.mode == "remote":
        return "À distance"
    shown = (card.place.town, card.place.postal_code) if card.place else (None, None)
    lines: list[str | None] = []
    for place in stored.get("places") or ():
        if (place.get("town"), place.get("postal_code")) == shown:
            lines = [place.get("name"), *(place.get("lines") or ())]
            break
    town = " ".join(filter(None, reversed(shown)))
    return ", ".join(dict.fromkeys(filter(None, (*lines, town)))) or "Lieu non précisé"


def _description(stored: Stored, card: OfferCard, session: Stored, view: SessionView, url: str) -> str:
    funders = ", ".join(funder.label for funder in card.funders)
    phones = ", ".join(phones_of(stored, session))
    others = card.place.others if card.place else 0
    provider = wording.provider(card.provider.name, card.trainer)
    lines = [
        f"Dates : {view.when}",
        f"Organisme : {provider}" if provider else wording.UNNAMED,
        f"Téléphone : {phones}" if phones else "",
        f"Qui paie : {funders}" if funders else "Qui paie : non précisé",
        wording.FREE if card.free else "",
        *seat_texts(view.seats),
        view.contradiction or "",
        f"Aussi {wording.counted(others, 'autre lieu', 'autres lieux')}" if others else "",
        url,
    ]
    return "\n".join(wording.typeset(line) for line in lines if line)


def seat_texts(seats: Sequence[SeatsView]) -> list[str]:
    """Return a line for each figure with its day of observation: a stored calendar has no « today »."""
    texts = []
    for figure in seats:
        line = build_seat_line(figure)
        what = "chiffre retiré" if figure.available is None else "vu"
        texts.append(f"{line.text} ({figure.label}, {what} le {french_day(figure.observed_at[:10])})")
    return texts or [NOT_KNOWN]
