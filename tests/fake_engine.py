"""An engine in memory that answers the app's own requests: every document is a hit, whatever is asked for.

It cuts documents as the real one does (``_source``), which leaves out objects and items of which nothing remains; a
test compares both. Counts are counted over all documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import orjson
from opensearchpy.exceptions import NotFoundError

from engine.client import AsyncEngine
from engine.fake.queries import values_at
from engine.fake.source import Cut
from mappings.index_fields import META_SHAPE, SHAPE
from mappings.names import IndexNames
from search_app.base.deadline import seconds_left
from search_app.base.settings import Settings
from search_app.search.engine.offers import OffersEngine
from search_app.search.map.query import FEW

Document = dict[str, Any]
WHOLE = {"took": 1, "timed_out": False, "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0}}
FEW_HITS = {"size": 2}  # of several searches at once: enough to be shown beside something, soon rendered
SOURCE = {"name": "one", "loaded_at": "2026-11-23T03:12:00+00:00", "offers": 1}


class Documents:
    """What the engine holds: offers that are live, and what is kept of those that are gone; each by its key.

    ``rules`` are documents beside the lexicon: rules of the vocabulary, funding rules.
    """

    def __init__(
        self, live: Iterable[Document] = (), gone: Iterable[Document] = (), rules: Iterable[Document] = ()
    ) -> None:
        self.live = {each["key"]: each for each in live}
        self.gone = {each["offer"]["key"]: each for each in gone}
        self.rules = {each["name"]: each for each in rules}


class FakeTransport:
    """Answers requests as the client's transport does: bytes, or NotFoundError."""

    def __init__(self, documents: Documents, names: IndexNames) -> None:
        self.documents = documents
        self._names = names

    async def perform_request(self, method: str, path: str, *, body: Any = None, **_: Any) -> bytes:
        """Return the answer to a request."""
        path, __, options = path.partition("?")
        answer = self._answer(method, path.strip("/"), body)
        if path.endswith("_mget"):
            cut = Cut({"excludes": parse_qs(options).get("_source_excludes", [""])[0].split(",")})
            for found in answer["docs"]:
                found |= {"_source": cut(found["_source"])} if found["found"] else {}
        return orjson.dumps(answer)

    async def close(self) -> None:
        """Nothing is open."""

    def _answer(self, method: str, path: str, body: Any) -> Any:
        index, _, action = path.rpartition("/")
        if action == "_mapping":
            return {f"{index}-1": {"mappings": {"_meta": {META_SHAPE: SHAPE}}}}
        if path.endswith("point_in_time"):
            return {"pit_id": "view"} if method == "POST" else {"pits": []}
        if action == "_msearch":
            lines = [orjson.loads(line) for line in bytes(body).splitlines()]
            bodies = [each if {"aggs", "from"} & each.keys() else each | FEW_HITS for each in lines[1::2]]
            return {"responses": [{**self._search(each), "status": 200} for each in bodies]}
        if action == "_mget":
            return {"docs": [self._get(index, key) for key in body["ids"]]}
        if action == "_search" and index in ("", self._names.offers):
            return self._search(body)
        if action == "_search" and index == self._names.sources:
            return {**WHOLE, "hits": {"total": {"value": 1}, "hits": [{"_id": "one", "_source": SOURCE}]}}
        if action == "_search" and index == self._names.lexicon:
            return self._rules(body)
        if action == "_search" and index != self._names.ledger:
            return {**WHOLE, "hits": {"total": {"value": 0}, "hits": []}}
        raise NotFoundError(404, "index_not_found_exception", {})

    def _rules(self, body: Mapping[str, Any]) -> Document:
        (named,), (known,) = body["query"]["bool"]["filter"], body["query"]["bool"]["must_not"]
        found = [self.documents.rules[name] for name in named["terms"]["name"] if name in self.documents.rules]
        hits = [{"_id": each["name"], "_source": each} for each in found if each["version"] != known["term"]["version"]]
        return {**WHOLE, "hits": {"total": {"value": len(hits)}, "hits": hits}}

    def _get(self, index: str, key: str) -> Document:
        found = (self.documents.gone if index == self._names.gone else self.documents.live).get(key)
        return {"_id": key, "found": found is not None, **({"_source": found} if found else {})}

    def _search(self, body: Mapping[str, Any]) -> Document:
        found = list(self.documents.live.values())
        keys = body["query"].get("terms", {}).get("key")
        if keys is not None:
            found = [each for each in found if each["key"] in keys]
        start = body["search_after"][0] + 1 if "search_after" in body else body.get("from", 0)
        cut = Cut(body.get("_source"))
        hits = [
            {"_id": each["key"], "_score": 1.0, "_source": cut(each), "sort": [number]}
            for number, each in list(enumerate(found))[start : start + body.get("size", 10)]
        ]
        counted = {"aggregations": count(body["aggs"], found)} if body.get("aggs") else {}
        return {**WHOLE, "hits": {"total": {"value": len(found), "relation": "eq"}, "hits": hits}, **counted}


def count(aggregations: Mapping[str, Any], documents: Sequence[Document]) -> Document:
    """Return the counts of documents; filters are taken to hold for all of them."""
    return {name: _count(spec, documents) for name, spec in aggregations.items()}


def _count(spec: Mapping[str, Any], documents: Sequence[Document]) -> Document:
    inner = count(spec.get("aggs") or {}, documents)
    if "terms" in spec:
        path = spec["terms"]["field"].split(".")
        found: dict[Any, int] = {}
        for each in documents:
            for value in dict.fromkeys(values_at(each, path)):
                found[value] = found.get(value, 0) + 1
        rows = [
            ({"key": int(value), "key_as_string": str(value).lower()} if isinstance(value, bool) else {"key": value})
            | {"doc_count": number, **inner}
            for value, number in found.items()
        ]
        return {"buckets": rows, "sum_other_doc_count": 0}
    if "sum" in spec:
        return {"value": float(sum(sum(values_at(each, spec["sum"]["field"].split("."))) for each in documents))}
    if "filters" in spec:
        return {"buckets": {name: {"doc_count": len(documents), **inner} for name in spec["filters"]["filters"]}}
    if "stats_bucket" in spec:
        return {"count": len(documents)}
    if "geo_bounds" in spec:
        corner = {"lat": 43.9, "lon": 2.1}
        return {"bounds": {"top_left": corner, "bottom_right": corner}} if documents else {}
    if "names" in spec.get("scripted_metric", {}).get("params", {}):
        return {"value": {name: len(documents) for name in spec["scripted_metric"]["params"]["names"] if name}}
    if "scripted_metric" in spec:
        return {"value": _cells([each["key"] for each in documents])}
    return {"doc_count": len(documents), **inner}


def _cells(keys: Sequence[str]) -> Document:
    """Return cells of a map, each with no more offers than it tells one by one."""
    groups = [keys[start : start + FEW] for start in range(0, len(keys), FEW)]
    names = [f"{number}/0" for number in range(len(groups))]
    figures = [[len(group), 43.9 * len(group), 2.1 * len(group), 43.9, 43.9, 2.1, 2.1] for group in groups]
    return {"cells": dict(zip(names, figures, strict=True)), "keys": dict(zip(names, groups, strict=True))}


def fake_engine(documents: Documents, settings: Settings) -> OffersEngine:
    """Return the app's engine over documents in memory."""
    names = IndexNames(settings.index_prefix)
    client = AsyncEngine(FakeTransport(documents, names), settings.engine_timeout, seconds_left)
    return OffersEngine(client, names, settings.engine_timeout)
