"""Keeps the census up to date with the offers: after each load, forget, rebuild and rollback.

Nothing is written if the offers name the same bodies. Else only documents of bodies that offers name, or named before,
can differ; all of them are compared, and the different ones written. A killed refresh is repeated by the next one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import orjson

from engine.answers import found_documents
from engine.errors import EngineError
from engine.paging import close_view, open_view, read_page
from indexer.census.bodies import Bodies, fetch_bodies, gather_bodies
from indexer.census.build import KEPT, build_census, make_census, stored_facts, write_bodies
from indexer.census.document import NOBODY, Census, to_document
from indexer.census.facts import NO_FACTS, to_facts
from indexer.census.state import State, current_state, live_census, read_state, store_state
from indexer.installation.indices import Indices
from indexer.installation.locks import CENSUS, Lock, LockedError, hold_patiently
from indexer.offers.bulk import Operation

PAGE: Final = 1_000
PATIENCE: Final = 120.0  # seconds that a command waits for another one that writes the census
Outcome = Literal["none", "same", "changed", "built"]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did; ``written`` counts documents that were written or removed."""

    outcome: Outcome
    written: int = 0


def refresh_census(indices: Indices, quiet: bool = True) -> Refreshed:
    """Bring the census up to date; raises LockedError or EngineError."""
    with hold_patiently(indices, CENSUS, PATIENCE) as lock:
        live = live_census(indices)
        stored = read_state(indices, live)
        now = current_state(indices, stored.edition if stored else None)
        if stored and replace(stored, bodies="") == now:
            return Refreshed("same")
        bodies = bodies_now(indices)
        if live is None and not bodies.by_siren:
            return Refreshed("none")
        now = replace(now, bodies=bodies.fingerprint)
        if live is None or stored is None or stored.differs_in_basis(now):
            return Refreshed("built", build_census(indices, stored_facts(indices, live), bodies, now, lock, quiet))
        written = 0 if stored.bodies == now.bodies else _write_changed(indices, live, bodies, now, lock)
        store_state(indices, live, now)
        return Refreshed("changed" if written else "same", written)


def refresh_if_possible(indices: Indices) -> str | None:
    """Bring the census up to date after a command that changed offers; return the problem if that failed.

    The command did its own work: the census is older than the offers until the next one, and status says so.
    """
    try:
        refresh_census(indices)
    except (EngineError, LockedError) as error:
        return f"the census of providers was not brought up to date ({error}); the next load does it"
    return None


def bodies_now(indices: Indices) -> Bodies:
    """Return the bodies that the live offers name; none if there are no offers."""
    live = indices.live_index()
    return indices.engine.run(fetch_bodies(live)) if live else gather_bodies(())


def _write_changed(indices: Indices, live: str, bodies: Bodies, state: State, lock: Lock) -> int:
    """Write the documents that differ; return their number."""
    census, written = make_census(indices, state, bodies), 0

    def operations() -> Iterator[Operation]:
        nonlocal written
        for document in _affected(indices, live, bodies):
            operation = _operation(document, bodies, census)
            if operation is not None:
                written += 1
                yield operation

    write_bodies(indices, live, operations(), lambda _: None)
    lock.check()
    indices.refresh(live)
    return written


def _affected(indices: Indices, live: str, bodies: Bodies) -> Iterator[dict[str, Any]]:
    """Yield the documents of all bodies that offers name or named, as (_id, _source); new bodies without a source."""
    seen: set[str] = set()
    named = {"bool": {"should": [{"term": {"responsible": True}}, {"term": {"trainer": True}}]}}
    view = indices.engine.run(open_view(live, {"size": PAGE, "query": named, "sort": [{"siren": "asc"}]}, KEPT))
    try:
        while hits := indices.engine.run(read_page(view)):
            for hit in hits:
                seen.add(hit["_id"])
                yield hit
    finally:
        indices.engine.run(close_view(view))
    others = sorted(bodies.by_siren.keys() - seen)
    for start in range(0, len(others), PAGE):
        ids = others[start : start + PAGE]
        answer = indices.engine.call_patiently("POST", f"/{live}/_mget", {"ids": ids})
        found = {document["_id"]: document for document in found_documents(answer)}
        yield from (found.get(siren, {"_id": siren, "_source": {}}) for siren in ids)


def _operation(stored: dict[str, Any], bodies: Bodies, census: Census) -> Operation | None:
    """Return what makes a document right, None if it is."""
    siren, before = stored["_id"], stored["_source"]
    body = bodies.by_siren.get(siren, NOBODY)
    facts = to_facts(before["facts"]) if "facts" in before else NO_FACTS
    if body is NOBODY and facts == NO_FACTS:
        return Operation("delete", siren)
    document = to_document(siren, facts, body, census)
    if {**document, "facts_at": None} == {**before, "facts_at": None}:
        return None
    return Operation("index", siren, orjson.dumps(document))
