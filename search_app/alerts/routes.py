"""The routes of alerts. Only a POST changes anything: programs that check mails for viruses follow every link."""

import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.address import BadAddress, parse_address
from alerts.keys import Purpose, UnreadableAddress
from alerts.model import FREQUENCIES, Frequency
from alerts.store import Found
from search_app.alerts.desk import AlertsDesk
from search_app.alerts.letters import HOW_OFTEN
from search_app.alerts.mails import demonstration_routes
from search_app.alerts.pages import (
    SEARCH,
    Choice,
    FormPage,
    StepPage,
    build_confirming,
    build_ended,
    build_form,
    build_sent,
    build_step,
)
from search_app.alerts.post_office import CONFIRM, FORM, KEEP, STOP
from search_app.alerts.searched import canonical_query, read_searched
from search_app.base.errors import AppError, BadForm, NotFound, TooManyRequests
from search_app.base.posted import FORM as FORM_TYPE
from search_app.base.posted import read_form
from search_app.base.private import private_fault
from search_app.base.rates import MinuteLimiter, host_of
from search_app.pages.shared.layout import Link, to_freshness
from search_app.pages.shared.render import respond_private
from search_app.search.service import Services, services_of

MOST_A_MINUTE: Final = 30  # requests for an alert by one client: each writes a mail to somebody
FIELDS: Final = ("mail", "query", "frequency")
OTHER: Final = "autre"  # field of further alerts to be confirmed
NO_LINK: Final = "Ce lien n’est pas complet, ou n’est pas de ce site : copiez-le en entier depuis le courriel."
Handler = Callable[[Request], Awaitable[Response]]


def alert_routes(desk: AlertsDesk) -> list[Route]:
    """Return the routes of alerts, of an app that offers them."""
    limiter = MinuteLimiter(MOST_A_MINUTE)

    async def alerts(request: Request) -> Response:
        if request.method != "POST":
            return await _form(request)
        wait = limiter.wait_for(host_of(request), time.monotonic())
        if wait:
            refusal = TooManyRequests("Trop de demandes d’alertes. Réessayez dans une minute.")
            refusal.retry_after = math.ceil(wait)
            raise refusal
        return await _ask(request, desk)

    steps = ((CONFIRM, confirm), (STOP, stop), (KEEP, keep))
    return [
        Route(FORM, alerts, methods=["GET", "POST"]),
        *(Route(path + "/{token}", handler, methods=["GET", "POST"]) for path, handler in steps),
        *(demonstration_routes() if _is_shown(desk) else ()),
    ]


def desk_of(request: Request) -> AlertsDesk:
    """Return the app's desk."""
    desk: AlertsDesk = request.app.state.alerts
    return desk


async def _form(request: Request) -> Response:
    services = services_of(request)
    query = request.query_params.get("query", "")
    private = private_fault(query.encode())
    if private is not None:
        raise private
    searched = read_searched(services, canonical_query(query))
    page = build_form(searched, demonstration=_is_shown(desk_of(request)))
    return _respond(request, "alerts/form.html", page)


async def _ask(request: Request, desk: AlertsDesk) -> Response:
    """Take the posted form: the same answer, in the same time, whatever is known of the address."""
    services = services_of(request)
    fields = await read_form(request)
    given = {name: [value for key, value in fields if key == name] for name in FIELDS}
    if any(len(values) > 1 for values in given.values()):
        raise BadForm("Ce formulaire a deux fois le même champ.")
    mail, query, frequency = (values[0] if values else "" for values in given.values())
    wanted = _frequency(frequency)
    private = private_fault(query.encode())
    if private is not None:
        raise private
    searched = read_searched(services, canonical_query(query))
    try:
        address = parse_address(mail)
    except BadAddress as error:
        page = build_form(searched, fault=str(error), frequency=wanted, demonstration=_is_shown(desk))
        return _respond(request, "alerts/form.html", page, 400)
    asked = await desk.ask(address, searched, wanted, services.settings.current_moment())
    answer = _respond(request, "alerts/step.html", build_sent(searched.query, demonstration=_is_shown(desk)), 202)
    answer.background = BackgroundTask(desk.write_soon, asked)  # begins when the answer is sent
    return answer


def _frequency(text: str) -> Frequency:
    for each in FREQUENCIES:
        if text == each:
            return each
    raise BadForm(f"frequency : possible : {', '.join(FREQUENCIES)}.")


