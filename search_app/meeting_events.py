"""The meetings of one session as calendar events: they stand in the calendar of that session, and in no other.

| told in the feed | event |
|---|---|
| one day, with a time | from that time to the end that is told, in the time of the place |
| one day without a time, or several days | whole days |
| a month, a year, or nothing | none |

The calendar of a search has none of them: it tells when one can start, and a session may have ten meetings.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Event

from mappings.keys import key_of
from mappings.offer import Meeting
from search_app.pages.meetings import TIME, meeting_details, meeting_text, meeting_title
from search_app.results import OfferCard
from search_app.settings import PARIS

ONE_DAY: Final = timedelta(days=1)
# First three digits of the postal code -> where its clocks are others than those of Paris.
OVERSEAS: Final = {
    "971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne", "974": "Indian/Reunion",
    "975": "America/Miquelon", "976": "Indian/Mayotte", "977": "America/St_Barthelemy", "978": "America/Marigot",
    "986": "Pacific/Wallis", "987": "Pacific/Tahiti", "988": "Pacific/Noumea",
}  # fmt: skip


def to_meeting_events(session: Mapping[str, Any], card: OfferCard, changed: datetime, url: str) -> Iterator[Event]:
    """Yield an event for each meeting of a stored session whose day is known; ``changed`` stamps them."""
    key = session["key"]
    for number, row in enumerate(session.get("meetings") or ()):
        meeting = Meeting.model_validate(row)
        span = to_span(meeting)
        if span is None:
            continue
        event = Event()
        event.add("uid", f"meeting-{key_of(f'{key} {meeting.number or number}')}@boussole")
        event.add("dtstamp", changed)
        event.add("last-modified", changed)
        event.add("dtstart", span[0])
        if span[1] is not None:
            event.add("dtend", span[1])
        event.add("summary", f"{meeting_title(meeting)} : {card.title}")
        event.add("location", "À distance" if meeting.remote else meeting.address or meeting.town or "Lieu non précisé")
        event.add(
            "description", "\n".join(filter(None, (meeting_text(meeting), *meeting_details(meeting), meeting.url, url)))
        )
        event.add("url", url)
        yield event


def to_span(meeting: Meeting) -> tuple[date, date | None] | None:
    """Return start and end of a meeting's event, moments in UTC or days (the end exclusive); None if no day is known.

    >>> to_span(Meeting(start_text="20270121", start_time="09:00", end_time="12:00", postal_code="97400"))[0].hour
    5
    >>> to_span(Meeting(start_text="20270100", start_time="09:00"))
    """
    first = _day(meeting.start_text)
    last = _day(meeting.end_text) or first
    if first is None or last is None:
        return None
    start, end = _time(meeting.start_time), _time(meeting.end_time)
    if start is None or last != first:
        return first, max(first, last) + ONE_DAY
    zone = ZoneInfo(OVERSEAS[code]) if (code := (meeting.postal_code or "")[:3]) in OVERSEAS else PARIS
    begin = datetime.combine(first, start, zone).astimezone(UTC)
    until = datetime.combine(first, end, zone).astimezone(UTC) if end and end > start else None
    return begin, until


def _day(text: str | None) -> date | None:
    try:
        return datetime.strptime(text or "", "%Y%m%d").date()
    except ValueError:
        return None


def _time(text: str | None) -> time | None:
    match = TIME.fullmatch(text or "")
    return time(int(match[1]), int(match[2])) if match else None
