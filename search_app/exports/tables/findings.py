"""White areas and overlaps as CSV: all of them, worked out before the first byte, then sent in pieces."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from search_app.analytics.overlaps import Overlap, all_overlaps
from search_app.analytics.white_areas import read_white_search, white_areas
from search_app.base.at_once import few_at_once
from search_app.exports.files import BYTE_ORDER_MARK, to_line
from search_app.exports.streaming import Form, head_of
from search_app.exports.tables.written import exact
from search_app.search.service import services_of

WHITE_AREAS_CSV: Final = "/api/v1/analytics/white-areas.csv"
OVERLAPS_CSV: Final = "/api/v1/analytics/overlaps.csv"
IGNORED: Final = frozenset(("page", "size", "sort"))
AREAS_FORM: Final = Form("text/csv; charset=utf-8", "boussole-zones-blanches")
OVERLAPS_FORM: Final = Form("text/csv; charset=utf-8", "boussole-doublons")
AREA_COLUMNS: Final = ("insee", "label", "population", "remote", "lat", "lon")
OVERLAP_COLUMNS: Final = (
    "rncp", "rncp_label", "employment_zone", "zone_label", "quarter", "quarter_label", "offers", "provider_count",
    "providers", "provider_names", "funders", "funder_labels", "search",
)  # fmt: skip
BETWEEN: Final = " | "  # several values in one cell, as in the CSV of offers
NOT_TOLD: Final = "unknown"  # as the search takes it
LINES: Final = 200  # of a piece: a millisecond of work
Cells = Sequence[object]


def finding_routes() -> list[Route]:
    """Return the routes of the files."""
    return [Route(WHITE_AREAS_CSV, few_at_once(white_areas_csv)), Route(OVERLAPS_CSV, few_at_once(overlaps_csv))]


async def white_areas_csv(request: Request) -> Response:
    """Send all white areas of a search."""
    form, services = _dated(request, AREAS_FORM), services_of(request)
    if request.method == "HEAD":
        return head_of(form)
    found = await white_areas(services, read_white_search(services, _pairs(request)))
    return _send(form, AREA_COLUMNS, ([getattr(each, name) for name in AREA_COLUMNS] for each in found.areas))


async def overlaps_csv(request: Request) -> Response:
    """Send all overlaps of a search."""
    form, services = _dated(request, OVERLAPS_FORM), services_of(request)
    if request.method == "HEAD":
        return head_of(form)
    found = await all_overlaps(services, services.read_search(_pairs(request)))
    return _send(form, OVERLAP_COLUMNS, map(_cells, found.overlaps))


def _dated(request: Request, form: Form) -> Form:
    day = services_of(request).settings.current_day()
    return replace(form, file_name=f"{form.file_name}-{day.isoformat()}.csv")


def _pairs(request: Request) -> list[tuple[str, str]]:
    return [pair for pair in request.query_params.multi_items() if pair[0] not in IGNORED]


def _cells(overlap: Overlap) -> Cells:
    return (
        overlap.rncp, overlap.rncp_label, overlap.employment_zone, overlap.zone_label, overlap.quarter,
        overlap.quarter_label, overlap.offers, len(overlap.providers),
        BETWEEN.join(siren for siren, _ in overlap.providers), BETWEEN.join(name for _, name in overlap.providers),
        BETWEEN.join(value or NOT_TOLD for value, _ in overlap.funders),
        BETWEEN.join(label for _, label in overlap.funders), overlap.search,
    )  # fmt: skip


def _send(form: Form, columns: Sequence[str], rows: Iterable[Cells]) -> Response:
    return StreamingResponse(_pieces(columns, rows), media_type=form.media_type, headers=form.headers(None))


async def _pieces(columns: Sequence[str], rows: Iterable[Cells]) -> AsyncIterator[bytes]:
    yield (BYTE_ORDER_MARK + to_line(columns)).encode()
    left = iter(rows)
    while some := list(islice(left, LINES)):
        yield "".join(to_line([exact(value) for value in row]) for row in some).encode()
        await asyncio.sleep(0)
