"""Names of the bodies that deliver the offers of a source, read from the column ``bodies`` of the live offers."""

from collections.abc import Iterator
from typing import Any, Final

import orjson

from engine.blocking import LONG
from indexer.installation.indices import Indices

PAGE: Final = 5_000  # different bodies of one request


def fetch_trainer_names(indices: Indices, source: str) -> dict[str, str]:
    """Return SIREN -> the name that most offers of the source give it; of equal ones the first in the alphabet."""
    counts: dict[str, dict[str, int]] = {}
    for packed, offers in _bodies(indices, source):
        kind, siren, _, _, name = orjson.loads(packed)
        if kind == "trainer" and siren and name:
            names = counts.setdefault(siren, {})
            names[name] = names.get(name, 0) + offers
    return {siren: min(names, key=lambda name: (-names[name], name)) for siren, names in counts.items()}


def _bodies(indices: Indices, source: str) -> Iterator[tuple[str, int]]:
    """Yield each body of the source's offers, packed, and how many offers have it."""
    composite: dict[str, Any] = {"size": PAGE, "sources": [{"body": {"terms": {"field": "bodies"}}}]}
    query = {"term": {"source": source}}
    while True:
        body = {"size": 0, "query": query, "aggs": {"bodies": {"composite": composite}}}
        answer = indices.engine.call("POST", f"/{indices.names.offers}/_search", body, timeout=LONG)
        found = answer["aggregations"]["bodies"]
        for bucket in found["buckets"]:
            yield bucket["key"]["body"], bucket["doc_count"]
        if len(found["buckets"]) < PAGE:
            return
        composite["after"] = found["after_key"]
