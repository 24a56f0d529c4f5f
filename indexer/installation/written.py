"""What was written of the offers: a state that changes with every load and removal, and never with a seat statement."""

from typing import Any, Final

from engine.blocking import LONG
from indexer.installation.indices import Indices

PAGE: Final = 5_000  # buckets of one answer


def fetch_written(indices: Indices, index: str) -> list[str]:
    """Return a line for each source and time of writing, with the number of offers."""
    pair = [{"source": {"terms": {"field": "source"}}}, {"at": {"terms": {"field": "written_at"}}}]
    composite: dict[str, Any] = {"size": PAGE, "sources": pair}
    rows: list[str] = []
    while True:
        body = {"size": 0, "track_total_hits": False, "aggs": {"written": {"composite": composite}}}
        answer = indices.engine.call("POST", f"/{index}/_search", body, timeout=LONG)
        found = answer["aggregations"]["written"]
        keys = ((bucket["key"], bucket["doc_count"]) for bucket in found["buckets"])
        rows += [f"{key['source']} {key['at']} {offers}\n" for key, offers in keys]
        if "after_key" not in found:
            return rows
        composite["after"] = found["after_key"]
