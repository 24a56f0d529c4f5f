"""What lists ask the engine: pages in the order of the keys, so that writes between two pages move no record.

A record that changes keeps its key, and therefore its place: each one is listed once, and none is passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from search_app.documents.asking import Clause, Stored, ask_documents, stored_of, total_of
from search_app.exports.oai.arguments import Selection
from search_app.exports.oai.stamps import to_stamp
from search_app.search.service import Services

RECORDS: Final = 100  # of one page
ALL_SETS: Final = 200  # more than there are kinds and regions
NOT_SENT: Final = ["text", "hash"]
OF_HEADERS: Final = ["key", "stamp", "kind", "region", "deleted"]
NEVER: Final = "1970-01-01T00:00:00Z"
SET_FIELDS: Final = ("kind", "region")


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Some records in the order of their keys; ``total`` is that of the list, ``is_last`` of this page."""

    records: Sequence[Stored]
    total: int
    is_last: bool


async def fetch_page(services: Services, selection: Selection, after: str, *, whole: bool) -> RecordPage:
    """Return the records that follow a key, with their metadata if ``whole``; raises OaiRefusal, EngineError."""
    body: dict[str, Any] = {
        "size": RECORDS + 1,
        "query": {"bool": {"filter": _clauses(selection)}},
        "sort": [{"key": "asc"}],
        "track_total_hits": True,
        "_source": {"excludes": NOT_SENT} if whole else OF_HEADERS,
        "timeout": f"{int(services.settings.engine_timeout * 1000)}ms",
    }
    if after:
        body["search_after"] = [after]
    answer = await ask_documents(services, body)
    found = stored_of(answer)
    return RecordPage(found[:RECORDS], total_of(answer), len(found) <= RECORDS)


def _clauses(selection: Selection) -> list[Clause]:
    clauses: list[Clause] = []
    if selection.members:
        field, value = selection.members
        clauses.append({"term": {field: value}})
    limits = {"gte": selection.first, "lte": selection.last}
    given = {name: text for name, text in limits.items() if text}
    if given:
        clauses.append({"range": {"stamp": given}})
    return clauses


async def fetch_earliest(services: Services) -> str:
    """Return the earliest datestamp, of which none is before; raises EngineError."""
    answer = await ask_documents(services, {"size": 0, "aggs": {"first": {"min": {"field": "stamp"}}}})
    told = answer.get("aggregations", {}).get("first", {}).get("value_as_string")
    return to_stamp(datetime.fromisoformat(told)) if told else NEVER


async def fetch_sets(services: Services) -> dict[str, list[str]]:
    """Return the values that records have of each field of sets, tombstones too; raises EngineError."""
    rows = {name: {"terms": {"field": name, "size": ALL_SETS, "order": {"_key": "asc"}}} for name in SET_FIELDS}
    answer = await ask_documents(services, {"size": 0, "aggs": rows})
    found = answer.get("aggregations", {})
    return {name: [row["key"] for row in found.get(name, {}).get("buckets", ())] for name in SET_FIELDS}
