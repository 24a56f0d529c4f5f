"""The aggregations behind the count lists: each under all filters but its own, each counting offers."""

from typing import Any

from mappings.codes import FUNDER_LABELS
from search_app.query.facets import ALL_OF_A_SHARD, FACETS, Facet
from search_app.query.filters import DOMAIN_DIGITS, facet_filters
from search_app.query.request import SearchRequest
from search_app.query.sessions import SessionConditions, conditions_of

Body = dict[str, Any]
OTHERS = "others"  # the aggregation that holds all lists without a filter of their own
SELECTED = ":selected"  # suffix of the list that counts the chosen values of a list that may be cut
EXACT = ":exact"  # suffix of the list that counts the chosen five-digit codes beside whole domains


def build_counts(request: SearchRequest) -> Body:
    """Return the aggregations of a request; their names are read back by ``search_app.present.facets``."""
    lists = {facet.param: _counting(facet, request) for facet in FACETS}
    narrowing = narrowing_filters(request)
    chosen = [facet.param for facet in FACETS if getattr(request.params, facet.param)]
    counts: Body = {name: body for name, body in lists.items() if name not in chosen}
    if narrowing and counts:
        merged = {key: value for body in counts.values() for key, value in body.items()}
        top: Body = {OTHERS: {"filter": {"bool": {"filter": narrowing}}, "aggs": merged}}
    else:
        top = {key: value for body in counts.values() for key, value in body.items()}
    for name in chosen:
        remaining = narrowing_filters(request, without=name)
        if remaining:
            top[f"own:{name}"] = {"filter": {"bool": {"filter": remaining}}, "aggs": lists[name]}
        else:
            top |= lists[name]
    return top


def narrowing_filters(request: SearchRequest, without: str | None = None) -> list[Body]:
    """Return the clauses of all chosen count lists (they go to post_filter), or of all but one."""
    params = request.params
    clauses = [clause for name, clause in facet_filters(params).items() if name != without]
    conditions = conditions_of(
        params, request.today, without_funder=without == "funder", without_recruiting=without == "recruiting"
    )
    if conditions != base_conditions(request):
        clauses += conditions.query()
    return clauses


def base_conditions(request: SearchRequest) -> SessionConditions:
    """Return the session conditions that no count list leaves out; they go into the query itself."""
    return conditions_of(request.params, request.today, without_funder=True, without_recruiting=True)


def _counting(facet: Facet, request: SearchRequest) -> Body:
    if facet.param == "recruiting":
        return {"recruiting": _recruiting(facet, request)}
    if facet.param == "funder" and request.params.seats is not None:
        return {"funder": _funders_with_seats(request)}
    return _terms(facet, request)


def _terms(facet: Facet, request: SearchRequest) -> Body:
    size = (request.params.facet_size or facet.size) if facet.open_ended else facet.size
    order = [{"_count": "desc"}, {"_key": "asc"}]
    terms: Body = {"field": facet.field, "size": size, "shard_size": ALL_OF_A_SHARD, "order": order}
    lists: Body = {facet.param: {"terms": terms}}
    values = list(getattr(request.params, facet.param))
    if facet.open_ended and values:
        lists[facet.param + SELECTED] = {"terms": {"field": facet.field, "size": len(values), "include": values}}
    exact = [value for value in values if len(value) != DOMAIN_DIGITS] if facet.param == "domain" else []
    if exact:
        lists[facet.param + EXACT] = {"terms": {"field": "formacode", "size": len(exact), "include": exact}}
    return lists


def _recruiting(facet: Facet, request: SearchRequest) -> Body:
    """Count by state of a session that meets all other session conditions; the copy on the offer serves if none is."""
    conditions = conditions_of(request.params, request.today, without_recruiting=True)
    if not conditions.any_set:
        return {"terms": {"field": facet.field, "size": facet.size}}
    by_state = {
        "terms": {"field": "sessions.recruiting", "size": facet.size},
        "aggs": {"offers": {"reverse_nested": {}}},
    }
    return _in_sessions(conditions, "states", by_state)


def _funders_with_seats(request: SearchRequest) -> Body:
    """Count for each funder what choosing it alone would give: seats under that funder, on the same session."""
    conditions = conditions_of(request.params, request.today, without_funder=True)
    by_funder = {
        "filters": {
            "filters": {code: {"range": {f"sessions.left.{code}": {"gte": conditions.seats}}} for code in FUNDER_LABELS}
        },
        "aggs": {"offers": {"reverse_nested": {}}},
    }
    return _in_sessions(conditions, "funders", by_funder)


def _in_sessions(conditions: SessionConditions, name: str, counting: Body) -> Body:
    matching = {"filter": {"bool": {"filter": conditions.clauses()}}, "aggs": {name: counting}}
    return {"nested": {"path": "sessions"}, "aggs": {"matching": matching}}
