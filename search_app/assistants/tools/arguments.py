"""Arguments of a call: JSON values as the pairs of an address, so that the search's own readers check them."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from search_app.base.errors import Fault
from search_app.search.links import Pair
from search_app.search.params import refuse
from search_app.search.params.table import MOST_VALUES

LONGEST_NAME: Final = 40  # of an argument, in a fault
LONGEST_TEXT: Final = 2_000  # characters of one value: numbers of sessions glued together are over 512


def read_arguments(arguments: Mapping[str, Any], known: Collection[str]) -> tuple[list[Pair], list[Fault]]:
    """Return the arguments as pairs, lists as repeated ones, and every fault of form.

    A fault of an unknown name repeats no value: it may be something about a person.
    """
    pairs: list[Pair] = []
    faults: list[Fault] = []
    for name, value in arguments.items():
        if name not in known:
            faults.append(fault_of(name, ", ".join(known), "cet argument n’existe pas"))
            continue
        try:
            pairs += [(name, text) for text in _texts(value)]
        except ValueError as error:
            faults.append(fault_of(name, "un texte, un nombre, true, false, ou une liste de ces valeurs", str(error)))
    return pairs, faults


def read_pairs(arguments: Mapping[str, Any], known: Collection[str]) -> list[Pair]:
    """Return the arguments as pairs; raises BadParameters with every fault of form."""
    pairs, faults = read_arguments(arguments, known)
    refuse(faults)
    return pairs


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of a value, as an address has them; none for null."""
    values: Iterable[Any] = value if isinstance(value, list) else [] if value is None else [value]
    for at, each in enumerate(values):
        if at >= MOST_VALUES:
            raise ValueError(f"plus de {MOST_VALUES} valeurs")
        yield _text(each)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) < 10**15:
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.15g}"
    if isinstance(value, str) and len(value) <= LONGEST_TEXT:
        return value
    raise ValueError("cette valeur ne convient pas")


def fault_of(name: str, allowed: str, why: str) -> Fault:
    """Return the fault of an argument, without the value that was given."""
    shown = name[:LONGEST_NAME]
    return Fault(shown, "", allowed, f"{shown} : {why} (possible : {allowed}).")


def one_text(pairs: Iterable[Pair], name: str, allowed: str) -> str:
    """Return the one text of an argument that must be given; raises BadParameters."""
    texts = [text.strip() for each, text in pairs if each == name and text.strip()]
    if len(texts) != 1:
        refuse([fault_of(name, allowed, "il manque cette valeur" if not texts else "une seule valeur est possible")])
    return texts[0]
