"""Who pays: an offer's verdicts for a posted person, and the schemes as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPMethod
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from funding import Person
from search_app.base.errors import BadParameters, Fault, MethodNotAllowed
from search_app.base.posted import ON, SESSION, fault_at, read_json, to_day, to_person, to_session, unknown_names
from search_app.base.responses import JSON, json_response, to_bytes
from search_app.exports.funding import SCHEMES
from search_app.funding.asked import asked_day
from search_app.funding.judging import Judged, judge_offer
from search_app.funding.sheets import to_scheme, to_schemes
from search_app.funding.views import OneSchemeView, SchemesView
from search_app.search.params import refuse
from search_app.search.service import services_of

OFFER_PATH: Final = "/api/v1/offers/{id:path}/funding"
NAMES: Final = ("session", "person", "on")
IN_BODY: Final = fault_at("address", "aucun paramètre : tout est dans le corps")

T = TypeVar("T")


def offer_funding_routes() -> list[Route]:
    """Return the routes of an offer's verdicts; they must precede the route of a single offer."""
    return [Route(OFFER_PATH, offer_funding, methods=["POST"]), Route(OFFER_PATH, not_posted)]


def funding_routes() -> list[Route]:
    """Return the routes of the schemes; they must follow those of their files."""
    return [Route(SCHEMES, schemes), Route(f"{SCHEMES}/{{id}}", scheme)]


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """What was posted about an offer."""

    session: str | None
    person: Person
    on: date


async def offer_funding(request: Request) -> Response:
    """Judge an offer for the posted person; nothing of the person is kept, and the answer repeats none of it."""
    services = services_of(request)
    if request.query_params:
        refuse([IN_BODY])
    asked = read_question(await read_json(request), services.settings.current_day())
    stored = await services.offer(request.path_params["id"])
    judged = judge_offer(services.reference.known(), stored, asked.session, asked.person, asked.on)
    return Response(to_bytes(to_answer(judged, asked.on)), media_type=JSON)


async def not_posted(_: Request) -> Response:
    """Refuse other methods: without this route the address would be that of an unknown offer."""
    raise MethodNotAllowed([HTTPMethod.POST])


def read_question(posted: Mapping[str, Any], today: date) -> Question:
    """Return the question of a JSON object; raises BadParameters with every fault."""
    faults = unknown_names(posted, NAMES)
    session = _or_fault(faults, None, lambda: to_session(posted.get(SESSION)))
    person = _or_fault(faults, Person(), lambda: to_person(posted.get("person")))
    on = _or_fault(faults, today, lambda: to_day(posted.get(ON), today))
    refuse(faults)
    return Question(session, person, on)


def _or_fault(faults: list[Fault], instead: T, read: Callable[[], T]) -> T:
    try:
        return read()
    except BadParameters as error:
        faults += error.faults
        return instead


def to_answer(judged: Judged, on: date) -> dict[str, Any]:
    """Return the contract's form, with the session that was judged."""
    session = judged.session and {"id": judged.session["id"], "key": judged.session["key"]}
    return {**judged.answer.to_json(), "session": session or None, "on": on}


async def schemes(request: Request) -> Response:
    """Return all schemes on a day."""
    book, on = services_of(request).reference.known().funding.book, asked_day(request)
    return json_response(request, SchemesView(to_schemes(book, on), on, book.version))


async def scheme(request: Request) -> Response:
    """Return one scheme on a day; raises NotFound."""
    book, on = services_of(request).reference.known().funding.book, asked_day(request)
    return json_response(request, OneSchemeView(to_scheme(book, request.path_params["id"], on), on, book.version))
