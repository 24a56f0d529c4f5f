"""The request for hits, exact total and facets of the census, each facet under all filters but its own."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from search_app.census.names import loose_clause, names_clause
from search_app.census.offer_counts import CountedOffers
from search_app.census.params import FACETS, CensusParams
from search_app.census.typed import Typed, read_typed
from search_app.search.places.areas import Circle, Territory
from search_app.search.places.found_place import FoundPlace

Clause = dict[str, Any]
FIELDS: Final[Mapping[str, str]] = {
    "state": "state_rows", "qualiopi": "qualiopi_rows", "region": "region", "department": "department",
    "gap": "gap_codes",
}  # fmt: skip
EDITION: Final = "edition"
UNTOLD: Final = "untold_dates"
ALL: Final = 200  # rows of a facet: more than any of the tables has
MOST_TERMS: Final = 50_000  # of one clause; the engine takes at most 65,536
NOT_READ: Final = ["facts", "names_folded", "acronyms_folded", "location", "names_joined", "name_words", "town_words"]
COUNT_OF_BODY: Final = "params.counts.getOrDefault(doc['siren'].value, 0)"
STEP: Final = 500  # bodies of one step of an export
_BY_NAME: Final[list[Clause]] = [{"name_sort": {"order": "asc", "missing": "_last"}}, {"siren": "asc"}]


@dataclass(frozen=True, slots=True)
class CensusRequest:
    """One request of the census: parameters, area of the place, counts of offers; ``loose``: most of the words do.

    ``near`` is the town that the words end with, ``name`` the words without it.
    """

    params: CensusParams
    area: Circle | Territory | None = None
    counted: CountedOffers = field(default_factory=CountedOffers)
    timeout: float = 5.0
    loose: bool = False
    near: FoundPlace | None = None
    name: str = ""

    @property
    def typed_name(self) -> Typed | None:
        """Return what the words are without the town at their end, None without words."""
        return read_typed(self.name) if self.name else self.typed

    @property
    def typed(self) -> Typed | None:
        """Return what the words are, None without words."""
        return read_typed(self.params.q) if self.params.q else None


def build_census_body(request: CensusRequest) -> dict[str, Any]:
    """Return the body of one page."""
    params, chosen = request.params, _facet_clauses(request)
    body = _hits_body(request) | {
        "aggs": {name: _facet(name, request, chosen) for name in FACETS}
        | {EDITION: {"global": {}, "aggs": {name: {"max": {"field": name}} for name in (EDITION, UNTOLD)}}},
        "from": (params.page - 1) * params.size,
        "size": params.size,
    }
    if chosen:
        body["post_filter"] = {"bool": {"filter": list(chosen.values())}}
    return body


def build_census_export(request: CensusRequest) -> dict[str, Any]:
    """Return the body of one export step: the same bodies in the same order, without facets."""
    body, clauses = _hits_body(request), [*_facet_clauses(request).values()]
    return body | {"size": STEP, "query": {"bool": {"must": [body["query"]], "filter": clauses}}}


def build_one_body(number: str, timeout: float) -> dict[str, Any]:
    """Return the body that finds the one legal body of a SIREN, a SIRET or a declaration number."""
    query = names_clause(Typed(number, (), ()))
    return {"query": query, "size": 1, "_source": {"excludes": NOT_READ}, "timeout": _timeout(timeout)}


def _hits_body(request: CensusRequest) -> dict[str, Any]:
    return {
        "query": _query(request),
        "sort": _sort(request),
        "track_total_hits": True,
        "timeout": _timeout(request.timeout),
        "_source": {"excludes": NOT_READ},
    }


def _query(request: CensusRequest) -> Clause:
    query: dict[str, Any] = {"filter": [*_area(request.area), *_domain(request.counted)]}
    typed = request.typed
    if typed:
        elsewhere = read_typed(request.name) if request.name else None
        query["must"] = [loose_clause(typed) if request.loose else names_clause(typed, elsewhere)]
    return {"bool": query} if typed or query["filter"] else {"match_all": {}}


def _area(area: Circle | Territory | None) -> list[Clause]:
    """Return the clause of an area: a site is in it; a town's own sites match at any radius."""
    if area is None:
        return []
    if isinstance(area, Territory):
        return [{"term": {area.field: area.code}}]
    near: Clause = {"geo_distance": {"distance": f"{area.radius}km", "location": {"lat": area.lat, "lon": area.lon}}}
    return [{"bool": {"should": [near, {"term": {"commune": area.commune}}]}} if area.commune else near]


