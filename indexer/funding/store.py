"""Stores the funding rules beside the vocabulary rules; running apps reload them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engine.errors import EngineError, EngineNotFound
from funding import (
    DOCUMENT,
    OWN_FUNDING,
    PROJECT,
    Checked,
    StoredFunding,
    check_folder,
    pack_funding,
    read_texts,
    unpack_files,
    unpack_funding,
    without_scenarios,
)
from indexer.funding.documents import funding_documents
from indexer.harvest.own import store_own_documents
from indexer.harvest.run.options import OWN_SOURCE
from indexer.installation.indices import Indices


def store_funding(indices: Indices, checked: Checked, origin: str) -> str:
    """Replace the stored rules by checked ones, visible on return; return their version; raises EngineError.

    One document is written: rules are replaced whole, or not at all. Their sheets are documents, too.
    """
    indices.ensure("lexicon")
    packed = pack_funding(checked.texts, origin, datetime.now(UTC).isoformat(timespec="seconds"))
    indices.store_document(indices.names.lexicon, DOCUMENT, packed)
    store_own_documents(indices, OWN_SOURCE, funding_documents(checked.reading.book))
    return str(packed["version"])


def checked_project_funding(indices: Indices) -> Checked | None:
    """Return the project's own rules if a load has to store them, None if they are stored or the installation has
    others: to check all rules with their scenarios takes longer than a small load. Raises FundingFileError.
    """
    try:
        needed = _differ(indices, read_texts(OWN_FUNDING))
    except EngineError:  # the load will say so
        needed = True
    return check_folder(OWN_FUNDING) if needed else None


def keep_project_funding(indices: Indices, checked: Checked | None) -> None:
    """Store the project's own checked rules, unless others were stored meanwhile."""
    if checked is not None and _differ(indices, checked.texts):
        store_funding(indices, checked, PROJECT)


def _differ(indices: Indices, texts: Mapping[str, str]) -> bool:
    """Tell whether the project's own rules are to be stored: none are, damaged ones, or former ones of the project."""
    try:
        stored = unpack_files(_fetch_document(indices))
    except (EngineNotFound, ValueError):
        return True
    return stored.origin == PROJECT and stored.files != without_scenarios(texts)


def fetch_funding(indices: Indices) -> StoredFunding | None:
    """Return the stored rules, None if there are none or they are damaged or of another version."""
    try:
        return unpack_funding(_fetch_document(indices))
    except (EngineNotFound, ValueError):
        return None


def _fetch_document(indices: Indices) -> dict[str, Any]:
    document: dict[str, Any] = indices.engine.call("GET", f"/{indices.names.lexicon}/_doc/{DOCUMENT}")["_source"]
    return document
