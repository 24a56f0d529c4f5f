"""What an answer counted: that all lists are there, and the values of a field."""

from collections.abc import Mapping
from typing import Any

from engine.answers import check_whole
from engine.errors import BadAnswer
from search_app.search.stored import SearchAnswer


def check_answer(answer: SearchAnswer, body: Mapping[str, Any]) -> None:
    """Raise LateAnswer, PartialAnswer or BadAnswer unless this is the whole answer to a search body."""
    check_whole(answer.timed_out, answer.shards.lacking)
    if not answer.aggregations.keys() >= body.get("aggs", {}).keys():
        raise BadAnswer("a search without its count lists")


def terms_body(field: str, most: int) -> dict[str, Any]:
    """Return the body that lists so many values of a field in order."""
    values = {"terms": {"field": field, "size": most, "order": {"_key": "asc"}}}
    return {"size": 0, "query": {"match_all": {}}, "aggs": {field: values}}


def read_terms(answer: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """Return the values; none if there are more than were listed, or no index yet."""
    found = answer.get("aggregations", {}).get(field, {"buckets": ()})
    return () if found.get("sum_other_doc_count") else tuple(row["key"] for row in found["buckets"])
