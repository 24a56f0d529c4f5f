"""Parses query pairs into SearchParams, or into all their faults."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from search_app.base.errors import BadParameters, Fault
from search_app.search.params.parameter import Parameter
from search_app.search.params.search_params import DEFAULT_SIZE, SearchParams
from search_app.search.params.sorts import SORTS
from search_app.search.params.table import DEEPEST_RESULT, MOST_VALUES, PARAMETERS
from search_app.text.dates import french_day

LONGEST_SHOWN = 100
MOST_FAULTS = 200  # faults listed one by one: far more than the vocabulary has names, and the answer stays below 200 kB


def parse_params(
    pairs: Iterable[tuple[str, str]],
    *,
    ignore_unknown: bool = False,
    check: Callable[[SearchParams], Sequence[Fault]] = lambda _: (),
) -> SearchParams:
    """Return the checked parameters; raises BadParameters with every fault. Empty values count as missing.

    ``check`` returns faults beyond the vocabulary (an unknown place); it gets the parameters that could be parsed, so
    that its faults are reported together with the others.
    """
    fields, faults = read_fields(pairs, PARAMETERS, ignore_unknown=ignore_unknown)
    params = SearchParams(**fields)
    refuse([*faults, *check(params)])
    return params


def read_fields(
    pairs: Iterable[tuple[str, str]], vocabulary: Mapping[str, Parameter], *, ignore_unknown: bool = False
) -> tuple[dict[str, Any], list[Fault]]:
    """Return the given values of a vocabulary, by name, and every fault."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value.strip())
    faults: list[Fault] = []
    fields: dict[str, Any] = {}
    for name, texts in given.items():
        parameter = vocabulary.get(name)
        if parameter is not None:
            fields |= _read(parameter, [text for text in texts if text], faults)
        elif not ignore_unknown:
            faults.append(_unknown(name, texts[0], vocabulary))
    faults += _faults_between(fields)
    return fields, faults


def refuse(faults: Sequence[Fault]) -> None:
    """Raise BadParameters if there is any fault; of very many only the first are listed."""
    if len(faults) > MOST_FAULTS:
        more = f"{len(faults) - MOST_FAULTS} autres paramètres sont incorrects."
        faults = [*faults[:MOST_FAULTS], Fault("…", "", f"{MOST_FAULTS} fautes sont détaillées", more)]
    if faults:
        raise BadParameters(faults)


def unknown_faults(pairs: Iterable[tuple[str, str]], known: Collection[str] = ()) -> list[Fault]:
    """Return a fault for each unknown name of an address, with its first value."""
    given: dict[str, str] = {}
    for name, value in pairs:
        given.setdefault(name, value.strip())
    return [_unknown(name, value, known) for name, value in given.items() if name not in known]


def _unknown(name: str, value: str, known: Collection[str]) -> Fault:
    return _fault(name, value, ", ".join(known) or "aucun paramètre", "ce paramètre n’existe pas")


def _read(parameter: Parameter, texts: list[str], faults: list[Fault]) -> dict[str, Any]:
    if not texts:
        return {}
    if not parameter.many and len(texts) > 1:
        faults.append(_fault(parameter.name, " ; ".join(texts), "une seule valeur", "ce paramètre est répété"))
        return {}
    if len(texts) > MOST_VALUES:
        faults.append(_fault(parameter.name, str(len(texts)), f"{MOST_VALUES} valeurs au plus", "trop de valeurs"))
        return {}
    read = []
    for text in texts:
        try:
            read.append(parameter.read(text))
        except ValueError as error:
            faults.append(_fault(parameter.name, text, parameter.allowed, str(error), parameter.plain))
    if not read:
        return {}
    return {parameter.name: tuple(dict.fromkeys(read)) if parameter.many else read[0]}


def _faults_between(fields: dict[str, Any]) -> list[Fault]:
    faults = []
    if ("lat" in fields) != ("lon" in fields):
        missing = "lon" if "lat" in fields else "lat"
        both = "latitude et longitude ensemble"
        faults.append(_fault(missing, "", "lat et lon ensemble", "il manque l’autre coordonnée", both))
    if "place" in fields and "lat" in fields:
        either = "un lieu, ou bien un point (latitude et longitude)"
        faults.append(_fault("place", fields["place"], "place, ou bien lat et lon", "deux lieux à la fois", either))
    if "start_from" in fields and "start_to" in fields and fields["start_from"] > fields["start_to"]:
        allowed = f"une date à partir du {fields['start_from']}"
        plain = f"une date à partir du {french_day(fields['start_from'])}"
        faults.append(_fault("start_to", str(fields["start_to"]), allowed, "la fin est avant le début", plain))
    sort = SORTS.get(fields.get("sort", ""))
    if sort and sort.needs_point and "place" not in fields and "lat" not in fields:
        plain = "la distance depuis un lieu ou un point"
        allowed = "distance avec place, ou avec lat et lon"
        faults.append(_fault("sort", sort.name, allowed, "il manque le lieu", plain))
    page, size = fields.get("page", 1), fields.get("size", DEFAULT_SIZE)
    if page * size > DEEPEST_RESULT:
        allowed = f"page × size jusqu’à {DEEPEST_RESULT}"
        plain = f"les {DEEPEST_RESULT} premiers résultats"
        faults.append(_fault("page", str(page), allowed, "au-delà, utilisez l’export", plain))
    return faults


def _fault(name: str, value: str, allowed: str, why: str, plain: str = "") -> Fault:
    """Return a fault; ``plain`` is the allowed value in the words of the pages, ``allowed`` in those of the API."""
    shown_name, shown = name[:LONGEST_SHOWN], value[:LONGEST_SHOWN]
    given = f"reçu : « {shown} » ; " if shown else ""
    message = f"{shown_name} : {why} ({given}possible : {allowed})."
    return Fault(shown_name, shown, allowed, message, f"{why} ({given}possible : {plain or allowed}).")
