"""Judges a stored offer for a person by the stored funding rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from funding.facts.stored import offer_facts, session_facts

from funding import Answer, OfferFacts, Person, SessionFacts, earliest_session, judge
from search_app.base.errors import NotFound
from search_app.search.reference_data import Snapshot

Stored = Mapping[str, Any]
OTHER_SESSION: Final = "Cette session n’est pas une session de cette offre, ou elle n’est plus au catalogue."


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer and what it is about; without a ``session`` no session can be joined, and the day chose the version."""

    answer: Answer
    offer: OfferFacts
    session: Stored | None
    session_facts: SessionFacts | None


def judge_offer(snapshot: Snapshot, stored: Stored, session: str | None, person: Person, on: date) -> Judged:
    """Return all verdicts on a stored offer for a person, for one of its sessions by its number or its key.

    Without one the earliest session that can still be joined on that day is judged. Raises NotFound if the session is
    none of this offer.
    """
    facts = offer_facts(stored)
    chosen = _earliest(stored, on) if session is None else _find(stored, session)
    about = None if chosen is None else session_facts(chosen, stored.get("entry"))
    return Judged(judge(snapshot.funding.book, person, facts, about, on), facts, chosen, about)


def _earliest(stored: Stored, on: date) -> Stored | None:
    entry = stored.get("entry")
    sessions = [(session_facts(each, entry), each) for each in stored.get("sessions") or ()]
    first = earliest_session((facts for facts, _ in sessions), on)
    return next((each for facts, each in sessions if facts is first), None)


def _find(stored: Stored, id_or_key: str) -> Stored:
    for each in stored.get("sessions") or ():
        if each["id"] == id_or_key or each["key"] == id_or_key.lower():
            return each  # type: ignore[no-any-return]
    raise NotFound(OTHER_SESSION)
