"""Gaps between register and catalogue, for those who look after the data: `/organismes/ecarts`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from language.words import fold
from search_app.census.answer import CensusResults
from search_app.census.labels import GAP_LABELS
from search_app.census.params import FACET_TITLES, FACETS, CensusParams, to_pairs
from search_app.census.present import PATH
from search_app.pages.offer.facts import Value
from search_app.pages.providers.list_page import edition_text
from search_app.pages.search.fields import Choice, SelectField
from search_app.pages.shared.layout import Freshness, Layout, Link, Page
from search_app.pages.shared.site_contact import to_site_contact
from search_app.search.links import Pairs, address
from search_app.search.results import FacetRow
from search_app.text import wording

GAPS_PATH: Final = f"{PATH}/ecarts"
AREAS: Final = ("region", "department")  # parameters of the page
EVERYWHERE: Final = CensusParams()
WITHOUT_BODY: Final = "no-siren"
# What each gap means: the rule by which it is found.
MEANINGS: Final[Mapping[str, str]] = {
    "not-listed": "Responsable d’offres, SIREN absent de la liste publique.",
    "ceased": "Responsable d’offres, indiqué fermé par la liste ou par Sirene.",
    "site-closed": "Responsable d’offres sous un SIRET indiqué fermé.",
    "site-unknown": "Responsable d’offres sous un SIRET absent de la liste, alors que son SIREN y est.",
    "not-certified": "Dans la liste, avec des offres, sans certification indiquée.",
    "certification-lost": "Certification indiquée par une édition précédente, plus par la dernière.",
    "left-list": "Présent dans une édition précédente, absent de la dernière.",
    "nda-differs": "Ses offres citent un numéro de déclaration qui n’est pas le sien dans la liste.",
    "nda-former": "Ses offres citent un de ses anciens numéros de déclaration.",
    "several-names": "Les offres lui donnent plusieurs noms.",
    "shared-name": "Les offres donnent le même nom à un autre organisme responsable.",
    "no-name": "Responsable d’offres qui ne le nomment pas.",
    "no-siren": "Offres dont le SIREN de l’organisme responsable n’est pas indiqué.",
    "no-offer": "Dans la liste, non fermé, ni responsable ni formateur d’aucune offre.",
    "delivers-only": "Organisme formateur d’offres dont un autre est responsable, et d’aucune des siennes.",
}
if MEANINGS.keys() != GAP_LABELS.keys():
    raise ValueError("each gap needs its meaning")


@dataclass(frozen=True, slots=True)
class GapRow:
    """One gap with its bodies, or with its offers if no body has it: how many, their list, and files of them."""

    label: str
    meaning: str
    count: int
    href: str
    csv: str
    ndjson: str
    noun: str = ""


@dataclass(frozen=True, slots=True)
class GapsPage(Page):
    """The page context; ``absent`` are the gaps that no body has, ``area`` the chosen territories."""

    trail: tuple[Link, ...]
    edition: str
    area: str
    fields: tuple[SelectField, ...]
    rows: tuple[GapRow, ...]
    absent: tuple[GapRow, ...]
    correct: Value | None


def build_gaps_page(
    results: CensusResults,
    freshness: Freshness | None,
    contact: str,
    area: CensusParams = EVERYWHERE,
    nameless: int = 0,
) -> GapsPage:
    """Return the page from an answer about the census of an area; ``nameless`` are its offers without a SIREN."""
    pairs = to_pairs(area)
    rows = _rows(results.facets["gap"], pairs, nameless)
    return GapsPage(
        layout=Layout(
            "Organismes : questions ouvertes",
            "providers",
            description="Ce que la liste publique des organismes et le catalogue disent autrement, à vérifier.",
            canonical=GAPS_PATH,
            indexed=not pairs,
            freshness=freshness,
            sheets=("portal.css", "providers.css"),
        ),
        trail=(Link("Accueil", "/"), Link("Organismes", PATH), Link("Questions ouvertes", GAPS_PATH)),
        edition=edition_text(results),
        area=", ".join(FACETS[name][value] for name, value in pairs),
        fields=tuple(_field(name, area.chosen(name)) for name in AREAS),
        rows=tuple(row for row in rows if row.count),
        absent=tuple(row for row in rows if not row.count),
        correct=to_site_contact(contact),
    )


def _field(name: str, chosen: Sequence[str]) -> SelectField:
    """Return the list of one kind of territory, in the order of names; a second chosen value is added as it is."""
    labels = dict(sorted(FACETS[name].items(), key=lambda row: fold(row[1])))
    choices = [Choice("", "Toutes" if name == "region" else "Tous", not chosen)]
    choices += [Choice(value, wording.curved(text), value in chosen[:1]) for value, text in labels.items()]
    return SelectField(name, FACET_TITLES[name], tuple(choices))


def _rows(facet: Sequence[FacetRow], area: Pairs, nameless: int) -> list[GapRow]:
    counts = {row.value: row.count for row in facet}
    rows = []
    for code, label in GAP_LABELS.items():
        if code == WITHOUT_BODY:
            rows.append(_of_offers(label, wording.typeset(MEANINGS[code]), area, nameless))
            continue
        pairs = (("gap", code), *area)
        files = (address(pairs, f"/api/v1/providers.{end}") for end in ("csv", "ndjson"))
        meaning = wording.typeset(MEANINGS[code])
        rows.append(GapRow(label, meaning, counts.get(code, 0), address(pairs, PATH), *files))
    return rows


def _of_offers(label: str, meaning: str, area: Pairs, count: int) -> GapRow:
    """Return the row of offers whose body has no SIREN: it belongs to no body of the census."""
    pairs = (("provider", "unknown"), *area)
    csv, ndjson = (address(pairs, f"/api/v1/offers.{end}") for end in ("csv", "ndjson"))
    noun = f"{wording.NBSP}offre{'s' if count > 1 else ''}"
    return GapRow(label, meaning, count, address(pairs), csv, ndjson, noun)
