"""Related offers: the same training elsewhere, the same certification nearby."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from search_app.pages.shared.cards import Card, build_card
from search_app.pages.shared.layout import Link
from search_app.search.links import Pairs, address, to_pairs, without
from search_app.search.params.search_params import SearchParams
from search_app.search.results import OfferCard
from search_app.text import wording

SHOWN: Final = 4
NEAR_KM: Final = 50.0  # km that people travel daily; for the same training any distance counts
ELSEWHERE_KM: Final = 200.0
ASKED_FOR: Final = 12  # some of the second list are in the first
Found = tuple[int, list[OfferCard]]


@dataclass(frozen=True, slots=True)
class Related:
    """Some offers of one kind, and a link to all of them."""

    title: str
    cards: tuple[Card, ...]
    every: Link


def related_searches(stored: dict[str, Any]) -> tuple[SearchParams, ...]:
    """Return the searches for related offers: of its training, then of its registered certifications."""
    places = [place for place in stored.get("places") or () if None not in (place.get("lat"), place.get("lon"))]
    around = {"lat": places[0]["lat"], "lon": places[0]["lon"], "sort": "distance"} if places else {}
    codes = tuple(dict.fromkeys(row["rncp"] for row in stored.get("certifications") or () if row.get("rncp")))
    training = SearchParams(
        training=(stored["training_key"],), upcoming=True, size=ASKED_FOR, radius=ELSEWHERE_KM, **around
    )
    certification = SearchParams(rncp=codes, upcoming=True, size=ASKED_FOR, radius=NEAR_KM, remote="exclude", **around)
    return (training, certification) if codes and places else (training,)


def build_related(
    key: str, searches: Sequence[SearchParams], found: Sequence[Found], today: date, picked: Pairs = ()
) -> tuple[Related, ...]:
    """Return the related offers; a list that contains only the offer with this key is left out.

    ``picked`` is the parameter with the reader's selection.
    """
    seen, lists = {key}, []
    for params, (total, offers) in zip(searches, found, strict=True):
        others = [offer for offer in offers if offer.key not in seen][:SHOWN]
        seen.update(offer.key for offer in others)
        if others:
            cards = tuple(build_card(offer, params, today, picked=picked) for offer in others)
            lists.append(Related(_title(params), cards, _every(params, total, picked)))
    return tuple(lists)


def _title(params: SearchParams) -> str:
    if params.training:
        return "La même formation ailleurs" if params.lat is not None else "La même formation"
    return f"La même certification à moins de {NEAR_KM:.0f}{wording.NBSP}km"


def _every(params: SearchParams, total: int, picked: Pairs) -> Link:
    pairs = (*without(to_pairs(params), "size"), *picked)
    return Link(f"Voir tout ({wording.counted(total, 'offre', 'offres')})", address(pairs))
