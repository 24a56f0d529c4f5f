"""Requests to the engine about documents; before the first harvest there are none, which is no error."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from engine.answers import check_search
from engine.failures import error_of_status
from search_app.search.engine.faults import as_app_errors
from search_app.search.service import Services

OPTIONS: Final = (
    "ignore_unavailable=true&allow_no_indices=true&"
    "filter_path=took,timed_out,_shards,hits.total.value,hits.hits._source,aggregations"
)
OF_MISSING: Final = {"ignore_unavailable": True, "allow_no_indices": True}
TWO_OPTIONS: Final = (
    "filter_path=responses.timed_out,responses._shards,responses.hits.total.value,responses.hits.hits._source,"
    "responses.aggregations,responses.status,responses.error.type,responses.error.reason,responses.error.root_cause"
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


async def ask_in_two(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to a search whose counts are asked for apart, in the same request; raises EngineError.

    The engine keeps answers without hits until the index changes: every page of a list then has the same counts.
    """
    hits = {name: value for name, value in body.items() if name != "aggs"}
    of_counts = {"query", "post_filter", "aggs", "timeout"}
    counts = {name: value for name, value in body.items() if name in of_counts} | {"size": 0, "track_total_hits": False}
    lines = b"".join(
        orjson.dumps(OF_MISSING | {"request_cache": kept}) + b"\n" + orjson.dumps(each) + b"\n"
        for kept, each in ((True, counts), (False, hits))
    )
    path = f"/{services.engine.names.documents}/_msearch?{TWO_OPTIONS}"
    with as_app_errors():
        counted, found = (await services.engine.client.call("POST", path, lines))["responses"]
        for each, asked in ((counted, counts), (found, hits)):
            if "error" in each:
                raise error_of_status(each["status"], each, "one of two searches of documents")
            check_search(each, asked, filtered=True)
    return {**found, "aggregations": counted.get("aggregations", {})}


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
