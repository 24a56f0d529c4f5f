"""Terms that hold the values of several facets of an offer at once.

To count the offers of a whole country by fifteen facets, the engine looks at each value of each offer. Offers have few
different combinations of values, though: counted by combination, each takes one look at most, and the app adds up the
values of some thousand combinations (docs/decisions/0020).

``value_sets.NAME`` of an offer holds one term, or none if it has no value at all: the values of each field in the
order of SETS, fields separated by a bar and values by commas. An offer with more than MOST_VALUES of one field has
several terms, no value in two of them, so that counts stay exact.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from operator import itemgetter
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


def term_of(stored: Iterable[Any]) -> str:
    """Return one term of the stored values of some fields, whatever their number.

    >>> term_of(["13", None, ["b", "a"], True])
    '13||a,b|true'
    """
    return _BETWEEN_FIELDS.join(_joined(_values(each)) for each in stored)


def _joined(values: Sequence[str]) -> str:
    return _BETWEEN_VALUES.join(value if value.isalnum() else quote(value, safe="") for value in values)


@lru_cache(maxsize=16_384)  # a country's catalogue has a fifth of that
def values_of(term: str) -> tuple[tuple[str, ...], ...]:
    """Return the values of each field of a term's set.

    >>> values_of("13||||true")
    (('13',), (), (), (), ('true',))
    """
    parts = term.split(_BETWEEN_FIELDS)
    return tuple(tuple(map(unquote, part.split(_BETWEEN_VALUES))) if part else () for part in parts)


def totals_of(name: str, counted: Iterable[tuple[str, int]]) -> dict[str, dict[str, int]]:
    """Return, for each field of a set, the offers of each value, from the offers of each term.

    For terms that differ from answer to answer; ``sums_of`` is for those that do not.

    >>> totals_of("audience", [("80006", 5), ("80006,83056", 2)])
    {'audience': {'80006': 7, '83056': 2}}
    """
    totals: tuple[dict[str, int], ...] = tuple({} for _ in SETS[name])
    for term, offers in counted:
        for of_field, values in zip(totals, values_of(term), strict=False):
            for value in values:
                of_field[value] = of_field.get(value, 0) + offers
    return dict(zip(SETS[name], totals, strict=True))


# A field's values in order, each with what takes the numbers of the terms that hold it out of those of all terms.
Sums = list[tuple[str, Callable[[Sequence[int]], tuple[int, ...]]]]


@lru_cache(maxsize=64)  # most answers list the same terms, whatever their numbers
def sums_of(name: str, terms: tuple[str, ...]) -> dict[str, Sums]:
    """Return, for each field of a set, how the offers of its values are added up from those of the terms.

    The numbers must have one more, 0, at the end.

    >>> sums = sums_of("audience", ("80006", "80006,83056"))["audience"]
    >>> {value: sum(of_value([5, 2, 0])) for value, of_value in sums}
    {'80006': 7, '83056': 2}
    """
    holding: dict[str, dict[str, list[int]]] = {field: {} for field in SETS[name]}
    for place, term in enumerate(terms):
        for field, values in zip(SETS[name], values_of(term), strict=False):
            for value in values:
                holding[field].setdefault(value, []).append(place)
    return {
        field: [(value, itemgetter(len(terms), *places)) for value, places in sorted(found.items())]
        for field, found in holding.items()
    }
