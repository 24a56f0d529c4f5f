"""The indices of an installation: created if missing, counted, refreshed, and read."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from engine.blocking import LONG, Engine
from engine.errors import EngineConflict, EngineError, EngineNotFound
from mappings.index_fields import META_SHAPE, SHAPE
from mappings.loader import IndexKind, load_index_body
from mappings.names import IndexNames
from mappings.reference import Reference, build_reference
from mappings.settings import EngineSettings
from seats.projection.frozen import NEVER

PAGE: Final = 10_000


class Indices:
    """Operations on whole indices of one installation."""

    def __init__(self, engine: Engine, settings: EngineSettings) -> None:
        self.engine = engine
        self.settings = settings
        self.names = IndexNames(settings.index_prefix)

    def ensure(self, *kinds: IndexKind) -> None:
        """Create an index of one of these kinds if it is missing: all but the offers and the census.

        An existing one gets the fields that were added to its mapping.
        """
        names: dict[IndexKind, str] = {
            "ledger": self.names.ledger,
            "reference": self.names.reference,
            "lexicon": self.names.lexicon,
            "sources": self.names.sources,
            "locks": self.names.locks,
            "gone": self.names.gone,
            "editions": self.names.editions,
            "analytics_history": self.names.analytics_history,
            "documents": self.names.documents,
            "alerts": self.names.alerts,
            "document_records": self.names.document_records,
            "harvests": self.names.harvests,
        }
        for kind in kinds:
            if self.engine.exists(names[kind]):
                self._add_new_fields(names[kind], kind)
                continue
            try:
                self.engine.call("PUT", f"/{names[kind]}", self._body(kind), timeout=LONG)
            except EngineConflict:
                continue  # another process was faster

    def ensure_offers(self) -> bool:
        """Create the first offers index with its alias if there is none; return whether it is new, and therefore empty.

        An existing one gets the fields that were added to the mapping: it is strict, and would refuse every offer.
        """
        live = self.live_index()
        if live is not None:
            self.check_shape(live)
            self._add_new_fields(live, "offers")
            return False
        try:
            self.create_offers(with_alias=True)
        except EngineError:  # an alias has one write index: the first load of another source may have been faster
            if self.live_index() is None:
                raise
            return False
        return True

    def shape_of(self, index: str) -> int:
        """Return the shape of an offers index (``mappings.index_fields.SHAPE``); the first one had no number."""
        mapping = self.engine.call("GET", f"/{index}/_mapping")[index]["mappings"]
        return int(mapping.get("_meta", {}).get(META_SHAPE, 1))

    def check_shape(self, index: str) -> None:
        """Raise EngineError if an index has the shape of another version."""
        if self.shape_of(index) != SHAPE:
            raise EngineError(f"{index} was made by another version: run python -m indexer rebuild")

    def _add_new_fields(self, index: str, kind: IndexKind) -> None:
        present = self.engine.call("GET", f"/{index}/_mapping")[index]["mappings"]["properties"]
        missing = new_fields(present, self._body(kind)["mappings"]["properties"])
        if missing:
            self.engine.call("PUT", f"/{index}/_mapping", {"properties": missing}, timeout=LONG)

    def create_offers(self, with_alias: bool) -> str:
        """Create an offers index with the current mapping, without refresh; return its name."""
        body = self._body("offers")
        body["settings"]["index"]["refresh_interval"] = NEVER  # it is not searched yet
        if with_alias:
            body["aliases"] = {self.names.offers: {"is_write_index": True}}
        name = self.names.offers_index(datetime.now(UTC).strftime("%Y%m%dt%H%M%S%f"))
        self.engine.call("PUT", f"/{name}", body, timeout=LONG)
        return name

    def _body(self, kind: IndexKind) -> dict[str, Any]:
        return load_index_body(kind, shards=self.settings.shards, replicas=self.settings.replicas)

    def live_index(self) -> str | None:
        """Return the concrete index behind the offers alias, None if there is no alias yet."""
        return self.behind(self.names.offers)

    def previous_index(self) -> str | None:
        """Return the concrete index that ``rollback`` would make live, None if there is none."""
        return self.behind(self.names.previous_offers)

    def behind(self, alias: str) -> str | None:
        """Return the concrete index behind an alias, None if there is none; raises EngineError if there are several."""
        try:
            found = list(self.engine.call("GET", f"/_alias/{alias}"))
        except EngineNotFound:
            return None
        if len(found) != 1:
            raise EngineError(f"alias {alias} points at {len(found)} indices, one is right: {found}")
        return str(found[0])

    def swap(self, old: str, new: str) -> None:
        """Make ``new`` the live index and ``old`` the previous one, atomically for searches."""
        live, previous = self.names.offers, self.names.previous_offers
        actions: list[dict[str, Any]] = [
            {"remove": {"index": old, "alias": live, "must_exist": True}},
            {"add": {"index": new, "alias": live, "is_write_index": True}},
            {"remove": {"index": f"{live}-*", "alias": previous, "must_exist": False}},
            {"add": {"index": old, "alias": previous}},
        ]
        self.engine.call("POST", "/_aliases", {"actions": actions}, timeout=LONG)

    def offers_indices(self) -> list[str]:
        """Return all concrete offers indices, the oldest first."""
        answer = self.engine.call(
            "GET", f"/_cat/indices/{self.names.offers}-*", params={"h": "index", "format": "json"}
        )
        return sorted({row["index"] for row in answer})

    def let_refresh(self, index: str) -> None:
        """Give an index the refresh interval of its mapping again, in case a filling one was left without."""
        wanted = self._body("offers")["settings"]["index"]["refresh_interval"]
        settings = self.engine.call("GET", f"/{index}/_settings")
        if any(each["settings"]["index"].get("refresh_interval") != wanted for each in settings.values()):
            self.engine.call("PUT", f"/{index}/_settings", {"index": {"refresh_interval": wanted}})

    def freeze(self, index: str) -> None:
        """Make searches see an index as it is now, whatever is written to it from now on, until ``let_refresh``."""
        answer = self.engine.call("PUT", f"/{index}/_settings", {"index": {"refresh_interval": NEVER}}, timeout=LONG)
        if not answer["acknowledged"]:
            raise EngineError(f"index {index} could not be kept from refreshing")
        self.refresh(index)  # waits for the refresh that may be under way still

    def is_frozen(self, index: str) -> bool:
        """Tell whether an index shows nothing new by itself."""
        settings = self.engine.call("GET", f"/{index}/_settings")[index]["settings"]["index"]
        return bool(settings.get("refresh_interval") == NEVER)

    def refresh(self, index: str) -> None:
        """Make all that was written visible to searches."""
        self.engine.call_patiently("POST", f"/{index}/_refresh", None)

    def count(self, index: str, source: str | None = None) -> int:
        """Count the documents of an index or alias, or the offers of one source."""
        query = {"term": {"source": source}} if source else {"match_all": {}}
        return int(self.engine.call("POST", f"/{index}/_count", {"query": query}, timeout=LONG)["count"])

    def count_by_source(self, index: str) -> dict[str, tuple[int, int]]:
        """Return source -> (offers, sessions) of an index or alias, counted exactly."""
        sessions = {"value_count": {"field": "session_spans"}}
        body = {
            "size": 0,
            "track_total_hits": True,
            "aggs": {"source": {"terms": {"field": "source", "size": 10_000}, "aggs": {"sessions": sessions}}},
        }
        answer = self.engine.call("POST", f"/{index}/_search", body, timeout=LONG)
        buckets = answer["aggregations"]["source"]["buckets"]
        return {bucket["key"]: (bucket["doc_count"], bucket["sessions"]["value"]) for bucket in buckets}

    def state_of(self, index: str) -> dict[str, int]:
        """Return the bytes of an index in all its copies, its rewritten documents that are not merged away yet, and how
        many copies of shards no node holds.
        """
        total = self.engine.call("GET", f"/{index}/_stats/store,docs", timeout=LONG)["_all"]["total"]
        health = self.engine.call("GET", f"/_cluster/health/{index}")
        return {
            "bytes": total["store"]["size_in_bytes"],
            "deleted_documents": total["docs"]["deleted"],
            "copies_missing": health["unassigned_shards"],
        }

    def live_hashes(self, index: str, source: str) -> Iterator[list[tuple[str, str]]]:
        """Yield pages of (key, hash) of a source's offers, as of the last refresh."""
        body: dict[str, Any] = {
            "size": PAGE,
            "_source": False,
            "docvalue_fields": ["hash"],
            "query": {"bool": {"filter": [{"term": {"source": source}}]}},
            "sort": [{"key": "asc"}],
            "track_total_hits": False,
        }
        params = {"filter_path": "hits.hits.sort,hits.hits.fields,_shards,timed_out"}
        while True:
            answer = self.engine.call("POST", f"/{index}/_search", body, params, LONG)
            hits = answer.get("hits", {}).get("hits", [])
            if hits:
                yield [(hit["sort"][0], hit["fields"]["hash"][0]) for hit in hits]
            if len(hits) < PAGE:
                return
            body["search_after"] = hits[-1]["sort"]

    def fetch_reference(self) -> Reference:
        """Return all reference tables; empty ones if there is no reference index yet."""
        return build_reference(self.reference_documents())

    def reference_documents(self, *fields: str) -> list[dict[str, Any]]:
        """Return the stored documents of the reference index, or only these fields: the tables are megabytes."""
        params = {"ignore_unavailable": "true"}
        body = {"size": 1_000, "_source": list(fields) or True}
        answer = self.engine.call("POST", f"/{self.names.reference}/_search", body, params, LONG)
        return [hit["_source"] for hit in answer["hits"]["hits"]]

    def store_document(self, index: str, name: str, document: dict[str, Any]) -> None:
        """Store a document of the reference or sources index under its name, visible on return."""
        self.engine.call_patiently("PUT", f"/{index}/_doc/{name}", document, {"refresh": "true"})


def new_fields(present: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the wanted properties that an index lacks, nested ones included.

    >>> old = {"id": {"type": "keyword"}, "sessions": {"type": "nested", "properties": {"id": {"type": "keyword"}}}}
    >>> inner = {"id": {"type": "keyword"}, "seen": {"type": "date"}}
    >>> new_fields(old, {"id": {"type": "keyword"}, "sessions": {"type": "nested", "properties": inner}})
    {'sessions': {'type': 'nested', 'properties': {'seen': {'type': 'date'}}}}
    """
    missing: dict[str, Any] = {}
    for name, field in wanted.items():
        if name not in present:
            missing[name] = field
        elif inner := new_fields(present[name].get("properties", {}), field.get("properties", {})):
            missing[name] = {key: field[key] for key in ("type",) if key in field} | {"properties": inner}
    return missing
