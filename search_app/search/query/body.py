"""The request for hits, exact total and all facets."""

from collections.abc import Sequence
from typing import Any

from search_app.search.places.areas import Circle
from search_app.search.query.counts import OTHERS, build_counts, count_payment
from search_app.search.query.filters import plain_filters
from search_app.search.query.narrowing import Narrowing
from search_app.search.query.request import SearchRequest
from search_app.search.query.sessions import SessionConditions
from search_app.search.query.sorts import build_news_sort, build_sort
from search_app.search.query.trainings import BEST_OF_EACH, counted
from search_app.search.query.words import words_filter, words_scores

# Fields of a result; the long texts stay in the engine.
CARD_FIELDS = [
    "id", "key", "training_key", "title", "source", "provider.siren", "provider.name", "trainers.name", "places",
    "mode", "entry", "level", "entry_level_required", "certifications", "certifying", "funder", "state_funded",
    "hours", "price", "audience", "sessions",
    "detail.contacts.phones", "provider.contacts.phones", "trainers.contacts.phones",
]  # fmt: skip
# offers per step: 0.7 MB of answer, parsed in 2 ms; 1,000 in four steps take the engine as long as in one
EXPORT_STEP = 250
NOT_ON_CARDS = [
    "sessions.start_text", "sessions.end_text", "sessions.url", "sessions.over", "sessions.registration",
    "sessions.contacts", "sessions.seats.sequence", "places.lines", "places.urls",
    "places.name", "places.country", "places.insee", "places.located_by", "sessions.first_seen",
    "places.email", "places.person", "places.siret", "places.uai", "sessions.meetings", "sessions.certifications",
    "sessions.skills", "sessions.cycles", "sessions.others",
]  # fmt: skip


NEWS_FIELDS = ["written_at", "first_seen", "news_at", "sessions.first_seen"]


def build_search_body(request: SearchRequest) -> dict[str, Any]:
    """Return the body of ``_search``: words and plain filters select, selected facet values narrow only the hits."""
    params, narrowing = request.params, Narrowing(request)
    clauses = narrowing.clauses()
    body = _hits_body(request, narrowing) | {
        "aggs": build_counts(request, narrowing, clauses),
        "from": (params.page - 1) * params.size,
        "size": params.size,
        "track_total_hits": True,
        # Whole: to leave fields out, the engine parses every document, which takes it longer than to send them.
        "_source": True,
    }
    if clauses:
        body["post_filter"] = {"bool": {"filter": clauses}}
    if params.group == "training":
        body |= BEST_OF_EACH
        body["aggs"] |= counted(clauses)
    return body


def in_parts(body: dict[str, Any], request: SearchRequest) -> list[dict[str, Any]]:
    """Return the body of a search, or two: of the offers that meet all conditions, with the lists of these, and of the
    other lists. An explanation shows one body, and trainings are collapsed and counted in one.

    Where clauses do not tell which offers have a chosen value of what pays, a script does. As a filter of the hits and
    again of their lists it runs twice for each offer; as a condition of both, once, after all others.
    """
    if not request.pays_some or request.is_one_body:
        return [body]
    lists, query = dict(body["aggs"]), body["query"]["bool"]
    others = lists.pop(OTHERS, {"aggs": {}})["aggs"]
    clauses = [*query["filter"], *body["post_filter"]["bool"]["filter"]]
    narrowed = {name: part for name, part in body.items() if name != "post_filter"}
    narrowed |= {"query": {"bool": query | {"filter": clauses}}, "aggs": others}
    return [narrowed, _lists_alone(body["query"], lists, request)]


def build_payment_body(request: SearchRequest) -> dict[str, Any]:
    """Return the body that counts the offers of a search without chosen values by what pays for a person."""
    assert request.payment is not None
    narrowing = Narrowing(request)
    query = {"bool": {"filter": [*_query(request, narrowing)["bool"]["filter"], *narrowing.clauses()]}}
    return _lists_alone(query, count_payment(request.payment, narrowing), request)


def _lists_alone(query: dict[str, Any], lists: dict[str, Any], request: SearchRequest) -> dict[str, Any]:
    return {"query": query, "aggs": lists, "size": 0, "track_total_hits": True, "timeout": _timeout(request)}


def build_export_body(request: SearchRequest, more: Sequence[str] = ()) -> dict[str, Any]:
    """Return the body of one export step: the same offers in the same order, without facets.

    ``more`` are fields beside those of a result.
    """
    narrowing = Narrowing(request)
    body = _hits_body(request, narrowing, more) | {"size": EXPORT_STEP, "track_total_hits": True}
    body["query"]["bool"]["filter"] += narrowing.clauses()
    return body


def build_first_body(request: SearchRequest) -> dict[str, Any]:
    """Return the body of a search's first page without facets; beside a person of whole offers, as rules ask for more
    than a card shows.
    """
    body = build_export_body(request) | {"size": request.params.size}
    return body if request.payment is None else body | {"_source": True}


def build_news_body(request: SearchRequest, most: int) -> dict[str, Any]:
    """Return the body that finds the same offers, ordered by their latest news."""
    return build_export_body(request, NEWS_FIELDS) | {"size": most, "sort": build_news_sort(request)}


def build_count_body(request: SearchRequest) -> dict[str, Any]:
    """Return the body that only counts: the total without hits and facets."""
    narrowing = Narrowing(request)
    query = _query(request, narrowing)
    query["bool"]["filter"] += narrowing.clauses()
    return {"query": query, "size": 0, "track_total_hits": True, "timeout": _timeout(request)}


def _timeout(request: SearchRequest) -> str:
    return f"{int(request.timeout * 1000)}ms"


def _hits_body(request: SearchRequest, narrowing: Narrowing, more: Sequence[str] = ()) -> dict[str, Any]:
    left_out = [name for name in NOT_ON_CARDS + _not_asked_about(narrowing.conditions()) if name not in more]
    return {
        "query": _query(request, narrowing),
        "sort": build_sort(request),
        "timeout": _timeout(request),
        "_source": {"includes": [*CARD_FIELDS, *more], "excludes": left_out},
    }


def _not_asked_about(conditions: SessionConditions) -> list[str]:
    """Return the session fields left out of ``_source``: no condition uses them."""
    asked = {
        "sessions.window": conditions.start_from or conditions.start_to,
        "sessions.left": conditions.seats is not None,
        "sessions.open_until": conditions.upcoming_on,
    }
    return [name for name, needed in asked.items() if not needed]


def _query(request: SearchRequest, narrowing: Narrowing) -> dict[str, Any]:
    """Return the query: conditions of every hit and every count."""
    clauses = plain_filters(request) + narrowing.base.query() + narrowing.all_but_one()
    query: dict[str, Any] = {"filter": clauses}
    if request.meant and request.has_words:
        clauses.append(words_filter(request.meant))
        query["should"] = words_scores(
            request.meant, around=isinstance(request.area, Circle), named=request.params.explain
        )
    return {"bool": query}
