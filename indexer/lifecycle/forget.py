"""Removes a source: its offers, documents, state and names of providers; seat statements stay in the ledger."""

from contextlib import suppress
from typing import NamedTuple
from urllib.parse import quote

from engine.errors import EngineError, EngineNotFound
from indexer.census.refresh import refresh_if_possible
from indexer.harvest.forget import forget_documents
from indexer.installation.indices import Indices
from indexer.installation.locks import LOAD, hold_lock
from indexer.lexicon import keep_lexicon
from indexer.offers.bulk import Operation, write_operations
from indexer.progress import show_progress
from mappings.reference import PROVIDERS_PREFIX, TRAINERS_PREFIX


class UnknownSource(Exception):
    """Nothing was ever loaded under this name, or the source was already forgotten."""


class Forgotten(NamedTuple):
    """What was removed: live offers, and records of documents."""

    offers: int
    records: int


def forget(indices: Indices, source: str, quiet: bool = False) -> Forgotten:
    """Remove a source from the live index and the previous one, and what was harvested of it; return what that was.

    It is safe to repeat after a kill: the source's state is removed last. Raises UnknownSource, LockedError or
    EngineError.
    """
    with hold_lock(indices, f"{LOAD}{source}") as lock:
        stored = _is_stored(indices, source)
        live, previous = indices.names.offers, indices.names.previous_offers
        removed = {}
        for alias in (previous, live):
            removed[alias] = _remove_offers(indices, alias, source, quiet) if indices.engine.exists(alias) else 0
            lock.check()
        for prefix in (PROVIDERS_PREFIX, TRAINERS_PREFIX):
            _remove_document(indices, indices.names.reference, f"{prefix}{source}")
        index = indices.live_index()
        if index is not None:
            keep_lexicon(indices, index)
        records = forget_documents(indices, source)
        if not stored and not any(removed.values()) and records is None:
            raise UnknownSource(f"there is no source {source}: nothing was removed")
        _remove_document(indices, indices.names.sources, source)
        refresh_if_possible(indices)
        lock.finish()  # offers that a killed load left to be projected again are gone
        return Forgotten(removed[live], records or 0)


def _is_stored(indices: Indices, source: str) -> bool:
    try:
        indices.engine.call("GET", f"/{indices.names.sources}/_doc/{quote(source)}")
    except EngineNotFound:
        return False
    return True


def _remove_offers(indices: Indices, alias: str, source: str, quiet: bool) -> int:
    indices.refresh(alias)
    total = indices.count(alias, source)
    keys = (key for page in indices.live_hashes(alias, source) for key, _ in page)
    with show_progress("Removing", total, quiet=quiet or not total) as progress:
        operations = (Operation("delete", key) for key in keys)
        for fault in write_operations(indices.engine, alias, operations, progress.advance):
            raise EngineError(f"offer {fault.operation.key} could not be removed: {fault.reason}")
    indices.refresh(alias)
    return total


def _remove_document(indices: Indices, index: str, name: str) -> None:
    with suppress(EngineNotFound):
        indices.engine.call("DELETE", f"/{index}/_doc/{quote(name)}", params={"refresh": "true"})
