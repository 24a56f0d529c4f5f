"""The history of statements: an index per week, kept for thirty days, read by session."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from engine.requests import Request, Steps
from mappings.keys import key_of
from mappings.loader import IndexKind, load_index_body
from mappings.names import IndexNames
from seats.ledger.store import may_count
from seats.projection.write import find_offers, sources_of
from seats.statements.producers import Producer

KEPT: Final = timedelta(days=30)
MOST: Final = 10_000  # statements of one session that are returned, the newest
ALREADY_THERE: Final = 400
MISSING: Final = 404


def ensure_indices(names: IndexNames, now: datetime, replicas: int) -> Steps[None]:
    """Create missing indices for statements; delete weeks that ended over thirty days ago.

    Indices of an earlier version get the fields that were added to the mapping.
    """
    this_week = names.seats_history(now.isoformat())
    wanted: dict[str, IndexKind] = {names.ledger: "ledger", names.locks: "locks", this_week: "history"}
    there = yield Request("GET", f"/{names.ledger}*,{names.locks}*/_mapping")
    for index, kind in wanted.items():
        body = load_index_body(kind, replicas=replicas)
        properties = body["mappings"]["properties"]
        if index not in there:
            yield Request("PUT", f"/{index}", body, ignore=(ALREADY_THERE,))
        elif not properties.keys() <= there[index]["mappings"].get("properties", {}).keys():
            yield Request("PUT", f"/{index}/_mapping", {"properties": properties})
    oldest = names.seats_history((now - KEPT).isoformat())
    for index in there:
        if index.startswith(names.seats_histories[:-1]) and index < oldest:
            yield Request("DELETE", f"/{index}", ignore=(MISSING,))


def fetch_history(
    names: IndexNames, session: str, now: datetime, viewer: Producer | None = None
) -> Steps[list[dict[str, Any]]]:
    """Return the statements of a session (by number or key) of the last thirty days, the highest sequence first.

    The producer is included for viewers with the right for the session's source. A waiting statement is left out,
    unless its producer has the right by now; ``viewer`` may see its own, and all if it has every right.
    """
    found = yield from find_offers(names.offers, (session, key_of(session)))
    source_of = sources_of(found)
    # By key if there is such a session: the number of another may look like it.
    keys = (session,) if session in source_of else (session, key_of(session))
    since = (now - KEPT).isoformat()
    body = {
        "size": MOST,
        "query": {
            "bool": {
                "filter": [{"range": {"received_at": {"gte": since}}}],
                "should": [_shown(key, source_of.get(key), viewer) for key in keys],
                "minimum_should_match": 1,
            }
        },
        "sort": [{"sequence": "desc"}, {"funder": "asc"}],
    }
    params = {"ignore_unavailable": "true", "allow_partial_search_results": "false"}
    answer = yield Request("POST", f"/{names.seats_histories}/_search", body, params)
    rows = [hit["_source"] for hit in answer["hits"]["hits"]]
    return [told for row in rows if (told := shown_to(viewer, row, source_of.get(row["session_key"])))]


def _shown(key: str, source: str | None, viewer: Producer | None) -> dict[str, Any]:
    """Return the query for what ``shown_to`` shows, so that hidden statements do not take the place of others."""
    filters: list[dict[str, Any]] = [{"term": {"session_key": key}}]
    if viewer is None or viewer.sources is not None:
        shown: list[dict[str, Any]] = [{"bool": {"must_not": {"exists": {"field": "sources"}}}}]
        if source is not None:
            shown.append({"term": {"sources": source}})
        if viewer is not None:
            shown.append({"term": {"producer": viewer.name}})
        filters.append({"bool": {"should": shown, "minimum_should_match": 1}})
    return {"bool": {"filter": filters}}


def shown_to(viewer: Producer | None, row: Mapping[str, Any], source: str | None) -> dict[str, Any] | None:
    """Return the part of a statement that a reader, or a producer, may see for a session of this source; None if
    nothing.

    >>> row = {"available": 3, "producer": "idf", "sources": ["idf"]}
    >>> shown_to(None, row, None), shown_to(None, row, "idf"), shown_to(Producer("other"), row, None)
    (None, {'available': 3}, {'available': 3, 'producer': 'idf'})
    """
    everything = viewer is not None and viewer.sources is None
    own = viewer is not None and viewer.name == row["producer"]
    if not may_count(row, source) and not everything and not own:
        return None
    entitled = viewer is not None and source is not None and viewer.may_speak_for(source)
    hidden = ("sources",) if everything or own or entitled else ("sources", "producer")
    return {name: value for name, value in row.items() if name not in hidden}
