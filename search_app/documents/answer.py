"""The answer about documents: what a source told of a text, its codes, and whether it is still valid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search_app.search.results import CodeView, FacetRow, JobView, PlaceFound


@dataclass(frozen=True, slots=True)
class ProvenanceView:
    """One record of a document: source, identifier and address there; ``datestamp`` is as precise as the source."""

    source: str
    identifier: str
    url: str | None
    datestamp: str | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One text. ``url`` is its canonical address, ``page`` its page here; unknown dates are None.

    ``validity`` on the day of the question: ``valid`` (also if nothing is told), ``expired`` or ``not_yet``.
    ``stamp`` is when it last changed here.
    """

    key: str
    page: str
    title: str
    description: str | None
    kind: str
    publisher: str | None
    creators: list[str]
    licence: str | None
    language: str | None
    url: str | None
    identifiers: list[str]
    formacode: list[str]
    domain: list[str]
    rome: list[str]
    rncp: list[str]
    funder: list[str]
    region: list[str]
    department: list[str]
    published: str | None
    year: int | None
    modified: str | None
    valid_from: str | None
    valid_until: str | None
    validity: str
    provenances: list[ProvenanceView]
    also_at: list[str]
    stamp: str


@dataclass(frozen=True, slots=True)
class UnderstoodWords:
    """What was searched as words: themselves (``corrected`` in their spelling or not) or another wording, or the codes
    of jobs and domains that they mean. ``approximate``: no document has enough of them; any of them, or similar ones.
    """

    words: str
    corrected: bool
    variants: list[str]
    jobs: list[JobView]
    domains: list[CodeView]
    approximate: bool


@dataclass(frozen=True, slots=True)
class DocumentResults:
    """One page of documents: exact total, and every facet, counted under all filters but its own.

    ``place`` is the place as it was found, ``understood`` None without words.
    """

    total: int
    page: int
    size: int
    pages: int
    place: PlaceFound | None
    understood: UnderstoodWords | None
    results: Sequence[DocumentView]
    facets: Mapping[str, list[FacetRow]]
