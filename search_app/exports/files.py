"""All results of a search as a file: NDJSON for programs, CSV for French spreadsheets. Streamed and complete."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Raw
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.responses import to_bytes
from search_app.exports.streaming import Body, Form, send_export
from search_app.search.contacts import mails_of, phones_of
from search_app.search.present.cards import to_card
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import OfferCard, SessionView
from search_app.search.service import Export, services_of
from search_app.search.stored import StoredOffer, read_record, read_stored, to_stored
from search_app.search.stored_meetings import read_meetings
from search_app.text.meetings import meeting_text
from search_app.text.wording import stated_period

NDJSON: Final = Form("application/x-ndjson")
CSV: Final = Form("text/csv; charset=utf-8", "offres.csv")
BYTE_ORDER_MARK = "\ufeff"  # without it a French spreadsheet reads accents as windows-1252
# first characters of a cell that spreadsheets run as a formula
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
PRECISIONS = {"day": "jour", "month": "mois", "year": "année", "unknown": "inconnue"}
# parameters of pages and counts, accepted and ignored
PAGING = frozenset({"page", "size", "facet_size", "explain", "group"})
Stored = Mapping[str, Any]
Label = Callable[[str, str], str]  # table and code -> French label

COLUMNS = (
    "numero", "cle", "intitule", "organisme", "siren", "ville", "code_postal", "departement", "code_departement",
    "region", "code_region", "distance_km", "modalite", "entrees", "niveau", "certifications", "financeurs",
    "conventionnee", "financee_100_pour_cent", "heures", "prix", "session", "periode", "debut", "fin",
    "precision_debut", "recrutement", "places_restantes", "places_connues_le", "correspond", "telephone", "courriel",
    "adresse_inscription", "inscription", "reunions",
)  # fmt: skip
# cells of an offer without sessions
NO_SESSION = (None,) * (COLUMNS.index("correspond") - COLUMNS.index("session") + 1)
# Fields of a line beside those of a result: only the contact data that it contains.
CONTACT_FIELDS = (
    *(f"{who}.contacts.{what}" for who in ("detail", "provider", "trainers") for what in ("phones", "email")),
    "sessions.contacts", "sessions.registration", "sessions.meetings", "places.email",
)  # fmt: skip


# in the lines of sessions, beside the fields of the offer
OF_SESSIONS = frozenset({"contacts", "registration", "meetings"})


def export_routes() -> list[Route]:
    """Return the routes of the exports; they must precede the route of a single offer."""
    return [
        Route("/api/v1/offers.ndjson", ndjson),
        Route("/api/v1/offers.csv", csv_file),
    ]


def read_export_search(request: Request, **defaults: Any) -> ResolvedSearch:
    """Return the resolved search of an export, without parameters of pages; ``defaults`` apply to missing ones.

    Raises BadParameters, NothingLoaded.
    """
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name not in PAGING]
    return services_of(request).read_search(pairs, defaults=defaults)


async def ndjson(request: Request) -> Response:
    """Send one result per line, as in the JSON answer."""

    def body_of(export: Export) -> Body:
        to_card = card_reader(export)
        return Body(lambda record: (to_bytes(to_card(read_stored(record))) + b"\n",))

    return await send_export(request, read_export_search(request), (), NDJSON, body_of)


async def csv_file(request: Request) -> Response:
    """Send one line per session (or per offer without any), semicolons, decimal commas, formulas disabled."""

    def body_of(export: Export) -> Body:
        to_card, label = card_reader(export), export.search.snapshot.label

        def to_parts(record: Raw) -> Iterator[bytes]:
            stored = read_record(record)
            yield to_csv(to_card(to_stored(stored)), stored, label).encode()

        return Body(to_parts, (BYTE_ORDER_MARK + to_line(COLUMNS)).encode())

    return await send_export(request, read_export_search(request), CONTACT_FIELDS, CSV, body_of)


def card_reader(export: Export) -> Callable[[StoredOffer], OfferCard]:
    """Return a function that converts a stored offer to a result of this search."""
    request, snapshot = export.search.request, export.search.snapshot
    return lambda stored: to_card(stored, request, snapshot)


def to_csv(card: OfferCard, stored: Stored, label: Label, *more: object) -> str:
    """Return an offer as CSV lines, one per session; codes are replaced by the labels of the pages.

    ``stored`` is the same offer with its CONTACT_FIELDS, ``more`` are cells of additional columns.
    """
    place = card.place
    department, region = (place.department, place.region) if place else (None, None)
    offer = (
        card.id, card.key, card.title, card.provider.name, card.provider.siren,
        place.town if place else None, place.postal_code if place else None,
        department and label("department", department), department, region and label("region", region), region,
        card.distance_km, card.mode and label("mode", card.mode), card.entry and label("entry", card.entry),
        card.level.label if card.level else None,
        " | ".join(card.certifications), " | ".join(funder.label for funder in card.funders),
        _yes_no(card.state_funded), _yes_no(card.free), card.hours, card.price,
    )  # fmt: skip
    contacts = _contact_cells(stored)
    if not card.sessions:
        return to_line((*offer, *NO_SESSION, *contacts, *more))
    own = {row["key"]: row for row in stored["sessions"] if OF_SESSIONS & row.keys()}
    lines = []
    for session in card.sessions:
        told = _contact_cells(stored, own[session.key]) if session.key in own else contacts
        lines.append(to_line((*offer, *_session_cells(session, label), *told, *more)))
    return "".join(lines)


def _session_cells(session: SessionView, label: Label) -> tuple[object, ...]:
    known = [figure for figure in session.seats if figure.available is not None]
    left = " | ".join(f"{figure.label} : {figure.available}" for figure in known)
    seen = max((figure.observed_at for figure in known), default=None)
    return (
        session.id, session.when, session.start, session.end, PRECISIONS.get(session.precision, session.precision),
        label("recruiting", session.recruiting), left or None, seen, _yes_no(session.matches),
    )  # fmt: skip


def _contact_cells(stored: Stored, session: Stored | None = None) -> tuple[object, ...]:
    """Return contact data, registration and meetings of a session as cells."""
    phones = [number.replace("\u00a0", " ") for number in phones_of(stored, session)]
    registration = (session or {}).get("registration") or {}
    period = stated_period(registration.get("start_text"), registration.get("end_text")) if registration else None
    meetings = [meeting_text(meeting) for meeting in read_meetings(session or {})]
    mails = " | ".join(mails_of(stored, session))
    return " | ".join(phones), mails, registration.get("address"), period, " | ".join(meetings) or None


def to_line(cells: Sequence[object]) -> str:
    """Return one line of a file for French spreadsheets, formulas disabled."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([_cell(value) for value in cells])
    return out.getvalue()


def _cell(value: object) -> str:
    """Return the text of a cell; one that a spreadsheet would run as a formula gets an apostrophe.

    >>> _cell("=HYPERLINK(1)"), _cell(1234.5), _cell(None)
    ("'=HYPERLINK(1)", '1234,5', '')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "oui" if value else "non"
