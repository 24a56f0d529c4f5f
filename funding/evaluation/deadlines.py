"""Deadlines as dates of one session."""

from datetime import date, timedelta
from typing import Final

from funding.evaluation.verdict import Step
from funding.facts.offer import SessionFacts
from funding.facts.values import Kleene
from funding.rule.scheme import Deadline
from mappings.days import add_months

LONG_ABSENCE_MONTHS: Final = 6  # Code du travail, R. 6323-10: « interruption continue de travail d'au moins six mois »
NOT_BEFORE: Final = "pas avant cette date"


def find_steps(deadlines: tuple[Deadline, ...], session: SessionFacts, on: date) -> tuple[Step, ...]:
    """Return what is to be done and by when; the earliest of the days that an imprecise start can mean.

    Somebody who enters at any time chooses the day: then no date is given.
    """
    starts = None if session.permanent or session.start is None else session.starts(on).first
    steps: list[Step] = []
    for each in deadlines:
        if each.opens_days is not None:
            opens = starts - timedelta(each.opens_days) if starts else None
            steps.append(Step(f"{each.what} ({NOT_BEFORE})", opens))
        days = each.days if is_long(session, on) is False else each.long_absence_days or each.days
        steps.append(Step(each.what, starts - timedelta(days) if starts else None))
    return tuple(steps)


def is_too_late(deadlines: tuple[Deadline, ...], session: SessionFacts, on: date) -> bool:
    """Tell whether a deadline has certainly passed, or the session itself."""
    if session.is_over(on):
        return True
    last = (session.end_last or session.end) if session.permanent else (session.start_last or session.start)
    if last is None:
        return False
    long = is_long(session, on) is True
    return any(
        on > last - timedelta(each.long_absence_days if long and each.long_absence_days else each.days)
        for each in deadlines
    )


def is_long(session: SessionFacts, on: date) -> Kleene:
    """Tell whether somebody who follows a session is away from work for six months or more."""
    if session.part_time:
        return False
    if session.permanent or session.start is None or session.end is None:
        return None
    starts = session.starts(on)
    day = timedelta(days=1)
    shortest = session.end + day >= add_months(starts.last or starts.first, LONG_ABSENCE_MONTHS)
    longest = (session.end_last or session.end) + day >= add_months(starts.first, LONG_ABSENCE_MONTHS)
    if shortest != longest:
        return None
    return None if shortest and session.part_time is None else shortest
