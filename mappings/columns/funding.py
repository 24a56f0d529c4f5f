"""Columns by which rules on funding are searched: what an offer is, what it certifies, under which contract and money.

A list that was told and is empty is stored as ``none``; one that was not told has no column.

``kind``, ``certification_kind``, ``contract_type``, ``funding_programme``
    see ``kinds``, ``certified`` and ``alternation``.
``cpf_periods``
    the days on which the offer was declared to the CPF, on the axis of ``mappings.session_index``: first and last,
    packed. The one number NO_PERIOD if none was declared although the certifications were told.
``hours_company``, ``remaining_fees``
    hours in the company, and what remains to pay in euros where the feed writes a figure.
``session_months``, ``months_least``, ``months_most``
    see ``durations``.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from language.words import fold
from mappings.columns import alternation, certified, durations, kinds
from mappings.session_index import DAY_BITS, DAY_MASK, LAST_DAY, day_number

NO_PERIOD: Final = LAST_DAY << DAY_BITS  # begins after its end: no day is in it
FIELDS: Final = (
    *("kind", "certification_kind", "contract_type", "funding_programme", "cpf_periods"),
    *("hours_company", "remaining_fees", *durations.FIELDS),
)
UNREAD_DAYS: Final = re.compile(r"eligibilite-cpf/(?:debut|fin)-validite$")  # among the other elements
_FIGURE: Final = re.compile(r"([0-9]{1,3}(?:[ .][0-9]{3})+|[0-9]{1,7})(?:[.,]([0-9]{1,2}))?(?: ?(?:€|euros?|ttc))*")
_SPACES: Final = re.compile(r"[\s\u00a0\u202f\u2009]+")


def index_funding(offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a stored offer."""
    detail = offer.get("detail", {})
    certifications = certified.certification_kinds(offer)
    made = {
        "kind": kinds.to_kind(offer),
        "certification_kind": certifications,
        "contract_type": alternation.contract_types(offer),
        "funding_programme": alternation.funding_programmes(offer),
        "cpf_periods": _cpf_periods(offer, bool(certifications)),
        "hours_company": detail.get("hours_company"),
        "remaining_fees": to_euros(detail.get("remaining_costs")),
        **durations.index_lengths(offer.get("sessions", ()), offer.get("entry")),
    }
    return {name: value for name, value in made.items() if value is not None and value != []}


def _cpf_periods(offer: Mapping[str, Any], certifications_told: bool) -> list[int]:
    """Return the packed periods; none if nothing was told, or if one that holds for some people only adds days."""
    sure, limited = set[int](), set[int]()
    for period in offer.get("detail", {}).get("cpf_periods", ()):
        (limited if period.get("limited") else sure).add(pack_period(period.get("first"), period.get("last")))
    if any(not any(_holds(other, number) for other in sure) for number in limited):
        return []
    return sorted(sure) if sure else [NO_PERIOD] if certifications_told and not _has_unread_days(offer) else []


def _has_unread_days(offer: Mapping[str, Any]) -> bool:
    """Tell whether days were declared that no rule read: in an index of an earlier shape, or where none looks."""
    holders = (offer.get("detail", {}), *offer.get("sessions", ()))
    return any(UNREAD_DAYS.search(path) for holder in holders for path in holder.get("others", ()))


def _holds(period: int, other: int) -> bool:
    return period >> DAY_BITS <= other >> DAY_BITS and other & DAY_MASK <= period & DAY_MASK


def pack_period(first: str | None, last: str | None) -> int:
    """Return the number of a period between two ISO days, None is open.

    >>> pack_period(None, None) == LAST_DAY, pack_period("1900-01-03", "1900-01-04") == 2 << 18 | 3
    (True, True)
    """
    begins = 0 if first is None else max(0, day_number(first))
    return begins << DAY_BITS | (LAST_DAY if last is None else max(0, day_number(last)))


def to_euros(text: str | None) -> float | None:
    """Return the euros of a text that is one figure, None if it says anything else.

    >>> to_euros("1 250,50 €"), to_euros("0"), to_euros("150 euros TTC")
    (1250.5, 0.0, 150.0)
    >>> to_euros("environ 100 €"), to_euros("de 50 à 100 €"), to_euros(None)
    (None, None, None)
    """
    folded = _SPACES.sub(" ", fold(text or "")).strip(" .")
    found = _FIGURE.fullmatch(folded)
    return float(f"{re.sub('[ .]', '', found[1])}.{found[2] or 0}") if found else None
