"""Routes of the query module's files."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from search_app.analytics.query import OWN, PivotQuery, read_pivot_query
from search_app.analytics.service import Pivoting
from search_app.base.at_once import while_connected
from search_app.base.deadline import deadline
from search_app.base.errors import BadParameters, Fault
from search_app.base.rates import client_of, host_of
from search_app.base.site_address import site_address
from search_app.exports.streaming import ExportResponse, Form, head_of
from search_app.exports.tables.findings import finding_routes
from search_app.exports.tables.lines import TableScan, batches, header_of
from search_app.exports.tables.notes import Notes
from search_app.exports.tables.written import WRITERS
from search_app.search.service import services_of
from search_app.text.slugs import slug

PATH: Final = "/api/v1/analytics"
PAGE: Final = "/pilotage"  # takes the same parameters
IGNORED: Final = frozenset(("page", "size", "sort"))  # of the rows of an answer
FORMS: Final = {
    "csv": Form("text/csv; charset=utf-8"),
    "ndjson": Form("application/x-ndjson"),
    "parquet": Form("application/vnd.apache.parquet"),
    "xlsx": Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
BEFORE_ITS_FIRST_BYTE: Final = frozenset(("xlsx",))  # made whole before anything is sent


def table_routes() -> list[Route]:
    """Return the routes of the files."""
    pivots = [Route(f"{PATH}.{kind}", partial(_file, kind=kind), name=f"table_{kind}") for kind in FORMS]
    return [*pivots, *finding_routes()]


def read_table_query(request: Request) -> PivotQuery:
    """Return the pivot of a file; raises BadParameters, NothingLoaded."""
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] not in IGNORED]
    query = read_pivot_query(services_of(request), pairs)
    if query.rows is None:
        allowed = OWN["rows"].allowed
        message = f"rows : un fichier a besoin de la dimension de ses lignes (possible : {allowed})."
        raise BadParameters([Fault("rows", "", allowed, message)])
    return query


async def _file(request: Request, kind: str) -> Response:
    """Send all lines of a pivot, or a fault before the first byte; what comes before it ends if the client leaves."""
    return await while_connected(request, _begin(request, kind))


async def _begin(request: Request, kind: str) -> Response:
    """Return the response, begun as far as faults may come."""
    query = read_table_query(request)
    services = services_of(request)
    form = _named(FORMS[kind], kind, query, services.settings.current_day())
    if request.method == "HEAD":
        return head_of(form)
    scan = TableScan(services, query, client_of(host_of(request)))
    work = await scan.begin()
    pieces = WRITERS[kind](header_of(query), batches(scan, work), services.turns, _notes(request, work))
    if kind in BEFORE_ITS_FIRST_BYTE:
        pieces = await _begun(scan, request, pieces)
    return TableResponse(scan, form, pieces, services.settings.export_seconds)


def _named(form: Form, kind: str, query: PivotQuery, day: date) -> Form:
    """Return the form with a file name made of the dimensions and the day."""
    parts = "-".join(slug(each.label) for each in query.dimensions)
    return replace(form, file_name=f"boussole-{parts}-{day.isoformat()}.{kind}")


def _notes(request: Request, work: Pivoting) -> Notes:
    """Return the notes on a table, with the address of its page."""
    services = services_of(request)
    day = services.settings.current_day()
    asked = urlencode([*request.query_params.multi_items()])
    address = f"{site_address(request, services.settings)}{PAGE}?{asked}"
    return Notes(work, address, day, services.reference.source_states(day))


async def _begun(scan: TableScan, request: Request, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Return the same when the first piece is there; the work before may take as long as an export."""
    try:
        with deadline(time.monotonic() + scan.services.settings.export_seconds):
            first = await anext(pieces)
    except BaseException:
        scan.close()
        raise

    async def all_pieces() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    return all_pieces()


class TableResponse(ExportResponse):
    """Sends a file as long as its client reads it; visibly interrupted if it cannot be completed."""

    def __init__(self, scan: TableScan, form: Form, pieces: AsyncIterator[bytes], seconds: float) -> None:
        StreamingResponse.__init__(self, pieces, media_type=form.media_type, headers=form.headers(None))
        self.scan = scan
        self.seconds = seconds
