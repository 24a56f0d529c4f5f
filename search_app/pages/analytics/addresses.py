"""Addresses of the query module: its parameters beside those of the search, in one order."""

from collections.abc import Sequence
from typing import Final

from search_app.analytics.measures import MEASURES
from search_app.analytics.query import OWN, PivotQuery
from search_app.base.errors import Fault
from search_app.pages.analytics.asked.adjusted import told_remote
from search_app.pages.analytics.asked.questions import PIVOT
from search_app.search.links import SEARCH, Pair, Pairs, address, to_pairs, without

VIEW: Final = "view"
DRAWN: Final = "draw"  # the measure of chart and map
VIEWS: Final = {"table": "Tableau", "chart": "Graphique", "map": "Carte"}
# Parameters that only pages have, with the labels of their values.
DISPLAYS: Final = {VIEW: VIEWS, DRAWN: {name: row.label for name, row in MEASURES.items()}}
# Parameters of the search that a pivot has under the same name, or not at all.
_NOT_OF_SEARCH: Final = ("sort", "group", "page", "size", "facet_size", "facets", "explain")
API: Final = "/api/v1/analytics"

__all__ = ["API", "DRAWN", "PIVOT", "VIEW", "VIEWS"]


def offers_at(search: str) -> str:
    """Return the address of the very offers of a figure."""
    return f"{SEARCH}?{search}" if search else SEARCH


def search_pairs(query: PivotQuery) -> Pairs:
    """Return the search of a pivot as it was understood."""
    return without(to_pairs(query.search.params), *_NOT_OF_SEARCH)


def pivot_pairs(query: PivotQuery, given: Sequence[Pair]) -> Pairs:
    """Return the whole address of a pivot in one order: the search as understood, then what the pivot has given."""
    own = [pair for name in OWN for pair in given if pair[0] == name and pair[1].strip()]
    return (*search_pairs(query), *told_remote(query.search.params, given), *own, *shown_pairs(given))


def shown_pairs(given: Sequence[Pair]) -> Pairs:
    """Return how a pivot is shown, where that is not a table."""
    return tuple((name, value) for name, value in given if (name, value) != (VIEW, "table") and name in (VIEW, DRAWN))


def display_faults(given: Sequence[Pair]) -> list[Fault]:
    """Return the faults of the parameters that only pages have."""
    faults = []
    for name, labels in DISPLAYS.items():
        for value in (value for each, value in given if each == name and value.strip() and value not in labels):
            allowed = ", ".join(labels)
            message = f"{name} : valeur inconnue (reçu : « {value[:100]} » ; possible : {allowed})."
            plain = f"valeur inconnue (possible : {', '.join(labels.values())})."
            faults.append(Fault(name, value[:100], allowed, message, plain))
    return faults


def api_address(pairs: Pairs, form: str = "") -> str:
    """Return the address of the same pivot in the API; ``form`` is the suffix of a file, whose rows have no pages."""
    kept = without(pairs, VIEW, DRAWN, *(("page", "size", "sort") if form else ()))
    return address(kept, API + form)