def _domain(counted: CountedOffers) -> list[Clause]:
    return [] if counted.in_domain is None else [_any_siren(counted.in_domain)]


def _any_siren(sirens: Collection[str]) -> Clause:
    """Return the clause of some bodies, in as many parts as the engine needs."""
    told = sorted(sirens)
    parts = [told[start : start + MOST_TERMS] for start in range(0, len(told), MOST_TERMS)]
    clauses: list[Clause] = [{"terms": {"siren": part}} for part in parts]
    if not clauses:
        return {"match_none": {}}
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses}}


def _offers_clauses(counted: CountedOffers) -> dict[str, Clause]:
    has_any = _any_siren(counted.every)
    none: Clause = {"bool": {"must_not": [has_any]}}
    return {"any": has_any, "upcoming": _any_siren(counted.upcoming), "none": none}


def _facet_clauses(request: CensusRequest) -> dict[str, Clause]:
    """Return the clause of each facet with selected values: any of them."""
    clauses: dict[str, Clause] = {}
    for name in FACETS:
        values = request.params.chosen(name)
        if values and name == "offers":
            each = _offers_clauses(request.counted)
            clauses[name] = {"bool": {"should": [each[value] for value in values]}}
        elif values:
            clauses[name] = {"terms": {FIELDS[name]: list(values)}}
    return clauses


def _facet(name: str, request: CensusRequest, chosen: Mapping[str, Clause]) -> Clause:
    """Return the aggregation of a facet, in a filter by all others, if there are any; then its counts are in ``rows``.

    Bodies without offers are not counted: they are all others of the filter.
    """
    if name == "offers":
        counted = (("any", request.counted.every), ("upcoming", request.counted.upcoming))
        rows: Clause = {"filters": {"filters": {value: _any_siren(sirens) for value, sirens in counted}}}
    else:
        rows = {"terms": {"field": FIELDS[name], "size": ALL}}
    others = [clause for facet, clause in chosen.items() if facet != name]
    if not others and name != "offers":
        return rows  # the engine counts all documents of an index from its dictionary, but not below a filter
    return {"filter": {"bool": {"filter": others}}, "aggs": {"rows": rows}}


def _sort(request: CensusRequest) -> list[Clause]:
    """Return the order; names and SIRENs break ties, so that it is stable."""
    order = request.params.effective_sort
    if order == "offers":
        return [_by_offers(request.counted.every), *_BY_NAME]
    if order == "relevance" and request.params.q:
        return [
            {"_score": "desc"},
            *_by_distance(request.near),
            _by_offers(request.counted.upcoming),
            {"responsible": "desc"},
            {"name_length": "asc"},
            *_BY_NAME,
        ]
    return _BY_NAME


def _by_offers(counts: Mapping[str, int]) -> Clause:
    """Return the order by numbers of offers, the most first."""
    script = {"source": COUNT_OF_BODY, "params": {"counts": dict(counts)}}
    return {"_script": {"type": "number", "order": "desc", "script": script}}


def _by_distance(town: FoundPlace | None) -> list[Clause]:
    """Return the order by the nearest site, for bodies with equally good names."""
    if town is None or town.lat is None:
        return []
    return [{"_geo_distance": {"location": {"lat": town.lat, "lon": town.lon}, "order": "asc", "unit": "km"}}]


def _timeout(seconds: float) -> str:
    return f"{int(seconds * 1000)}ms"
