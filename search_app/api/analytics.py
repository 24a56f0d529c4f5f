"""The JSON of the query module: pivots, white areas, overlaps, history."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from search_app.analytics.answer import Cell, Pivot, Row
from search_app.analytics.history import KEPT, history, read_history_query
from search_app.analytics.measures import Measure
from search_app.analytics.overlaps import overlaps
from search_app.analytics.query import read_pivot_query
from search_app.analytics.service import pivot
from search_app.analytics.white_areas import read_white_search, white_areas
from search_app.base.at_once import few_at_once
from search_app.base.responses import JSON, REVALIDATE, json_response, to_bytes
from search_app.search.service import services_of

PATH: Final = "/api/v1/analytics"
WHITE_AREAS: Final = f"{PATH}/white-areas"
OVERLAPS: Final = f"{PATH}/overlaps"
HISTORY: Final = f"{PATH}/history"
OVERLAP_FIELDS: Final = (
    "rncp", "rncp_label", "employment_zone", "zone_label", "quarter", "quarter_label", "offers", "search",
)  # fmt: skip
PIECE: Final = 500  # white areas sent at once


def analytics_routes() -> list[Route]:
    """Return the routes of the query module."""
    return [
        Route(PATH, few_at_once(analytics)),
        Route(WHITE_AREAS, few_at_once(white)),
        Route(OVERLAPS, few_at_once(overlapping)),
        Route(HISTORY, measures_by_day),
    ]


async def analytics(request: Request) -> Response:
    """Return total, rows, columns and cells of a pivot."""
    services = services_of(request)
    query = read_pivot_query(services, request.query_params.multi_items())
    answer = await pivot(services, query)
    written = to_json(answer)
    for name, made in (("rows", answer.rows), ("columns", answer.columns), ("cells", answer.cells)):
        written[name] = await services.turns.make(map(_line, made))
    return json_response(request, written)


async def measures_by_day(request: Request) -> Response:
    """Return the measures of each day that was kept."""
    days = await history(services_of(request), read_history_query(request.query_params.multi_items()))
    told = [{"day": each.day, "measures": each.measures} for each in days]
    return json_response(request, {"days": told, "measures": _named(KEPT)})


def _named(measures: Sequence[Measure]) -> list[dict[str, Any]]:
    return [{"name": each.name, "label": each.label, "unit": each.unit, "additive": each.additive} for each in measures]


async def white(request: Request) -> Response:
    """Return the white areas of a search, all of them, in pieces: there may be 35,000."""
    services = services_of(request)
    found = await white_areas(services, read_white_search(services, request.query_params.multi_items()))
    facts = {"total": found.total, "radius": found.radius, "population": found.population, "communes": found.communes}

    async def pieces() -> AsyncIterator[bytes]:
        yield to_bytes(facts)[:-1] + b',"areas":['
        for at in range(0, len(found.areas), PIECE):
            yield (b"," if at else b"") + to_bytes(found.areas[at : at + PIECE])[1:-1]
            await asyncio.sleep(0)
        yield b"]}"

    return StreamingResponse(pieces(), media_type=JSON, headers={"Cache-Control": REVALIDATE})


async def overlapping(request: Request) -> Response:
    """Return a page of the overlaps of a search."""
    services = services_of(request)
    found = await overlaps(services, services.read_search(request.query_params.multi_items()))
    rows = [
        {name: getattr(each, name) for name in OVERLAP_FIELDS}
        | {
            "providers": [{"siren": siren, "name": name} for siren, name in each.providers],
            "funders": [{"value": value, "label": label} for value, label in each.funders],
        }
        for each in found.overlaps
    ]
    told = {"total": found.total, "page": found.page, "size": found.size, "pages": found.pages}
    return json_response(request, {"overlaps": rows, **told})


def to_json(answer: Pivot) -> dict[str, Any]:
    """Return the answer without rows, columns and cells."""
    told: dict[str, Any] = {"total": answer.total}
    if answer.total_previous is not None and answer.compared_with is not None:
        start_from, start_to = answer.compared_with
        told["previous"] = answer.total_previous
        told["compared_with"] = {"start_from": start_from or None, "start_to": start_to or None}
    return told | {
        "search": answer.search,
        "measures": _named(answer.measures),
        "rows": [], "columns": [], "cells": [],
        "row_count": answer.row_count, "page": answer.page, "size": answer.size, "pages": answer.pages,
    }  # fmt: skip


def _line(line: Row | Cell) -> dict[str, Any]:
    named = (
        {"value": line.value, "label": line.label}
        if isinstance(line, Row)
        else {"row": line.row, "column": line.column}
    )
    told = {**named, "measures": line.measures, "search": line.search}
    return told if line.previous is None else told | {"previous": line.previous}
