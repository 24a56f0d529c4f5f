"""Reads index bodies (settings and mappings) from the JSON files of this folder."""

import json
from pathlib import Path
from typing import Any, Literal

HERE = Path(__file__).parent
IndexKind = Literal[
    "offers",
    "ledger",
    "history",
    "reference",
    "lexicon",
    "sources",
    "locks",
    "gone",
    "providers",
    "editions",
    "analytics_history",
    "documents",
    "alerts",
    "document_records",
    "harvests",
]


def load_index_body(kind: IndexKind, *, shards: int = 1, replicas: int = 0) -> dict[str, Any]:
    """Return the body that creates an index of this kind; only the offers index may have more than one shard."""
    body: dict[str, Any] = json.loads((HERE / f"{kind}.json").read_text(encoding="utf-8"))
    body["settings"]["index"] |= {"number_of_shards": shards if kind == "offers" else 1, "number_of_replicas": replicas}
    return body
