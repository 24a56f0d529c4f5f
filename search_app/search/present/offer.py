"""One complete offer: its result, and the stored record with the labels of its codes."""

from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from search_app.base.settings import SEATS_OLD_AFTER_DAYS
from search_app.search.params.search_params import SearchParams
from search_app.search.present.cards import to_card
from search_app.search.query.request import SearchRequest
from search_app.search.reference_data import Snapshot
from search_app.search.results import CHECKPOINT, OfferCard
from search_app.search.stored import to_stored

# Coded fields with French labels, and their tables; a domain is also in the formacode table.
LABELLED = {
    "formacode": "domain", "domain": "domain", "rome": "rome", "nsf": "nsf", "level": "level", "entry_level": "level",
    "audience": "audience", "region": "region", "department": "department", "mode": "mode", "entry": "entry",
    "funder": "funder", "rhythm": "rhythm",
}  # fmt: skip


class OfferView(Struct, gc=False):
    """An offer as a result, the stored record unchanged, and labels of its codes by field and code."""

    offer: OfferCard
    record: Annotated[dict[str, Any], Meta(description="all that is stored of the action")]
    labels: dict[str, dict[str, str]]
    seats_checkpoint: Annotated[int, Meta(description=CHECKPOINT)] = -1


def to_offer_view(
    stored: dict[str, Any],
    snapshot: Snapshot,
    today: date,
    seats_old_after_days: int = SEATS_OLD_AFTER_DAYS,
    *,
    seats_checkpoint: int = -1,
) -> OfferView:
    """Return a complete stored offer, as of this day."""
    request = SearchRequest(SearchParams(), None, today, seats_old_after_days=seats_old_after_days)
    card = to_card(to_stored(stored), request, snapshot)
    labels = {name: _labels(stored.get(name), snapshot.labels[table]) for name, table in LABELLED.items()}
    return OfferView(card, stored, {name: found for name, found in labels.items() if found}, seats_checkpoint)


def _labels(value: Any, table: Any) -> dict[str, str]:
    codes = value if isinstance(value, list) else [value]
    return {code: table[code] for code in codes if code in table}
