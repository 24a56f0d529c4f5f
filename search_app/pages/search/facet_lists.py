"""Facets as checkboxes or radio buttons: the most frequent and the selected values first, the others behind a
disclosure.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal

from search_app.base.errors import Fault
from search_app.search.facets import FACETS, CodePattern, Facet
from search_app.search.links import Pair
from search_app.search.reference_data import Snapshot
from search_app.search.results import FacetRow
from search_app.text.casing import cased

VISIBLE: Final = 6
MOST_OF_OPEN_LISTS: Final = 25  # jobs and providers: more are not read; words find the others


@dataclass(frozen=True, slots=True)
class Box:
    """One value; ``count`` is None if nothing was counted (the page of wrong parameters)."""

    value: str
    label: str
    count: int | None
    selected: bool


@dataclass(frozen=True, slots=True)
class FacetList:
    """One facet; ``first`` is always visible, ``rest`` is behind a disclosure. ``asked``: the address names it."""

    name: str
    title: str
    first: tuple[Box, ...]
    rest: tuple[Box, ...]
    chosen: int
    opened: bool
    error: str | None = None
    kind: Literal["checkbox", "radio"] = "checkbox"
    asked: bool = False

    @property
    def shown(self) -> bool:
        """Tell whether the form has it: one without values only where it is asked for, or wrong."""
        return bool(self.first or self.error or self.asked)


def build_lists(facets: Mapping[str, Sequence[FacetRow]], asked: Collection[str] = frozenset()) -> dict[str, FacetList]:
    """Return every facet of an answer, by its parameter; ``asked`` are those that the address names."""
    lists = {}
    for facet in FACETS:
        found = _to_list(facet, [_counted(facet, row) for row in _listed(facet, facets)])
        if facet.param in asked:
            found = replace(found, asked=True, opened=True)
        lists[facet.param] = found
    return lists


def shown_label(facet: Facet, value: str, label: str) -> str:
    """Return a value's label as pages show it: names of organisations are cased for reading, numbers are not."""
    is_name = isinstance(facet.values, CodePattern) and facet.values.names and label != facet.values.other_label(value)
    return cased(label) if is_name else label


def _listed(facet: Facet, facets: Mapping[str, Sequence[FacetRow]]) -> Sequence[FacetRow]:
    """Return the rows of a facet that the form lists: its most frequent values, and those chosen."""
    rows = facets.get(facet.param, ())
    if not facet.listed:
        return rows
    return [row for position, row in enumerate(rows) if position < facet.listed or row.selected]


def _counted(facet: Facet, row: FacetRow) -> Box:
    return Box(row.value, _brief(facet, shown_label(facet, row.value, row.label)), row.count, row.selected)


def _brief(facet: Facet, label: str) -> str:
    """Return a label without what the title of its list says."""
    return facet.values.brief(label) if isinstance(facet.values, CodePattern) else label


def build_uncounted_lists(
    snapshot: Snapshot,
    pairs: Sequence[Pair] = (),
    faults: Sequence[Fault] = (),
    errors: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, FacetList]:
    """Return the facets without an answer: closed tables complete, of open ones the valid selected values.

    ``errors`` are the displayed sentences, by parameter.
    """
    bad_values = {(fault.parameter, fault.value) for fault in faults}
    lists = {}
    for facet in FACETS:
        chosen = [value for name, value in pairs if name == facet.param and (name, value) not in bad_values]
        values = dict.fromkeys((*facet.values.proposed(), *(value for value in chosen if value)))
        boxes = [
            Box(value, _brief(facet, snapshot.label(facet.param, value)), None, value in chosen) for value in values
        ]
        lists[facet.param] = _to_list(facet, boxes, errors.get(facet.param))
    return lists


def to_facet_list(name: str, title: str, boxes: Sequence[Box], *, opened: bool, error: str | None) -> FacetList:
    """Return a facet of another list than that of offers; it is open in any case if a value is chosen or wrong."""
    selected = sum(box.selected for box in boxes)
    first = tuple(box for position, box in enumerate(boxes) if position < VISIBLE or box.selected)
    rest = tuple(box for position, box in enumerate(boxes) if position >= VISIBLE and not box.selected)
    return FacetList(name, title, first, rest, selected, bool(selected) or bool(error) or opened, error)


def _to_list(facet: Facet, boxes: Sequence[Box], error: str | None = None) -> FacetList:
    selected = sum(box.selected for box in boxes)
    if facet.single and boxes:
        boxes = [Box("", "Peu importe", None, not selected), *boxes]
    first = [box for position, box in enumerate(boxes) if position < VISIBLE or box.selected]
    rest = [box for position, box in enumerate(boxes) if position >= VISIBLE and not box.selected]
    if len(rest) == 1:  # a disclosure for one value takes more room than the value
        first, rest = first + rest, []
    opened = bool(selected) or bool(error) or facet.opened
    kind: Literal["checkbox", "radio"] = "radio" if facet.single else "checkbox"
    return FacetList(facet.param, facet.title, tuple(first), tuple(rest), selected, opened, error, kind)
