"""What a writer of statements leaves in the engine while it is at work, so that others finish it if it dies.

Between the ledger and the offers a crash can fall. Whoever writes keeps a document that says from which point of the
ledger's log on its statements may not be in the offers yet; when the writer is gone, any other process projects from
there on again, which changes nothing where it was done already.
"""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from engine.lease import find_holders, write_lease
from engine.requests import Request, Steps
from mappings.names import IndexNames
from seats.projection.write import Cutoff, replay

MARKERS: Final = "seats:"  # start of the markers' names, among those of the locks
TERM: Final = timedelta(seconds=30)  # a writer not heard of for so long counts as gone


def _name() -> str:
    return MARKERS + secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Marker:
    """The marker of one writer."""

    names: IndexNames
    name: str = field(default_factory=_name)

    def put(self, checkpoint: int) -> Steps[None]:
        """Say that statements after this checkpoint may be unprojected; to be said again within TERM."""
        yield from write_lease(self.names.locks, self.name, TERM, checkpoint, {})

    def remove(self) -> Steps[None]:
        """Say that all is projected."""
        yield Request("DELETE", f"/{self.names.locks}/_doc/{self.name}", ignore=(404,))


def heal(names: IndexNames, cutoff: Cutoff) -> Steps[int]:
    """Project again what writers who are gone may have left undone; returns how many they were."""
    yield Request("POST", f"/{names.locks}/_refresh", ignore=(404,))
    holders = yield from find_holders(names.locks, {"prefix": {"name": MARKERS}})
    gone = [holder for holder in holders if holder.is_over]
    if gone:
        since = min(-1 if holder.checkpoint is None else holder.checkpoint for holder in gone)
        yield from replay(names.ledger, names.offers, since, cutoff)
    for holder in gone:
        yield Request("DELETE", f"/{names.locks}/_doc/{holder.name}", ignore=(404,))
    return len(gone)
