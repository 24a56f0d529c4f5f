"""The offers of a shortlist, read at once, and the records of removed ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from search_app.search.params.search_params import SearchParams
from search_app.search.results import OfferCard


@dataclass(frozen=True, slots=True)
class Gone:
    """A removed offer: its last state, the date of its removal, the number of offers of its training."""

    title: str
    removed_at: str
    training: str
    likes: int


@dataclass(frozen=True, slots=True)
class Selected:
    """Stored offers with their results, by key, and the records of removed ones.

    A key that no offer ever had is absent. ``seats_checkpoint`` is the number up to which statements are included.
    """

    cards: Mapping[str, OfferCard]
    records: Mapping[str, dict[str, Any]]
    seats_checkpoint: int
    gone: Mapping[str, Gone] = field(default_factory=dict)


def likes_of(gone: Iterable[dict[str, Any]]) -> list[SearchParams]:
    """Return for each removed offer the search for upcoming offers of its training."""
    return [SearchParams(training=(each["offer"]["training_key"],), upcoming=True) for each in gone]


def to_gone(kept: Sequence[dict[str, Any]], likes: Sequence[int]) -> dict[str, Gone]:
    """Return the records of removed offers, by key; ``likes`` are the totals of ``likes_of``."""
    return {
        each["offer"]["key"]: Gone(each["offer"]["title"], each["removed_at"], each["offer"]["training_key"], count)
        for each, count in zip(kept, likes, strict=True)
    }
