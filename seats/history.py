"""The history of statements: an index for each week, kept for thirty days, told again by session."""

from datetime import datetime, timedelta
from typing import Any, Final

from mappings.keys import key_of
from mappings.loader import IndexKind, load_index_body
from mappings.names import IndexNames
from seats.requests import Request, Steps

KEPT: Final = timedelta(days=30)
MOST: Final = 10_000  # statements of one session that are told, the newest of all
ALREADY_THERE: Final = 400
MISSING: Final = 404


def ensure_indices(names: IndexNames, now: datetime, replicas: int = 0) -> Steps[None]:
    """Create what statements are written to where it is missing; remove weeks that were over thirty days ago.

    What an earlier version made gets the fields that the mapping has got since.
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


def fetch_history(names: IndexNames, session: str, now: datetime) -> Steps[list[dict[str, Any]]]:
    """Return what was stated of a session (by number or key) in the last thirty days, the highest sequence first."""
    keys = [session, key_of(session)]
    since = (now - KEPT).isoformat()
    body = {
        "size": MOST,
        "query": {"bool": {"filter": [{"terms": {"session_key": keys}}, {"range": {"received_at": {"gte": since}}}]}},
        "sort": [{"sequence": "desc"}, {"funder": "asc"}],
    }
    answer = yield Request("POST", f"/{names.seats_histories}/_search", body, {"ignore_unavailable": "true"})
    return [hit["_source"] for hit in answer["hits"]["hits"]]
