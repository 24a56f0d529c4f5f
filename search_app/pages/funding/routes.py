"""The route of the funding of one offer."""

from dataclasses import replace
from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from funding import Person
from search_app.base.errors import NotFound
from search_app.base.posted import read_form
from search_app.funding.judging import Judged, Stored, judge_offer
from search_app.pages.funding.asked.posted import NOTHING_ASKED, Asked, read_asked
from search_app.pages.funding.asked.questions import begin_fault
from search_app.pages.funding.links import SESSION
from search_app.pages.funding.page import FundingPage, Judgement, build_funding_page
from search_app.pages.shared.layout import to_freshness
from search_app.pages.shared.picking import read_picking
from search_app.pages.shared.render import respond, respond_error, respond_private
from search_app.search.present.offer import to_offer_view
from search_app.search.reference_data import Snapshot
from search_app.search.service import services_of

TEMPLATE: Final = "funding/offer.html"


def funding_page_routes() -> list[Route]:
    """Return the routes of the pages on funding."""
    return [Route("/offres/{id:path}/financement", offer_funding, methods=["GET", "POST"])]


async def offer_funding(request: Request) -> Response:
    """Render the questions; with a posted person also the dossier. Raises NotFound if the offer is unknown.

    With a session that is not known (any more) the questions are asked again, with status 404.
    """
    session = request.query_params.get(SESSION, "")
    if request.method != "POST":
        page = await _page(request, Person(), replace(NOTHING_ASKED, session=session))
        return respond_error(request, TEMPLATE, page, 404, {}) if page.lost else respond(request, TEMPLATE, page)
    page = await _page(request, *read_asked(await read_form(request), session))
    return respond_private(request, TEMPLATE, page, 404 if page.lost else 400 if page.faults else 200)


async def _page(request: Request, person: Person, asked: Asked) -> FundingPage:
    services = services_of(request)
    settings, snapshot = services.settings, services.reference.known()
    stored = await services.offer(request.path_params["id"])
    today = settings.current_day()
    judged, asked = _judged(snapshot, stored, asked, person, today)
    if asked.begin and judged.session_facts and judged.session_facts.permanent:  # not entered on that day
        asked = replace(asked, faults=(*asked.faults, begin_fault()))
    return build_funding_page(
        to_offer_view(stored, snapshot, today, settings.seats_old_after_days),
        snapshot,
        Judgement(judged, person, today),
        asked,
        freshness=to_freshness(services.reference.source_states(today)),
        selection=read_picking(request.query_params.multi_items()),
    )


def _judged(snapshot: Snapshot, stored: Stored, asked: Asked, person: Person, on: date) -> tuple[Judged, Asked]:
    """Return the verdicts on the named session, else on the first to join, and what was asked."""
    try:
        return judge_offer(
            snapshot, stored, asked.session or None, person, on, asked.begin_day, not_full_first=True
        ), asked
    except NotFound:
        lost = replace(asked, session="", begin="", lost=True)
        return judge_offer(snapshot, stored, None, person, on, not_full_first=True), lost
