"""Judges a stored offer for a person by the stored funding rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from funding import Answer, OfferFacts, Person, SessionFacts, earliest_session, judge
from funding.facts.stored import offer_facts, session_facts
from mappings.codes import NOT_OPEN
from search_app.base.errors import NotFound
from search_app.search.reference_data import Snapshot

Stored = Mapping[str, Any]
Session = tuple[SessionFacts, Stored]
OTHER_SESSION: Final = "Cette session n’est pas une session de cette offre, ou elle n’est plus au catalogue."


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer and what it is about; without a ``session`` no session can be joined, and the day chose the version."""

    answer: Answer
    offer: OfferFacts
    session: Stored | None
    session_facts: SessionFacts | None


def judge_offer(
    snapshot: Snapshot,
    stored: Stored,
    session: str | None,
    person: Person,
    on: date,
    begin: date | None = None,
    *,
    open_first: bool = False,
    not_full_first: bool = False,
) -> Judged:
    """Return all verdicts on a stored offer for a person, for one of its sessions by its number or its key.

    Without one the earliest session that can still be joined on that day is judged; ``open_first``: one whose
    registration is closed only if that of all is; ``not_full_first``: nor one that is full, if another is open.
    ``begin`` is when the person would enter one that can be entered at any time. Raises NotFound if the session is none
    of this offer.
    """
    facts = offer_facts(stored)
    sessions = [(_facts(each, stored), each) for each in stored.get("sessions") or ()]
    about, chosen = _earliest(sessions, on, open_first, not_full_first) if session is None else _find(sessions, session)
    about = about and _entered(about, begin, on)
    return Judged(judge(snapshot.funding.book, person, facts, about, on), facts, chosen, about)


def _entered(session: SessionFacts, day: date | None, on: date) -> SessionFacts:
    """Return a session as somebody sees it who enters on a day; unchanged if that is no day on which one can enter.

    Its end says nothing of when the course of that person ends.
    """
    last = session.end_last or session.end
    if day is None or not session.permanent or day < max(on, session.start or on) or (last and day > last):
        return session
    return replace(session, start=day, start_last=day, end=None, end_last=None, permanent=False)


def _facts(session: Stored, stored: Stored) -> SessionFacts:
    return session_facts(session, stored.get("entry"), stored.get("rhythm") or ())


def _earliest(
    sessions: Sequence[Session], on: date, open_first: bool, not_full_first: bool
) -> Session | tuple[None, None]:
    not_closed = [each for each in sessions if each[1].get("recruiting") not in NOT_OPEN]
    not_full = [each for each in not_closed if (each[1].get("left") or {}).get("any") != 0]
    preferred = [not_full, not_closed] if not_full_first else [not_closed] if open_first else []
    for some in (*preferred, sessions):
        first = earliest_session((facts for facts, _ in some), on)
        if first is not None:
            return next(each for each in some if each[0] is first)
    return None, None


def _find(sessions: Sequence[Session], id_or_key: str) -> Session:
    for facts, each in sessions:
        if each["id"] == id_or_key or each["key"] == id_or_key.lower():
            return facts, each
    raise NotFound(OTHER_SESSION)
