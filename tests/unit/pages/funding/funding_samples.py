"""Offers and persons that the tests of the funding pages ask about."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from funding import OWN_FUNDING, Book, OfferFacts, Person, SessionFacts, read_book, read_texts
from mappings.keys import key_of
from tests.stored_offers import Document, least_offer

ON: Final = date(2026, 11, 30)
BOOK: Final[Book] = read_book(read_texts(OWN_FUNDING)).book
SEEKER: Final = Person(status="job_seeker", allowance="are", department="81", disabled=False)
EMPLOYEE: Final = Person(status="employee", contract="cdi", seniority_24_months=True)
OFFER: Final = OfferFacts(
    funders=frozenset("2"), kind="training", certifications=frozenset(("rncp",)), certifying=True, hours=420.0,
    price=3500.0, contract_types=frozenset(), programmes=frozenset(),
)  # fmt: skip
SESSION: Final = SessionFacts(date(2026, 12, 14), date(2026, 12, 14), date(2027, 3, 12), date(2027, 3, 12))


def stored_session(number: str, start: str, end: str) -> Document:
    return {
        "id": f"14_SE_{number}", "key": key_of(number), "start": start, "start_last": start, "start_precision": "day",
        "end": end, "end_precision": "day", "open_until": start,
        "seats": [
            {"funder": "2", "capacity": 12, "available": 5, "sequence": 1, "observed_at": "2026-11-28T08:00:00Z"}
        ],
    }  # fmt: skip


FIRST, SECOND = stored_session("near", "2026-12-14", "2027-03-12"), stored_session("far", "2027-02-01", "2027-06-30")


def stored_offer(**changes: Any) -> Document:
    """Return a stored offer of 3,500 euros, with seats that the Region buys, and two sessions to come."""
    return least_offer() | {
        "title": "Titre professionnel maçon", "funder": ["2"], "state_funded": True, "certifying": True, "hours": 420.0,
        "rncp": ["37348"], "certifications": [{"rncp": "37348"}], "formacode": ["22354"], "price": 3500.0,
        "region": ["76"], "department": ["81"], "mode": "onsite", "entry": "fixed", "sessions": [FIRST, SECOND],
        "provider": {"name": "Les Ateliers", "contacts": [{"phones": ["0563000000"]}]},
        "places": [{"town": "Albi", "postal_code": "81000", "department": "81", "region": "76"}],
    } | changes  # fmt: skip
