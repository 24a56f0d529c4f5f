"""Removes everything that is stored of an address: alerts, requests, and that it was written to."""

from collections.abc import Sequence

from alerts.store import remove_where
from indexer.installation.indices import Indices


def forget_address(indices: Indices, marks: Sequence[str]) -> int:
    """Remove the records of an address, known by its hashes under all keys; return their number."""
    if not indices.engine.exists(indices.names.alerts):
        return 0
    return indices.engine.run(remove_where(indices.names, {"terms": {"mark": list(marks)}}))
