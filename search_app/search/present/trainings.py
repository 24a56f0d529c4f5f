"""Data on the trainings in a search grouped by training."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import Struct, convert
from msgspec.structs import replace

from search_app.search.places.areas import Circle
from search_app.search.present.cards import nearest_place
from search_app.search.query.members import MEMBERS
from search_app.search.query.request import SearchRequest
from search_app.search.results import OfferCard, TrainingView
from search_app.search.stored import StoredPlace


class Member(Struct, gc=False):
    """The nearest offer of a training."""

    training_key: str
    places: list[StoredPlace] = []
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """The number of trainings of a search; of those displayed, the matching offers and the distance of the nearest."""

    number: int
    offers: Mapping[str, int]
    nearest_km: Mapping[str, float | None]

    def view(self, key: str) -> TrainingView:
        """Return a displayed training: it has at least one offer, whatever was written between two requests."""
        return TrainingView(key, self.offers.get(key, 1), self.nearest_km.get(key))


def to_groups(number: int, members: dict[str, Any] | None, request: SearchRequest) -> Groups:
    """Parse the answer to ``build_members_body``; None for a page without results."""
    if members is None:
        return Groups(number, {}, {})
    offers = {row["key"]: row["doc_count"] for row in members["aggregations"][MEMBERS]["buckets"]}
    if not isinstance(request.area, Circle):
        return Groups(number, offers, {})
    nearest = [convert(hit["_source"], Member) for hit in members["hits"].get("hits", ())]
    return Groups(
        number, offers, {each.training_key: nearest_place(each.places, each.mode, request.area)[1] for each in nearest}
    )


def with_groups(cards: Iterable[OfferCard], groups: Groups) -> list[OfferCard]:
    """Return results with the data on their trainings."""
    return [replace(card, training=groups.view(card.training.key)) for card in cards]
