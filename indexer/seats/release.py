"""Releases figures with implausibly high sequences, so that ordinary statements are accepted again."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import orjson

from engine.bulk import Outcome, write_groups
from indexer.installation.indices import Indices
from indexer.installation.locks import hold_lock
from indexer.lifecycle.rebuild import NothingToDo
from indexer.seats.copy import ledger_pages
from mappings.keys import key_of
from mappings.loader import load_index_body
from seats.ledger.compare import fetch_held
from seats.ledger.store import add_figures, fetch_current
from seats.projection.age import RELEASE
from seats.projection.write import project_documents, remove_figures

SHOWN: Final = 100  # figures that are listed one by one


@dataclass(frozen=True, slots=True)
class Wanted:
    """The figures to release: of a source, optionally of one session, with sequences above a number."""

    source: str
    session: str | None
    above: int

    def to_query(self) -> dict[str, Any]:
        """Return their query on the ledger, whose documents do not contain the source."""
        filters: list[dict[str, Any]] = [{"range": {"sequence": {"gt": self.above}}}]
        if self.session is not None:
            filters.append({"term": {"session_key": key_of(self.session)}})
        return {"bool": {"filter": filters}}


@dataclass(slots=True)
class Released:
    """Released figures; ``waiting`` were left alone: no offer tells their source, or they do not count."""

    source: str
    above: int
    dry_run: bool
    released: int = 0
    changed_meanwhile: int = 0
    waiting: int = 0
    figures: list[dict[str, Any]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the output of the command."""
        return asdict(self)


def release(indices: Indices, wanted: Wanted, dry_run: bool) -> Released:
    """Delete the selected figures from the ledger and the offers; raises NothingToDo, LockedError."""
    indices.ensure("ledger", "locks")
    live = indices.live_index()
    if live is None or (wanted.session is None and not indices.count(live, wanted.source)):
        raise NothingToDo(f"no offer of the source {wanted.source} is live")
    indices.check_shape(live)
    indices.refresh(live)
    told = Released(wanted.source, wanted.above, dry_run)
    if dry_run:
        _release(indices, wanted, told)
        return told
    with hold_lock(indices, RELEASE) as lock:
        _forget_deletions(indices)
        _release(indices, wanted, told)
        lock.check()
    return told


def _forget_deletions(indices: Indices) -> None:
    """Let a ledger of an earlier version forget the sequence of deleted documents at once, not after a minute."""
    wanted = load_index_body("ledger")["settings"]["index"]["gc_deletes"]
    indices.engine.call("PUT", f"/{indices.names.ledger}/_settings", {"index": {"gc_deletes": wanted}})


def _release(indices: Indices, wanted: Wanted, told: Released) -> None:
    for hits in ledger_pages(indices, wanted.to_query()):
        ours = _of_source(indices, hits, wanted, told)
        told.figures += [_shown(hit["_source"]) for hit in ours[: SHOWN - len(told.figures)]]
        if told.dry_run:
            told.released += len(ours)
        elif ours:
            _take_away(indices, ours, told)


def _of_source(
    indices: Indices, hits: Sequence[dict[str, Any]], wanted: Wanted, told: Released
) -> list[dict[str, Any]]:
    """Return the hits of the source; a session without offer only if it was named."""
    held = indices.engine.run(fetch_held(indices.names.offers, {hit["_source"]["session_key"] for hit in hits}))
    ours = []
    for hit in hits:
        offer = held.get(hit["_source"]["session_key"])
        if offer is not None and offer.source != wanted.source:
            if wanted.session is not None:
                raise NothingToDo(f"session {wanted.session} is of the source {offer.source}")
        elif wanted.session is None and (offer is None or not offer.concerns(hit["_source"])):
            told.waiting += 1
        else:
            ours.append(hit)
    return ours


def _take_away(indices: Indices, hits: Sequence[dict[str, Any]], told: Released) -> None:
    """Remove figures from the offers, the ledger, and the offers again; then project later statements.

    First the offers: if the process dies, the ledger still contains what is to be done. Then the offers again: a
    repeated statement may have restored the figure while the ledger had it. Last the ledger's current figures: a new
    statement may have been rejected as stale because of the old figure in the offer. The offers of the previous index
    are treated as well.
    """
    engine, names, cutoff = indices.engine, indices.names, indices.settings.seats_cutoff()
    figures: dict[str, list[dict[str, Any]]] = {}
    add_figures(figures, (hit["_source"] for hit in hits))
    for offers in (names.offers, names.previous_offers):
        engine.run(remove_figures(offers, figures, cutoff))
    _delete(indices, hits, told)
    indices.refresh(names.offers)
    engine.run(remove_figures(names.offers, figures, cutoff))
    pairs = [(hit["_source"]["session"], hit["_source"]["funder"]) for hit in hits]
    engine.run(project_documents(names.offers, engine.run(fetch_current(names.ledger, pairs)), cutoff))
    indices.refresh(names.offers)


def _delete(indices: Indices, hits: Sequence[dict[str, Any]], told: Released) -> None:
    actions = (
        {"delete": {"_id": hit["_id"], "if_seq_no": hit["_seq_no"], "if_primary_term": hit["_primary_term"]}}
        for hit in hits
    )
    groups = [orjson.dumps(action) + b"\n" for action in actions]
    deleting = write_groups(f"/{indices.names.ledger}/_bulk", groups, {"refresh": "true"})
    for (item,) in indices.engine.run(deleting):
        if item.outcome is Outcome.DONE:
            told.released += 1
        else:  # the document was deleted or changed meanwhile
            told.changed_meanwhile += 1


def _shown(document: dict[str, Any]) -> dict[str, Any]:
    return {name: document.get(name) for name in ("session", "funder", "available", "sequence", "observed_at")}
