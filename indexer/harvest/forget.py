"""Removes what was harvested of a source: its records, its state, and the documents that no other source has."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.errors import EngineNotFound
from indexer.harvest.merge.run import make_documents
from indexer.harvest.store import fetch_states, source_keys, state_name, write
from indexer.installation.indices import Indices
from indexer.installation.locks import HARVEST, hold_lock
from indexer.offers.bulk import Operation


def forget_documents(indices: Indices, source: str) -> int | None:
    """Remove a harvested source; return the number of its records, None if there is no such source.

    It is safe to repeat after a kill: the state is removed last. Raises LockedError or EngineError.
    """
    index = indices.names.document_records
    if not indices.engine.exists(index):
        return None
    with hold_lock(indices, f"{HARVEST}{source}") as lock:
        states = fetch_states(indices, source)
        indices.refresh(index)
        removed = 0
        for keys in source_keys(indices, source):
            lock.check()
            write(indices, index, (Operation("delete", key) for key in keys))
            removed += len(keys)
        if not removed and not states:
            return None
        with TemporaryDirectory() as folder:
            make_documents(indices, Path(folder) / "merge.sqlite")
        for state in states:
            with suppress(EngineNotFound):
                name = state_name(state.source, state.scope)
                indices.engine.call("DELETE", f"/{indices.names.harvests}/_doc/{name}", params={"refresh": "true"})
        return removed
