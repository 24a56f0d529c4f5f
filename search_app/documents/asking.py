"""Requests to the engine about documents; before the first harvest there are none, which is no error."""

from collections.abc import Mapping
from typing import Any, Final

from search_app.search.engine.faults import as_app_errors
from search_app.search.service import Services

OPTIONS: Final = (
    "ignore_unavailable=true&allow_no_indices=true&"
    "filter_path=took,timed_out,_shards,hits.total.value,hits.hits._source,aggregations"
)
Stored = Mapping[str, Any]
Clause = dict[str, Any]
THERE: Final[Clause] = {"bool": {"must_not": {"term": {"deleted": True}}}}


async def ask_documents(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the engine's answer to a search of the documents; raises EngineError."""
    path = f"/{services.engine.names.documents}/_search?{OPTIONS}"
    with as_app_errors():
        answer: dict[str, Any] = await services.engine.client.call("POST", path, body)
    return answer


async def find_document(services: Services, key: str) -> Stored | None:
    """Return the stored document of a key, a tombstone too, None if there never was one; raises EngineError."""
    body = {"size": 1, "query": {"term": {"key": key}}, "_source": {"excludes": ["text"]}}
    return next(iter(stored_of(await ask_documents(services, body))), None)


def stored_of(answer: Mapping[str, Any]) -> list[Stored]:
    """Return the stored documents of an answer, in its order."""
    return [hit["_source"] for hit in answer.get("hits", {}).get("hits", ())]


def total_of(answer: Mapping[str, Any]) -> int:
    """Return the exact total of an answer."""
    total: int = answer["hits"]["total"]["value"]
    return total
