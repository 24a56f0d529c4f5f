"""What a writer of statements leaves in the engine while it is at work, so that others finish it if it dies.

Between the ledger and the offers a crash can fall. Whoever writes keeps a document that says from which point of the
ledger's log on its statements may not be in the offers yet; when the writer is gone, any other process projects from
there on again, which changes nothing where it was done already.
"""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from engine.owner import CLOCK, Owner, engine_time, fetch_time, is_over
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
        until = ((yield from fetch_time(self.names.locks)) + TERM).isoformat()
        owner = str(Owner.of_this_process())
        body = {"name": self.name, "owner": owner, "until": until, "checkpoint": checkpoint}
        yield Request("PUT", f"/{self.names.locks}/_doc/{self.name}", body)

    def remove(self) -> Steps[None]:
        """Say that all is projected."""
        yield Request("DELETE", f"/{self.names.locks}/_doc/{self.name}", ignore=(404,))


def heal(names: IndexNames, cutoff: Cutoff) -> Steps[int]:
    """Project again what writers who are gone may have left undone; returns how many they were."""
    yield Request("POST", f"/{names.locks}/_refresh", ignore=(404,))
    body = {"size": 1_000, "query": {"prefix": {"name": MARKERS}}, "aggs": CLOCK}
    answer = yield Request("POST", f"/{names.locks}/_search", body, {"ignore_unavailable": "true"})
    now = engine_time(answer)
    gone = [hit["_source"] for hit in answer["hits"]["hits"] if is_over(hit["_source"], now)]
    if gone:
        yield from replay(names.ledger, names.offers, min(row["checkpoint"] for row in gone), cutoff)
    for row in gone:
        yield Request("DELETE", f"/{names.locks}/_doc/{row['name']}", ignore=(404,))
    return len(gone)
