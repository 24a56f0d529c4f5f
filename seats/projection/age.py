"""Figures that become too old to count: seats left are recomputed as time passes, or when the setting changes.

Every writer of figures applies the current cutoff. An offers index stores the cutoff applied to all of it; figures
between that and today's are projected again. It may be repeated, and interrupted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from engine.lease import Lease, LeaseHeld
from engine.paging import close_view, read_page
from engine.requests import Request, Steps
from mappings.names import IndexNames
from seats.ledger.views import open_ledger
from seats.projection.write import Cutoff, project_documents

AGE: Final = "seats-age"  # the lock of the sweep
RELEASE: Final = "seats-release"  # the lock that excludes it: figures being released must not be written
META_CUTOFF: Final = "seats_cutoff"
MARGIN: Final = timedelta(hours=1)  # a writer may have used a cutoff that is this much older
SPACING: Final = timedelta(minutes=30)  # the app does not apply a new cutoff more often


@dataclass(frozen=True, slots=True)
class Aged:
    """Result of a sweep: figures examined, and the cutoffs; ``outcome`` says why if nothing was done."""

    outcome: str  # done, same, busy, nothing
    before: str = ""
    cutoff: str = ""
    figures: int = 0


def age_figures(names: IndexNames, cutoff: Cutoff, *, every: bool = False) -> Steps[Aged]:
    """Update the live offers from the last applied cutoff to the current one, in either direction.

    ``every`` examines all figures. Outcomes: ``busy`` another process is doing it, ``nothing`` there are no offers or
    seats.
    """
    live = yield from fetch_live(names)
    if live is None:
        return Aged("nothing")
    lease = Lease(names.locks, AGE)
    try:
        yield from lease.take(lambda other: other == RELEASE)
    except LeaseHeld:
        return Aged("busy")
    before, after = (yield from fetch_cutoff(live)), cutoff()
    query = {"match_all": {}} if every else _crossing(before, after)
    figures = 0
    if query is not None:
        again = yield from _project_again(names.ledger, names.offers, query, after, lease)
        if again is None:
            return Aged("busy", before, after)
        figures = again
        # After an alias swap by a rebuild, earlier pages went to the old index, later ones to the new one.
        if live == (yield from fetch_live(names)):
            yield from store_meta(live, {META_CUTOFF: after})
    yield from lease.give_back()
    return Aged("same" if query is None else "done", before, after, figures)


def apply_cutoff(ledger: str, index: str, after: str) -> Steps[int]:
    """Do the same for an index that is not live yet; return the number of figures examined."""
    query = _crossing((yield from fetch_cutoff(index)), after)
    if query is None:
        return 0
    figures = yield from _project_again(ledger, index, query, after, None)
    yield from store_meta(index, {META_CUTOFF: after})
    return figures or 0


def is_due(names: IndexNames, cutoff: Cutoff) -> Steps[bool]:
    """Tell whether the cutoff has moved far enough since it was applied, for the hourly sweep."""
    live = yield from fetch_live(names)
    if live is None:
        return False
    before, after = (yield from fetch_cutoff(live)), cutoff()
    if not before or not after:
        return before != after
    return not timedelta() <= datetime.fromisoformat(after) - datetime.fromisoformat(before) < SPACING


def _crossing(before: str, after: str) -> dict[str, Any] | None:
    """Return the query for figures that may count differently under two cutoffs; None if there are none.

    A later cutoff concerns those between the two. An earlier one, or none, concerns all that count under it: it is a
    change of the setting, and figures were written under ever later cutoffs since ``before`` was applied.
    """
    if before == after:
        return None
    if before < after:
        since = {"gte": _earlier(before)} if before else {}
        observed: dict[str, Any] = {"range": {"observed_at": since | {"lt": after}}}
    else:
        observed = {"range": {"observed_at": {"gte": _earlier(after)}}} if after else {"match_all": {}}
    told = [{"exists": {"field": name}} for name in ("available", "capacity")]
    return {"bool": {"filter": [observed], "should": told, "minimum_should_match": 1}}


def _earlier(cutoff: str) -> str:
    return (datetime.fromisoformat(cutoff) - MARGIN).isoformat().replace("+00:00", "Z")


def _project_again(
    ledger: str, offers: str, query: dict[str, Any], cutoff: str, lease: Lease | None
) -> Steps[int | None]:
    """Project the figures that a query finds again; return their number, None if the lease was lost."""
    figures = 0
    view = yield from open_ledger(ledger, query)
    while hits := (yield from read_page(view)):
        yield from project_documents(offers, [hit["_source"] for hit in hits], cutoff)
        figures += len(hits)
        if lease is not None and not (yield from lease.keep()):
            return None
    yield from close_view(view)
    return figures


def fetch_live(names: IndexNames) -> Steps[str | None]:
    """Return the live offers index; None if there is none, or no ledger or locks, and therefore nothing to do."""
    rows = yield Request("GET", f"/_cat/indices/{names.prefix}*", params={"h": "index", "format": "json"})
    if not {names.ledger, names.locks} <= {row["index"] for row in rows}:
        return None
    rows = yield Request("GET", f"/_cat/aliases/{names.offers}", params={"h": "alias,index", "format": "json"})
    return next((str(row["index"]) for row in rows), None)


def fetch_cutoff(index: str) -> Steps[str]:
    """Return the cutoff last applied to all of an offers index; "" if none ever was."""
    meta = yield from _fetch_meta(index)
    return str(meta.get(META_CUTOFF, ""))


def store_meta(index: str, changes: dict[str, Any]) -> Steps[None]:
    """Change some metadata of an offers index; the rest stays."""
    meta = yield from _fetch_meta(index)
    yield Request("PUT", f"/{index}/_mapping", {"_meta": {**meta, **changes}})


def _fetch_meta(index: str) -> Steps[dict[str, Any]]:
    answer = yield Request("GET", f"/{index}/_mapping")
    meta: dict[str, Any] = answer[index]["mappings"].get("_meta", {})
    return meta
