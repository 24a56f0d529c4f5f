"""The HTTP interface of the in-memory engine: the handler of each request, and the shape of each answer."""

from collections.abc import Callable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

import orjson

from engine.fake.cluster import Cluster
from engine.fake.index import Failure, Stored
from engine.fake.queries import NotFaked, matches
from engine.fake.search import SHARDS, search
from engine.fake.source import Cut
from engine.fake.writes import Writes

Params = Mapping[str, Any]
ACKNOWLEDGED = {"acknowledged": True}


class Requests:
    """Answers requests; raises Failure as the engine does, NotFaked for unsupported ones."""

    def __init__(self, cluster: Cluster, now: Callable[[], datetime]) -> None:
        self.cluster, self.writes, self._now = cluster, Writes(cluster), now

    def answer(self, method: str, path: str, params: Params, body: Any) -> Any:
        """Return the answer to one request; ``path`` begins with a slash and has no parameters."""
        index, _, action = path.strip("/").partition("/")
        if index.startswith("_"):
            index, action = "", path.strip("/")
        name, _, rest = action.partition("/")
        answer: Callable[[str, str, str, Params, Any], Any] | None
        answer = getattr(self, f"_answer{name}" if name else "_answer_index", None)
        if answer is None:
            raise NotFaked(f"{method} {path}")
        return answer(method, index, rest, params, body)

    def _answer_index(self, method: str, index: str, _: str, __: Params, body: Any) -> Any:
        if method == "PUT":
            self.cluster.create(index, body or {})
            return {"acknowledged": True, "shards_acknowledged": True, "index": index}
        if method == "DELETE":
            for each in self.cluster.named(index):
                self.cluster.drop(each.name)
            return ACKNOWLEDGED
        raise NotFaked(f"{method} /{index}")

    def _answer_bulk(self, _: str, index: str, __: str, params: Params, body: Any) -> Any:
        return self.writes.bulk(index, body, params)

    def _answer_doc(self, method: str, index: str, key: str, params: Params, body: Any) -> Any:
        if method == "GET":
            (found,) = self._documents(index, [key], params)
            if not found["found"]:
                raise Missing(found)
            return found
        target = self.cluster.to_write(index, alias_only=params.get("require_alias") == "true")
        kind = "delete" if method == "DELETE" else "index"
        result = self.writes.apply(target, kind, {"_id": key, **params}, body)
        if params.get("refresh") in ("true", "wait_for"):
            target.refresh()
        if result.pop("status") == 404:
            raise Missing({"_index": target.name, **result})
        return {"_index": target.name, **result}

    def _answer_mget(self, _: str, index: str, __: str, params: Params, body: Any) -> Any:
        try:
            return {"docs": self._documents(index, body["ids"], params)}
        except Failure as failure:
            return {"docs": [{"_index": index, "_id": key, "error": failure.error} for key in body["ids"]]}

    def _documents(self, name: str, keys: list[str], params: Params) -> list[dict[str, Any]]:
        (index,) = self.cluster.named(name)
        cut = Cut(params["_source_includes"].split(",") if "_source_includes" in params else True)
        return [_got(index.name, key, index.documents.get(key), cut) for key in keys]

    def _answer_search(self, method: str, index: str, rest: str, params: Params, body: Any) -> Any:
        if rest == "point_in_time":
            return self._view(method, index, body)
        if "pit" in body:
            view = body["pit"]["id"]
            if view not in self.cluster.views:
                raise Failure(404, "search_context_missing_exception", f"No search context found for id [{view}]")
            return search([("", each) for each in self.cluster.views[view]], body, self._now, of_any=True)
        indices = self.cluster.named(index, lenient=params.get("ignore_unavailable") == "true")
        documents = [(each.name, stored) for each in indices for stored in each.visible.values()]
        return search(documents, body or {}, self._now, of_any=bool(indices))

    def _view(self, method: str, index: str, body: Any) -> Any:
        if method == "DELETE":
            closed = [
                {"successful": True, "pit_id": view} for view in body["pit_id"] if self.cluster.views.pop(view, None)
            ]
            return {"pits": closed}
        return {"pit_id": self.cluster.open_view(index), "_shards": SHARDS, "creation_time": 0}

    def _answer_msearch(self, _: str, index: str, __: str, params: Params, body: Any) -> Any:
        bodies = [orjson.loads(line) for line in bytes(body).splitlines()[1::2]]
        answers = [self._answer_search("POST", index, "", params, each) for each in bodies]
        return {"took": 1, "responses": [{**answer, "status": 200} for answer in answers]}

    def _answer_count(self, _: str, index: str, __: str, ___: Params, body: Any) -> Any:
        query = (body or {}).get("query", {"match_all": {}})
        visible = [stored for each in self.cluster.named(index) for stored in each.visible.values()]
        return {"count": sum(matches(stored, query) for stored in visible), "_shards": SHARDS}

    def _answer_refresh(self, _: str, index: str, __: str, ___: Params, ____: Any) -> Any:
        for each in self.cluster.named(index):
            each.refresh()
        return {"_shards": SHARDS}

    def _answer_stats(self, _: str, index: str, __: str, ___: Params, ____: Any) -> Any:
        found = {}
        for each in self.cluster.named(index):
            numbers = {"max_seq_no": each.checkpoint, "local_checkpoint": each.checkpoint}
            found[each.name] = {"shards": {"0": [{"routing": {"primary": True}, "seq_no": numbers}]}}
        docs = {"count": sum(len(each.visible) for each in self.cluster.named(index)), "deleted": 0}
        whole = {"primaries": {"docs": docs}}
        return {"_shards": SHARDS, "indices": found, "_all": whole}

    def _answer_settings(self, method: str, index: str, _: str, params: Params, body: Any) -> Any:
        indices = self.cluster.named(index, lenient=params.get("ignore_unavailable") == "true")
        if method == "PUT":
            for each in indices:
                each.settings.update(body["index"])
            return ACKNOWLEDGED
        return {each.name: {"settings": {"index": each.settings}} for each in indices}

    def _answer_mapping(self, method: str, index: str, _: str, __: Params, body: Any) -> Any:
        for each in self.cluster.named(index):
            if method == "PUT":
                each.mappings.setdefault("properties", {}).update(body.get("properties", {}))
                each.mappings |= {name: value for name, value in body.items() if name != "properties"}
        return (
            ACKNOWLEDGED
            if method == "PUT"
            else {each.name: {"mappings": each.mappings} for each in self.cluster.named(index)}
        )

    def _answer_alias(self, _: str, __: str, alias: str, ___: Params, ____: Any) -> Any:
        if alias not in self.cluster.aliases and alias not in self.cluster.indices:
            raise Missing({"error": f"alias [{alias}] missing", "status": 404})
        return {each.name: {"aliases": {alias: {}}} for each in self.cluster.named(alias)}

    def _answer_aliases(self, _: str, __: str, ___: str, ____: Params, body: Any) -> Any:
        self.cluster.change_aliases(body["actions"])
        return ACKNOWLEDGED

    def _answer_cat(self, _: str, __: str, what: str, ___: Params, ____: Any) -> Any:
        kind, _, pattern = what.partition("/")
        if kind == "indices":
            return [{"index": name} for name in self.cluster.indices if fnmatchcase(name, pattern)]
        if kind == "aliases":
            named = [alias for alias in self.cluster.aliases if fnmatchcase(alias, pattern)]
            return [{"alias": alias, "index": name} for alias in named for name in self.cluster.aliases[alias]]
        raise NotFaked(f"_cat/{kind}")


class Missing(Failure):
    """A 404 whose body contains no error, as for a missing document."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__(404, "", "")
        self._body = body

    @property
    def body(self) -> dict[str, Any]:
        """Return the body of the answer."""
        return self._body


def _got(index: str, key: str, stored: Stored | None, cut: Cut) -> dict[str, Any]:
    if stored is None:
        return {"_index": index, "_id": key, "found": False}
    return {"_index": index, **stored.told, "found": True, "_source": cut(stored.source)}
