"""Offers of the same trainings as others that are gone, of which only the first letters of a key are known."""

from collections.abc import Sequence
from typing import Any, Final

from search_app.query.trainings import BEST_OF_EACH, TRAINING

LIKES: Final = "likes"  # the aggregation that counts the offers of each training
MOST_LIKES: Final = 100  # trainings: two for each offer that a selection can have lost


def build_likes_body(hints: Sequence[str], timeout: float) -> dict[str, Any]:
    """Return the body that finds one offer of each training whose key begins with a hint, and counts its offers."""
    return {
        "query": {"bool": {"filter": [{"bool": {"should": [{"prefix": {TRAINING: hint}} for hint in hints]}}]}},
        "sort": [{"key": "asc"}],
        "size": MOST_LIKES,
        "_source": [TRAINING, "title"],
        "aggs": {LIKES: {"terms": {"field": TRAINING, "size": MOST_LIKES}}},
        "timeout": f"{int(timeout * 1000)}ms",
        **BEST_OF_EACH,
    }
