"""The form of the census: fields filled with the given values, valid or not, and their errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from search_app.base.errors import Fault
from search_app.census.labels import SORT_LABELS
from search_app.census.params import FACET_TITLES, FACETS
from search_app.pages.search.facet_lists import Box, FacetList, to_facet_list
from search_app.pages.search.fields import Choice, SelectField, TextField, given_text
from search_app.pages.search.form import PLACES, RADII, why
from search_app.search.facets.everyday import everyday
from search_app.search.links import Pair, Pairs
from search_app.search.params.search_params import DEFAULT_RADIUS_KM
from search_app.search.results import FacetRow
from search_app.text import wording

LABELS: Final[Mapping[str, str]] = {
    "q": "Nom, sigle, ville ou numéro", "place": "Où ?", "radius": "Rayon", "lat": "Latitude", "lon": "Longitude",
    "domain": "Domaine de ses offres", "sort": "Ordre", "page": "Page", "size": "Résultats par page", **FACET_TITLES,
}  # fmt: skip
OPENED: Final = ("state", "qualiopi", "offers")
_HIDDEN: Final = ("lat", "lon", "size")


@dataclass(frozen=True, slots=True)
class CensusForm:
    """The form: name and place on top, filters beside the results, and hidden parameters that must be preserved."""

    what: TextField
    where: TextField
    radius: SelectField
    sort: SelectField
    domain: SelectField
    lists: tuple[FacetList, ...]
    wrong: tuple[TextField, ...]
    hidden: Pairs
    chosen: int


def build_census_form(
    pairs: Sequence[Pair], facets: Mapping[str, Sequence[FacetRow]], faults: Sequence[Fault] = ()
) -> CensusForm:
    """Return the form for the given pairs; without ``facets`` closed lists are complete and without counts."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    errors = {fault.parameter: why(fault) for fault in reversed(faults)}
    domains, more = given.get("domain", [""])[0], given.get("domain", [])[1:]
    hidden = [(name, value) for name in _HIDDEN for value in given.get(name, ()) if name not in errors]
    lists = tuple(_list(name, given.get(name, ()), facets.get(name), errors.get(name)) for name in FACETS)
    return CensusForm(
        what=given_text("q", LABELS, given, errors),
        where=given_text("place", LABELS, given, errors, suggest=PLACES),
        radius=_select("radius", _radii(given), given.get("radius", [f"{DEFAULT_RADIUS_KM:g}"])[0], errors),
        sort=_select("sort", {"": "Selon la recherche", **SORT_LABELS}, given.get("sort", [""])[0], errors),
        domain=_select("domain", {"": "Tous", **_domains()}, domains, errors),
        lists=tuple(each for each in lists if each.first or each.error),
        wrong=tuple(
            given_text(name, LABELS, given, errors) for name in ("lat", "lon", "page", "size") if name in errors
        ),
        hidden=(*hidden, *(("domain", value) for value in more if "domain" not in errors)),
        chosen=sum(len(given.get(name, ())) for name in (*FACETS, "domain")),
    )


def _select(name: str, labels: Mapping[str, str], chosen: str, errors: Mapping[str, str]) -> SelectField:
    """Return a select field; an unlisted value is added, so that it is preserved."""
    choices = [Choice(value, text, value == chosen) for value, text in labels.items()]
    if chosen not in labels:
        choices.append(Choice(chosen, chosen, True))
    return SelectField(name, wording.typeset(LABELS[name]), tuple(choices), errors.get(name))


def _radii(given: Mapping[str, list[str]]) -> dict[str, str]:
    values = dict.fromkeys((*RADII, *given.get("radius", [])[:1]))
    return {value: f"{value.replace('.', ',')}{wording.NBSP}km" for value in values}


def _domains() -> dict[str, str]:
    return dict(sorted(everyday().names.items(), key=lambda row: row[1]))


def _list(name: str, chosen: Sequence[str], rows: Sequence[FacetRow] | None, error: str | None) -> FacetList:
    if rows is None:  # on a page of faults
        labels = FACETS[name] if len(FACETS[name]) <= len(FACETS["gap"]) else {}
        boxes = [Box(value, label, None, value in chosen) for value, label in labels.items()]
    else:
        boxes = [Box(row.value, row.label, row.count, row.selected) for row in rows]
    return to_facet_list(name, FACET_TITLES[name], boxes, opened=name in OPENED, error=error)
