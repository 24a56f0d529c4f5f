"""Few segments of an offers index, without replaced documents, after a command that wrote much of it.

A search looks at each segment by itself, and at replaced documents, too. The engine merges segments by and by; after a
load it has a dozen, a fifth of whose documents are replaced ones where statements changed their seats. To merge them at
once makes searches a tenth quicker (docs/decisions/0043).
"""

from typing import Final

from engine.blocking import LONG
from engine.errors import EngineError
from indexer.installation.indices import Indices

SLICES: Final = "index.search.concurrent.max_slice_count"
OF_A_SLICE: Final = 3  # segments: with fewer, one is most of the index, and the other slices wait for it
LEAST_OFFERS: Final = 20_000  # below, searches gain nothing
MUCH: Final = 0.1  # share of the documents that must have been written, or be replaced ones


def start_merging(indices: Indices, index: str, written: int) -> str | None:
    """Let the engine merge the segments of an index if it is worth it; return the problem if it refused.

    ``written`` is how many offers the command wrote. Nothing waits for the end: the engine merges in the background, in
    one thread of each node, and searches and statements go on.
    """
    try:
        docs = indices.engine.call("GET", f"/{index}/_stats/docs")["_all"]["primaries"]["docs"]
        offers, replaced = docs["count"], docs["deleted"]
        if offers < LEAST_OFFERS or max(written, replaced) < MUCH * offers:
            return None
        # Replaced documents are kept until what replaced them is on disk.
        indices.engine.call("POST", f"/{index}/_flush", timeout=LONG)
        few = OF_A_SLICE * _slices(indices, index)
        # The engine begins the second when the first has ended.
        for wanted in ({"only_expunge_deletes": "true"}, {"max_num_segments": str(few)}):
            indices.engine.call("POST", f"/{index}/_forcemerge", params={**wanted, "wait_for_completion": "false"})
    except EngineError as error:
        return f"segments of {index} were not merged ({error}); searches are right, and a tenth slower"
    return None


def _slices(indices: Indices, index: str) -> int:
    """Return in how many slices each shard is searched: an operator may have chosen another number."""
    (found,) = indices.engine.call("GET", f"/{index}/_settings", params={"flat_settings": "true"}).values()
    return int(found["settings"].get(SLICES, 1))
