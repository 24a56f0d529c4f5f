"""The facets, parsed from the aggregations that ``query.counts`` named."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Raw, Struct, field

from mappings.value_sets import SETS, sums_of, totals_of
from search_app.search.facets import FACETS, AtLeast, Facet
from search_app.search.params.search_params import SearchParams
from search_app.search.query.counts import EXACT, OTHERS, OWN, SELECTED, SET, WITHOUT
from search_app.search.query.session_counts import PART
from search_app.search.query.trainings import COUNTED
from search_app.search.reference_data import Snapshot
from search_app.search.results import FacetRow

Count = tuple[str, int]  # a value and its number of offers


class Bucket(Struct, gc=False):
    """One value; a boolean is counted as 0 or 1 with its name, a row of ``filters`` has no value."""

    doc_count: int
    key: str | int = ""
    key_as_string: str | None = None


Buckets = list[Bucket] | dict[str, Bucket]


class Counted(Struct, gc=False):
    """One list: values of offers as a list, conditions on their sessions by value, ``value`` if a script counted them.

    ``told`` is the list of some offers, counted apart from the others (``query.session_counts.OPEN``).
    ``left_out`` is how many offers have values that are not in it; only a list of all terms of a set must have none.
    """

    buckets: Buckets = []
    value: dict[str, int] | None = None
    told: "Counted | None" = None
    left_out: int = field(name="sum_other_doc_count", default=0)


Lists = dict[str, Counted]
_ONE: Final = msgspec.json.Decoder(Counted)
_GROUP: Final = msgspec.json.Decoder(dict[str, Counted | int])  # lists, and the number of offers that they count
NOTHING: Final = Counted()


class NotBySets(Exception):
    """The offers have more combinations of values than are counted, or some that are not known yet: values must be
    counted one by one, and what pays by a script.
    """


class EarlierSessions(NotBySets):
    """Offers have a session before the day that was taken for the first (``Payment.earliest``)."""


def to_facets(aggregations: Mapping[str, Raw], params: SearchParams, snapshot: Snapshot) -> dict[str, list[FacetRow]]:
    """Return the counted facets: most frequent values first, numbers in order, no selected one missing.

    Raises NotBySets.
    """
    lists = read_lists(aggregations)
    for name in SETS:
        if found := lists.pop(SET + name, None):
            _unfold(found, name, lists, params)
    return {facet.param: _rows(facet, lists, params, snapshot) for facet in params.counted()}


def read_lists(aggregations: Mapping[str, Raw]) -> Lists:
    """Return all lists by name, under whatever filter they are; one that was counted in two parts is one."""
    lists: Lists = {}
    for name, answer in aggregations.items():
        if name == OTHERS or name.startswith(OWN):
            lists |= {each: found for each, found in _GROUP.decode(answer).items() if isinstance(found, Counted)}
        elif name != COUNTED:
            lists[name] = _ONE.decode(answer)
    sums: dict[str, Counter[str]] = {}
    for name in [name for name, found in lists.items() if found.told is not None]:
        counts = dict(counts_of(lists.pop(name).told or NOTHING))
        sums.setdefault(PART.sub("", name), Counter()).update(counts)
    return lists | {name: Counted(value=dict(found)) for name, found in sums.items()}


def _unfold(found: Counted, name: str, lists: Lists, params: SearchParams) -> None:
    """Add the lists of the facets of a set that have none yet, from the offers counted by combination of values."""
    if found.left_out:
        raise NotBySets(name)
    assert isinstance(found.buckets, list)
    counted = [(str(row.key), row.doc_count) for row in found.buckets]
    totals = totals_of(name, counted) if params.q else _totals_of_all(name, counted)
    for facet in FACETS:
        if facet.field in totals and facet.param not in lists:
            rows = sorted(totals[facet.field].items(), key=_by_count)
            lists[facet.param] = Counted([Bucket(n, value) for value, n in rows[: facet.size(params.facet_size)]])


def _totals_of_all(name: str, counted: Sequence[Count]) -> dict[str, dict[str, int]]:
    """Return the same as ``totals_of`` for nearly all offers, whose terms are the same in most answers."""
    sums = sums_of(name, tuple([term for term, _ in counted]))
    numbers = [offers for _, offers in counted] + [0]
    return {field: {value: sum(of_value(numbers)) for value, of_value in found} for field, found in sums.items()}


def _rows(facet: Facet, lists: Lists, params: SearchParams, snapshot: Snapshot) -> list[FacetRow]:
    chosen, counted = params.chosen(facet.param), lists[facet.param]
    buckets = counted.buckets
    known, other = snapshot.labels[facet.param].get, facet.values.other_label  # once: a facet has a hundred rows
    if not chosen and isinstance(buckets, list) and buckets and not isinstance(facet.values, AtLeast):
        return [FacetRow(value := _value(row), known(value) or other(value), row.doc_count, False) for row in buckets]
    counts = _with_chosen(counts_of(counted), facet, lists, chosen)
    if isinstance(facet.values, AtLeast):
        found = dict(counts)
        counts = [(value, found[value]) for row in facet.values.rows(params.seats) if (value := str(row)) in found]
    return [FacetRow(value, known(value) or other(value), count, value in chosen) for value, count in counts]


def _with_chosen(counts: list[Count], facet: Facet, lists: Lists, chosen: Sequence[str]) -> list[Count]:
    """Return a facet with those of its selected values that were cut, or that no offer has."""
    found = dict(counts)
    more = [row for suffix in (SELECTED, EXACT, WITHOUT) for row in counts_of(lists.get(facet.param + suffix, NOTHING))]
    for value, count in (*more, *((value, 0) for value in chosen)):
        found.setdefault(value, count)
    return list(found.items())


def counts_of(counted: Counted) -> list[Count]:
    """Return (value, offers) of every form, most frequent values first."""
    if counted.value is not None:
        counts = list(counted.value.items())
    elif isinstance(counted.buckets, list):
        return [(_value(row), row.doc_count) for row in counted.buckets]
    else:
        counts = [(value, row.doc_count) for value, row in counted.buckets.items() if row.doc_count]
    return sorted(counts, key=_by_count)


def _by_count(row: Count) -> tuple[int, str]:
    return -row[1], row[0]


def _value(row: Bucket) -> str:
    return row.key_as_string or str(row.key)
