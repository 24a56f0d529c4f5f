"""The offers of a shortlist: asked of the engine at once, and what is kept of those that are gone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from search_app.search.params.search_params import SearchParams
from search_app.search.results import OfferCard


@dataclass(frozen=True, slots=True)
class Gone:
    """An offer that was removed: what it was, since when it is not there, how many offers of its training are."""

    title: str
    removed_at: str
    training: str
    likes: int


@dataclass(frozen=True, slots=True)
class Selected:
    """Stored offers with the results that they are, by key, and what is kept of those that are gone.

    A key that no offer ever had is nowhere. ``seats_checkpoint`` is the number up to which statements of seats are in.
    """

    cards: Mapping[str, OfferCard]
    records: Mapping[str, dict[str, Any]]
    seats_checkpoint: int
    gone: Mapping[str, Gone] = field(default_factory=dict)


def likes_of(gone: Iterable[dict[str, Any]]) -> list[SearchParams]:
    """Return for each offer that is gone the search for what its training has to come."""
    return [SearchParams(training=(each["offer"]["training_key"],), upcoming=True) for each in gone]


def to_gone(kept: Sequence[dict[str, Any]], likes: Sequence[int]) -> dict[str, Gone]:
    """Return what is kept of offers that are gone, by key; ``likes`` are the totals of ``likes_of``."""
    return {
        each["offer"]["key"]: Gone(each["offer"]["title"], each["removed_at"], each["offer"]["training_key"], count)
        for each, count in zip(kept, likes, strict=True)
    }
