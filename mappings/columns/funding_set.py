"""What the rules on funding ask of an offer, its sessions apart, as one term: offers have few different ones.

A catalogue of half a million offers has some hundred, so the app works out once for each which schemes pay it for a
person, instead of asking the engine about each offer (docs/decisions/0033).

``funding_facts``
    the term: the values of the fields ASKED, as ``mappings.value_sets`` writes them.
``funding_set``
    a short name of the term, by which offers are found: a search names hundreds of them.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

from mappings.columns.funding import NO_PERIOD, pack_period
from mappings.value_sets import term_of, values_of

FACTS: Final = "funding_facts"
NAME: Final = "funding_set"
FIELDS: Final = (FACTS, NAME)
_NAME_BYTES: Final = 6  # of 10,000 terms two have the same name once in five million catalogues
# Fields of the index in the order of the term. Days of the CPF are in it if they are all days or none.
ASKED: Final = (
    *("kind", "certification_kind", "contract_type", "funding_programme", "funder", "state_funded", "certifying"),
    "cpf_periods",
)
SOME_DAYS: Final = "some"
_CPF: Final = "cpf_periods"
_ALL_DAYS: Final = pack_period(None, None)


def index_set(offer: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of an offer with its columns.

    >>> index_set({"kind": "training", "funder": ["4", "2"], "state_funded": False, "cpf_periods": [NO_PERIOD]})
    {'funding_facts': 'training||||2,4|false||34359476224', 'funding_set': '8gSgNvXv'}
    """
    told: dict[str, Any] = {name: offer.get(name) for name in ASKED}
    if told[_CPF]:
        told[_CPF] = _days(told[_CPF])
    term = term_of([told[name] for name in ASKED])
    return {FACTS: term, NAME: name_of(term)}


@lru_cache(maxsize=20_000)
def name_of(term: str) -> str:
    """Return the short name of a term."""
    return urlsafe_b64encode(blake2b(term.encode(), digest_size=_NAME_BYTES).digest()).decode()


def _days(periods: Sequence[int]) -> str:
    if _ALL_DAYS in periods:
        return str(_ALL_DAYS)
    return str(NO_PERIOD) if NO_PERIOD in periods else SOME_DAYS


def fields_of(term: str) -> dict[str, tuple[str, ...]]:
    """Return the values of the fields of a term that has some.

    >>> fields_of("training||||2,4|false||some")["funder"]
    ('2', '4')
    """
    return {name: values for name, values in zip(ASKED, values_of(term), strict=True) if values}


def is_term(text: str) -> bool:
    """Tell whether a text is a term: another program may have written something else.

    >>> is_term("||||2|||"), is_term("2|4")
    (True, False)
    """
    return len(values_of(text)) == len(ASKED)
