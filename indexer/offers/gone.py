"""Records of removed offers: enough for the page at their address and for similar offers."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import orjson

from engine.errors import EngineError
from indexer.installation.indices import Indices
from indexer.offers.bulk import Operation, write_operations
from indexer.offers.live import chunks, fetch_documents

FIELDS: Final = "id,key,title,training_key,certifications.rncp,places.town,places.department,places.lat,places.lon"
AT_ONCE: Final = 500
KEPT: Final = "now-400d"  # links are passed on from one year to the next


def remember(indices: Indices, keys: Sequence[str]) -> None:
    """Record live offers that are about to be removed; idempotent except for the time."""
    if not keys:
        return
    indices.ensure("gone")
    operations, name = _operations(indices, keys), indices.names.gone
    for fault in write_operations(indices.engine, name, operations, lambda _: None, is_alias=False):
        raise EngineError(f"offer {fault.operation.key} could not be remembered: {fault.reason}")
    expired = {"query": {"range": {"removed_at": {"lt": KEPT}}}}
    indices.engine.call("POST", f"/{indices.names.gone}/_delete_by_query?conflicts=proceed", expired)


def _operations(indices: Indices, keys: Sequence[str]) -> Iterator[Operation]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for some in chunks(keys, AT_ONCE):
        for document in fetch_documents(indices, list(some), FIELDS):
            yield Operation("index", document["_id"], orjson.dumps({"removed_at": now, "offer": document["_source"]}))
