"""Second requests of a search grouped by training: members of the displayed trainings, or counts in partitions."""

from collections.abc import Sequence
from typing import Any, Final

from search_app.search.query.body import build_count_body
from search_app.search.query.request import SearchRequest
from search_app.search.query.sorts import by_distance
from search_app.search.query.trainings import BEST_OF_EACH, MOST_AT_ONCE, TRAINING, counted

MEMBERS: Final = "members"  # the aggregation that counts the matching offers of each


def build_members_body(request: SearchRequest, keys: Sequence[str]) -> dict[str, Any]:
    """Return the body that counts the matching offers of these trainings and, with a circle, finds the nearest of each.

    A separate request, because the first one does not know yet which trainings it will return; inner hits are one
    search per training.
    """
    body = build_count_body(request)
    body["query"]["bool"]["filter"].append({"terms": {TRAINING: list(keys)}})
    body["aggs"] = {MEMBERS: {"terms": {"field": TRAINING, "size": len(keys)}}}
    nearest_first = by_distance(request)
    if nearest_first:
        body |= BEST_OF_EACH | {"sort": nearest_first, "size": len(keys), "_source": [TRAINING, "places", "mode"]}
    return body


def build_part_bodies(request: SearchRequest, offers: int) -> list[dict[str, Any]]:
    """Return bodies that together count the trainings of a search, each one partition; ``offers`` is its total.

    Keys are partitioned by hash: a partition of half the size that one request can count never exceeds it.
    """
    parts = -(-offers // (MOST_AT_ONCE // 2))
    whole = build_count_body(request)
    return [whole | {"aggs": counted([], (part, parts))} for part in range(parts)]
