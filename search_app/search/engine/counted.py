"""What an answer counted: that all lists are there, the values of a field, and the offers that meet clauses."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.answers import check_whole
from engine.errors import BadAnswer
from search_app.search.stored import SearchAnswer

_COUNTED: Final = "counted"


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


def counting_body(clauses: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the body that counts the offers that meet each of some clauses."""
    by_number = {str(number): clause for number, clause in enumerate(clauses)}
    return {"size": 0, "query": {"match_all": {}}, "aggs": {_COUNTED: {"filters": {"filters": by_number}}}}


def read_numbers(answer: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the numbers in the order of the clauses; none if there is no index yet."""
    buckets = answer.get("aggregations", {}).get(_COUNTED, {}).get("buckets", {})
    return tuple(buckets[str(number)]["doc_count"] for number in range(len(buckets)))
