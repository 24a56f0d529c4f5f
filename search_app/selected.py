"""The offers of a shortlist: asked of the engine at once, and what is like those that are gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search_app.query.likes import LIKES
from search_app.query.trainings import TRAINING
from search_app.results import OfferCard


@dataclass(frozen=True, slots=True)
class Selected:
    """Stored offers with the results that they are, by key; a key that no offer has is in none of both.

    ``seats_checkpoint`` is the number up to which statements of seats are in them.
    """

    cards: Mapping[str, OfferCard]
    records: Mapping[str, dict[str, Any]]
    seats_checkpoint: int


@dataclass(frozen=True, slots=True)
class Like:
    """A training with as many offers; its key begins with what is known of that of an offer that is gone."""

    key: str
    title: str
    offers: int


def to_likes(answer: dict[str, Any], hints: Sequence[str]) -> dict[str, list[Like]]:
    """Read the answer to ``build_likes_body``: the trainings found, by hint."""
    counts = {row["key"]: row["doc_count"] for row in answer["aggregations"][LIKES]["buckets"]}
    likes: dict[str, list[Like]] = {}
    for hit in answer["hits"].get("hits", ()):
        key = hit["_source"][TRAINING]
        for hint in hints:
            if key.startswith(hint):
                likes.setdefault(hint, []).append(Like(key, hit["_source"]["title"], counts.get(key, 1)))
    return likes
