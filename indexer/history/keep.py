"""Keeps the measures of today, unless they are kept already: after a load, at most once a day."""

import time
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.errors import EngineError, EngineNotFound
from indexer.history.read import count_places
from indexer.installation.indices import Indices
from indexer.installation.locks import LockedError, hold_lock
from mappings.analytics.history import ANY, BACK, document_id, month_of

LOCK: Final = "analytics-history"
PARIS: Final = ZoneInfo("Europe/Paris")


def keep_if_due(indices: Indices, today: date | None = None) -> str | None:
    """Keep the measures of a day after a load, today's in France by default; return the problem if that failed.

    The load did its own work: the next one of the same day tries again.
    """
    try:
        keep_day(indices, today or datetime.now(PARIS).date())
    except (EngineError, LockedError) as error:
        return f"the measures of the day were not kept ({error}); the next load of the day does it"
    return None


def keep_day(indices: Indices, day: date) -> float | None:
    """Keep the measures of a day and return the seconds that it took, None if they are kept already.

    Raises LockedError if another command does it, or EngineError.
    """
    indices.ensure("analytics_history")
    if indices.live_index() is None or is_kept(indices, day):
        return None
    with hold_lock(indices, LOCK) as lock:
        if is_kept(indices, day):
            return None
        began = time.monotonic()
        for place, cells in count_places(indices, day):
            _store(indices, day, place, cells)
            lock.check()
        indices.refresh(indices.names.analytics_history)
        return time.monotonic() - began


def is_kept(indices: Indices, day: date) -> bool:
    """Tell whether all measures of a day are kept: ANY place is written last."""
    path = f"/{indices.names.analytics_history}/_doc/{document_id(day.isoformat(), ANY)}"
    try:
        indices.engine.call("GET", path, params={"_source": "false"})
    except EngineNotFound:
        return False
    return True


def _store(indices: Indices, day: date, place: str, cells: dict[str, str]) -> None:
    """Write a place; one that a killed command left is written again."""
    key = document_id(day.isoformat(), place)
    path = f"/{indices.names.analytics_history}/_doc/{key}"
    document: dict[str, Any] = {
        "day": day.isoformat(), "place": place, "first_month": month_of(day, -BACK), "cells": cells,
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }  # fmt: skip
    indices.engine.call("PUT", path, document)


def history_state(indices: Indices) -> dict[str, Any]:
    """Return what is kept, for ``status``: days, the first and the last one, bytes on disk."""
    name = indices.names.analytics_history
    if not indices.engine.exists(name):
        return {"days": 0, "first": None, "last": None, "bytes": 0}
    indices.refresh(name)
    bounds = {each: {each: {"field": "day", "format": "strict_date"}} for each in ("min", "max")}
    body = {"size": 0, "query": {"term": {"place": ANY}}, "track_total_hits": True, "aggs": bounds}
    found = indices.engine.call("POST", f"/{name}/_search", body)
    first, last = (found["aggregations"][each].get("value_as_string") for each in ("min", "max"))
    size = indices.engine.call("GET", f"/{name}/_stats/store")["_all"]["primaries"]["store"]["size_in_bytes"]
    return {"days": found["hits"]["total"]["value"], "first": first, "last": last, "bytes": size}
