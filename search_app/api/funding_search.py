"""The search for one person: the parameters of the search, the person and the wanted values, posted as JSON.

What was posted is in no address, log or cache, and no fault repeats it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from funding.evaluation.facet import VALUES, FundingValue
from funding.facts.person import Person
from search_app.api.funding import IN_BODY, not_posted
from search_app.base.errors import BadParameters, Fault
from search_app.base.posted import DATE, fault_at, read_json, to_person, without_values
from search_app.base.responses import JSON, to_bytes
from search_app.search.funding.situation import Situation
from search_app.search.params import refuse
from search_app.search.params.parse import read_fields
from search_app.search.params.search_params import SearchParams
from search_app.search.params.table import PARAMETERS
from search_app.search.service import services_of

PATH: Final = "/api/v1/offers/search"
PERSON, FUNDING = "person", "funding"
NAMES: Final = (*PARAMETERS, PERSON, FUNDING)


def funding_search_routes() -> list[Route]:
    """Return the route of the search for one person."""
    return [Route(PATH, search_for_person, methods=["POST"]), Route(PATH, not_posted)]


async def search_for_person(request: Request) -> Response:
    """Search with a person: every parameter of the search, every fault reported without its value."""
    if request.query_params:
        refuse([IN_BODY])
    posted = await read_json(request)
    services = services_of(request)
    params, situation = read_posted(posted)
    try:
        search = services.resolve(params, situation=situation)
    except BadParameters as error:  # an unknown place
        raise BadParameters(_untold(error.faults, posted)) from None
    return Response(to_bytes(await services.search(search)), media_type=JSON)


def read_posted(posted: Mapping[str, Any]) -> tuple[SearchParams, Situation]:
    """Return the parameters and the situation of a posted object; raises BadParameters with every fault."""
    given, faults = read_fields(_pairs(posted), PARAMETERS)
    faults = _untold(faults, posted)
    faults += [fault_at(name, PARAMETERS[name].allowed) for name in PARAMETERS if not _is_plain(posted.get(name))]
    values = _values(posted.get(FUNDING))
    if values is None:
        faults.append(fault_at(FUNDING, ", ".join(VALUES)))
    person = Person()
    try:
        person = to_person(posted.get(PERSON))
    except BadParameters as error:
        faults += error.faults
    if faults:
        raise BadParameters(faults)
    return SearchParams(**given), Situation(person, values or ())


def _pairs(posted: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the parameters as the pairs of an address; what is no plain value is left to its fault."""
    for name, value in posted.items():
        if name in (PERSON, FUNDING) or not _is_plain(value):
            continue
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                yield name, each if isinstance(each, str) else orjson.dumps(each).decode()


def _is_plain(value: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(each is None or isinstance(each, str | int | float | bool) for each in values)


def _values(posted: Any) -> tuple[FundingValue, ...] | None:
    """Return the wanted values, best first; None if others are among them."""
    values = posted if isinstance(posted, list) else [] if posted is None else [posted]
    if not all(isinstance(each, str) and each in VALUES for each in values):
        return None
    return tuple(value for value in VALUES if value in values)


def _untold(faults: Sequence[Fault], posted: Mapping[str, Any]) -> list[Fault]:
    """Return faults of posted parameters that repeat nothing of what was posted: one of two days names the other."""
    days = [(name, text) for name, text in _pairs(posted) if DATE.fullmatch(text)]
    return [_without(fault, days) for fault in without_values(faults, NAMES)]


def _without(fault: Fault, days: Sequence[tuple[str, str]]) -> Fault:
    allowed = fault.allowed
    for name, text in days:
        allowed = allowed.replace(f"du {text}", f"de {name}")
    return fault if allowed == fault.allowed else fault_at(fault.parameter, allowed)
