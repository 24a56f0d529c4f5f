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
PARTS: Final = 2  # of the counts: with the hits as many searches as small machines run at once
OF_COUNTS: Final = ("query", "post_filter", "timeout")
PARTS_OPTIONS: Final = (
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


async def ask_in_parts(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to a search with counts, which the engine works out beside the hits; raises EngineError.

    Of 41,000 hits eight counts take 19 ms and everything else 7: in one request they are three searches at once. The
    engine keeps answers without hits until the index changes, so that all pages of a list have the same counts.
    """
    hits = {name: value for name, value in body.items() if name != "aggs"}
    alone = {name: value for name, value in body.items() if name in OF_COUNTS} | {"size": 0, "track_total_hits": False}
    names = list(body["aggs"])
    counts = [alone | {"aggs": {name: body["aggs"][name] for name in names[part::PARTS]}} for part in range(PARTS)]
    bodies = [hits, *counts]
    lines = b"".join(
        orjson.dumps(OF_MISSING | {"request_cache": each is not hits}) + b"\n" + orjson.dumps(each) + b"\n"
        for each in bodies
    )
    path = f"/{services.engine.names.documents}/_msearch?{PARTS_OPTIONS}"
    with as_app_errors():
        answers = (await services.engine.client.call("POST", path, lines))["responses"]
        for answer, asked in zip(answers, bodies, strict=True):
            if "error" in answer:
                raise error_of_status(answer["status"], answer, "one of several searches of documents")
            check_search(answer, asked, filtered=True)
    counted = [answer.get("aggregations", {}) for answer in answers[1:]]
    return {**answers[0], "aggregations": {name: found for each in counted for name, found in each.items()}}


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
