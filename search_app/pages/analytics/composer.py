"""The form of a pivot: rows, columns, measures and comparison, and the filters of the search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from search_app.analytics.dimensions import LABELS as DIMENSION_LABELS
from search_app.analytics.measures import DEFAULT, MEASURES
from search_app.base.errors import Fault
from search_app.pages.analytics.addresses import DISPLAYS, DRAWN, VIEW
from search_app.pages.analytics.asked.adjusted import remote_field
from search_app.pages.analytics.asked.windows import build_windows
from search_app.pages.search.facet_lists import Box, FacetList
from search_app.pages.search.fields import Choice, SelectField, Tick
from search_app.pages.search.form import SearchForm, named_fault, why
from search_app.pages.search.page import FaultLink
from search_app.pages.search.presets import Presets
from search_app.search.links import Pair, Pairs
from search_app.text.wording import NBSP, typeset

NONE: Final = {"rows": "Aucune : l’ensemble seulement", "columns": "Aucune", "compare": "Rien"}
COMPARED: Final = {"year": "la même période, un an plus tôt", "previous": "la période d’avant, aussi longue"}
SIZES: Final = ("20", "50", "100")
LABELS: Final = {
    "rows": "Lignes", "columns": "Colonnes", "measure": "Chiffres", "compare": "Comparer à", "empty": "Lignes vides",
    "size": "Lignes par page", "sort": "Ordre", "page": "Page", VIEW: "Présentation", DRAWN: "Chiffre dessiné",
}  # fmt: skip
FIELDS: Final = ("rows", "columns", "measure", "compare", "empty", "size")


@dataclass(frozen=True, slots=True)
class Composer:
    """The form. ``search`` has the filters, of which ``filters`` are chosen; ``hidden`` is kept when it is sent.

    ``wrong`` are choices that have a field only to correct them, ``windows`` usual periods to compare.
    """

    rows: SelectField
    columns: SelectField
    measures: FacetList
    compare: SelectField
    size: SelectField
    empty: Tick
    windows: Presets
    search: SearchForm
    filters: int
    hidden: Pairs
    wrong: tuple[SelectField, ...]
    opened: bool


def build_composer(pairs: Sequence[Pair], search: SearchForm, faults: Sequence[Fault] = (), *, today: date) -> Composer:
    """Return the form for the pairs of an address, valid or not; ``search`` is the form of its filters."""
    errors = {fault.parameter: why(fault) for fault in reversed(faults)}
    hidden = [pair for pair in search.hidden if pair[0] not in (*FIELDS, VIEW)]
    hidden += [pair for pair in pairs if pair[0] in (VIEW, DRAWN) and pair[0] not in errors]
    return Composer(
        rows=_select("rows", {"": NONE["rows"], **DIMENSION_LABELS}, pairs, errors),
        columns=_select("columns", {"": NONE["columns"], **DIMENSION_LABELS}, pairs, errors),
        measures=_measures(pairs, errors.get("measure")),
        compare=_select("compare", {"": NONE["compare"], **COMPARED}, pairs, errors),
        size=_select("size", {size: size for size in SIZES}, pairs, errors),
        empty=Tick("empty", "Montrer aussi ce qui n’a aucune offre", ("empty", "show") in pairs, errors.get("empty")),
        windows=build_windows(pairs, today),
        search=replace(search, remote=remote_field(search.remote, pairs)),
        filters=search.chosen,
        hidden=tuple(hidden),
        wrong=tuple(_select(name, DISPLAYS[name], pairs, errors) for name in DISPLAYS if name in errors),
        opened=bool(faults),
    )


def _select(name: str, labels: Mapping[str, str], pairs: Sequence[Pair], errors: Mapping[str, str]) -> SelectField:
    """Return a choice of one; a value that is not listed is added, so that it is not changed in silence."""
    first = next(iter(labels))
    chosen = next((value for given, value in pairs if given == name and value), first)
    shown = labels if chosen in labels else {**labels, chosen: chosen}
    choices = tuple(Choice(value, typeset(label), value == chosen) for value, label in shown.items())
    return SelectField(name, LABELS[name], choices, errors.get(name))


def _measures(pairs: Sequence[Pair], error: str | None) -> FacetList:
    chosen = {value for name, value in pairs if name == "measure"} or set(DEFAULT)
    boxes = tuple(Box(name, typeset(row.label), None, name in chosen) for name, row in MEASURES.items())
    return FacetList("measure", LABELS["measure"], boxes, (), len(chosen & MEASURES.keys()), bool(error), error)


def fault_links(faults: Sequence[Fault]) -> tuple[FaultLink, ...]:
    """Return each fault as a sentence that leads to its field."""
    return tuple(FaultLink(_named(fault), f"#champ-{fault.parameter}") for fault in faults)


def _named(fault: Fault) -> str:
    if fault.parameter not in LABELS:
        return named_fault(fault)
    sentence = why(fault)
    return f"{LABELS[fault.parameter]}{NBSP}: {sentence[:1].lower()}{sentence[1:]}"
