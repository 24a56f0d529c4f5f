"""The page of one document, and of one that was removed: ``/documents/{key}``."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from mappings.codes import department_labels, region_labels
from search_app.documents.answer import DocumentView, ProvenanceView
from search_app.documents.facets import FACETS
from search_app.documents.labels import KIND_LABELS, PATH
from search_app.exports.structured_data import known
from search_app.pages.documents.card import shortened, told_day, validity_warning
from search_app.pages.documents.offers import OfferLink
from search_app.pages.offer.facts import Block, Fact, FactList, Value, to_blocks, web_link
from search_app.pages.portal.frame import HOME, Site, build_layout
from search_app.pages.shared.layout import Layout, Link, Page
from search_app.search.links import address
from search_app.search.reference_data import Snapshot
from search_app.text import wording
from search_app.text.dates import french_day

SHEETS: Final = ("portal.css", "offer.css", "documents.css")
ALL: Final = Link("Documents", PATH)
REMOVED: Final = "Ce document a été retiré"
LANGUAGES: Final = {"fr": "français", "en": "anglais", "de": "allemand", "es": "espagnol", "it": "italien"}
LONGEST_DESCRIPTION: Final = 200
SCHEMA_TYPES: Final = {"text": "Legislation", "news": "NewsArticle"}


@dataclass(frozen=True, slots=True)
class ProvenanceRow:
    """One record of a document: where it is, when it changed there. ``identifier`` is empty if it is the link."""

    source: str
    identifier: str
    day: str
    link: Value | None


@dataclass(frozen=True, slots=True)
class DocumentPage(Page):
    """The page context; ``original`` is the link to the text itself, None where no address is told."""

    trail: tuple[Link, ...]
    title: str
    kind: str
    warning: str
    abstract: tuple[Block, ...]
    original: Link | None
    facts: tuple[Fact, ...]
    subjects: tuple[Fact, ...]
    offers: tuple[OfferLink, ...]
    also_at: tuple[Value, ...]
    provenances: tuple[ProvenanceRow, ...]
    json_href: str


@dataclass(frozen=True, slots=True)
class RemovedPage(Page):
    """The page at the address of a removed document."""

    heading: str
    text: str
    search: Link


def build_document_page(
    view: DocumentView, offers: tuple[OfferLink, ...], snapshot: Snapshot, site: Site
) -> DocumentPage:
    """Return the page of a document."""
    title = wording.typeset(view.title)
    trail = (HOME, ALL, Link(title, view.page))
    layout = build_layout(
        shortened(view.title, 120), shortened(view.description or view.title, LONGEST_DESCRIPTION), view.page, trail,
        site, _thing(view, site), sheets=SHEETS,
    )  # fmt: skip
    provenances = tuple(map(to_provenance_row, view.provenances))
    linked = {row.link.href for row in provenances if row.link}
    return DocumentPage(
        layout=replace(layout, section="documents"),
        trail=trail,
        title=title,
        kind=KIND_LABELS[view.kind],
        warning=wording.typeset(validity_warning(view)),
        abstract=tuple(to_blocks(view.description or "")),
        original=_original(view),
        facts=_facts(view),
        subjects=tuple(_subjects(view, snapshot)),
        offers=offers,
        also_at=tuple(link for link in map(web_link, view.also_at) if link.href not in linked),
        provenances=provenances,
        json_href=f"/api/v1/documents/{view.key}",
    )


def build_removed_page(stamp: str, site: Site) -> RemovedPage:
    """Return the page of a document that its sources do not have any more since a moment."""
    text = f"Ses sources ne le proposent plus depuis le {french_day(date.fromisoformat(stamp[:10]))}."
    return RemovedPage(
        layout=Layout(REMOVED, "documents", indexed=False, freshness=site.freshness),
        heading=REMOVED,
        text=text,
        search=Link("Chercher un document", PATH),
    )


def _original(view: DocumentView) -> Link | None:
    link = web_link(view.url) if view.url else None
    if link is None or link.href is None:
        return None
    return Link(f"Lire le document sur {link.text.partition('/')[0]}", link.href)


def _facts(view: DocumentView) -> tuple[Fact, ...]:
    facts = (
        FactList().add("Éditeur", view.publisher).add("Auteurs" if len(view.creators) > 1 else "Auteur", *view.creators)
    )
    facts.add("Publié le" if view.published else "Publié en", told_day(view))
    facts.add("Modifié le", french_day(view.modified[:10]) if view.modified else None)
    facts.add("Validité", _validity(view))
    facts.add_values("Licence", [web_link(view.licence)] if view.licence else ())
    facts.add("Langue", LANGUAGES.get(view.language, view.language) if view.language else None)
    facts.add("Territoire", *_territories(view))
    facts.add("Numéros", *map(_number, view.identifiers))
    return facts.all()


def _validity(view: DocumentView) -> str | None:
    first, last = (french_day(day) if day else None for day in (view.valid_from, view.valid_until))
    if first and last:
        return f"du {first} au {last}"
    if last:
        return f"jusqu’au {last}"
    return f"depuis le {first}" if first else None


def _territories(view: DocumentView) -> Iterator[str]:
    for codes, labels in ((view.region, region_labels()), (view.department, department_labels())):
        yield from (labels.get(code, code) for code in codes)


def _number(identifier: str) -> str:
    kind, _, number = identifier.partition(":")
    return f"{kind.upper()} {number}"


def _subjects(view: DocumentView, snapshot: Snapshot) -> Iterator[Fact]:
    """Yield the subjects, each value with the search of the documents that have it."""
    codes = {"rncp": view.rncp, "domain": view.formacode or view.domain, "rome": view.rome, "funder": view.funder}
    for name, values in codes.items():
        if values:
            links = [
                Value(wording.typeset(FACETS[name].label(snapshot, code)), address(((name, code),), PATH))
                for code in values
            ]
            yield Fact(FACETS[name].title, tuple(links))


def to_provenance_row(row: ProvenanceView) -> ProvenanceRow:
    """Return one record of a document for its page."""
    link = web_link(row.url) if row.url else None
    day = _told_day(row.datestamp)
    if link is None or link.href is None:
        return ProvenanceRow(row.source, row.identifier, day, None)
    identifier = "" if row.identifier in (row.url, link.text) else row.identifier
    return ProvenanceRow(row.source, identifier, day, link)


def _told_day(datestamp: str | None) -> str:
    """Return the day of a source's datestamp in French, empty for anything else: sources tell it as they like."""
    try:
        return french_day(datestamp[:10]) if datestamp else ""
    except ValueError:
        return ""


def _thing(view: DocumentView, site: Site) -> dict[str, Any]:
    """Return the document as structured data."""
    return known({
        "@type": SCHEMA_TYPES.get(view.kind, "CreativeWork"),
        "@id": site.url(view.page),
        "name": view.title,
        "headline": shortened(view.title, 110),
        "description": view.description,
        "url": view.url or site.url(view.page),
        "inLanguage": view.language,
        "datePublished": view.published or (str(view.year) if view.year else None),
        "dateModified": view.modified,
        "expires": view.valid_until,
        "license": view.licence if view.licence and view.licence.startswith("http") else None,
        "publisher": {"@type": "Organization", "name": view.publisher} if view.publisher else None,
        "author": [{"@type": "Person", "name": name} for name in view.creators] or None,
    })  # fmt: skip
