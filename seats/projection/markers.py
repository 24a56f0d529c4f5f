"""Markers that writers of statements keep in the engine, so that others complete their work after a crash.

A crash can happen between the ledger and the offers. A writer keeps a document with the position in the ledger's log
from which its statements may not be in the offers yet; when the writer is gone, any other process projects again from
there, which changes nothing where it was already done.
"""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from engine.lease import find_holders, write_lease
from engine.requests import Request, Steps
from mappings.names import IndexNames
from seats.projection.write import Cutoff, replay

MARKERS: Final = "seats:"  # prefix of the markers' names, among those of the locks
TERM: Final = timedelta(seconds=30)  # without a renewal for this long a writer counts as dead


def _name() -> str:
    return MARKERS + secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Marker:
    """The marker of one writer."""

    names: IndexNames
    name: str = field(default_factory=_name)

    def put(self, checkpoint: int) -> Steps[None]:
        """Record that statements after this checkpoint may be unprojected; to be renewed within TERM."""
        yield from write_lease(self.names.locks, self.name, TERM, checkpoint, {})

    def remove(self) -> Steps[None]:
        """Remove the marker: everything is projected."""
        yield Request("DELETE", f"/{self.names.locks}/_doc/{self.name}", ignore=(404,))


def heal(names: IndexNames, cutoff: Cutoff) -> Steps[int]:
    """Project again what dead writers may have left unprojected; return their number."""
    yield Request("POST", f"/{names.locks}/_refresh", ignore=(404,))
    holders = yield from find_holders(names.locks, {"prefix": {"name": MARKERS}})
    gone = [holder for holder in holders if holder.is_over]
    if gone:
        since = min(-1 if holder.checkpoint is None else holder.checkpoint for holder in gone)
        yield from replay(names.ledger, names.offers, since, cutoff)
    for holder in gone:
        yield Request("DELETE", f"/{names.locks}/_doc/{holder.name}", ignore=(404,))
    return len(gone)
