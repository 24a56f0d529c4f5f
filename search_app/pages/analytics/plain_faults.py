"""Faults of a pivot in the words of its form: pages name no parameters and no codes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from search_app.analytics.dimensions import DIMENSIONS
from search_app.analytics.query import COMPARISONS
from search_app.base.errors import Fault
from search_app.search.links import Pair

_LISTED: Final = "« {} » n’existe pas : choisissez dans la liste."
_SAME: Final = "c’est déjà le choix des lignes : choisissez autre chose."
_ALIKE: Final = "lignes et colonnes portent sur la même chose : changez l’une ou l’autre."
_FINER: Final = "le filtre « Domaine » a un code de cinq chiffres : choisissez « Formacode », ou retirez ce filtre."
_MANY: Final = "il y aurait trop de colonnes : échangez lignes et colonnes, ou ajoutez un filtre."
_WINDOW: Final = "choisissez d’abord une période : un bouton sous « Comparer à », ou les dates dans les filtres."


def in_plain_words(faults: Sequence[Fault], pairs: Sequence[Pair]) -> tuple[Fault, ...]:
    """Return faults with sentences for readers of the page; ``pairs`` are those of the address."""
    return tuple(replace(fault, plain=_plain(fault, pairs).format(fault.value) or fault.plain) for fault in faults)


def _plain(fault: Fault, pairs: Sequence[Pair]) -> str:
    match fault.parameter:
        case "compare":
            return _WINDOW if fault.value in COMPARISONS else _LISTED
        case "measure" | "view" | "draw" | "empty":
            return _LISTED
        case "rows":
            return _FINER if fault.value in DIMENSIONS else _LISTED
        case "columns":
            return _of_columns(fault.value, pairs)
    return ""


def _of_columns(value: str, pairs: Sequence[Pair]) -> str:
    """Return what is wrong with columns: they do not exist, repeat the rows or a filter, or are too many."""
    if value not in DIMENSIONS:
        return _LISTED
    rows = next((given for name, given in pairs if name == "rows"), "")
    if rows == value:
        return _SAME
    if rows in DIMENSIONS and DIMENSIONS[rows].param == DIMENSIONS[value].param:
        return _ALIKE
    exact = any(name == "domain" and len(code) == 5 for name, code in pairs)
    return _FINER if value == "domain" and exact else _MANY
