"""Columns by which rules on funding are searched: what an offer is, what it certifies, under which contract and money.

A list that was told and is empty is stored as ``none``; one that was not told has no column.

``kind``, ``certification_kind``, ``contract_type``, ``funding_programme``
    see ``kinds``, ``certified`` and ``alternation``.
``cpf_periods``
    the days on which the offer was declared to the CPF, on the axis of ``mappings.session_index``: first and last,
    packed. The one number NO_PERIOD if none was declared although the certifications were told.
``hours_company``, ``remaining_fees``
    hours in the company, and what remains to pay in euros where the feed writes a figure.
``session_months``
    see ``durations``.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from language.words import fold
from mappings.columns import alternation, certified, durations, kinds
from mappings.session_index import DAY_BITS, LAST_DAY, day_number

NO_PERIOD: Final = LAST_DAY << DAY_BITS  # begins after its end: no day is in it
FIELDS: Final = (
    *("kind", "certification_kind", "contract_type", "funding_programme", "cpf_periods"),
    *("hours_company", "remaining_fees", durations.FIELD),
)
_FIGURE: Final = re.compile(r"([0-9]{1,3}(?:[ .][0-9]{3})+|[0-9]{1,7})(?:[.,]([0-9]{1,2}))?(?: ?(?:€|euros?|ttc))*")
_SPACES: Final = re.compile(r"[\s\u00a0\u202f\u2009]+")
_NOTHING: Final = ("aucun", "aucuns", "neant")


def index_funding(offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a stored offer."""
    detail = offer.get("detail", {})
    certifications = certified.certification_kinds(offer)
    made = {
        "kind": kinds.to_kind(offer),
        "certification_kind": certifications,
        "contract_type": alternation.contract_types(offer),
        "funding_programme": alternation.funding_programmes(offer),
        "cpf_periods": _cpf_periods(detail.get("cpf_periods", ()), bool(certifications)),
        "hours_company": detail.get("hours_company"),
        "remaining_fees": to_euros(detail.get("remaining_costs")),
        durations.FIELD: durations.index_months(offer.get("sessions", ()), offer.get("entry")),
    }
    return {name: value for name, value in made.items() if value is not None and value != []}


def _cpf_periods(periods: Any, certifications_told: bool) -> list[int]:
    """Return the packed periods; none if one of them holds for some people only, or if nothing was told."""
    if any(period.get("limited") for period in periods):
        return []
    if periods:
        return sorted({pack_period(period.get("first"), period.get("last")) for period in periods})
    return [NO_PERIOD] if certifications_told else []


def pack_period(first: str | None, last: str | None) -> int:
    """Return the number of a period between two ISO days, None is open.

    >>> pack_period(None, None) == LAST_DAY, pack_period("1900-01-03", "1900-01-04") == 2 << 18 | 3
    (True, True)
    """
    begins = 0 if first is None else max(0, day_number(first))
    return begins << DAY_BITS | (LAST_DAY if last is None else max(0, day_number(last)))


def to_euros(text: str | None) -> float | None:
    """Return the euros of a text that is one figure, None if it says anything else.

    >>> to_euros("1 250,50 €"), to_euros("0"), to_euros("Aucun"), to_euros("150 euros TTC")
    (1250.5, 0.0, 0.0, 150.0)
    >>> to_euros("environ 100 €"), to_euros("de 50 à 100 €"), to_euros(None)
    (None, None, None)
    """
    folded = _SPACES.sub(" ", fold(text or "")).strip(" .")
    if folded in _NOTHING:
        return 0.0
    found = _FIGURE.fullmatch(folded)
    return float(f"{re.sub('[ .]', '', found[1])}.{found[2] or 0}") if found else None
