"""Steps of a session's recruitment in French: « Réunion d’information : 21 janvier 2027, 9 h–12 h, Mulhouse »."""

from collections.abc import Sequence
from datetime import date

from mappings.days import UNKNOWN, is_inverted, parse_day
from mappings.meeting_times import parse_stored_time, to_when
from mappings.offer import Meeting
from search_app.text import wording

# Labels of LHEO's table that are not usual French.
KINDS = {
    "information collective": "Réunion d’information",
    "entretien ou RDV individuel": "Entretien ou rendez-vous individuel",
    "dossier": "Examen du dossier",
}
UNKNOWN_KIND = "Recrutement"
PASSED = "Date passée"  # neutral in gender: « réunion », « entretien »


def meeting_title(meeting: Meeting) -> str:
    """Return the kind of meeting."""
    kind = meeting.kind or UNKNOWN_KIND
    kind = KINDS.get(kind, kind)
    return wording.typeset(kind[:1].upper() + kind[1:])


def meeting_text(meeting: Meeting) -> str:
    """Return a meeting in one line: what, when, where, and for how many people.

    >>> meeting_text(Meeting(kind="concours", start_text="20270300", seats=1)).replace(wording.NBSP, "_")
    'Concours_: mars 2027, 1_place'
    """
    days = meeting_days(meeting)
    where = ["à distance"] if meeting.remote else []
    where += [meeting.town or meeting.address or ""]
    seats = wording.counted(meeting.seats, "place", "places") if meeting.seats else ""
    told = [part for part in (days, meeting_hours(meeting), *where, seats) if part]
    title = meeting_title(meeting)
    return f"{title}{wording.NBSP}: {wording.typeset(', '.join(told))}" if told else title


def meeting_days(meeting: Meeting) -> str:
    """Return the day or days at their precision; a text that is not a date is returned as it is.

    >>> meeting_days(Meeting(start_text="20270121", end_text="20270121")), meeting_days(Meeting(end_text="99999999"))
    ('21 janvier 2027', '')
    >>> meeting_days(Meeting(start_text="20270121", end_text="20270125"))
    'du 21 janvier 2027 au 25 janvier 2027'
    >>> meeting_days(Meeting(start_text="20270121", end_text="20270101")), meeting_days(Meeting(start_text="99991231"))
    ('21 janvier 2027', '99991231')
    """
    first, last = (
        wording.stamp(text) if text and text not in UNKNOWN else "" for text in (meeting.start_text, meeting.end_text)
    )
    if is_inverted(parse_day(meeting.start_text), parse_day(meeting.end_text)):
        last = ""
    if first and last and first != last:
        return f"du {first} au {last}"
    return first or (f"jusqu’au {last}" if last else "")


def meeting_hours(meeting: Meeting) -> str:
    """Return start and end hour; a text that is not a time as it is, no end that is before the start.

    >>> meeting_hours(Meeting(start_time="09:00", end_time="12:30")).replace(wording.NBSP, "_")
    '9_h–12_h_30'
    >>> meeting_hours(Meeting(start_time="matin")), meeting_hours(Meeting(end_time="12:00"))
    ('matin', 'jusqu’à 12\xa0h')
    >>> meeting_hours(Meeting(start_time="14:00", end_time="09:00")), meeting_hours(Meeting(start_time="25:00"))
    ('14\xa0h', '25:00')
    """
    first, last = (french_time(text) if text else "" for text in (meeting.start_time, meeting.end_time))
    if parse_stored_time(meeting.end_time) != to_when(meeting).end:
        last = ""
    if first and last:
        return first if first == last else f"{first}–{last}"
    return first or (f"jusqu’à {last}" if last else "")


def french_time(text: str) -> str:
    """Return ``HH:MM`` in French notation, any other text unchanged.

    >>> french_time("09:00"), french_time("14:05"), french_time("midi"), french_time("25:00")
    ('9\xa0h', '14\xa0h\xa005', 'midi', '25:00')
    """
    time = parse_stored_time(text)
    if time is None:
        return text
    return f"{time.hour}{wording.NBSP}h" + (f"{wording.NBSP}{time.minute:02}" if time.minute else "")


def meeting_passed(meeting: Meeting, today: date) -> str | None:
    """Return words if the last known day of a meeting is past; « mars 2027 » is past when March is over.

    >>> meeting_passed(Meeting(start_text="20270300"), date(2027, 4, 1))
    'Date passée'
    >>> meeting_passed(Meeting(start_text="20270300"), date(2027, 3, 31)), meeting_passed(Meeting(), date(2027, 3, 31))
    (None, None)
    """
    when = to_when(meeting)
    last = when.last.last or when.first.last
    return PASSED if last and last < today else None


def meeting_details(meeting: Meeting) -> Sequence[str]:
    """Return the other details of a meeting, without its web address."""
    perimeter = ", ".join(text for text in (meeting.perimeter, meeting.perimeter_info) if text)
    town = " ".join(text for text in (meeting.postal_code, meeting.town) if text)
    told = (
        meeting.address or town,
        meeting.comment,
        f"Périmètre de recrutement : {perimeter}" if perimeter else None,
        f"Référence : {meeting.number}" if meeting.number else None,
    )
    return [wording.typeset(text) for text in told if text and text != meeting.town]
