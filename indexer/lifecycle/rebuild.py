"""Rebuild (a new index behind the alias, checked before the swap) and rollback, without interrupting searches and
statements.
"""

import random
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import orjson

from engine.blocking import LONG
from engine.bulk import write_groups
from engine.errors import EngineConflict, EngineError, EngineNotFound
from engine.paging import close_view, open_view, read_page
from indexer.census.refresh import refresh_if_possible
from indexer.installation.indices import Indices
from indexer.installation.locks import REBUILD, Lock, held_locks, hold_lock
from indexer.installation.segments import start_merging
from indexer.lexicon import keep_lexicon, store_lexicon
from indexer.progress import show_progress
from mappings.communes import zones_of
from mappings.index_fields import FIELDS, SHAPE, index_fields
from seats.ledger.store import fetch_checkpoint
from seats.projection.age import META_CUTOFF, apply_cutoff, fetch_cutoff, store_meta
from seats.projection.write import figures_to_capacity, figures_to_left, replay

SAMPLE: Final = 200  # documents compared one by one before the swap
FEW_STATEMENTS: Final = 500  # with so few statements left, the rest is projected while the old index is frozen
# each catch-up has less to do than the one before, unless statements arrive faster than they are projected
CATCH_UPS: Final = 20
PAGE: Final = 200  # offers of another shape that are converted together
FEW: Final = 50  # of them in one request: an offer may have thousands of sessions
KEPT: Final = "10m"
POLL: Final = 0.2  # seconds between looks at the copy task
META_CHECKPOINT: Final = "seats_checkpoint"  # checkpoint of the seats of an index that is not live any more


class NothingToDo(Exception):
    """There is no index to rebuild or to go back to."""


def rebuild(indices: Indices, quiet: bool = False) -> dict[str, Any]:
    """Copy the live offers into an index with the current mapping and make it live; return a report."""
    indices.ensure("ledger", "locks")
    with hold_lock(indices, REBUILD) as lock:
        old = indices.live_index()
        if old is None:
            raise NothingToDo("no offers index is live: load a catalogue first")
        indices.let_refresh(old)
        checkpoint = indices.engine.run(fetch_checkpoint(indices.names.ledger))
        lock.remember(checkpoint)
        cutoff = indices.engine.run(fetch_cutoff(old))
        new = indices.create_offers(with_alias=False)
        try:
            indices.engine.run(store_meta(new, {META_CUTOFF: cutoff}))
            indices.refresh(old)
            if indices.shape_of(old) == SHAPE:
                _copy(indices, old, new, quiet)
            else:
                _convert(indices, old, new, quiet)
                # Statements accepted since this version runs may not have found offers in an index of another shape.
                lock.remember(-1)
            indices.refresh(new)
            indices.let_refresh(new)
            _compare(indices, old, new)
            store_lexicon(indices, new)
            _go_live(indices, lock, old, new)
        except BaseException:
            if indices.live_index() == old:
                indices.engine.call("DELETE", f"/{new}", timeout=LONG)
            raise
        removed = [index for index in indices.offers_indices() if index not in (old, new)]
        for index in removed:
            indices.engine.call("DELETE", f"/{index}", timeout=LONG)
        refresh_if_possible(indices)
        offers = indices.count(new)
        start_merging(indices, new, offers)
        return {"live": new, "previous": old, "removed": removed, "offers": offers}


def rollback(indices: Indices) -> dict[str, Any]:
    """Make the previously live index live again, with current seats; return a report."""
    indices.ensure("ledger", "locks")
    with hold_lock(indices, REBUILD) as lock:
        old, new = indices.live_index(), indices.previous_index()
        if old is None or new is None:
            raise NothingToDo("there is no earlier index to go back to")
        if indices.shape_of(new) != SHAPE:
            raise NothingToDo(f"{new} was made by another version, which alone can search it: roll back with that one")
        for index in (old, new):
            indices.let_refresh(index)
        keep_lexicon(indices, new)
        lock.remember(_checkpoint_of(indices, new))
        _go_live(indices, lock, old, new)
        refresh_if_possible(indices)
        return {"live": new, "previous": old, "offers": indices.count(new)}


