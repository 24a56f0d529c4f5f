"""Status of an installation: indices, sources, tables, seats, and held locks."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from engine.blocking import LONG
from indexer.census.summary import census_lines, summarize
from indexer.funding.status import funding_lines, funding_status
from indexer.funding.store import fetch_funding
from indexer.harvest.status import harvest_lines, harvest_status
from indexer.history.keep import history_state
from indexer.installation.indices import Indices
from indexer.installation.locks import REBUILD, held_locks, let_go
from indexer.lexicon import is_current
from indexer.progress import show_progress
from seats.ledger.compare import Comparison, compare

TABLE_FIELDS: Final = ("name", "version", "loaded_at", "count")


def read_status(indices: Indices) -> dict[str, Any]:
    """Return the state of an installation; an empty one if nothing was loaded."""
    live, names = indices.live_index(), indices.names
    let_go(indices)
    at_work = held_locks(indices)
    if live is not None and all(holder.name != REBUILD for holder in at_work):  # a rebuild may have frozen it
        indices.refresh(live)
    counts = indices.count_by_source(live) if live else {}
    sources = _sources(indices, live, counts)
    census = summarize(indices)
    return {
        "engine": indices.engine.address,
        "alias": names.offers,
        "live": live,
        "previous": indices.previous_index(),
        "indices": indices.offers_indices(),
        "index": indices.state_of(live) if live else {},
        "offers": sum(offers for offers, _ in counts.values()),
        "sessions": sum(sessions for _, sessions in counts.values()),
        "sources": sources,
        "reference": [
            {name: document[name] for name in TABLE_FIELDS}
            for document in sorted(indices.reference_documents(*TABLE_FIELDS), key=lambda table: str(table["name"]))
        ],
        "census": census,
        "history": history_state(indices),
        "older_than_offers": _find_older(indices, live, sources, census),
        "seats": _compare_seats(indices).to_json(),
        "documents": harvest_status(indices),
        "funding": funding_status(fetch_funding(indices), datetime.now(UTC).date()),
        "at_work": [{"name": holder.name, "owner": holder.shown} for holder in at_work],
    }


def _compare_seats(indices: Indices) -> Comparison:
    """Compare the ledger with the offers; progress is displayed on a terminal only."""
    if not indices.engine.exists(indices.names.ledger):
        return Comparison()
    indices.refresh(indices.names.ledger)
    total, quiet = indices.count(indices.names.ledger), not sys.stderr.isatty()
    with show_progress("Comparing seats", total, "statements", quiet=quiet) as progress:
        return indices.engine.run(compare(indices.names, progress.advance))


def _sources(indices: Indices, live: str | None, counts: dict[str, tuple[int, int]]) -> list[dict[str, Any]]:
    """Return each source as of its last load, beside its live offers.

    It is current if the live offers are those of its last load: no later load was interrupted, no index was rolled
    back.
    """
    params = {"ignore_unavailable": "true"}
    answer = indices.engine.call("POST", f"/{indices.names.sources}/_search", {"size": 1_000}, params)
    stored = {hit["_source"]["name"]: hit["_source"] for hit in answer["hits"]["hits"]}
    written = _last_written(indices, live) if live else {}
    rows = []
    for name in sorted({*stored, *counts}):
        last = stored.get(name, {})
        offers, sessions = counts.get(name, (0, 0))
        row = {"name": name, "loaded_at": last.get("loaded_at"), "offers": offers, "sessions": sessions}
        current = (offers, sessions) == (last.get("offers"), last.get("sessions"))
        if current and name in written:
            current = written[name] <= datetime.fromisoformat(last["loaded_at"])
        rows.append(row | {"offers_at_load": last.get("offers"), "is_current": current})
    return rows


def _last_written(indices: Indices, index: str) -> dict[str, datetime]:
    """Return source -> time of the load that wrote the newest of its offers, as of the last refresh."""
    newest = {"newest": {"max": {"field": "written_at"}}}
    body = {"size": 0, "aggs": {"source": {"terms": {"field": "source", "size": 10_000}, "aggs": newest}}}
    buckets = indices.engine.call("POST", f"/{index}/_search", body, timeout=LONG)["aggregations"]["source"]["buckets"]
    return {each["key"]: datetime.fromtimestamp(each["newest"]["value"] / 1_000, UTC) for each in buckets}


def _find_older(
    indices: Indices, live: str | None, sources: list[dict[str, Any]], census: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Return the derived data that is older than the offers, and the command that updates it."""
    older = []
    if live is not None and not is_current(indices, live):
        older.append({"name": "lexicon", "remedy": "the next load of any source builds it"})
    if not census["is_current"]:
        older.append({"name": "census of providers", "remedy": "the next load or edition brings it up to date"})
    names = [row["name"] for row in sources if not row["is_current"]]
    return older + [{"name": f"source {name}", "remedy": f"load {name} again"} for name in names]


def _when(loaded_at: str | None) -> str:
    """Return when a source was loaded; its first load may have been interrupted."""
    return f"loaded {loaded_at}" if loaded_at else "its load was never completed"


def status_lines(status: dict[str, Any]) -> list[str]:
    """Return the state as lines for a terminal."""
    seats = status["seats"]
    lines = [
        f"{status['alias']} -> {status['live'] or 'nothing is live'} on {status['engine']}",
        f"  {status['offers']} offers, {status['sessions']} sessions, {seats['statements']} seat statements",
        f"  seats: {seats['differ']} differ between ledger and offers, lag {seats['lag_seconds']} s, "
        f"{seats['waiting']} wait for a feed",
    ]
    lines += [f"  source {row['name']}: {row['offers']} offers, {_when(row['loaded_at'])}" for row in status["sources"]]
    lines += [f"  table {row['name']}: {row['count']} rows, loaded {row['loaded_at']}" for row in status["reference"]]
    lines += census_lines(status["census"])
    if status["history"]["days"]:
        kept = status["history"]
        lines.append(f"  measures of {kept['days']} days, {kept['first']} to {kept['last']}, {kept['bytes']} bytes")
    lines += harvest_lines(status["documents"])
    lines += funding_lines(status["funding"])
    lines += [f"  at work: {lock['name']} ({lock['owner']})" for lock in status["at_work"]]
    lines += [f"  older than the offers: {each['name']}; {each['remedy']}" for each in status["older_than_offers"]]
    return lines + ([f"  way back: {status['previous']}"] if status["previous"] else [])
