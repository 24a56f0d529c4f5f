"""The form of the documents: fields filled with the given values, valid or not, and their errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from search_app.base.errors import Fault
from search_app.documents.facets import FACETS, DocumentFacet
from search_app.documents.labels import KIND_LABELS
from search_app.pages.search.facet_lists import Box, FacetList, to_facet_list
from search_app.pages.search.fields import TextField, given_text
from search_app.pages.search.form import PLACES, why
from search_app.search.links import Pair, Pairs
from search_app.search.results import FacetRow

LABELS: Final[Mapping[str, str]] = {
    "q": "Mots, titre ou numéro", "place": "Où ?", "page": "Page", "size": "Résultats par page",
    **{name: facet.title for name, facet in FACETS.items()},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """The form: words and place on top, filters beside the results, and parameters that must be preserved."""

    what: TextField
    where: TextField
    lists: tuple[FacetList, ...]
    wrong: tuple[TextField, ...]
    hidden: Pairs
    chosen: int


def build_document_form(
    pairs: Sequence[Pair], facets: Mapping[str, Sequence[FacetRow]], faults: Sequence[Fault] = ()
) -> DocumentForm:
    """Return the form for the given pairs; without ``facets`` the kinds alone are listed, without counts."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    errors = {fault.parameter: why(fault) for fault in reversed(faults)}
    lists = [_list(facet, given.get(name, ()), facets.get(name), errors.get(name)) for name, facet in FACETS.items()]
    return DocumentForm(
        what=given_text("q", LABELS, given, errors),
        where=given_text("place", LABELS, given, errors, suggest=PLACES),
        lists=tuple(each for each in lists if each.shown),
        wrong=tuple(given_text(name, LABELS, given, errors) for name in ("page", "size") if name in errors),
        hidden=tuple(("size", value) for value in given.get("size", ()) if "size" not in errors),
        chosen=sum(len(given.get(name, ())) for name in FACETS),
    )


def _list(facet: DocumentFacet, chosen: Sequence[str], rows: Sequence[FacetRow] | None, error: str | None) -> FacetList:
    if rows is None:  # on a page of faults
        labels = KIND_LABELS if facet.name == "kind" else {}
        boxes = [Box(value, label, None, value in chosen) for value, label in labels.items()]
    else:
        boxes = [Box(row.value, row.label, row.count, row.selected) for row in rows]
    return to_facet_list(facet.name, facet.title, boxes, opened=facet.opened, error=error)
