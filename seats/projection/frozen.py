"""Freezes the live index while a rebuild swaps indices; after a killed rebuild the next process unfreezes it."""

from typing import Final

from engine.lease import find_holders
from engine.requests import Request, Steps
from mappings.loader import load_index_body
from mappings.names import IndexNames

REBUILD_LOCK: Final = "rebuild"  # the lock that is held while an index is frozen
NEVER: Final = "-1"  # refresh_interval of an index that does not refresh


def let_live_index_go(names: IndexNames) -> Steps[bool]:
    """Let the live offers index refresh again if a killed rebuild left it frozen; return whether one had.

    The lock is taken long before the index is frozen, and outlives a killed owner: without an expired lock there is
    nothing to do.
    """
    holders = yield from find_holders(names.locks, {"term": {"name": REBUILD_LOCK}})
    if not any(holder.is_over for holder in holders):
        return False
    here = {"ignore_unavailable": "true"}
    found = yield Request("GET", f"/{names.offers}/_settings", params=here)
    frozen = [name for name, each in found.items() if each["settings"]["index"].get("refresh_interval") == NEVER]
    interval = load_index_body("offers")["settings"]["index"]["refresh_interval"]
    for name in frozen:
        yield Request("PUT", f"/{name}/_settings", {"index": {"refresh_interval": interval}})
        yield Request("POST", f"/{name}/_refresh")
    return bool(frozen)