def finish_rebuild(indices: Indices) -> None:
    """Project again what a rebuild or rollback that was killed around its swap left unfinished, if any."""
    path = f"/{indices.names.locks}/_doc/{REBUILD}"
    held = {holder.name for holder in held_locks(indices)}
    try:
        found = indices.engine.call("GET", path)
    except EngineNotFound:
        return
    checkpoint = found["_source"].get("checkpoint")
    if REBUILD in held or checkpoint is None or indices.live_index() is None:
        return
    indices.engine.run(replay(indices.names.ledger, indices.names.offers, checkpoint, indices.settings.seats_cutoff))
    version = {"if_seq_no": str(found["_seq_no"]), "if_primary_term": str(found["_primary_term"])}
    with suppress(EngineConflict, EngineNotFound):  # another process did the same
        indices.engine.call("DELETE", path, params={"refresh": "true", **version})


def _go_live(indices: Indices, lock: Lock, old: str, new: str) -> None:
    """Bring the seats of ``new`` up to date and swap, so that no search sees a figure go back.

    Every figure visible in ``old`` must be in ``new`` before the swap: ``old`` is frozen while the last statements are
    projected, and statements that arrive meanwhile become visible in ``new``.
    """
    engine, ledger, since = indices.engine, indices.names.ledger, lock.checkpoint
    cutoff = indices.settings.seats_cutoff
    assert since is not None
    reached = _catch_up(indices, new, since)
    engine.run(apply_cutoff(ledger, new, cutoff()))
    indices.refresh(new)
    lock.check()
    try:
        indices.freeze(old)
        frozen_at = engine.run(fetch_checkpoint(ledger))
        engine.run(replay(ledger, new, reached, cutoff))
        indices.refresh(new)
        # An index of another shape has none of the statements that this version took before it was converted.
        reached_by_old = frozen_at if indices.shape_of(old) == SHAPE else -1
        engine.run(store_meta(old, {META_CHECKPOINT: reached_by_old}))
        lock.confirm()
        if not indices.is_frozen(old):
            raise EngineError(f"index {old} was not left frozen while {new} was to replace it: run the command again")
        indices.swap(old, new)
    finally:
        indices.let_refresh(old)
    engine.run(replay(ledger, new, frozen_at, cutoff))
    indices.refresh(new)
    lock.finish()


def _catch_up(indices: Indices, new: str, since: int) -> int:
    """Project statements into an index until few are left; return the ledger's checkpoint that was reached."""
    for _ in range(CATCH_UPS):
        before, since = since, indices.engine.run(fetch_checkpoint(indices.names.ledger))
        indices.engine.run(replay(indices.names.ledger, new, before, indices.settings.seats_cutoff))
        if since - before < FEW_STATEMENTS:
            break
    return since


def _checkpoint_of(indices: Indices, index: str) -> int:
    mapping = indices.engine.call("GET", f"/{index}/_mapping")[index]["mappings"]
    return int(mapping.get("_meta", {}).get(META_CHECKPOINT, -1))


def _copy(indices: Indices, old: str, new: str, quiet: bool) -> None:
    body = {"source": {"index": old, "size": 1_000}, "dest": {"index": new}}
    params = {"wait_for_completion": "false", "slices": "auto"}
    task = indices.engine.call("POST", "/_reindex", body, params)["task"]
    done = 0
    try:
        with show_progress("Rebuilding", indices.count(old), quiet=quiet) as progress:
            while True:
                answer = indices.engine.call("GET", f"/_tasks/{task}", timeout=LONG)
                status = answer["task"]["status"]
                progress.advance(status["created"] - done)
                done = status["created"]
                if answer["completed"]:
                    break
                time.sleep(POLL)
    except BaseException:
        indices.engine.call("POST", f"/_tasks/{task}/_cancel")
        raise
    failures = answer.get("response", {}).get("failures") or ([answer["error"]] if "error" in answer else [])
    if failures:
        raise EngineError(f"the live offers could not be copied into a new index: {failures[0]}")