def _is_shown(desk: AlertsDesk) -> bool:
    return desk.office.server is None


def _read_token(request: Request, purpose: Purpose) -> str:
    record = desk_of(request).office.keys.read_token(purpose, request.path_params["token"])
    if record is None:
        raise NotFound(NO_LINK)
    return record


def _asked(services: Services, found: Found) -> str:
    """Return the search of a record in words; its query string if today's vocabulary cannot read it any more."""
    query = found.record.query or ""
    try:
        return read_searched(services, query).text
    except AppError:
        return query


async def confirm(request: Request) -> Response:
    """Show a pending alert, and with POST make it an active one."""
    desk, services = desk_of(request), services_of(request)
    found = await desk.find(_read_token(request, Purpose.CONFIRM))
    if found is None or found.record.frequency is None:
        return _respond(request, "alerts/step.html", build_ended(), 404)
    asked = _asked(services, found)
    if found.record.kind == "pending":
        if request.method != "POST":
            others = tuple(
                [
                    Choice(desk.office.keys.token(Purpose.CONFIRM, other.id), _asked(services, other))
                    for other in await desk.others_of(found)
                ]
            )
            page = build_confirming(asked, found.record.frequency, request.url.path, others)
            return _respond(request, "alerts/step.html", page)
        await _confirm_all(request, desk, found)
    links = (Link("Voir les offres de cette recherche", f"/offres?{found.record.query}"),)
    done = f"S’il y a du nouveau, vous recevrez un courriel {HOW_OFTEN[found.record.frequency]}."
    return _respond(request, "alerts/step.html", build_step("Alerte confirmée", done, asked=asked, links=links))


async def _confirm_all(request: Request, desk: AlertsDesk, found: Found) -> None:
    """Confirm an alert, and those of the same address that were chosen with it."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    fields = await read_form(request) if kind == FORM_TYPE else ()
    now = services_of(request).settings.current_moment()
    try:
        await desk.confirm(found, now)
        for token in {value for name, value in fields if name == OTHER}:
            record = desk.office.keys.read_token(Purpose.CONFIRM, token)
            other = await desk.find(record) if record else None
            if other is not None and other.record.kind == "pending" and other.record.mark == found.record.mark:
                await desk.confirm(other, now)
    except UnreadableAddress:
        raise NotFound("La clé de ce site a changé : demandez l’alerte de nouveau.") from None


async def stop(request: Request) -> Response:
    """Show an alert, and with any POST end it: with or without the body of RFC 8058, which has no session."""
    desk, record = desk_of(request), _read_token(request, Purpose.STOP)
    if request.method == "POST":
        await desk.stop(record)
        done = "Vous ne recevrez plus cette alerte. L’adresse et la recherche sont effacées."
        return _respond(request, "alerts/step.html", build_step("Alerte arrêtée", done, links=(SEARCH,)))
    found = await desk.find(record)
    if found is None:
        return _respond(request, "alerts/step.html", build_ended())
    page = build_step(
        "Arrêter l’alerte ?",
        "Vous ne recevrez plus de courriels pour cette recherche, et votre adresse sera effacée.",
        asked=_asked(services_of(request), found),
        action=Link("Arrêter l’alerte", request.url.path),
    )
    return _respond(request, "alerts/step.html", page)


async def keep(request: Request) -> Response:
    """Ask once a year, and with POST keep an alert."""
    desk, services = desk_of(request), services_of(request)
    found = await desk.find(_read_token(request, Purpose.KEEP))
    if found is None:
        return _respond(request, "alerts/step.html", build_ended(), 404)
    asked = _asked(services, found)
    if request.method == "POST":
        await desk.keep(found, services.settings.current_moment())
        page = build_step("Alerte gardée", "Elle continue pour un an.", asked=asked)
    else:
        action = Link("Garder l’alerte", request.url.path)
        page = build_step("Garder l’alerte ?", "Elle continuera pour un an.", asked=asked, action=action)
    return _respond(request, "alerts/step.html", page)


def _respond(request: Request, template: str, page: StepPage | FormPage, status: int = 200) -> Response:
    """Return a page that is kept nowhere, with the freshness of the catalogue."""
    services = services_of(request)
    freshness = to_freshness(services.reference.source_states(services.settings.current_day()))
    told = replace(page, layout=replace(page.layout, freshness=freshness))
    return respond_private(request, template, told, status)
