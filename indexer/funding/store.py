"""Stores the funding rules beside the vocabulary rules; running apps reload them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engine.errors import EngineNotFound
from funding import DOCUMENT, PROJECT, StoredFunding, pack_funding, read_book, unpack_funding
from indexer.funding.documents import funding_documents
from indexer.harvest.own import store_own_documents
from indexer.harvest.run.options import OWN_SOURCE
from indexer.installation.indices import Indices


def store_funding(indices: Indices, texts: Mapping[str, str], origin: str) -> str:
    """Replace the stored rules by those of checked files, visible on return; return their version; raises EngineError.

    One document is written: rules are replaced whole, or not at all. Their sheets are documents, too.
    """
    indices.ensure("lexicon")
    packed = pack_funding(texts, origin, datetime.now(UTC).isoformat(timespec="seconds"))
    indices.store_document(indices.names.lexicon, DOCUMENT, packed)
    store_own_documents(indices, OWN_SOURCE, funding_documents(read_book(texts).book))
    return str(packed["version"])


def keep_project_funding(indices: Indices, texts: Mapping[str, str]) -> None:
    """Store the project's own rules unless they are stored already or the installation has others."""
    stored = fetch_funding(indices)
    if stored is None or (stored.origin == PROJECT and stored.book.version != _version(texts)):
        store_funding(indices, texts, PROJECT)


def _version(texts: Mapping[str, str]) -> str:
    return str(pack_funding(texts, PROJECT, "")["version"])


def fetch_funding(indices: Indices) -> StoredFunding | None:
    """Return the stored rules, None if there are none or they are damaged or of another version."""
    try:
        document: dict[str, Any] = indices.engine.call("GET", f"/{indices.names.lexicon}/_doc/{DOCUMENT}")["_source"]
        return unpack_funding(document)
    except (EngineNotFound, ValueError):
        return None
