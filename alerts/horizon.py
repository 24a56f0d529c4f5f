"""How far the news of the catalogue reach: everything up to there is visible to searches, but of sources being loaded.

An offer's ``news_at`` is the moment at which its load began, and it becomes visible later. So the window of a run ends
at the newest ``news_at`` that is visible, in the clock of the loads; news of a source that is being loaded at that
moment count only up to its last whole load, and the rest is told by the next run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from engine.lease import find_holders
from engine.requests import Request, Steps
from mappings.names import IndexNames

LOAD: Final = "load:"  # prefix of the locks of loads
EPOCH: Final = "1970-01-01T00:00:00.000+00:00"
MISSING_OK: Final = {"ignore_unavailable": "true"}
MOST_SOURCES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Horizon:
    """The end of a window; ``behind`` are sources being loaded, with the start of their last whole load ('': none).

    ``first_seen`` is for each source of the catalogue when its first offer was seen.
    """

    until: str
    behind: Mapping[str, str] = field(default_factory=dict)
    first_seen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Window:
    """The news that one letter tells: after ``since``, with the exceptions ``since_of``, up to a horizon."""

    since: str
    since_of: Mapping[str, str]
    end: Horizon

    def clause(self) -> dict[str, Any]:
        """Return the condition on offers, a clause of a query."""
        apart = sorted(self.since_of.keys() | self.end.behind.keys())
        everyone: dict[str, Any] = {"bool": {"filter": [_between(self.since, self.end.until)]}}
        if not apart:
            return everyone
        everyone["bool"]["must_not"] = [{"terms": {"source": apart}}]
        own = [{"bool": {"filter": [{"term": {"source": each}}, self._between_in(each)]}} for each in apart]
        return {"bool": {"should": [everyone, *own], "minimum_should_match": 1}}

    def since_in(self, source: str) -> str:
        """Return the moment up to which the news of a source have been told."""
        return self.since_of.get(source, self.since) or EPOCH

    def _until_in(self, source: str) -> str:
        return self.end.behind.get(source, self.end.until) or EPOCH

    def _between_in(self, source: str) -> dict[str, Any]:
        return _between(self.since_in(source), self._until_in(source))

    def told(self) -> dict[str, str]:
        """Return ``behind`` of an alert after this window: sources of which less than the whole has been told."""
        return {source: max(self.since_in(source), self._until_in(source)) for source in self.end.behind}

    def new_sources(self) -> list[str]:
        """Return the sources that have no offer from before this window: their first load is in it."""
        return sorted(source for source, seen in self.end.first_seen.items() if seen > self.since_in(source))


def _between(since: str, until: str) -> dict[str, Any]:
    return {"range": {"news_at": {"gt": since, "lte": until}}}


def read_horizon(names: IndexNames, now: datetime) -> Steps[Horizon]:
    """Return the horizon of this moment; without any offer it is ``now``.

    The newest news are read before the locks: a load whose lock is not seen afterwards began later, or is whole.
    """
    sources = {"terms": {"field": "source", "size": MOST_SOURCES}, "aggs": {"seen": {"min": {"field": "first_seen"}}}}
    body = {"size": 0, "aggs": {"newest": {"max": {"field": "news_at"}}, "sources": sources}}
    yield Request("POST", f"/{names.offers}/_refresh", ignore=(404,))
    found = (yield Request("POST", f"/{names.offers}/_search", body, MISSING_OK)).get("aggregations", {})
    newest = found.get("newest", {}).get("value")
    yield Request("POST", f"/{names.locks}/_refresh", ignore=(404,))
    holders = yield from find_holders(names.locks, {"prefix": {"name": LOAD}})
    loading = {holder.name.removeprefix(LOAD) for holder in holders if not holder.is_over}
    whole = (yield from _read_whole(names)) if loading else {}
    return Horizon(
        to_text(now) if newest is None else _of_millis(newest),
        {source: whole.get(source, "") for source in sorted(loading)},
        {row["key"]: _of_millis(row["seen"]["value"] or 0) for row in found.get("sources", {}).get("buckets", ())},
    )


def _read_whole(names: IndexNames) -> Steps[dict[str, str]]:
    """Return for each source the start of its last whole load."""
    body = {"size": MOST_SOURCES, "_source": ["name", "loaded_at"]}
    answer = yield Request("POST", f"/{names.sources}/_search", body, MISSING_OK)
    rows = [hit["_source"] for hit in answer["hits"]["hits"]]
    return {row["name"]: to_text(datetime.fromisoformat(row["loaded_at"])) for row in rows}


def _of_millis(value: float) -> str:
    return to_text(datetime.fromtimestamp(value / 1_000, UTC))


def to_text(moment: datetime) -> str:
    """Return a moment as it is stored: UTC, to the millisecond; texts compare as moments do.

    >>> to_text(datetime(2026, 11, 30, 8, tzinfo=UTC))
    '2026-11-30T08:00:00.000+00:00'
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
