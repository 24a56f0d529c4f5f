"""The link to the same page with the lists that are counted on request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from search_app.search.facets import FACETS, Facet, FormGroup
from search_app.search.links import SEARCH, Pair, address
from search_app.text import wording

_GROUPS: Final = tuple(FormGroup)


@dataclass(frozen=True, slots=True)
class More:
    """The link; it leads to the first of the new lists, which opens the form around it."""

    text: str
    href: str


def build_more(pairs: Sequence[Pair], path: str = SEARCH) -> More | None:
    """Return the link to the lists on request that are not there yet, None if all are."""
    there = {value for name, value in pairs if name == "facets"} | {name for name, _ in pairs}
    missing = [facet for facet in FACETS if facet.on_request and facet.param not in there]
    if not missing:
        return None
    titles = ", ".join(facet.title[:1].lower() + facet.title[1:] for facet in missing)
    href = address((*pairs, *(("facets", facet.param) for facet in missing)), path)
    first = min(missing, key=_place)
    return More(wording.typeset(f"Plus de filtres : {titles}"), f"{href}#champ-{first.param}")


def asked_lists(pairs: Sequence[Pair]) -> frozenset[str]:
    """Return the lists on request that an address names."""
    return frozenset(value for name, value in pairs if name == "facets")


def _place(facet: Facet) -> tuple[int, int]:
    assert facet.group is not None
    return _GROUPS.index(facet.group), facet.position
