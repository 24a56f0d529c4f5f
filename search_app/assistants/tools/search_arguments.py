"""The arguments that search and counts share: the search's own parameters, and their short JSON Schema."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from search_app.assistants.offer_lines import USUAL
from search_app.assistants.tools.answer import Asked
from search_app.base.errors import Fault
from search_app.search.links import Pair, address, to_pairs, without
from search_app.search.params.parameter import Parameter, integer
from search_app.search.params.parse import read_fields
from search_app.search.params.search_params import SearchParams
from search_app.search.params.table import DEEPEST_RESULT, PARAMETERS
from search_app.search.resolved import ResolvedSearch

DEFAULT_SIZE: Final = 5
LARGEST_SIZE: Final = 10
SIZE: Final = integer("size", 1, LARGEST_SIZE, f"{DEFAULT_SIZE} par défaut.", str(DEFAULT_SIZE))
PAGE: Final = integer("page", 1, DEEPEST_RESULT // LARGEST_SIZE, "Page, à partir de 1.", "1")
# An answer lists offers, one by one: what changes its form, or is for developers, is no argument.
_LEFT_OUT: Final = frozenset(("group", "facets", "facet_size", "explain"))
ARGUMENTS: Final[Mapping[str, Parameter]] = {name: row for name, row in PARAMETERS.items() if name not in _LEFT_OUT} | {
    "size": SIZE,
    "page": PAGE,
}
OF_COUNTS: Final[Mapping[str, Parameter]] = {
    name: row for name, row in ARGUMENTS.items() if name not in ("size", "page", "sort")
}
# Those that the list of tools tells; further facets work as well, and a fault names all of them.
LISTED: Final[Sequence[str]] = (
    *("q", "place", "lat", "lon", "radius", "remote", "start_from", "start_to", "funder", "seats", "recruiting"),
    *("state_funded", "domain", "rome", "rncp", "level", "entry_level", "audience", "mode", "entry", "rhythm"),
    *("region", "department", "provider", "free", "upcoming", "hours_max", "price_max", "sort", "page", "size"),
)
_HINTS: Final[Mapping[str, str]] = {
    "q": "mots", "place": "ville, code postal, département, région", "radius": "km", "start_from": "AAAA-MM-JJ",
    "funder": "code LHEO (find_code)", "seats": "places restantes au moins", "domain": "Formacode ou 3 chiffres",
    "level": "niveau de sortie 11-18", "entry_level": "niveau de la personne : 0, 13-18", "provider": "SIREN",
    "free": "payée à un demandeur d’emploi", "upcoming": "à venir seulement", "size": f"max {LARGEST_SIZE}",
}  # fmt: skip
_FEW: Final = 4  # values of a closed list that are told
# Repeatable ones that the list tells as one value, since it is seldom several; lists are taken as well.
_ONE_TOLD: Final = frozenset(("recruiting", "rncp", "audience", "entry", "rhythm", "provider"))


def to_schema() -> dict[str, Any]:
    """Return the JSON Schema of the arguments of a search, as short as it can be: every client reads all of it."""
    return {"type": "object", "properties": {name: _property(ARGUMENTS[name]) for name in LISTED}}


def _property(row: Parameter) -> dict[str, Any]:
    told = {"description": _HINTS[row.name]} if row.name in _HINTS else {}
    values = [value for value in row.schema.get("enum", ()) if value != "unknown"]
    if values == ["true", "false"]:
        return {"type": "boolean"} | told
    single: dict[str, Any] = {"type": row.schema.get("type", "string")}
    if values and len(values) <= _FEW and single["type"] == "string":
        single["enum"] = values
    if row.many and row.name not in _ONE_TOLD:
        return {"type": "array", "items": single} | told
    return single | told


def read_search(
    asked: Asked, pairs: Iterable[Pair], vocabulary: Mapping[str, Parameter], more: Sequence[Fault] = ()
) -> ResolvedSearch:
    """Return the resolved search of these pairs; raises BadParameters with every fault and ``more``, NothingLoaded."""
    fields, faults = read_fields(pairs, vocabulary)
    return asked.services.resolve(SearchParams(**{"size": DEFAULT_SIZE, **fields}), faults=[*more, *faults])


def address_of(asked: Asked, search: ResolvedSearch, most: int = USUAL.address) -> str | None:
    """Return the page with the same search, in the size of pages; None if it is too long to be told."""
    found = asked.site + address(without(to_pairs(search.asked), "size", "facets"))
    return found if len(found) <= most else None


def site_lines(url: str | None) -> list[str]:
    """Return the line with the address of a search on the site, none without one."""
    return [f"Sur le site : {url}"] if url else []
