"""The news of a search in a window: the search itself, with one more condition on its offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from alerts.horizon import MOST_SOURCES, Window, to_text
from search_app.search.present.cards import to_cards
from search_app.search.query import SearchRequest, build_export_body
from search_app.search.query.body import NEWS_FIELDS
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import OfferCard
from search_app.search.service import Services
from search_app.search.stored import to_stored

MOST_TOLD: Final = 50  # offers that a letter lists; more are a number and a link


@dataclass(frozen=True, slots=True)
class News:
    """What came: the offers of known sources, or only their number if they are too many; and of first loads the number.

    ``search`` is what was finally asked, more loosely where the words alone find nothing; ``grown`` are the keys of
    offers that had been there, and got a session.
    """

    search: ResolvedSearch
    offers: Sequence[OfferCard]
    known: int
    first: int
    grown: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        """Return the number of offers that came."""
        return self.known + self.first

    @property
    def is_list(self) -> bool:
        """Tell whether the offers are few enough to be listed."""
        return 0 < self.known <= MOST_TOLD


async def find_news(services: Services, search: ResolvedSearch, window: Window) -> News:
    """Return the news of a search; raises EngineError."""
    new_sources = window.new_sources()

    def build(request: SearchRequest) -> dict[str, Any]:
        body = build_export_body(request, NEWS_FIELDS) | {"size": MOST_TOLD}  # in the order of the search
        body["query"]["bool"]["filter"].append(window.clause())
        body["aggs"] = {"first": {"terms": {"field": "source", "size": MOST_SOURCES}}}
        if new_sources:
            body["post_filter"] = {"bool": {"must_not": [{"terms": {"source": new_sources}}]}}
        return body

    asked, answer = await services.ask(search, build)
    counts = {row["key"]: row["doc_count"] for row in answer["aggregations"]["first"]["buckets"]}
    first = sum(counts.get(source, 0) for source in new_sources)
    known = sum(counts.values()) - first
    hits = answer["hits"].get("hits", []) if known <= MOST_TOLD else []
    cards = to_cards((to_stored(hit["_source"]) for hit in hits), asked.request, asked.snapshot)
    grown = frozenset(hit["_source"]["key"] for hit in hits if _was_there(hit["_source"], window))
    return News(asked, cards, known, first, grown)


def _was_there(stored: Mapping[str, Any], window: Window) -> bool:
    seen = stored.get("first_seen")
    return seen is not None and to_text(datetime.fromisoformat(seen)) <= window.since_in(stored["source"])
