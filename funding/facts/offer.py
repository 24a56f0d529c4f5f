"""The facts of one offer and of one session, as an index or a feed tells them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from funding.facts.offer_facts import PUBLIC_FUNDERS
from funding.facts.values import Days, Span, Told
from mappings.days import months_between


class Period(NamedTuple):
    """Days between two dates, both inclusive; None is open."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What an offer tells; None was not told. An empty list was told: there is none.

    ``price`` are the fees in euros, ``remaining_fees`` what remains to pay of them where the action is funded
    (frais-restants). ``cpf_periods`` are the days on which the offer was declared to be paid by the CPF.
    """

    funders: frozenset[str] | None = None
    state_funded: bool | None = None
    programmes: frozenset[str] | None = None
    kind: str | None = None
    certifications: frozenset[str] | None = None
    certifying: bool | None = None
    cpf_periods: tuple[Period, ...] | None = None
    contract_types: frozenset[str] | None = None
    hours: float | None = None
    hours_company: float | None = None
    price: float | None = None
    remaining_fees: float | None = None
    level: str | None = None
    regions: frozenset[str] | None = None
    remote: bool | None = None

    def is_doubtful(self) -> bool:
        """Tell whether conventionnement 0 stands beside a public funder."""
        return self.state_funded is False and bool(PUBLIC_FUNDERS & (self.funders or frozenset()))

    def env(self) -> dict[str, Any]:
        """Return the known facts under their names in rules."""
        doubtful = self.is_doubtful()
        funders = None
        if self.funders is not None:
            unsure = PUBLIC_FUNDERS & self.funders if doubtful else frozenset[str]()
            funders = Told(self.funders - unsure, unsure)
        known = {
            "offer.funders": funders,
            "offer.state_funded": None if doubtful else self.state_funded,
            "offer.programmes": _told(self.programmes),
            "offer.kind": self.kind,
            "offer.certifications": _told(self.certifications),
            "offer.certifying": self.certifying,
            "offer.contract_types": _told(self.contract_types),
            "offer.hours": _span(self.hours),
            "offer.hours_company": _span(self.hours_company),
            "offer.level": self.level,
            "offer.regions": _told(self.regions),
            "offer.remote": self.remote,
        }
        return {name: value for name, value in known.items() if value is not None}


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """When a session starts and ends: the first and last day that its dates can mean, None where unknown.

    A session with permanent entry (``permanent``) can be joined on any day of its period: it starts for a person on the
    day of the question, or later.
    """

    start: date | None = None
    start_last: date | None = None
    end: date | None = None
    end_last: date | None = None
    permanent: bool = False
    part_time: bool | None = None

    def starts(self, on: date) -> Days:
        """Return when it starts for somebody who asks on a day; an unknown start is any day from then."""
        if self.start is None:
            return Days(on, None)
        if self.permanent:
            day = max(on, self.start)
            return Days(day, day)
        return Days(self.start, self.start_last or self.start)

    def is_over(self, on: date) -> bool:
        """Tell whether nobody can join it any more: it has ended, or has started without permanent entry."""
        last = (self.end_last or self.end) if self.permanent else (self.start_last or self.start)
        return last is not None and last < on

    def months(self, on: date) -> Span | None:
        """Return how many months it lasts at most; None if its start or its end is unknown, or if entry is permanent:
        then the period says nothing about the course.
        """
        return self._months(self.starts(on))

    def _months(self, starts: Days) -> Span | None:
        if self.permanent or self.end is None or starts.last is None:
            return None
        first_end, last_end = self.end, self.end_last or self.end
        least = months_between(starts.last, first_end)
        is_exact = starts.first == starts.last and first_end == last_end
        return Span(least, least if is_exact else months_between(starts.first, last_end))

    def env(self, offer: OfferFacts, on: date) -> dict[str, Any]:
        """Return the known facts under their names in rules."""
        starts = self.starts(on)
        known = {
            "session.start": starts,
            "session.months": self._months(starts),
            "session.cpf_open": _cpf_open(offer, starts),
        }
        return {name: value for name, value in known.items() if value is not None}


def earliest_session(sessions: Iterable[SessionFacts], on: date) -> SessionFacts | None:
    """Return the session that starts first of those that can still be joined, None if there is none.

    One whose start is not known comes last; of equal ones the first given.
    """
    joinable = [session for session in sessions if not session.is_over(on)]
    return min(joinable, key=lambda session: (session.start is None, session.starts(on).first), default=None)


def _cpf_open(offer: OfferFacts, starts: Days) -> bool | None:
    """Tell whether a told period covers the start; None if no list was told, or if that depends on the day."""
    if offer.cpf_periods is None:
        return None
    covers = overlaps = False
    for first, last in offer.cpf_periods:
        covers |= (first is None or first <= starts.first) and (
            last is None or (starts.last is not None and starts.last <= last)
        )
        overlaps |= (last is None or starts.first <= last) and (
            first is None or starts.last is None or first <= starts.last
        )
    return True if covers else None if overlaps else False


def _told(codes: frozenset[str] | None) -> Told | None:
    return None if codes is None else Told(codes)


def _span(number: float | None) -> Span | None:
    return None if number is None else Span.of(number)
