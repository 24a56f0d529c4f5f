"""Everything that a search finds, as a file: NDJSON for programs, CSV for French spreadsheets. Streamed, never cut."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from search_app.responses import to_bytes
from search_app.results import OfferCard, SessionView
from search_app.services import Services

BYTE_ORDER_MARK = "\ufeff"  # without it a French spreadsheet reads accents as windows-1252
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is run as a formula
PRECISIONS = {"day": "jour", "month": "mois", "year": "année", "unknown": "inconnue"}
PAGING = frozenset({"page", "size", "facet_size", "explain", "group"})  # an export has no pages and no counts
Label = Callable[[str, str], str]  # table and code -> French label

COLUMNS = (
    "numero", "cle", "intitule", "organisme", "siren", "ville", "code_postal", "departement", "code_departement",
    "region", "code_region", "distance_km", "modalite", "entrees", "niveau", "certifications", "financeurs",
    "conventionnee", "financee_100_pour_cent", "heures", "prix", "session", "periode", "debut", "fin",
    "precision_debut", "recrutement", "places_restantes", "places_connues_le", "correspond",
)  # fmt: skip


def export_routes() -> list[Route]:
    """Return the routes of the exports; they stand before the one of a single offer."""
    return [Route("/api/v1/offers.ndjson", ndjson), Route("/api/v1/offers.csv", csv_file)]


async def ndjson(request: Request) -> Response:
    """One result a line, as in the JSON answer."""
    return await _stream(request, "application/x-ndjson", b"", lambda card: to_bytes(card) + b"\n")


async def csv_file(request: Request) -> Response:
    """One line a session (or an offer without any), semicolons, decimal commas, formulas defused."""
    services: Services = request.app.state.services
    head, label = BYTE_ORDER_MARK + to_line(COLUMNS), services.directory.current().label
    response = await _stream(
        request, "text/csv; charset=utf-8", head.encode(), lambda card: to_csv(card, label).encode()
    )
    response.headers["Content-Disposition"] = 'attachment; filename="offres.csv"'
    return response


async def _stream(request: Request, media_type: str, head: bytes, to_part: Callable[[OfferCard], bytes]) -> Response:
    services: Services = request.app.state.services
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name not in PAGING]
    cards = await services.export(services.read_params(pairs))

    async def parts() -> AsyncIterator[bytes]:
        yield head
        async for card in cards:
            yield to_part(card)

    return StreamingResponse(parts(), media_type=media_type, headers={"Cache-Control": "no-cache"})


def to_csv(card: OfferCard, label: Label, *more: object) -> str:
    """Return an offer as CSV lines, one for each session; codes are told by the labels of the pages.

    ``more`` are cells of columns beyond those of every export.
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
    if not card.sessions:
        return to_line((*offer, *[None] * (len(COLUMNS) - len(offer)), *more))
    return "".join(to_line((*offer, *_session_cells(session, label), *more)) for session in card.sessions)


def _session_cells(session: SessionView, label: Label) -> tuple[object, ...]:
    known = [figure for figure in session.seats if figure.available is not None]
    left = " | ".join(f"{figure.label} : {figure.available}" for figure in known)
    seen = max((figure.observed_at for figure in known), default=None)
    return (
        session.id, session.when, session.start, session.end, PRECISIONS[session.precision],
        label("recruiting", session.recruiting), left or None, seen, _yes_no(session.matches),
    )  # fmt: skip


def to_line(cells: Sequence[object]) -> str:
    """Return one line of a file for French spreadsheets, formulas defused."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([_cell(value) for value in cells])
    return out.getvalue()


def _cell(value: object) -> str:
    """Return the text of a cell; one that a spreadsheet would run as a formula begins with an apostrophe.

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
