"""Until when one can enrol in a session, and why one cannot any more."""

from collections.abc import Sequence
from datetime import date

from mappings.codes import NOT_OPEN, RECRUITING_LABELS
from mappings.days import parse_day
from mappings.offer import Registration, Session
from search_app.text import wording
from search_app.text.dates import french_day, from_day


def closed_reasons(session: Session, today: date) -> tuple[str, ...]:
    """Return the stated reasons why registration is closed today, none if it is not."""
    reasons = []
    if session.registration and (ended := registration_end(session.registration, today)):
        reasons.append(f"Inscription terminée {ended}")
    if session.recruiting in NOT_OPEN:
        reasons.append(RECRUITING_LABELS[session.recruiting])
    return tuple(reasons)


def enrolment_line(session: Session, closed: Sequence[str], today: date) -> str | None:
    """Return in a line why registration is closed, else from or until when it is open, None if not stated."""
    if closed:
        return closed[-1]
    registration = session.registration
    if registration is None:
        return None
    first = parse_day(registration.start_text)
    last = wording.stated_day(registration.end_text)
    if first.first is not None and first.first > today:
        return f"S’inscrire à partir {from_day(first.first.isoformat(), first.precision)}"
    return (
        f"S’inscrire jusqu’{'au' if parse_day(registration.end_text).precision == 'day' else 'à'} {last}"
        if last
        else None
    )


def registration_lines(registration: Registration | None, today: date) -> tuple[str, ...]:
    """Return the stated period, method and address of the registration."""
    if registration is None:
        return ()
    lines = [registration_period(registration, today), registration.how, registration.address]
    return tuple(wording.typeset(line) for line in lines if line)


def registration_period(registration: Registration, today: date) -> str | None:
    """Return the registration period, None if not stated."""
    period = wording.stated_period(registration.start_text, registration.end_text)
    if period is None:
        return None
    return f"Inscription {period}{' (terminée)' if registration_end(registration, today) else ''}"


def registration_end(registration: Registration, today: date) -> str | None:
    """Return when registration ended, None if it did not or that is unknown; a month ends with its last day.

    >>> registration_end(Registration(end_text="20261001"), date(2026, 11, 23))
    'le 1er octobre 2026'
    >>> registration_end(Registration(end_text="20261000"), date(2026, 11, 23))
    'en octobre 2026'
    >>> registration_end(Registration(end_text="20261100"), date(2026, 11, 23))
    >>> registration_end(Registration(end_text="00010101"), date(2026, 11, 23))
    """
    last = parse_day(registration.end_text)
    if last.last is None or last.last >= today:
        return None
    return f"{'le' if last.precision == 'day' else 'en'} {french_day(last.last, last.precision)}"
