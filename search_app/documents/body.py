"""The request for hits, exact total and facets of documents, each facet under all filters but its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from mappings.codes import region_by_department
from search_app.documents.asking import THERE, Clause
from search_app.documents.facets import FACETS, LISTED, DocumentFacet
from search_app.documents.params import DocumentParams
from search_app.documents.words import DocumentWords, words_clause, words_scores
from search_app.search.places.found_place import FoundPlace

NOT_READ: Final = ["text", "hash"]
ROWS, CHOSEN = "rows", "chosen"
BY_DATE: Final[list[Clause]] = [{"published": {"order": "desc", "missing": "_last"}}, {"key": "asc"}]
BY_STAMP: Final[list[Clause]] = [{"stamp": "desc"}, {"key": "asc"}]


@dataclass(frozen=True, slots=True)
class DocumentRequest:
    """One request: parameters, the place that was found, the meaning of the words, and the day."""

    params: DocumentParams
    today: date
    timeout: float = 5.0
    place: FoundPlace | None = None
    words: DocumentWords | None = None

    def only_words(self) -> "DocumentRequest":
        """Return the same without any filter."""
        return replace(self, params=DocumentParams(q=self.params.q), place=None)


def build_documents_body(request: DocumentRequest) -> dict[str, Any]:
    """Return the body of one page."""
    params, chosen = request.params, _facet_clauses(request.params)
    body = _hits_body(request) | {
        "aggs": {name: _facet(facet, params, chosen) for name, facet in FACETS.items()},
        "from": (params.page - 1) * params.size,
        "size": params.size,
    }
    if chosen:
        body["post_filter"] = {"bool": {"filter": list(chosen.values())}}
    return body


def build_newest_body(request: DocumentRequest, most: int) -> dict[str, Any]:
    """Return the body of the documents that changed last."""
    body, clauses = _hits_body(request), list(_facet_clauses(request.params).values())
    query = {"bool": {"filter": [*body["query"]["bool"]["filter"], *clauses]}}
    return body | {"query": query, "sort": BY_STAMP, "size": most}


def build_total_body(request: DocumentRequest) -> dict[str, Any]:
    """Return the body that counts what a request finds."""
    return _hits_body(request) | {"size": 0}


def is_valid(today: date) -> Clause:
    """Return the clause of what is in force on a day, or tells nothing of it."""
    day = today.isoformat()
    over = {"range": {"valid_until": {"lt": day}}}
    not_yet = {"range": {"valid_from": {"gt": day}}}
    return {"bool": {"must_not": [over, not_yet]}}


def _hits_body(request: DocumentRequest) -> dict[str, Any]:
    query: dict[str, Any] = {"filter": [THERE, *_area(request.place)]}
    sort = BY_DATE
    if request.words is not None:
        query["filter"].append(words_clause(request.words))
        query["should"] = words_scores(request.words, is_valid(request.today))
        sort = [{"_score": "desc"}, *BY_DATE]
    return {
        "query": {"bool": query},
        "sort": sort,
        "track_total_hits": True,
        "timeout": f"{int(request.timeout * 1000)}ms",
        "_source": {"excludes": NOT_READ},
    }


def _area(place: FoundPlace | None) -> list[Clause]:
    """Return the clause of a place: what is of its département, or of its whole region; a region has all of its own."""
    if place is None:
        return []
    if place.kind == "region":
        inside = [code for code, region in region_by_department().items() if region == place.code]
        return [{"bool": {"should": [{"term": {"region": place.code}}, {"terms": {"department": inside}}]}}]
    department = place.code if place.kind == "department" else place.department
    everywhere = [{"term": {"region": region_by_department().get(department, "")}}]
    no_department = [{"exists": {"field": "department"}}]
    of_region: Clause = {"bool": {"filter": everywhere, "must_not": no_department}}
    return [{"bool": {"should": [{"term": {"department": department}}, of_region]}}]


def _facet_clauses(params: DocumentParams) -> dict[str, Clause]:
    """Return the clause of each facet with selected values: any of them."""
    return {name: _any_of(facet, params.chosen(name)) for name, facet in FACETS.items() if params.chosen(name)}


def _any_of(facet: DocumentFacet, values: tuple[str, ...]) -> Clause:
    clauses: list[Clause] = [{"term": {facet.field_of(value): value}} for value in values]
    return {"bool": {"should": clauses}}


def _facet(facet: DocumentFacet, params: DocumentParams, clauses: Mapping[str, Clause]) -> Clause:
    """Return the aggregation of a facet in a filter by all others; chosen values are counted beside the list, which may
    be too long for them.
    """
    rows: Clause = {"terms": {"field": facet.name, "size": LISTED}}
    counts: Clause = {ROWS: rows}
    chosen = params.chosen(facet.name)
    if chosen:
        each = {value: {"term": {facet.field_of(value): value}} for value in chosen}
        counts[CHOSEN] = {"filters": {"filters": each}}
    others = [clause for name, clause in clauses.items() if name != facet.name]
    if not others and not chosen:
        return rows
    return {"filter": {"bool": {"filter": others}} if others else {"match_all": {}}, "aggs": counts}
