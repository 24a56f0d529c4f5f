"""The facts of the fixtures' truth on which rules about funding are evaluated, without any reader of stored offers."""

from datetime import date
from typing import Any

from funding.facts.offer import OfferFacts, Period, SessionFacts
from tests.oracle.dates import parse_period


def truth_offer(truth: dict[str, Any]) -> OfferFacts:
    """Return the facts of an action in the truth."""
    periods = truth["cpf_periods"]
    return OfferFacts(
        funders=_codes(truth["funders"] or None),
        state_funded=truth["state_funded"],
        programmes=_codes(truth["funding_programme"]),
        kind=truth["kind"],
        certifications=_codes(truth["certification_kind"]),
        certifying=truth["certifying"],
        cpf_periods=None if periods is None else tuple(Period(_day(first), _day(last)) for first, last in periods),
        contract_types=_codes(truth["contract_type"]),
        hours=truth["hours"],
        hours_company=truth["hours_company"],
        price=truth["price"],
        remaining_fees=truth["remaining_fees"],
        level=None if truth["level"] is None else str(truth["level"]),
        regions=_codes([place["region"] for place in truth["places"] if place["region"]] or None),
        remote=None if truth["mode"] is None else truth["mode"] == "remote",
    )


def truth_session(truth: dict[str, Any], session: dict[str, Any]) -> SessionFacts:
    """Return the facts of a session in the truth of its action."""
    start, end = parse_period(*session["raw"])
    rhythm = truth["rhythm"][0] if len(truth["rhythm"]) == 1 else None
    return SessionFacts(
        start=start.first if start else None,
        start_last=start.last if start else None,
        end=end.first if end else None,
        end_last=end.last if end else None,
        permanent=truth["permanent"] is True,
        part_time={"part_time": True, "full_time": False}.get(rhythm or ""),
    )


def _codes(values: list[str] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(values)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
