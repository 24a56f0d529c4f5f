"""The meetings of one session as calendar events: they stand in the calendar of that session, and in no other.

| told in the feed | event |
|---|---|
| one day, with a time | from that time to the end that is told, in the time of the place |
| the same, from evening to early morning | to that hour of the next day |
| one day without a time, or several days | whole days |
| a month, a year, nothing, or what is no date | none |

The calendar of a search has none of them: it tells when one can start, and a session may have ten meetings.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Event

from mappings.keys import key_of
from mappings.meeting_times import to_when
from mappings.offer import Meeting
from search_app.base.settings import PARIS
from search_app.search.results import OfferCard, PlaceView
from search_app.search.stored_meetings import read_meetings
from search_app.text.meetings import meeting_details, meeting_text, meeting_title

Span = tuple[date, date | None]
ONE_DAY: Final = timedelta(days=1)
POSTAL_CODE: Final = re.compile(r"[0-9]{5}")
# First three digits of a postal code, or a département -> time zone, if it is not that of Paris.
OVERSEAS: Final = {
    "971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne", "974": "Indian/Reunion",
    "975": "America/Miquelon", "976": "Indian/Mayotte", "977": "America/St_Barthelemy", "978": "America/Marigot",
    "986": "Pacific/Wallis", "987": "Pacific/Tahiti", "988": "Pacific/Noumea",
}  # fmt: skip


def to_meeting_events(
    session: Mapping[str, Any], card: OfferCard, where: str, changed: datetime, url: str
) -> Iterator[Event]:
    """Yield an event for each meeting of a stored session with a known day; ``changed`` is their stamp.

    ``where`` is the place of the offer, used for a meeting without one.
    """
    key, taken = session["key"], set[str]()
    for number, meeting in enumerate(read_meetings(session)):
        span = to_span(meeting, card.place)
        if span is None:
            continue
        name = meeting.number if meeting.number and meeting.number not in taken else str(number)
        taken.add(name)
        event = Event()
        event.add("uid", f"meeting-{key_of(f'{key} {name}')}@boussole")
        event.add("dtstamp", changed)
        event.add("last-modified", changed)
        event.add("dtstart", span[0])
        if span[1] is not None:
            event.add("dtend", span[1])
        event.add("summary", f"{meeting_title(meeting)} : {card.title}")
        event.add("location", "À distance" if meeting.remote else meeting.address or meeting.town or where)
        event.add(
            "description", "\n".join(filter(None, (meeting_text(meeting), *meeting_details(meeting), meeting.url, url)))
        )
        event.add("url", url)
        yield event


def to_span(meeting: Meeting, place: PlaceView | None = None) -> Span | None:
    """Return start and end of a meeting's event, moments in UTC or days (the end exclusive); None if no day is known.

    ``place`` is that of the offer, whose time zone applies if the meeting has no postal code.

    >>> to_span(Meeting(start_text="20270121", start_time="09:00", end_time="12:00", postal_code="97400"))[0].hour
    5
    >>> to_span(Meeting(start_text="20270100", start_time="09:00"))
    >>> to_span(Meeting(start_text="99991231"))
    """
    when = to_when(meeting)
    first = when.first.first
    if first is None or when.first.precision != "day":
        return None
    last = when.last.first if when.last.first and when.last.precision == "day" else first
    if when.start is None or (last != first and not when.overnight):
        return first, last + ONE_DAY
    zone = _zone(meeting, place)
    begin = datetime.combine(first, when.start, zone).astimezone(UTC)
    if when.end is None:
        return begin, None
    until = datetime.combine(first + ONE_DAY * when.overnight, when.end, zone).astimezone(UTC)
    return begin, until if until > begin else None


def _zone(meeting: Meeting, place: PlaceView | None) -> ZoneInfo:
    """Return the time zone of the meeting's postal code, else of the offer's place."""
    codes = [meeting.postal_code or ""]
    if not POSTAL_CODE.fullmatch(codes[0]) and place:
        codes = [place.postal_code or "", place.department or ""]
    return next((ZoneInfo(OVERSEAS[code[:3]]) for code in codes if code[:3] in OVERSEAS), PARIS)
