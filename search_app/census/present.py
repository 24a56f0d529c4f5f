"""Turns the engine's answer into CensusResults."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from search_app.census.answer import (
    BodyView,
    CensusResults,
    OfferCounts,
    OtherNameView,
    SiteView,
)
from search_app.census.body import EDITION, UNTOLD, CensusRequest
from search_app.census.found import Wanted, to_found
from search_app.census.gaps import to_gap
from search_app.census.offer_counts import CountedOffers
from search_app.census.params import FACETS
from search_app.search.params.table import DEEPEST_RESULT
from search_app.search.results import FacetRow, PlaceFound
from search_app.text.wording import curved

PATH: Final = "/organismes"
Stored = Mapping[str, Any]
_SITE_FIELDS: Final = tuple(SiteView.__dataclass_fields__)
_FALSE: Final = ("head", "listed", "in_offers", "delivers")
_PRIVATE: Final = ("address", "lat", "lon")  # of a natural person they tell where somebody lives
_LISTS: Final = ("ndas", "former_ndas", "stated_ndas", "specialities", "untold_dates", "region", "department")
_FACTS: Final = (
    "qualiopi", "qualiopi_at", "qualiopi_lost_at", "listed", "listed_at", "left_list_at", "state", "state_at",
    "state_source", "natural_person", "trainees", "trainees_for_others", "trainers_count", "trainees_year_end",
    "declared_at", "edition",
)  # fmt: skip


def body_path(siren: str) -> str:
    """Return the address of a body's page."""
    return f"{PATH}/{siren}"


def to_provider(stored: Stored, counted: CountedOffers) -> BodyView:
    """Return one stored body with the counts of its offers."""
    siren, is_private = stored["siren"], _is_private(stored)
    sites = [_to_site(site, is_private) for site in stored.get("sites") or ()]
    return BodyView(
        siren=siren,
        name=stored.get("name"),
        also=[OtherNameView(row["kind"], row["name"]) for row in stored.get("also") or ()],
        town=town_of(sites),
        sites=sites,
        offers=OfferCounts(counted.every.get(siren, 0), counted.upcoming.get(siren, 0)),
        responsible=bool(stored.get("responsible")),
        trainer=bool(stored.get("trainer")),
        gaps=[to_gap(gap, counted.catalogue, stored.get("untold_dates") or ()) for gap in stored.get("gaps") or ()],
        url=body_path(siren),
        **_facts(stored),
    )


def _facts(stored: Stored) -> dict[str, Any]:
    """Return the fields that are presented as stored."""
    return {name: list(stored.get(name) or ()) for name in _LISTS} | {name: stored.get(name) for name in _FACTS}


def town_of(sites: Sequence[SiteView]) -> str | None:
    """Return the town of the head office, else of the first open site that has one."""
    ordered = sorted(sites, key=lambda site: (not site.head, bool(site.closed)))
    return next((site.town for site in ordered if site.town), None)


def _is_private(stored: Stored) -> bool:
    return bool(stored.get("natural_person")) or stored.get("diffusible") is False


def _to_site(site: Stored, is_private: bool) -> SiteView:
    told = {name: site.get(name, False if name in _FALSE else None) for name in _SITE_FIELDS}
    return SiteView(**(told | dict.fromkeys(_PRIVATE) if is_private else told))


def to_census(answer: Mapping[str, Any], request: CensusRequest, place: PlaceFound | None) -> CensusResults:
    """Return one page of results with its facets."""
    hits, params = answer["hits"], request.params
    total = hits["total"]["value"]
    bodies = [to_provider(hit["_source"], request.counted) for hit in hits.get("hits", ())]
    wanted = Wanted(request.typed_name, request.near)
    reachable = min(total, DEEPEST_RESULT // params.size * params.size)
    return CensusResults(
        total=total,
        page=params.page,
        size=params.size,
        pages=-(-reachable // params.size),
        edition=_newest(answer, EDITION),
        edition_told=_newest(answer, EDITION) != _newest(answer, UNTOLD),
        approximate=request.loose,
        place=place,
        results=bodies,
        found=[to_found(body, wanted) for body in bodies] if request.params.q else [],
        facets={name: _rows(name, answer, params.chosen(name)) for name in FACETS},
    )


def _newest(answer: Mapping[str, Any], name: str) -> str | None:
    """Return the newest edition or untold date that a body has, None if there is none."""
    told = answer.get("aggregations", {}).get(EDITION, {}).get(name, {}).get("value_as_string")
    return told[:10] if told else None


def _rows(name: str, answer: Mapping[str, Any], chosen: Sequence[str]) -> list[FacetRow]:
    """Return the values of a facet with their counts, those of closed tables in order, territories by count."""
    facet = answer.get("aggregations", {}).get(name, {})
    buckets = facet.get("rows", facet).get("buckets", [])
    if isinstance(buckets, dict):  # of offers; those without any are the others
        counts = {value: row["doc_count"] for value, row in buckets.items()}
        counts["none"] = facet["doc_count"] - counts["any"]
    else:
        counts = {row["key"]: row["doc_count"] for row in buckets}
    labels = FACETS[name]
    values = [value for value in labels if counts.get(value) or value in chosen]
    if name in ("region", "department"):
        values.sort(key=lambda value: (-counts.get(value, 0), value))
    return [FacetRow(value, curved(labels[value]), counts.get(value, 0), value in chosen) for value in values]
