"""The routes of the selection: its page, and its offers as a file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from icalendar import Event, vText
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from funding import Person
from search_app.base.errors import BadParameters, Fault
from search_app.base.posted import read_form
from search_app.base.responses import cacheable
from search_app.base.site_address import site_address
from search_app.exports.calendar import END, MEDIA_TYPE, frame
from search_app.exports.calendar_events import to_events
from search_app.exports.files import BYTE_ORDER_MARK, COLUMNS, to_csv, to_line
from search_app.funding.judging import judge_offer
from search_app.pages.funding.asked.panel import build_panel
from search_app.pages.funding.asked.posted import NOTHING_ASKED, read_asked
from search_app.pages.funding.dossier.summary import Summary, build_summary
from search_app.pages.selection.columns import GONE
from search_app.pages.selection.page import CALENDAR, CSV, build_selection_page
from search_app.pages.selection.shortlist import (
    EARLIER,
    LATER,
    SELECTION,
    Reading,
    Selection,
    changed,
    read_selection,
    selection_address,
)
from search_app.pages.shared.layout import to_freshness, to_live
from search_app.pages.shared.render import respond, respond_private
from search_app.search.links import Pairs
from search_app.search.params.search_params import SearchParams
from search_app.search.resolved import ResolvedSearch
from search_app.search.selected import Selected
from search_app.search.service import Services, services_of

NAME: Final = "Ma sélection de formations – Boussole"
ABOUT: Final = (
    "Les sessions à venir des offres choisies, au jour ou au mois où elles commencent. Celles dont on ne connaît que"
    " l’année, ou rien, n’y sont pas."
)
TEMPLATE: Final = "selection.html"
WHERE: Final = ("place", "lat", "lon")
NOTE_FIELD: Final = re.compile(r"n([1-9]\d?)")


def selection_routes() -> list[Route]:
    """Return the routes of the selection."""
    return [
        Route("/selection", selection, methods=["GET", "POST"]),
        Route(CSV, selection_csv),
        Route(CALENDAR, selection_calendar),
    ]


async def selection(request: Request) -> Response:
    """Render the selection in the address; its form redirects to the equivalent address.

    With a posted person the page also tells who pays for that person.
    """
    services, pairs = services_of(request), request.query_params.multi_items()
    posted = request.method == "POST"
    person, asked = read_asked(await read_form(request)) if posted else (Person(), NOTHING_ASKED)
    reading = _pressed(_read(pairs), pairs)
    search, where, faults = _read_place(services, pairs)
    if _is_form(pairs) and not (faults or reading.too_long or posted):
        return RedirectResponse(_address_of(reading.selection, where, pairs), 303)
    selected = await services.selected(reading.selection.keys, search)
    action = selection_address(reading.selection, where)
    page = build_selection_page(
        reading,
        selected,
        where,
        faults,
        snapshot=search.snapshot,
        today=search.today,
        freshness=to_freshness(services.reference.source_states(search.today)),
        site=site_address(request, services.settings),
        panel=build_panel(search.snapshot.funding.book, asked, action),
        paid=_paid(selected, search, person) if posted and not asked.faults else {},
    )
    live = to_live(selected.seats_checkpoint, services.settings.current_moment()) if selected.cards else None
    if posted:
        return respond_private(request, TEMPLATE, page, 400 if asked.faults else 200, live)
    return respond(request, TEMPLATE, page, live)


def _paid(selected: Selected, search: ResolvedSearch, person: Person) -> dict[str, Summary]:
    """Return by key who pays for a person, at the next session of each offer."""
    judged = (
        (key, judge_offer(search.snapshot, stored, None, person, search.today, open_first=True))
        for key, stored in selected.records.items()
    )
    return {key: build_summary(each.answer) for key, each in judged}


async def selection_csv(request: Request) -> Response:
    """Send the offers of the selection as a file, in order, with the notes; removed ones are named."""
    services, pairs = services_of(request), request.query_params.multi_items()
    reading = _read(pairs)
    selected = await services.selected(reading.selection.keys, _read_place(services, pairs)[0])
    lines = await services.turns.make(_lines(services, reading, selected))
    body = "".join([BYTE_ORDER_MARK, *lines]).encode()
    response = cacheable(request, body, "text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="selection.csv"'
    return response


def _lines(services: Services, reading: Reading, selected: Selected) -> Iterator[str]:
    label = services.reference.current().label
    yield to_line((*COLUMNS, "note"))
    for pick in reading.selection.picks:
        card = selected.cards.get(pick.key)
        if card:
            yield to_csv(card, selected.records[pick.key], label, pick.note)
        else:
            was = selected.gone.get(pick.key)
            title = f"{GONE} : {was.title}" if was else GONE
            yield to_line((None, pick.key, title, *[None] * (len(COLUMNS) - 3), pick.note))


async def selection_calendar(request: Request) -> Response:
    """Send the sessions to come of the selection as a calendar, each with the note on its offer."""
    services, pairs = services_of(request), request.query_params.multi_items()
    reading = _read(pairs)
    search, _, _ = _read_place(services, pairs, upcoming=True)
    selected = await services.selected(reading.selection.keys, search)
    site = site_address(request, services.settings)
    events = await services.turns.make(
        _noted(event, pick.note).to_ical()
        for pick in reading.selection.picks
        if pick.key in selected.cards
        for event in to_events(selected.records[pick.key], selected.cards[pick.key], site)
    )
    answer = cacheable(request, b"".join((frame(NAME, ABOUT).removesuffix(END), *events, END)), MEDIA_TYPE)
    answer.headers["Content-Disposition"] = 'attachment; filename="selection.ics"'
    return answer


def _noted(event: Event, note: str) -> Event:
    if note:
        event["description"] = vText(f"Note : {note}\n{event['description']}")
    return event


def _read(pairs: Sequence[tuple[str, str]]) -> Reading:
    notes = {int(found[1]): value for name, value in pairs if (found := NOTE_FIELD.fullmatch(name))}
    return read_selection([value for name, value in pairs if name == "o"], notes)


def _pressed(reading: Reading, pairs: Sequence[tuple[str, str]]) -> Reading:
    """Return the selection after the button of the form was applied."""
    selection = reading.selection
    for name, key in pairs:
        selection = changed(selection, name, key)
    too_long = {key: note for key, note in reading.too_long.items() if key in selection.keys}
    return replace(reading, selection=selection, too_long=too_long)


def _address_of(selection: Selection, where: Pairs, pairs: Sequence[tuple[str, str]]) -> str:
    """Return the address equivalent to the form's data, at the offer that was moved.

    That of an empty selection states so: otherwise the browser's own selection would be shown.
    """
    if not selection.picks:
        return f"{SELECTION}?o="
    moved = [selection.keys.index(key) for name, key in pairs if name in (EARLIER, LATER) and key in selection.keys]
    return selection_address(selection, where) + (f"#o{moved[0] + 1}" if moved else "")


def _is_form(pairs: Sequence[tuple[str, str]]) -> bool:
    return any(NOTE_FIELD.fullmatch(name) or (name == "place" and not value.strip()) for name, value in pairs)


def _read_place(
    services: Services, pairs: Sequence[tuple[str, str]], *, upcoming: bool = False
) -> tuple[ResolvedSearch, Pairs, Sequence[Fault]]:
    """Return the place for distances, also as pairs, and its faults; an invalid one is None.

    A town typed beside a point replaces it. Raises NothingLoaded.
    """
    given = tuple((name, value) for name, value in pairs if name in WHERE and value.strip())
    if any(name == "place" for name, _ in given):
        given = tuple(pair for pair in given if pair[0] == "place")
    try:
        return services.read_search(given, defaults={"upcoming": upcoming}), given, ()
    except BadParameters as error:
        return services.resolve(SearchParams(upcoming=upcoming)), given, error.faults
