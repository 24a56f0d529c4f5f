"""What a session's recruitment asks for, in French: « Réunion d’information : 21 janvier 2027, 9 h–12 h, Mulhouse »."""

import re
from collections.abc import Sequence

from mappings.offer import Meeting
from search_app.pages import wording

# Labels of LHEO's table that a reader would not say so.
KINDS = {
    "information collective": "Réunion d’information",
    "entretien ou RDV individuel": "Entretien ou rendez-vous individuel",
    "dossier": "Examen du dossier",
}
UNKNOWN_KIND = "Recrutement"
TIME = re.compile(r"(\d\d):(\d\d)", re.ASCII)


def meeting_title(meeting: Meeting) -> str:
    """Return what it is."""
    kind = meeting.kind or UNKNOWN_KIND
    kind = KINDS.get(kind, kind)
    return wording.typeset(kind[:1].upper() + kind[1:])


def meeting_text(meeting: Meeting) -> str:
    """Return a meeting in one line: what, when, where, and for how many.

    >>> meeting_text(Meeting(kind="concours", start_text="20270300", seats=1)).replace(wording.NBSP, "_")
    'Concours_: mars 2027, 1_place'
    """
    days = meeting_days(meeting.start_text, meeting.end_text)
    where = ["à distance"] if meeting.remote else []
    where += [meeting.town or meeting.address or ""]
    seats = wording.counted(meeting.seats, "place", "places") if meeting.seats else ""
    told = [part for part in (days, meeting_hours(meeting), *where, seats) if part]
    title = meeting_title(meeting)
    return f"{title}{wording.NBSP}: {wording.typeset(', '.join(told))}" if told else title


def meeting_days(start_text: str | None, end_text: str | None) -> str:
    """Return the day or the days, as exact as they are known.

    >>> meeting_days("20270121", "20270121"), meeting_days("20270121", "20270125"), meeting_days(None, "99999999")
    ('21 janvier 2027', 'du 21 janvier 2027 au 25 janvier 2027', '')
    """
    first, last = (
        wording.stamp(text) if text and text not in ("00000000", "99999999") else "" for text in (start_text, end_text)
    )
    if first and last and first != last:
        return f"du {first} au {last}"
    return first or (f"jusqu’au {last}" if last else "")


def meeting_hours(meeting: Meeting) -> str:
    """Return from when until when, a text that is no time as it stands.

    >>> meeting_hours(Meeting(start_time="09:00", end_time="12:30")).replace(wording.NBSP, "_")
    '9_h–12_h_30'
    >>> meeting_hours(Meeting(start_time="matin")), meeting_hours(Meeting(end_time="12:00"))
    ('matin', 'jusqu’à 12\xa0h')
    """
    first, last = (french_time(text) if text else "" for text in (meeting.start_time, meeting.end_time))
    if first and last:
        return first if first == last else f"{first}–{last}"
    return first or (f"jusqu’à {last}" if last else "")


def french_time(text: str) -> str:
    """Return ``HH:MM`` as French writes it, any other text unchanged.

    >>> french_time("09:00"), french_time("14:05"), french_time("midi")
    ('9\xa0h', '14\xa0h\xa005', 'midi')
    """
    match = TIME.fullmatch(text)
    if not match:
        return text
    hour, minute = match.groups()
    return f"{int(hour)}{wording.NBSP}h" + (f"{wording.NBSP}{minute}" if minute != "00" else "")


def meeting_details(meeting: Meeting) -> Sequence[str]:
    """Return what else is told of a meeting, without its web address."""
    perimeter = ", ".join(text for text in (meeting.perimeter, meeting.perimeter_info) if text)
    town = " ".join(text for text in (meeting.postal_code, meeting.town) if text)
    told = (
        meeting.address or town,
        meeting.comment,
        f"Périmètre de recrutement : {perimeter}" if perimeter else None,
        f"Référence : {meeting.number}" if meeting.number else None,
    )
    return [wording.typeset(text) for text in told if text and text != meeting.town]