def _convert(indices: Indices, old: str, new: str, quiet: bool) -> None:
    """Copy the offers of an index of another shape, with the fields made from their others."""
    engine = indices.engine
    zones, cutoff = indices.fetch_reference().employment_zones, engine.run(fetch_cutoff(old))
    view = engine.run(open_view(old, {"size": PAGE, "sort": [{"key": "asc"}]}, KEPT))
    try:
        with show_progress("Rebuilding", indices.count(old), quiet=quiet) as progress:
            while hits := engine.run(read_page(view)):
                groups = [_converted_lines(convert(hit["_source"], zones, cutoff)) for hit in hits]
                engine.run(write_groups(f"/{new}/_bulk", groups, at_once=FEW))
                progress.advance(len(hits))
    finally:
        engine.run(close_view(view))


def convert(offer: dict[str, Any], zones: Mapping[str, str], cutoff: str) -> dict[str, Any]:
    """Return an offer of another shape with what this one has more: zones, capacities, seats without a limit."""
    told = {name: value for name, value in offer.items() if name not in FIELDS}
    if found := zones_of(offer.get("places", ()), zones):
        told["employment_zone"] = found
    if "sessions" in offer:
        told["sessions"] = [_with_seats(each, offer.get("funder", ()), cutoff) for each in offer["sessions"]]
    return told | index_fields(told)


def _with_seats(session: dict[str, Any], funders: Sequence[str], cutoff: str) -> dict[str, Any]:
    figures = session.get("seats")
    if not figures:
        return session
    left, capacity = figures_to_left(figures, funders, cutoff), figures_to_capacity(figures, funders, cutoff)
    return session | {"left": left, "capacity": capacity}


def _converted_lines(offer: Mapping[str, Any]) -> bytes:
    return orjson.dumps({"create": {"_id": offer["key"]}}) + b"\n" + orjson.dumps(offer) + b"\n"


def _compare(indices: Indices, old: str, new: str) -> None:
    """Raise EngineError unless both indices have the same counts per source and the same sample of documents."""
    before, after = indices.count_by_source(old), indices.count_by_source(new)
    if indices.shape_of(old) != SHAPE:  # its sessions cannot be counted
        before = {source: (offers, after.get(source, (0, 0))[1]) for source, (offers, _) in before.items()}
    if before != after:
        raise EngineError(f"the new index differs from the live one: {after} instead of {before} (offers, sessions)")
    query = {"function_score": {"random_score": {"seed": random.randrange(2**31), "field": "_seq_no"}}}
    answer = indices.engine.call("POST", f"/{old}/_search", {"size": SAMPLE, "query": query}, timeout=LONG)
    live = {hit["_id"]: hit["_source"] for hit in answer["hits"]["hits"]}
    if not live:
        return
    copies = indices.engine.call("POST", f"/{new}/_mget", {"ids": list(live)}, timeout=LONG)["docs"]
    for copy in copies:
        if not copy.get("found") or _without_seats(copy["_source"]) != _without_seats(live[copy["_id"]]):
            raise EngineError(f"the new index differs from the live one in offer {copy['_id']}")


def _without_seats(offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return an offer without the fields that statements change, and those made to be searched."""
    sessions = [
        {k: v for k, v in each.items() if k not in ("seats", "left", "capacity")} for each in offer.get("sessions", ())
    ]
    changed = ("seats_rows", "employment_zone", *FIELDS)
    return {name: value for name, value in offer.items() if name not in changed} | {"sessions": sessions}
