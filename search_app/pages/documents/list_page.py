"""The search of documents: ``/documents``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from search_app.base.errors import Fault
from search_app.documents.answer import DocumentResults, UnderstoodWords
from search_app.documents.facets import FACETS
from search_app.documents.labels import PATH
from search_app.documents.params import DocumentParams, to_pairs
from search_app.exports.documents import ATOM_PATH, JSON_PATH
from search_app.pages.documents.card import DocumentCard, to_document_card
from search_app.pages.documents.form import LABELS, DocumentForm, build_document_form
from search_app.pages.search.chips import Chip
from search_app.pages.search.fault_page import fault_links
from search_app.pages.search.page import Asked, FaultLink
from search_app.pages.search.paging import Paging, list_paging, to_last_page
from search_app.pages.shared.layout import Freshness, Layout, Link, Page
from search_app.search.links import Pairs, address, without, without_value
from search_app.search.results import PlaceFound
from search_app.text import wording

SHEETS: Final = ("results.css", "documents.css")
SCRIPTS: Final = ("suggestions.js",)
TITLE: Final = "S’informer : documents"
DESCRIPTION: Final = (
    "Fiches pratiques, textes officiels, guides, fiches métiers et actualités sur la formation professionnelle."
)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed of the search, for the head of the page and its list of files."""

    text: str
    href: str
    media_type: str


@dataclass(frozen=True, slots=True)
class DocumentsPage(Page):
    """The page context; with ``faults`` there are no results. ``is_filtered``: not all documents are searched."""

    form: DocumentForm
    heading: str
    count: str
    asked: Asked | None = None
    notes: tuple[str, ...] = ()
    everywhere: Link | None = None
    chips: tuple[Chip, ...] = ()
    clear: str = PATH
    cards: tuple[DocumentCard, ...] = ()
    paging: Paging | None = None
    beyond: Link | None = None
    faults: tuple[FaultLink, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    json_href: str = ""


def build_documents_page(
    params: DocumentParams, results: DocumentResults, freshness: Freshness | None
) -> DocumentsPage:
    """Return one page of documents."""
    pairs = to_pairs(params)
    count = wording.counted(results.total, "document", "documents")
    chips = _chips(params, results, pairs)
    page = f", page {results.page}" if results.page > 1 else ""
    return DocumentsPage(
        layout=Layout(
            wording.typeset(f"{TITLE} – {count}{page}"),
            "documents",
            description=DESCRIPTION,
            canonical=PATH,
            indexed=not pairs and results.page == 1,
            freshness=freshness,
            skip_to_results=True,
            sheets=SHEETS,
            scripts=SCRIPTS,
        ),
        form=build_document_form(pairs, results.facets),
        heading="S’informer",
        count=count,
        asked=_asked(params, results.place, chips),
        notes=tuple(map(wording.typeset, _notes(params, results))),
        everywhere=_everywhere(pairs) if results.place else None,
        chips=chips,
        cards=tuple(map(to_document_card, results.results)),
        paging=list_paging(results, pairs, PATH),
        beyond=to_last_page(results, pairs, PATH),
        feeds=_feeds(pairs),
        json_href=address(pairs, "/api/v1/documents"),
    )


def build_documents_fault_page(pairs: Pairs, faults: Sequence[Fault], freshness: Freshness | None) -> DocumentsPage:
    """Return the page that says what is wrong with the address; the form keeps what was given."""
    return DocumentsPage(
        layout=Layout("Recherche à corriger", "documents", indexed=False, freshness=freshness, sheets=SHEETS),
        form=build_document_form(pairs, {}, faults),
        heading="Cette recherche ne peut pas être faite",
        count="",
        faults=fault_links(pairs, faults, LABELS, PATH),
    )


def _asked(params: DocumentParams, place: PlaceFound | None, chips: Sequence[Chip]) -> Asked | None:
    """Return what is searched in two lines, None if nothing is; without words and place the filters say it."""
    if not chips:
        return None
    if not params.q and place is None:
        return Asked("Tous les documents", ", ".join(chip.text for chip in chips))
    return Asked(params.q or "Tous les documents", place.label if place else "Tous les territoires")


def _notes(params: DocumentParams, results: DocumentResults) -> list[str]:
    notes = []
    if results.understood is not None and results.total:
        notes += word_notes(params.q, results.understood)
    if results.place and results.place.respelt:
        notes.append(f"Lieu le plus proche par l’orthographe : {results.place.label}.")
    return notes


def word_notes(typed: str, understood: UnderstoodWords) -> list[str]:
    """Return how the words of a search were understood, as sentences."""
    if understood.approximate:
        return [f"Aucun document n’a tous les mots de « {typed} » : voici ceux qui en ont une partie."]
    notes = [f"Orthographe corrigée : « {understood.words} »."] if understood.corrected else []
    meant = [f"le métier « {job.label} »" for job in understood.jobs[:2]]
    meant += [f"le domaine « {domain.label} »" for domain in understood.domains[:2]]
    if meant:
        listed = " et ".join(filter(None, (", ".join(meant[:-1]), meant[-1])))
        notes.append(f"Vos mots désignent aussi {listed}.")
    return notes


def _chips(params: DocumentParams, results: DocumentResults, pairs: Pairs) -> tuple[Chip, ...]:
    """Return a chip for each active filter, in the order of the form."""
    chips = []
    if params.q:
        told = f"«{wording.NBSP}{params.q}{wording.NBSP}»"
        chips.append(Chip("Mots", told, address(without(pairs, "q"), PATH)))
    if results.place:
        chips.append(Chip("Lieu", results.place.label, address(without(pairs, "place"), PATH)))
    for name, facet in FACETS.items():
        labels: Mapping[str, str] = {row.value: row.label for row in results.facets[name] if row.selected}
        for value in params.chosen(name):
            href = address(without_value(pairs, name, value), PATH)
            chips.append(Chip(facet.title, labels.get(value, value), href, name != "kind"))
    return tuple(chips)


def _everywhere(pairs: Pairs) -> Link:
    return Link("Chercher aussi les documents nationaux", address(without(pairs, "place"), PATH))


def _feeds(pairs: Pairs) -> tuple[FeedLink, ...]:
    kept = without(pairs, "size")
    return (
        FeedLink("Suivre les nouveautés (Atom)", address(kept, ATOM_PATH), "application/atom+xml"),
        FeedLink("Suivre les nouveautés (JSON Feed)", address(kept, JSON_PATH), "application/feed+json"),
    )
