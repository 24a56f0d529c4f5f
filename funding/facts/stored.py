"""The facts that a stored offer and its sessions tell: nothing else reads the stored fields of ``offer_facts``.

They are made from the offer itself by the rule of its columns (``mappings.columns.funding``), which readers of offers
leave out.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from funding.facts.offer import OfferFacts, Period, SessionFacts
from mappings.columns.durations import SessionDays, session_days
from mappings.columns.funding import NO_PERIOD, index_funding
from mappings.session_index import DAY_BITS, DAY_MASK, FIRST, LAST_DAY

NONE: Final = "none"  # a list that was told and is empty


def offer_facts(stored: Mapping[str, Any]) -> OfferFacts:
    """Return what a stored offer tells, read as JSON."""
    return indexed_facts({**stored, **index_funding(stored)})


def indexed_facts(made: Mapping[str, Any]) -> OfferFacts:
    """Return what a stored offer tells, read with the columns that were made of it."""
    mode = made.get("mode")
    return OfferFacts(
        funders=_codes(made.get("funder")),
        state_funded=made.get("state_funded"),
        programmes=_codes(made.get("funding_programme")),
        kind=made.get("kind"),
        certifications=_codes(made.get("certification_kind")),
        certifying=made.get("certifying"),
        cpf_periods=_periods(made.get("cpf_periods")),
        contract_types=_codes(made.get("contract_type")),
        hours=made.get("hours"),
        hours_company=made.get("hours_company"),
        price=made.get("price"),
        remaining_fees=made.get("remaining_fees"),
        level=made.get("level"),
        regions=_codes(made.get("region")),
        remote=None if mode is None else mode == "remote",
    )


def session_facts(stored_session: Mapping[str, Any], entry: str | None, rhythms: Collection[str] = ()) -> SessionFacts:
    """Return what a stored session tells; ``entry`` and ``rhythms`` are fields of its offer."""
    (rhythm,) = rhythms if len(rhythms) == 1 else ("unknown",)
    part_time = rhythm == "part_time" if rhythm in ("part_time", "full_time") else None
    return dated_facts(session_days(stored_session), entry, part_time)


def dated_facts(days: SessionDays, entry: str | None, part_time: bool | None = None) -> SessionFacts:
    """Return what a session tells from its days; ``entry`` is a field of its offer."""
    return SessionFacts(*days, permanent=entry == "permanent", part_time=part_time)


def _codes(values: Sequence[str] | None) -> frozenset[str] | None:
    """Return a list that was told, None for an absent or empty one."""
    return frozenset(values) - {NONE} if values else None


def _periods(packed: Sequence[int] | None) -> tuple[Period, ...] | None:
    if not packed:  # a list that was told and is empty has NO_PERIOD
        return None
    return tuple(_period(number) for number in packed if number != NO_PERIOD)


def _period(number: int) -> Period:
    first, last = number >> DAY_BITS, number & DAY_MASK
    return Period(_day(first) if first else None, None if last == LAST_DAY else _day(last))


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)
