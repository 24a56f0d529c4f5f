"""A whole new census behind the alias: for another edition, other tables or another version."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from engine.blocking import LONG
from engine.errors import EngineError, EngineNotFound
from engine.paging import close_view, open_view, read_page
from indexer.census.bodies import Bodies, all_sirens
from indexer.census.document import NOBODY, Census, to_document
from indexer.census.facts import NO_FACTS, Facts, to_facts
from indexer.census.state import State, live_census, store_state
from indexer.installation.indices import Indices
from indexer.installation.locks import Lock
from indexer.normalize.places import Locator
from indexer.offers.bulk import Operation, write_operations
from indexer.progress import show_progress
from mappings.loader import load_index_body
from seats.projection.frozen import NEVER

PAGE: Final = 2_000
KEPT: Final = "10m"
STAMP: Final = r"[0-9]{8}t[0-9]{12}"


def build_census(
    indices: Indices, facts: Iterable[tuple[str, Facts]], bodies: Bodies, state: State, lock: Lock, quiet: bool = False
) -> int:
    """Write every body into a new index and make it live; return their number. ``facts`` are sorted by SIREN.

    Readers see the former census until all of the new one is searchable; a killed run leaves an index that the next
    one removes.
    """
    settings, names = indices.settings, indices.names
    body = load_index_body("providers", replicas=settings.replicas)
    interval = body["settings"]["index"]["refresh_interval"]
    body["settings"]["index"]["refresh_interval"] = NEVER
    new = names.providers_index(datetime.now(UTC).strftime("%Y%m%dt%H%M%S%f"))
    indices.engine.call("PUT", f"/{new}", body, timeout=LONG)
    try:
        written = _write_all(indices, new, facts, bodies, make_census(indices, state, bodies), quiet)
        indices.refresh(new)
        found = indices.count(new)
        if found != written:
            raise EngineError(f"{found} bodies are in the new census, {written} were written: run the command again")
        indices.engine.call("PUT", f"/{new}/_settings", {"index": {"refresh_interval": interval}})
        store_state(indices, new, state)
        lock.confirm()
        _go_live(indices, new)
    except BaseException:
        if live_census(indices) != new:
            with suppress(EngineError):
                indices.engine.call("DELETE", f"/{new}", timeout=LONG)
        raise
    return written


def make_census(indices: Indices, state: State, bodies: Bodies) -> Census:
    """Return what all documents share."""
    edition = state.edition.date if state.edition else None
    untold = frozenset(state.edition.untold) if state.edition else frozenset()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Census(edition, bodies.bearers, Locator(indices.fetch_reference()), now, untold)


def _write_all(
    indices: Indices, new: str, facts: Iterable[tuple[str, Facts]], bodies: Bodies, census: Census, quiet: bool
) -> int:
    known: dict[str, Facts] = {}
    written = 0

    def sirens() -> Iterator[str]:
        for siren, each in facts:
            known[siren] = each
            yield siren

    def operations() -> Iterator[Operation]:
        nonlocal written
        for siren in all_sirens(sirens(), bodies):
            body = bodies.by_siren.get(siren, NOBODY)
            document = to_document(siren, known.pop(siren, NO_FACTS), body, census)
            written += 1
            yield Operation("index", siren, orjson.dumps(document))

    with show_progress("Writing the census", unit="bodies", quiet=quiet) as progress:
        write_bodies(indices, new, operations(), progress.advance)
    return written


def write_bodies(indices: Indices, index: str, operations: Iterator[Operation], advance: Any) -> None:
    """Send operations; raises EngineError if one of them is refused."""
    for fault in write_operations(indices.engine, index, operations, advance, is_alias=False):
        raise EngineError(f"body {fault.operation.key} could not be written: {fault.reason}")


def _go_live(indices: Indices, new: str) -> None:
    """Point the alias at the new census alone, and delete all others."""
    alias = indices.names.providers
    others = [index for index in census_indices(indices) if index != new]
    actions: list[dict[str, Any]] = [
        {"remove": {"index": index, "alias": alias, "must_exist": False}} for index in others
    ]
    indices.engine.call("POST", "/_aliases", {"actions": [*actions, {"add": {"index": new, "alias": alias}}]})
    for index in others:
        with suppress(EngineNotFound):
            indices.engine.call("DELETE", f"/{index}", timeout=LONG)


def census_indices(indices: Indices) -> list[str]:
    """Return all concrete indices of the census, the oldest first; none of a prefix that begins like this one."""
    params = {"h": "index", "format": "json"}
    answer = indices.engine.call("GET", f"/_cat/indices/{indices.names.providers}-*", params=params)
    own = re.compile(rf"{re.escape(indices.names.providers)}-{STAMP}")
    return sorted({row["index"] for row in answer if own.fullmatch(row["index"])})


def stored_facts(indices: Indices, index: str | None) -> Iterator[tuple[str, Facts]]:
    """Yield the facts of every body of a census that has some, by SIREN."""
    if index is None:
        return
    body = {"size": PAGE, "_source": ["facts"], "sort": [{"siren": "asc"}]}
    view = indices.engine.run(open_view(index, body, KEPT))
    try:
        while hits := indices.engine.run(read_page(view)):
            yield from ((hit["_id"], to_facts(hit["_source"]["facts"])) for hit in hits if "facts" in hit["_source"])
    finally:
        indices.engine.run(close_view(view))
