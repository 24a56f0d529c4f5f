"""The list of bodies: `/organismes`."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from search_app.base.errors import Fault
from search_app.census.answer import CensusResults
from search_app.census.gaps import UNKNOWN_EDITION
from search_app.census.params import FACETS, CensusParams, to_pairs
from search_app.census.present import PATH
from search_app.pages.providers.card import BodyCard, to_card
from search_app.pages.providers.facts import day
from search_app.pages.providers.form import LABELS, CensusForm, build_census_form
from search_app.pages.search.chips import Chip, place_text
from search_app.pages.search.fault_page import fault_links
from search_app.pages.search.page import Asked, FaultLink
from search_app.pages.search.paging import Paging, list_paging, to_last_page
from search_app.pages.shared.layout import Freshness, Layout, Link, Page
from search_app.search.facets.everyday import everyday
from search_app.search.links import Pairs, address, without, without_place, without_value
from search_app.text import wording

SHEETS: Final = ("results.css", "providers.css")
SCRIPTS: Final = ("suggestions.js",)
NO_LIST: Final = "Aucune liste publique n’est chargée : déclaration, certification et situation ne sont pas connues."


@dataclass(frozen=True, slots=True)
class CensusPage(Page):
    """The page context; with ``faults`` there are no results."""

    form: CensusForm
    heading: str
    count: str
    asked: Asked | None = None
    edition: str = ""
    notes: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    clear: str = PATH
    cards: tuple[BodyCard, ...] = ()
    paging: Paging | None = None
    beyond: Link | None = None
    faults: tuple[FaultLink, ...] = ()
    downloads: tuple[Link, ...] = ()


def build_census_page(params: CensusParams, results: CensusResults, freshness: Freshness | None) -> CensusPage:
    """Return one page of the census."""
    pairs = to_pairs(params)
    count = wording.counted(results.total, "organisme", "organismes")
    chips = _chips(params, results, pairs)
    page = f", page {results.page}" if results.page > 1 else ""
    return CensusPage(
        layout=Layout(
            f"Organismes de formation – {count}{page}",
            "providers",
            description="Les organismes de formation de la liste publique et du catalogue, avec leurs offres.",
            canonical=PATH,
            indexed=not pairs and results.page == 1,
            freshness=freshness,
            skip_to_results=True,
            sheets=SHEETS,
            scripts=SCRIPTS,
        ),
        form=build_census_form(pairs, results.facets),
        heading="Organismes de formation",
        count=count,
        asked=_asked(params, results, chips),
        edition=edition_text(results),
        notes=tuple(_notes(params, results)),
        chips=chips,
        cards=tuple(to_card(view, found) for view, found in zip_longest(results.results, results.found)),
        paging=list_paging(results, pairs, PATH),
        beyond=to_last_page(results, pairs, PATH),
        downloads=_downloads(pairs),
    )


def build_census_fault_page(pairs: Pairs, faults: Sequence[Fault], freshness: Freshness | None) -> CensusPage:
    """Return the page that says what is wrong with the address; the form keeps what was given."""
    return CensusPage(
        layout=Layout("Recherche à corriger", "providers", indexed=False, freshness=freshness, sheets=SHEETS),
        form=build_census_form(pairs, {}, faults),
        heading="Cette recherche ne peut pas être faite",
        count="",
        faults=fault_links(pairs, faults, LABELS, PATH),
    )


def edition_text(results: CensusResults) -> str:
    """Tell which edition of the public list is loaded."""
    told = day(results.edition)
    if told is None:
        return wording.typeset(NO_LIST)
    if not results.edition_told:
        return wording.typeset(f"Liste publique des organismes de formation chargée le {told} ({UNKNOWN_EDITION}).")
    return wording.typeset(f"Liste publique des organismes de formation : édition du {told}.")


def _asked(params: CensusParams, results: CensusResults, chips: Sequence[Chip]) -> Asked | None:
    """Return what is searched in two lines, None if nothing is; without words and place the filters say it."""
    if not chips:
        return None
    if not params.q and results.place is None:
        return Asked("Tous les organismes", ", ".join(chip.text for chip in chips))
    return Asked(params.q or "Tous les organismes", place_text(results.place) if results.place else "France entière")


def _notes(params: CensusParams, results: CensusResults) -> list[str]:
    notes = []
    if results.approximate and results.total:
        notes.append(f"Aucun organisme n’a tous les mots de « {params.q} » : voici ceux qui en ont une partie.")
    if results.place and results.place.respelt:
        notes.append(f"Lieu le plus proche par l’orthographe : {results.place.label}.")
    return [wording.typeset(note) for note in notes]


def _chips(params: CensusParams, results: CensusResults, pairs: Pairs) -> tuple[Chip, ...]:
    """Return a chip for each active filter, in the order of the form."""
    chips = []
    if params.q:
        told = f"«{wording.NBSP}{params.q}{wording.NBSP}»"
        chips.append(Chip("Mots", told, address(without(pairs, "q"), PATH)))
    if results.place:
        chips.append(Chip("Lieu", place_text(results.place), address(without_place(pairs), PATH)))
    for code in params.domain:
        text = everyday().names.get(code, code)
        chips.append(Chip("Domaine", text, address(without_value(pairs, "domain", code), PATH), True))
    for name, labels in FACETS.items():
        for value in params.chosen(name):
            href = address(without_value(pairs, name, value), PATH)
            chips.append(Chip(LABELS[name], wording.curved(labels[value]), href, name in ("qualiopi", "gap")))
    return tuple(chips)


def _downloads(pairs: Pairs) -> tuple[Link, ...]:
    kept = without(pairs, "size")
    paths = (("Tableur (CSV)", "csv"), ("Données (NDJSON)", "ndjson"))
    files = [Link(text, address(kept, f"/api/v1/providers.{end}")) for text, end in paths]
    return (*files, Link("Cette page (JSON)", address(pairs, "/api/v1/providers")))
