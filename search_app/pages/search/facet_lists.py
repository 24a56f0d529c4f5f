"""Count lists as boxes to tick, or to choose one of: the most frequent and the chosen first, the rest one step away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from mappings.codes import OBSOLETE_FUNDER
from search_app.base.errors import Fault
from search_app.search.links import Pair
from search_app.search.query.facets import FACETS, SEATS_COUNTED, Facet, seats_label
from search_app.search.reference_data import Snapshot
from search_app.search.results import FacetRow

VISIBLE: Final = 6
MOST_OF_OPEN_LISTS: Final = 30  # jobs and providers: more than anybody reads; words find the others
OPEN_AT_FIRST: Final = frozenset(("funder", "seats", "mode", "level"))
# Lists whose every value is known without an answer.
_OBSOLETE: Final = ("funder", OBSOLETE_FUNDER)  # not proposed; counted and shown where offers have it
_CLOSED: Final = frozenset(("funder", "recruiting", "region", "department", "level", "mode", "entry", "state_funded"))


@dataclass(frozen=True, slots=True)
class Box:
    """One value; ``count`` is None where nothing was counted (the page of wrong parameters)."""

    value: str
    label: str
    count: int | None
    selected: bool


@dataclass(frozen=True, slots=True)
class FacetList:
    """One count list; ``first`` is always seen, ``rest`` is folded away."""

    name: str
    title: str
    first: tuple[Box, ...]
    rest: tuple[Box, ...]
    chosen: int
    opened: bool
    error: str | None = None
    kind: Literal["checkbox", "radio"] = "checkbox"


def build_lists(facets: Mapping[str, Sequence[FacetRow]]) -> dict[str, FacetList]:
    """Return every count list of an answer, by its parameter."""
    return {facet.param: _to_list(facet, [_counted(row) for row in facets.get(facet.param, ())]) for facet in FACETS}


def _counted(row: FacetRow) -> Box:
    return Box(row.value, row.label, row.count, row.selected)


def build_uncounted_lists(
    snapshot: Snapshot,
    pairs: Sequence[Pair] = (),
    faults: Sequence[Fault] = (),
    errors: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, FacetList]:
    """Return the lists where there is no answer: closed tables whole, of open ones what is chosen and right.

    ``errors`` are the sentences to show, by parameter.
    """
    bad_values = {(fault.parameter, fault.value) for fault in faults}
    lists = {}
    for facet in FACETS:
        chosen = [value for name, value in pairs if name == facet.param and (name, value) not in bad_values]
        if facet.param == "seats":
            closed: Mapping[str, str] = {value: seats_label(value) for value in map(str, SEATS_COUNTED)}
        else:
            closed = snapshot.labels[facet.labels] if facet.param in _CLOSED else {}
            closed = {value: label for value, label in closed.items() if (facet.param, value) != _OBSOLETE}
        values = [*closed, *(value for value in dict.fromkeys(chosen) if value and value not in closed)]
        boxes = [Box(value, _label(facet, value, snapshot), None, value in chosen) for value in values]
        lists[facet.param] = _to_list(facet, boxes, errors.get(facet.param))
    return lists


def _to_list(facet: Facet, boxes: Sequence[Box], error: str | None = None) -> FacetList:
    selected = sum(box.selected for box in boxes)
    if facet.single and boxes:
        boxes = [Box("", "Peu importe", None, not selected), *boxes]
    first = [box for position, box in enumerate(boxes) if position < VISIBLE or box.selected]
    rest = [box for position, box in enumerate(boxes) if position >= VISIBLE and not box.selected]
    if len(rest) == 1:  # a fold for one value takes more room than the value
        first, rest = first + rest, []
    opened = bool(selected) or bool(error) or facet.param in OPEN_AT_FIRST
    kind: Literal["checkbox", "radio"] = "radio" if facet.single else "checkbox"
    return FacetList(facet.param, facet.title, tuple(first), tuple(rest), selected, opened, error, kind)


def _label(facet: Facet, value: str, snapshot: Snapshot) -> str:
    return seats_label(value) if facet.param == "seats" else snapshot.label(facet.labels, value)
