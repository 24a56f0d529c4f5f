"""The aggregations behind the count lists: each under all filters but its own, each counting offers."""

from functools import lru_cache
from typing import Any

from mappings.codes import FUNDER_LABELS
from search_app.search.params.search_params import Seats
from search_app.search.query.facets import ALL_OF_A_SHARD, FACETS, SEATS_COUNTED, SESSION_FACETS, Facet, seats_counted
from search_app.search.query.filters import DOMAIN_DIGITS, facet_filters
from search_app.search.query.request import SearchRequest
from search_app.search.query.sessions import SessionConditions, seat_fields, seats_clause

Body = dict[str, Any]
OWN = "own:"  # prefix of the aggregation that holds a list under all filters but its own
OTHERS = "others"  # the aggregation that holds all lists without a filter of their own
SELECTED = ":selected"  # suffix of the list that counts the chosen values of a list that may be cut
EXACT = ":exact"  # suffix of the list that counts the chosen five-digit codes beside whole domains


def build_counts(request: SearchRequest) -> Body:
    """Return the aggregations of a request; their names are read back by ``search_app.search.present.facets``."""
    lists = {facet.param: _counting(facet, request) for facet in FACETS}
    narrowing = narrowing_filters(request)
    apart = [facet.param for facet in FACETS if _is_counted_apart(facet, request)]
    counts: Body = {name: body for name, body in lists.items() if name not in apart}
    if narrowing and counts:
        merged = {key: value for body in counts.values() for key, value in body.items()}
        top: Body = {OTHERS: {"filter": {"bool": {"filter": narrowing}}, "aggs": merged}}
    else:
        top = {key: value for body in counts.values() for key, value in body.items()}
    for name in apart:
        remaining = narrowing_filters(request, without=name)
        if remaining:
            top[OWN + name] = {"filter": {"bool": {"filter": remaining}}, "aggs": lists[name]}
        else:
            top |= lists[name]
    return top


def _is_counted_apart(facet: Facet, request: SearchRequest) -> bool:
    """Tell whether a list leaves out a filter that the others keep: its own, or seats that the funder gives a meaning.

    "Full" and "unknown" under a funder are no part of the same under any funder.
    """
    params = request.params
    return bool(params.chosen(facet.param)) or (facet.param == "funder" and isinstance(params.seats, str))


def narrowing_filters(request: SearchRequest, without: str | None = None) -> list[Body]:
    """Return the clauses of all chosen count lists (they go to post_filter), or of all but one."""
    params = request.params
    clauses = [clause for name, clause in facet_filters(params).items() if name != without]
    conditions = request.conditions.without(without) if without else request.conditions
    if conditions != base_conditions(request):
        clauses += conditions.query()
    return clauses


def base_conditions(request: SearchRequest) -> SessionConditions:
    """Return the session conditions that no count list leaves out; they go into the query itself."""
    return request.conditions.without("funder", *SESSION_FACETS)


def all_but_one(request: SearchRequest) -> list[Body]:
    """Return the clause that leaves out offers that fail two of the chosen lists: no hit and no count needs them.

    A list's own counts leave out its own filter only, so whatever fails two lists is in none of the counts. The lists
    of sessions are one here: their conditions hold for the same session.
    """
    chosen = list(facet_filters(request.params).values())
    conditions = request.conditions.without("funder")
    if conditions != base_conditions(request):
        chosen += conditions.query()
    if len(chosen) < 2:
        return []
    return [{"bool": {"should": chosen, "minimum_should_match": len(chosen) - 1}}]


def _counting(facet: Facet, request: SearchRequest) -> Body:
    if facet.param == "recruiting":
        return {"recruiting": _recruiting(facet, request)}
    if facet.param == "seats":
        return {"seats": _seats(request)}
    if facet.param == "funder" and request.params.seats is not None:
        return {"funder": _funders_with_seats(request, request.params.seats)}
    return _terms(facet, request)


def _terms(facet: Facet, request: SearchRequest) -> Body:
    size = (request.params.facet_size or facet.size) if facet.open_ended else facet.size
    lists: Body = {facet.param: _most_frequent(facet.field, size)}
    values = list(getattr(request.params, facet.param))
    if facet.open_ended and values:
        lists[facet.param + SELECTED] = {"terms": {"field": facet.field, "size": len(values), "include": values}}
    exact = [value for value in values if len(value) != DOMAIN_DIGITS] if facet.param == "domain" else []
    if exact:
        lists[facet.param + EXACT] = {"terms": {"field": "formacode", "size": len(exact), "include": exact}}
    return lists


@lru_cache(maxsize=256)  # most searches ask for the same ten lists; nothing changes one after making
def _most_frequent(field: str, size: int) -> Body:
    order = [{"_count": "desc"}, {"_key": "asc"}]
    return {"terms": {"field": field, "size": size, "shard_size": ALL_OF_A_SHARD, "order": order}}


def _recruiting(facet: Facet, request: SearchRequest) -> Body:
    """Count by state of a session that meets all other session conditions; the copy on the offer serves if none is."""
    conditions = request.conditions.without("recruiting")
    if not conditions.any_set:
        return {"terms": {"field": facet.field, "size": facet.size}}
    by_state = {"terms": {"field": "sessions.recruiting", "size": facet.size}, "aggs": _OFFERS}
    return _in_sessions(conditions, by_state)


def _seats(request: SearchRequest) -> Body:
    """Count by seats of a session that meets all other session conditions, under the chosen funders.

    The copy on the offer serves if there are neither conditions nor funders.
    """
    params = request.params
    conditions = request.conditions.without("seats")
    rows = seats_counted(params.seats)
    if not conditions.any_set and not params.funder and rows == SEATS_COUNTED:
        return {"terms": {"field": "seats_rows", "size": len(rows)}}
    fields = seat_fields(params.funder)
    by_seats = {"filters": {"filters": {str(row): seats_clause(row, fields) for row in rows}}, "aggs": _OFFERS}
    return _in_sessions(conditions, by_seats)


def _funders_with_seats(request: SearchRequest, seats: Seats) -> Body:
    """Count for each funder what choosing it alone would give: seats under that funder, on the same session."""
    return _in_sessions(request.conditions.without("funder"), _by_funder(seats))


@lru_cache(maxsize=64)  # a clause for each funder, and hardly ever other seats than 1; nothing changes it after making
def _by_funder(seats: Seats) -> Body:
    clauses = {code: seats_clause(seats, seat_fields((code,))) for code in FUNDER_LABELS}
    by_funder: Body = {"filters": {"filters": clauses}, "aggs": _OFFERS}
    if seats == "unknown":  # also under funders that do not pay the action: of the offers found so, its own count
        paid = {"terms": {"field": "funder", "size": len(FUNDER_LABELS)}}
        by_funder["aggs"] = {"offers": {"reverse_nested": {}, "aggs": {"paid": paid}}}
    return by_funder


_OFFERS: Body = {"offers": {"reverse_nested": {}}}


def _in_sessions(conditions: SessionConditions, counting: Body) -> Body:
    matching = {"filter": {"bool": {"filter": conditions.clauses()}}, "aggs": {"rows": counting}}
    return {"nested": {"path": "sessions"}, "aggs": {"matching": matching}}
