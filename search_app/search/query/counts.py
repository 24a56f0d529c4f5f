"""The aggregations of the facets: each under all filters but its own, counting offers."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any, Final

from mappings import value_sets
from mappings.codes import FUNDER_LABELS
from search_app.search.facets import UNTOLD, AtLeast, Codes, Counting, Facet
from search_app.search.query.filters import finer_values, without_value
from search_app.search.query.narrowing import Narrowing
from search_app.search.query.purchases import choices, values_beside, wanted_of
from search_app.search.query.request import Payment, SearchRequest
from search_app.search.query.session_counts import (
    by_range,
    count_funders,
    count_seats,
    count_states,
    seats_rows,
    seats_under,
    state_rows,
)
from search_app.search.query.sessions import ANY_FUNDER, only_funder

Body = dict[str, Any]
OWN = "own:"  # prefix of the aggregation of a facet under all filters but its own
OTHERS = "others"  # the aggregation of all facets without an own filter
SELECTED = ":selected"  # suffix of the aggregation of the selected values of a facet that may be cut
WITHOUT = ":without"  # suffix of the aggregation of offers without a value, if these are selected
EXACT = ":exact"  # suffix of the aggregation of selected codes of the finer property
PAYMENT = "funding"  # the aggregation of the levels of what pays for a person
EARLIER = "funding:earlier"  # the aggregation of the offers with a session before the day that is taken for the first
SETS = ":sets"  # suffix of the aggregation of the sets of facts that what pays is told by
SET = "set:"  # prefix of the aggregation of a set of values, from which several facets are counted
_SET_OF: Final = {field: name for name, fields in value_sets.SETS.items() for field in fields}
OF_WORDS: Final = ("place", "training", "subject")
# Each slice and each shard counts only its own most frequent values; sums are exact if none of them leaves any out.
# 50,000 is more than France has providers with offers.
ALL_OF_A_SHARD: Final = 50_000
MOST_SETS: Final = 10_000  # terms of one set; an answer of the engine has at most 65,535 rows


def build_counts(request: SearchRequest, narrowing: Narrowing, clauses: list[Body]) -> Body:
    """Return the aggregations of a request; ``search_app.search.present.facets`` parses them by name.

    ``clauses`` are those of all selected facets, as the hits are narrowed by.
    """
    others: Body = {}
    apart: list[tuple[Facet, Body]] = []
    sets = _sets_of(request)
    for facet in request.params.counted():
        if _is_counted_apart(facet, request):
            apart.append((facet, _COUNTED[facet.counting](facet, request, narrowing)))
        elif (name := _set_of(facet, narrowing)) in sets:
            others[SET + name] = _all_terms(f"{value_sets.FIELD}.{name}")
        else:
            others |= _COUNTED[facet.counting](facet, request, narrowing)
    top: Body = {OTHERS: {"filter": {"bool": {"filter": clauses}}, "aggs": others}} if clauses and others else others
    if request.payment is not None:
        paying = count_payment(request.payment, narrowing)
        remaining = narrowing.clauses(paid=False)
        top |= {OWN + PAYMENT: {"filter": {"bool": {"filter": remaining}}, "aggs": paying}} if remaining else paying
    for facet, lists in apart:
        remaining = narrowing.clauses(without=facet, paid=not _asks_what_pays(facet, request))
        if remaining:
            top[OWN + facet.param] = {"filter": {"bool": {"filter": remaining}}, "aggs": lists}
        else:
            top |= lists
    return top


def count_payment(payment: Payment, narrowing: Narrowing) -> Body:
    """Return the aggregations of what pays, under all filters but its own, and the check of what they rest on."""
    return {**payment.checks(), **payment.counts(narrowing.conditions())}


def _is_counted_apart(facet: Facet, request: SearchRequest) -> bool:
    """Tell whether a facet leaves out a filter that the others keep: its own, or seats, whose meaning depends on the
    funder.

    "Full" and "unknown" under one funder do not imply the same under any funder.
    """
    params = request.params
    if _asks_what_pays(facet, request):
        return True
    return bool(params.chosen(facet.param)) or (facet.counting is Counting.FUNDERS and isinstance(params.seats, str))


def _asks_what_pays(facet: Facet, request: SearchRequest) -> bool:
    """Tell whether a row of the facet is a condition on sessions by which offers can have a chosen value or not: what
    pays for a person is then told anew for each.
    """
    seats = request.params.seats is not None
    if not facet.counting.is_about_sessions and not (facet.counting is Counting.FUNDERS and seats):
        return False
    asked = request.conditions.funder_of_seats
    if facet.counting is not Counting.SESSIONS:
        asked = only_funder(request.params.funder) if facet.counting is Counting.SEATS else ANY_FUNDER
    return request.payment is not None and not request.payment.is_settled(asked)


def _sets_of(request: SearchRequest) -> Collection[str]:
    """Return the sets from which facets are counted: all for nearly the whole catalogue, for words alone those that
    stand for several lists and have few terms.
    """
    if request.by_value:
        return ()
    return value_sets.SETS if request.is_broad else OF_WORDS if request.is_words_alone else ()


def _set_of(facet: Facet, narrowing: Narrowing) -> str:
    """Return the name of the set that holds a facet's values, empty if there is none or sessions matter."""
    if facet.counting.is_about_sessions and narrowing.conditions(without=facet).any_set:
        return ""
    return _SET_OF.get(facet.field, "")


