"""The page of the sources: loads and their times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from search_app.pages.shared.layout import Layout, Link, Page, to_freshness
from search_app.search.links import address
from search_app.search.results import SourceState
from search_app.seats.contradictions import PATH
from search_app.text import wording


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source in the table."""

    name: str
    loaded: str
    loaded_at: str
    age: str
    offers: str
    stale: bool
    contradictions: Link | None


@dataclass(frozen=True, slots=True)
class SourcesPage(Page):
    """All sources with their total; contradictions are not ``counted`` if the engine does not answer."""

    rows: tuple[SourceRow, ...]
    total: str
    stale_after_days: int
    known_since: str | None
    counted: bool


def build_sources_page(
    sources: Sequence[SourceState],
    stale_after_days: int,
    contradictions: Mapping[str, int] | None = None,
    known_since: datetime | None = None,
) -> SourcesPage:
    """Return the page of the sources; empty if nothing was loaded or the engine was never reached.

    ``contradictions`` are contradictory sessions by source, None if they were not counted.
    ``known_since`` is when the engine last answered, None while it does.
    """
    return SourcesPage(
        layout=Layout("Sources du catalogue", "sources", canonical="/sources", freshness=to_freshness(sources)),
        rows=tuple(_row(source, (contradictions or {}).get(source.name, 0)) for source in sources),
        total=wording.counted(sum(source.offers for source in sources), "offre", "offres"),
        stale_after_days=stale_after_days,
        known_since=wording.moment(known_since.isoformat()) if known_since else None,
        counted=contradictions is not None,
    )


def _row(source: SourceState, contradictions: int) -> SourceRow:
    return SourceRow(
        name=source.name,
        loaded=wording.moment(source.loaded_at),
        loaded_at=source.loaded_at,
        age=wording.ago(source.age_days),
        offers=wording.number(source.offers),
        stale=source.stale,
        contradictions=_contradictions(source.name, contradictions) if contradictions else None,
    )


def _contradictions(source: str, count: int) -> Link:
    return Link(wording.counted(count, "session", "sessions"), address((("source", source),), PATH))
