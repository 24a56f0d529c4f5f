"""Terms that hold the values of several facets of an offer at once.

To count the offers of a whole country by fifteen facets, the engine looks at each value of each offer. Offers have few
different combinations of values, though: counted by combination, each takes one look at most, and the app adds up the
values of some thousand combinations (docs/decisions/0020).

``value_sets.NAME`` of an offer holds one term, or none if it has no value at all: the values of each field in the
order of SETS, fields separated by a bar and values by commas. An offer with more than MOST_VALUES of one field has
several terms, no value in two of them, so that counts stay exact.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import Any, Final
from urllib.parse import quote, unquote

FIELD: Final = "value_sets"
# Fields that vary together are in one set, so that there are few combinations. Statements change the last one alone
# (``seats.projection.scripts``).
SETS: Final[Mapping[str, tuple[str, ...]]] = {
    "place": ("region", "department"),
    "training": ("level", "mode", "rhythm", "entry", "state_funded"),
    "subject": ("domain", "nsf", "rome"),
    "audience": ("audience",),
    "payment": ("funder", "recruiting"),
    "seats": ("seats_rows",),
}
MOST_VALUES: Final = 100  # of a field in one term: its length is limited
_BETWEEN_FIELDS: Final = "|"
_BETWEEN_VALUES: Final = ","


def index_values(offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the field with the terms of an offer, under its name; without any value there is none.

    >>> index_values({"level": "13", "state_funded": True, "audience": ["83056", "80006"]})
    {'value_sets': {'training': ['13||||true'], 'audience': ['80006,83056']}}
    """
    made = {name: _to_terms([_values(offer.get(field)) for field in fields]) for name, fields in SETS.items()}
    told = {name: terms for name, terms in made.items() if terms}
    return {FIELD: told} if told else {}


def _values(stored: Any) -> list[str]:
    """Return the values of a field as its list names them, in order."""
    if stored is None:
        return []
    if isinstance(stored, bool):
        return ["true" if stored else "false"]
    return sorted({*stored}) if isinstance(stored, list) else [stored]


def _to_terms(values: Sequence[Sequence[str]]) -> list[str]:
    """Return the terms of the values of each field."""
    parts = [
        [each[start : start + MOST_VALUES] for start in range(0, len(each), MOST_VALUES)] or [[]] for each in values
    ]
    terms = (_BETWEEN_FIELDS.join(map(_joined, part)) for part in zip_longest(*parts, fillvalue=[]))
    return [term for term in terms if term.strip(_BETWEEN_FIELDS)]


def _joined(values: Sequence[str]) -> str:
    return _BETWEEN_VALUES.join(value if value.isalnum() else quote(value, safe="") for value in values)


@lru_cache(maxsize=50_000)
def values_of(term: str) -> tuple[tuple[str, ...], ...]:
    """Return the values of each field of a term's set.

    >>> values_of("13||||true")
    (('13',), (), (), (), ('true',))
    """
    parts = term.split(_BETWEEN_FIELDS)
    return tuple(tuple(map(unquote, part.split(_BETWEEN_VALUES))) if part else () for part in parts)
