"""Turns stored documents and the engine's answer into what API, pages and feeds show."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from search_app.documents.answer import DocumentResults, DocumentView, ProvenanceView, UnderstoodWords
from search_app.documents.asking import Stored, stored_of, total_of
from search_app.documents.body import CHOSEN, ROWS, DocumentRequest
from search_app.documents.facets import FACETS, DocumentFacet
from search_app.documents.labels import document_path
from search_app.documents.words import DocumentWords
from search_app.search.params.table import DEEPEST_RESULT
from search_app.search.reference_data import Snapshot
from search_app.search.results import CodeView, FacetRow, JobView, PlaceFound
from search_app.text.wording import curved

VALID, EXPIRED, NOT_YET = "valid", "expired", "not_yet"
_LISTS: Final = (
    "creators", "identifiers", "formacode", "domain", "rome", "rncp", "funder", "region", "department", "also_at",
)  # fmt: skip
_FACTS: Final = (
    "key", "title", "description", "kind", "publisher", "licence", "language", "url", "published", "year", "modified",
    "valid_from", "valid_until", "stamp",
)  # fmt: skip


def to_document(stored: Stored, today: date) -> DocumentView:
    """Return one stored document on a day."""
    told: dict[str, Any] = {name: stored.get(name) for name in _FACTS}
    told |= {name: list(stored.get(name) or ()) for name in _LISTS}
    return DocumentView(
        page=document_path(stored["key"]),
        validity=_validity(stored, today),
        provenances=[
            ProvenanceView(each["source"], each["identifier"], each.get("url"), each.get("datestamp"))
            for each in stored.get("provenances") or ()
        ],
        **told,
    )


def _validity(stored: Stored, today: date) -> str:
    """Return whether a document is in force; the last day counts."""
    first, last = stored.get("valid_from"), stored.get("valid_until")
    if last and last < today.isoformat():
        return EXPIRED
    return NOT_YET if first and first > today.isoformat() else VALID


def to_documents(
    answer: Mapping[str, Any], request: DocumentRequest, place: PlaceFound | None, snapshot: Snapshot
) -> DocumentResults:
    """Return one page of results with its facets."""
    params, total = request.params, total_of(answer)
    reachable = min(total, DEEPEST_RESULT // params.size * params.size)
    return DocumentResults(
        total=total,
        page=params.page,
        size=params.size,
        pages=-(-reachable // params.size),
        place=place,
        understood=_understood(request.words, snapshot) if request.words else None,
        results=[to_document(stored, request.today) for stored in stored_of(answer)],
        facets={name: _rows(facet, answer, params.chosen(name), snapshot) for name, facet in FACETS.items()},
    )


def _understood(words: DocumentWords, snapshot: Snapshot) -> UnderstoodWords:
    meant = words.meant
    return UnderstoodWords(
        words=meant.words,
        corrected=bool(meant.corrections),
        variants=list(meant.variants),
        jobs=[JobView(job.code, snapshot.label("rome", job.code), job.near) for job in meant.jobs],
        domains=[CodeView(code, snapshot.label("domain", code)) for code in words.domains],
        approximate=words.loose,
    )


def _rows(
    facet: DocumentFacet, answer: Mapping[str, Any], chosen: tuple[str, ...], snapshot: Snapshot
) -> list[FacetRow]:
    """Return the values of a facet, the most frequent first; chosen ones whatever their count."""
    found = answer.get("aggregations", {}).get(facet.name, {})
    counts = {row["key"]: row["doc_count"] for row in found.get(ROWS, found).get("buckets", ())}
    counts |= {value: row["doc_count"] for value, row in found.get(CHOSEN, {}).get("buckets", {}).items()}
    counts = dict.fromkeys(chosen, 0) | counts
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    return [FacetRow(value, curved(facet.label(snapshot, value)), counts[value], value in chosen) for value in ordered]
