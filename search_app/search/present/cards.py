"""One stored offer as a result."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from funding.evaluation.facet import FundingValue
from mappings.codes import FREE_FUNDERS
from mappings.distance import distance_km
from search_app.search.places.areas import Circle
from search_app.search.present.payment import value_sessions
from search_app.search.present.sessions import order_sessions, to_session_view
from search_app.search.query.request import SearchRequest
from search_app.search.reference_data import Snapshot
from search_app.search.results import CodeView, OfferCard, PlaceView, ProviderView, SessionView, TrainingView
from search_app.search.stored import StoredCertification, StoredOffer, StoredPlace
from search_app.text.wording import phone

FREE: Final = frozenset(FREE_FUNDERS)
NOWHERE: Final = StoredPlace()


def to_cards(hits: Iterable[StoredOffer], request: SearchRequest, snapshot: Snapshot) -> list[OfferCard]:
    """Return stored offers as results of this search."""
    return [to_card(stored, request, snapshot) for stored in hits]


def to_card(stored: StoredOffer, request: SearchRequest, snapshot: Snapshot) -> OfferCard:
    """Return a stored offer as a result of this search."""
    views, matching, funding, whole = _sessions(stored, request, snapshot)
    funders, level, provider, label = stored.funder, stored.level, stored.provider, snapshot.label
    place, distance = nearest_place(
        stored.places, stored.mode, request.area if isinstance(request.area, Circle) else None
    )
    return OfferCard(
        id=stored.id,
        key=stored.key,
        url=f"/offres/{stored.key}",
        title=stored.title,
        source=stored.source,
        provider=ProviderView(provider.siren, provider.name),
        place=place,
        distance_km=distance,
        mode=stored.mode,
        entry=stored.entry,
        level=CodeView(level, label("level", level)) if level else None,
        certifications=[told for row in stored.certifications if (told := _certification(row))],
        certifying=stored.certifying,
        funders=[CodeView(code, label("funder", code)) for code in funders],
        state_funded=stored.state_funded,
        free=not FREE.isdisjoint(funders),
        hours=stored.hours,
        price=stored.price,
        audience=[CodeView(code, label("audience", code)) for code in stored.audience],
        sessions=views,
        matching_sessions=matching,
        training=TrainingView(stored.training_key, None, None),
        phone=_phone(stored),
        trainer=next((trainer.name for trainer in stored.trainers if trainer.name), None),
        entry_level_required=stored.entry_level_required,
        funding=funding,
        funding_whole=whole,
    )


def _sessions(
    stored: StoredOffer, request: SearchRequest, snapshot: Snapshot
) -> tuple[list[SessionView], int, FundingValue | None, bool | None]:
    """Return the sessions, matching ones first, how many these are, what pays for the person of the search, and whether
    that is all.
    """
    matching, others = order_sessions(stored.sessions, request.conditions, request.today)
    funding = whole = None
    if request.payment is not None:
        funding, whole, matching, unpaid = value_sessions(stored, matching, request)
        others = [*unpaid, *others]
    today, old_after = request.today, request.seats_old_after_days
    views = [to_session_view(row, snapshot, today, matches=True, old_after_days=old_after) for row in matching]
    views += [to_session_view(row, snapshot, today, matches=False, old_after_days=old_after) for row in others]
    return views, len(matching), funding, whole


def _phone(stored: StoredOffer) -> str | None:
    """Return the first telephone number, in the order of ``search.contacts``: who informs, the provider, who delivers,
    the place.
    """
    groups = (stored.detail.contacts, stored.provider.contacts, *(each.contacts for each in stored.trainers))
    for contacts in groups:
        for contact in contacts:
            if contact.phones:
                return phone(contact.phones[0])
    return next((phone(place.phones[0]) for place in stored.places if place.phones), None)


def nearest_place(
    places: Sequence[StoredPlace], mode: str | None, circle: Circle | None
) -> tuple[PlaceView | None, float | None]:
    """Return the displayed place and its distance in km; a remote offer has no distance, as no radius contains it."""
    # The engine omits places without requested fields; of a complete record they are omitted here.
    places = [place for place in places if place != NOWHERE]
    if not places:
        return None, None
    if circle is None or mode == "remote":
        return _place_view(places[0], len(places) - 1), None
    distances = [_distance(place, circle) for place in places]
    nearest = min(range(len(places)), key=distances.__getitem__)
    distance = distances[nearest]
    return _place_view(places[nearest], len(places) - 1), None if math.isinf(distance) else round(distance, 1)


def _place_view(place: StoredPlace, others: int) -> PlaceView:
    return PlaceView(place.town, place.postal_code, place.department, place.region, place.lat, place.lon, others)


def _distance(place: StoredPlace, circle: Circle) -> float:
    lat, lon = place.lat, place.lon
    if lat is None or lon is None:
        return math.inf
    return distance_km(lat, lon, circle.lat, circle.lon)


def _certification(row: StoredCertification) -> str | None:
    code = f"RNCP{row.rncp}" if row.rncp else f"RS{row.rs}" if row.rs else None
    label = row.label
    return f"{label} ({code})" if label and code else label or code
