"""How many alerts there are, by kind and frequency, and how old what is unsent is."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.installation.indices import Indices

KINDS: Final = ("active", "pending", "stopped")


def read_status(indices: Indices) -> dict[str, Any]:
    """Return the numbers of alerts; nothing in them is about one person."""
    body = {
        "size": 0,
        "aggs": {
            "kinds": {"terms": {"field": "kind"}},
            "active": {
                "filter": {"term": {"kind": "active"}},
                "aggs": {
                    "frequency": {"terms": {"field": "frequency"}},
                    "oldest": {"min": {"field": "told_until"}},
                    "refused": {"filter": {"range": {"refused": {"gte": 1}}}},
                    "asked": {"filter": {"exists": {"field": "asked_at"}}},
                },
            },
        },
    }
    params = {"ignore_unavailable": "true"}
    answer = indices.engine.call("POST", f"/{indices.names.alerts}/_search", body, params)
    found = answer.get("aggregations")
    kinds = _counts(found["kinds"]) if found else {}
    told: dict[str, Any] = {kind: kinds.get(kind, 0) for kind in KINDS}
    active = found["active"] if found else {}
    told["frequency"] = _counts(active["frequency"]) if active else {}
    told["refused_last_time"] = active["refused"]["doc_count"] if active else 0
    told["asked_whether_wanted"] = active["asked"]["doc_count"] if active else 0
    told["told_until"] = active["oldest"].get("value_as_string") if active else None
    return told


def _counts(terms: Mapping[str, Any]) -> dict[str, int]:
    return {row["key"]: row["doc_count"] for row in terms["buckets"]}


def status_lines(status: Mapping[str, Any]) -> Iterator[str]:
    """Yield the numbers as lines for an operator."""
    by = ", ".join(f"{count} {name}" for name, count in sorted(status["frequency"].items()))
    yield f"active: {status['active']}" + (f" ({by})" if by else "")
    yield f"not confirmed: {status['pending']}"
    yield f"stopped, the address refuses mail: {status['stopped']}"
    yield f"refused at the last attempt: {status['refused_last_time']}"
    yield f"asked whether still wanted: {status['asked_whether_wanted']}"
    if status["told_until"]:
        yield f"news told to everybody up to: {status['told_until']}"
