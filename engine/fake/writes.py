"""Writes to the in-memory engine: single documents, and the operations of bulk requests."""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from engine.fake.cluster import Cluster
from engine.fake.index import PRIMARY_TERM, Failure, MemoryIndex, Stored
from engine.fake.queries import NotFaked

# Called with a copy of the document and the script's parameters; returns the new document, None for "noop".
Script = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any] | None]


def operations_of(body: bytes | str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any] | None]]:
    """Yield kind, action and document of each operation of a bulk request."""
    lines = iter((body if isinstance(body, bytes) else body.encode()).splitlines())
    for line in lines:
        ((kind, action),) = orjson.loads(line).items()
        yield kind, action, None if kind == "delete" else orjson.loads(next(lines))


class Writes:
    """Modifies documents; ``scripts`` are functions that replace scripts, by their source."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.scripts: dict[str, Script] = {}

    def bulk(self, default_index: str, body: bytes | str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a bulk request; a failing operation does not affect the others."""
        items, touched = [], {}
        for kind, action, document in operations_of(body):
            name = action.get("_index", default_index)
            try:
                index = self.cluster.to_write(name, alias_only=params.get("require_alias") == "true")
                touched[index.name] = index
                result = {"_index": index.name, **self.apply(index, kind, action, document)}
            except Failure as failure:
                result = {"_index": name, "_id": action.get("_id"), "status": failure.status, "error": failure.error}
            items.append({kind: result})
        if params.get("refresh") in ("true", "wait_for", ""):
            for index in touched.values():
                index.refresh()
        failed = any("error" in result for item in items for result in item.values())
        return {"took": 1, "errors": failed, "items": items}

    def apply(
        self, index: MemoryIndex, kind: str, action: Mapping[str, Any], document: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """Return the result of one operation; raises Failure."""
        key = action["_id"]
        if kind == "delete":
            was_there, version = index.delete(key, action)
            told = {"_id": key, "_version": version, "_seq_no": index.checkpoint, "_primary_term": PRIMARY_TERM}
            return told | (
                {"status": 200, "result": "deleted"} if was_there else {"status": 404, "result": "not_found"}
            )
        assert document is not None
        if kind == "update":
            return self._update(index, key, document)
        is_new = key not in index.documents
        stored = index.write(key, document, action, create=kind == "create" or action.get("op_type") == "create")
        return {**stored.told, "status": 201 if is_new else 200, "result": "created" if is_new else "updated"}

    def _update(self, index: MemoryIndex, key: str, change: Mapping[str, Any]) -> dict[str, Any]:
        found = index.documents.get(key)
        if found is None and not change.get("doc_as_upsert"):
            raise Failure(404, "document_missing_exception", f"[{key}]: document missing")
        source = self._changed(found, change)
        if source is None or (found is not None and source == found.source):
            assert found is not None
            return {**found.told, "status": 200, "result": "noop"}
        stored = index.write(key, source, {})
        return {**stored.told, "status": 200 if found else 201, "result": "updated" if found else "created"}

    def _changed(self, found: Stored | None, change: Mapping[str, Any]) -> dict[str, Any] | None:
        source = copy.deepcopy(found.source) if found is not None else {}
        if "doc" in change:
            return _merged(source, change["doc"])
        script = change["script"]
        if script["source"] not in self.scripts:
            raise NotFaked("a script without a function in its place: see FakeEngine.scripts")
        return self.scripts[script["source"]](source, script.get("params", {}))


def _merged(old: dict[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with the fields of another; objects are merged, lists replaced."""
    for name, value in new.items():
        both = isinstance(value, Mapping) and isinstance(old.get(name), dict)
        old[name] = _merged(old[name], value) if both else value
    return old