def _of_offers(facet: Facet, request: SearchRequest, _: Narrowing) -> Body:
    lists: Body = {facet.param: most_frequent(facet.field, facet.size(request.params.facet_size))}
    chosen = request.params.chosen(facet.param)
    values = facet.told(chosen)
    if len(values) < len(chosen):
        lists[facet.param + WITHOUT] = {"filters": {"filters": {UNTOLD: without_value(facet.field)}}}
    if facet.long and values:
        lists[facet.param + SELECTED] = {"terms": {"field": facet.field, "size": len(values), "include": [*values]}}
    exact = finer_values(facet, values)
    if facet.finer and exact:
        lists[facet.param + EXACT] = {"terms": {"field": facet.finer.field, "size": len(exact), "include": exact}}
    return lists


@lru_cache(maxsize=256)  # most searches request the same ten facets; the result is never modified
def most_frequent(field: str, size: int) -> Body:
    """Return the list of a field's most frequent values."""
    return {"terms": {"field": field, **_frequent(size)}}


def _frequent(size: int) -> Body:
    return {"size": size, "shard_size": ALL_OF_A_SHARD, "order": [{"_count": "desc"}, {"_key": "asc"}]}


@cache
def _all_terms(field: str) -> Body:
    return {"terms": {"field": field, "size": MOST_SETS, "order": {"_key": "asc"}}}


def _of_sessions(facet: Facet, request: SearchRequest, narrowing: Narrowing) -> Body:
    """Count by value of a session that meets all other session conditions; without any, by the copy on the offer."""
    assert isinstance(facet.values, Codes)
    conditions = narrowing.conditions(without=facet)
    rows = state_rows(facet.values, conditions)
    if not conditions.any_set:
        told: Body = {"terms": {"field": facet.field, "size": facet.size()}}
    else:
        told = count_states(conditions) if request.leaves_few else by_range(rows)
    return narrowing.count_rows(facet.param, rows, told)


def _of_seats(facet: Facet, request: SearchRequest, narrowing: Narrowing) -> Body:
    """Count by seats of a session that meets all other session conditions, under the selected funders.

    Without conditions and funders, by the copy on the offer.
    """
    assert isinstance(facet.values, AtLeast)
    params, conditions = request.params, narrowing.conditions(without=facet)
    rows = facet.values.rows(params.seats)
    under = replace(conditions, funders=params.funder)
    if not conditions.any_set and not params.funder and rows == facet.values.rows():
        told: Body = {"terms": {"field": facet.field, "size": len(rows)}}
    elif request.leaves_few:
        told = count_seats(rows, facet.values.words, under)
    else:
        told = by_range(seats_rows(rows, under))
    return narrowing.count_rows(facet.param, seats_rows(rows, under), told)


def _of_funders(facet: Facet, request: SearchRequest, narrowing: Narrowing) -> Body:
    """Count the result of choosing each funder alone: its lines, and beside a seats filter its seats, on the same
    session.
    """
    params = request.params
    seats, chosen, wanted = params.seats, params.chosen(facet.param), wanted_of(params, facet)
    if seats is None and not wanted:
        return _of_offers(facet, request, narrowing)
    codes = dict.fromkeys((*FUNDER_LABELS, *chosen))
    conditions = narrowing.conditions(without=facet)
    if wanted:
        more = {} if seats is None else seats_under(conditions, seats, codes, narrowing.meets)
        return {facet.param: choices(facet, [*codes], wanted, more)}
    rows = {code: replace(conditions, seats=seats, funders=(code,)) for code in codes}
    # A session of an offer that a funder does not pay has no unknown seats under it, which a script does not know.
    few = request.leaves_few
    told = count_funders(conditions, seats) if few and isinstance(seats, int) else by_range(rows)
    return narrowing.count_rows(facet.param, rows, told)


def _of_lines(facet: Facet, request: SearchRequest, _: Narrowing) -> Body:
    """Count by value of a funder line that has the chosen values of its other parts."""
    params = request.params
    wanted, chosen = wanted_of(params, facet), params.chosen(facet.param)
    found = {"terms": values_beside(facet, wanted) | _frequent(facet.size(params.facet_size))}
    return {facet.param: found} | ({facet.param + SELECTED: choices(facet, chosen, wanted, {})} if chosen else {})


_COUNTED: Final[Mapping[Counting, Callable[[Facet, SearchRequest, Narrowing], Body]]] = {
    Counting.OFFERS: _of_offers,
    Counting.FUNDERS: _of_funders,
    Counting.LINES: _of_lines,
    Counting.SESSIONS: _of_sessions,
    Counting.SEATS: _of_seats,
}
