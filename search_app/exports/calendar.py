"""iCalendar subscriptions: the sessions of a search, or one session of an offer."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from icalendar import Calendar, vDuration
from msgspec import Raw
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.errors import NotFound
from search_app.base.responses import cacheable
from search_app.base.site_address import site_address
from search_app.exports.calendar_events import EVENT_FIELDS, to_days, to_events, to_session_events
from search_app.exports.files import card_reader, read_export_search
from search_app.exports.paths import CALENDAR
from search_app.exports.streaming import Body, Form, send_export
from search_app.search.present.offer import to_offer_view
from search_app.search.service import Export, services_of
from search_app.search.stored import read_record, to_stored

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
FORM: Final = Form(MEDIA_TYPE, "sessions.ics")
NAME: Final = "Sessions de formation – Boussole"
ABOUT: Final = (
    "Les sessions d’une recherche, au jour ou au mois où elles commencent. Celles dont on ne connaît que l’année, ou"
    " rien, n’y sont pas."
)
ASKED_AGAIN: Final = timedelta(days=1)  # catalogues are loaded once a night
END: Final = b"END:VCALENDAR\r\n"


def calendar_routes() -> list[Route]:
    """Return both routes; they must precede those of a single offer."""
    return [Route(CALENDAR, calendar), Route("/offres/{offer}/{session}.ics", session_calendar)]


async def calendar(request: Request) -> Response:
    """Send every matching session with a day or a month; only those to come, unless ``upcoming`` says otherwise.

    A subscription is read for years: with past sessions it would grow without limit.
    """
    services = services_of(request)
    site = site_address(request, services.settings)

    def body_of(export: Export) -> Body:
        to_card = card_reader(export)

        def to_parts(record: Raw) -> Iterator[bytes]:
            stored = read_record(record)
            return (event.to_ical() for event in to_events(stored, to_card(to_stored(stored)), site))

        return Body(to_parts, frame(NAME, ABOUT).removesuffix(END), END)

    search = read_export_search(request, upcoming=True)
    return await send_export(request, search, EVENT_FIELDS, FORM, body_of)


async def session_calendar(request: Request) -> Response:
    """Send one session of an offer, both by number or key; raises NotFound if neither it nor a meeting has a day."""
    services = services_of(request)
    settings = services.settings
    stored = await services.offer(request.path_params["offer"])
    wanted = request.path_params["session"]
    for session in stored.get("sessions") or ():
        if wanted not in (session["id"], session["key"]):
            continue
        view = to_offer_view(
            stored, services.reference.current(), settings.current_day(), settings.seats_old_after_days
        ).offer
        shown = next(each for each in view.sessions if each.key == session["key"])
        events = to_session_events(stored, view, session, shown, to_days(session), site_address(request, settings))
        if events:
            answer = cacheable(request, frame().removesuffix(END) + events + END, MEDIA_TYPE)
            answer.headers["Content-Disposition"] = f'attachment; filename="session-{session["key"]}.ics"'
            return answer
    raise NotFound("Cette session n’existe pas, ou aucune de ses dates n’est connue.")


def frame(name: str = "", about: str = "") -> bytes:
    """Return a calendar without events; a named one is a subscription, with its refresh interval."""
    made = Calendar()
    made.add("prodid", "-//Boussole//Sessions de formation//FR")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    if name:
        _describe(made, name, about)
    content: bytes = made.to_ical()
    return content


def _describe(made: Calendar, name: str, about: str) -> None:
    for property_, value in (("NAME", name), ("X-WR-CALNAME", name), ("DESCRIPTION", about), ("X-WR-CALDESC", about)):
        made.add(property_, value)
    for property_, parameters in (("REFRESH-INTERVAL", {"VALUE": "DURATION"}), ("X-PUBLISHED-TTL", {})):
        made.add(property_, vDuration(ASKED_AGAIN), parameters)
