"""From query pairs to SearchParams, or to all that is wrong with them."""

from collections.abc import Iterable, Mapping
from typing import Any

from search_app.errors import BadParameters, Fault
from search_app.params.search_params import SearchParams
from search_app.params.table import DEEPEST_RESULT, MOST_VALUES, PARAMETERS, Parameter

LONGEST_SHOWN = 100
MOST_FAULTS = 200  # told one by one: far more than the vocabulary has names, and the answer stays below 200 kB


def parse_params(pairs: Iterable[tuple[str, str]], *, ignore_unknown: bool = False) -> SearchParams:
    """Return the checked parameters; raises BadParameters with every fault. Empty values count as not given."""
    return SearchParams(**read_fields(pairs, PARAMETERS, ignore_unknown=ignore_unknown))


def read_fields(
    pairs: Iterable[tuple[str, str]], vocabulary: Mapping[str, Parameter], *, ignore_unknown: bool = False
) -> dict[str, Any]:
    """Return what is given of a vocabulary, by name; raises BadParameters with every fault."""
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
            faults.append(_fault(name, texts[0], ", ".join(vocabulary), "ce paramètre n’existe pas"))
    faults += _faults_between(fields)
    if len(faults) > MOST_FAULTS:
        more = f"{len(faults) - MOST_FAULTS} autres paramètres sont incorrects."
        faults = [*faults[:MOST_FAULTS], Fault("…", "", f"{MOST_FAULTS} fautes sont détaillées", more)]
    if faults:
        raise BadParameters(faults)
    return fields


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
            faults.append(_fault(parameter.name, text, parameter.allowed, str(error)))
    if not read:
        return {}
    return {parameter.name: tuple(dict.fromkeys(read)) if parameter.many else read[0]}


def _faults_between(fields: dict[str, Any]) -> list[Fault]:
    faults = []
    if ("lat" in fields) != ("lon" in fields):
        missing = "lon" if "lat" in fields else "lat"
        faults.append(_fault(missing, "", "lat et lon ensemble", "il manque l’autre coordonnée"))
    if "place" in fields and "lat" in fields:
        faults.append(_fault("place", fields["place"], "place, ou bien lat et lon", "deux lieux à la fois"))
    if "start_from" in fields and "start_to" in fields and fields["start_from"] > fields["start_to"]:
        allowed = f"une date à partir du {fields['start_from']}"
        faults.append(_fault("start_to", str(fields["start_to"]), allowed, "la fin est avant le début"))
    if fields.get("sort") == "distance" and "place" not in fields and "lat" not in fields:
        faults.append(_fault("sort", "distance", "distance avec place, ou avec lat et lon", "il manque le lieu"))
    page, size = fields.get("page", 1), fields.get("size", SearchParams.__dataclass_fields__["size"].default)
    if page * size > DEEPEST_RESULT:
        allowed = f"page × size jusqu’à {DEEPEST_RESULT}"
        faults.append(_fault("page", str(page), allowed, "au-delà, utilisez l’export"))
    return faults


def _fault(name: str, value: str, allowed: str, why: str) -> Fault:
    shown_name, shown = name[:LONGEST_SHOWN], value[:LONGEST_SHOWN]
    message = f"{shown_name} : {why} (reçu : « {shown} » ; possible : {allowed})."
    return Fault(shown_name, shown, allowed, message)
