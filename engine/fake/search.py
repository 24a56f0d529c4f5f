"""Searches over in-memory documents: query, sort, page, ``_source``; and the engine's clock as an aggregation."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cmp_to_key
from typing import Any, Final

from engine.fake.index import Stored
from engine.fake.queries import NotFaked, is_before, matches, sort_values, values_at
from engine.fake.source import Cut

Row = tuple[list[Any], str, Stored]  # the values that a document is sorted by, its index, itself
SHARDS: Final = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}
NO_SHARDS: Final = {"total": 0, "successful": 0, "skipped": 0, "failed": 0}
DEFAULT_SIZE: Final = 10
IN_ORDER: Final = ("_seq_no",)  # default order of hits


def search(
    documents: Sequence[tuple[str, Stored]], body: Mapping[str, Any], now: Callable[[], datetime], *, of_any: bool
) -> dict[str, Any]:
    """Return the answer to a search over documents with the names of their indices; ``of_any``: whether there is an
    index.
    """
    query = body.get("query", {"match_all": {}})
    sort: Any = body.get("sort") or IN_ORDER
    sort = [sort] if isinstance(sort, (str, dict)) else sort
    rows: list[Row] = [
        (sort_values(stored, sort), index, stored) for index, stored in documents if matches(stored, query)
    ]

    def compare(one: Row, other: Row) -> int:
        return is_before(other[0], one[0], sort) - is_before(one[0], other[0], sort)

    rows.sort(key=cmp_to_key(compare))
    found = len(rows)
    if "search_after" in body:
        rows = [row for row in rows if is_before(body["search_after"], row[0], sort)]
    start = body.get("from", 0)
    page = rows[start : start + body.get("size", DEFAULT_SIZE)]
    hits: dict[str, Any] = {"max_score": None, "hits": [_hit(*row, body) for row in page]}
    if body.get("track_total_hits", True) is not False:
        hits["total"] = {"value": found, "relation": "eq"}
    answer: dict[str, Any] = {"took": 1, "timed_out": False, "_shards": SHARDS if of_any else NO_SHARDS, "hits": hits}
    if body.get("aggs") and of_any:
        answer["aggregations"] = {name: _aggregate(spec, found, now) for name, spec in body["aggs"].items()}
    return answer


def _hit(values: list[Any], index: str, stored: Stored, body: Mapping[str, Any]) -> dict[str, Any]:
    hit: dict[str, Any] = {"_index": index, "_id": stored.key, "_score": None if body.get("sort") else 1.0}
    if body.get("seq_no_primary_term"):
        hit |= {name: stored.told[name] for name in ("_seq_no", "_primary_term")}
    if body.get("version"):
        hit["_version"] = stored.version
    if body.get("_source", True) is not False:
        hit["_source"] = Cut(body.get("_source", True))(stored.source)
    columns = {name: list(values_at(stored.source, name.split("."))) for name in body.get("docvalue_fields", ())}
    if told := {name: found for name, found in columns.items() if found}:
        hit["fields"] = told
    if body.get("sort"):
        hit["sort"] = values
    return hit


def _aggregate(spec: Mapping[str, Any], found: int, now: Callable[[], datetime]) -> dict[str, Any]:
    if spec.get("date_range", {}).get("ranges") == [{"from": "now"}]:
        moment = now()
        return {"buckets": [{"key": "now-*", "from": moment.timestamp() * 1_000, "doc_count": found}]}
    raise NotFaked(f"aggregation {next(iter(spec))}")
