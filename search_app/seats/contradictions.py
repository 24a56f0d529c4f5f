"""``GET /api/v1/seats/contradictions``: sessions whose recruitment state and seats contradict each other."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final, get_args

from msgspec import Meta, Struct, convert
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mappings.codes import Contradiction
from mappings.session_index import contradiction_of
from search_app.base.responses import json_response
from search_app.search.params import PARAMETERS, Parameter
from search_app.search.params.parse import read_fields, refuse
from search_app.search.params.search_params import DEFAULT_SIZE
from search_app.search.params.table import DEEPEST_RESULT
from search_app.search.params.values import choice_reader, text_reader
from search_app.search.present.sessions import contradiction_text, to_seats_views
from search_app.search.query.contradictions import build_contradictions_body
from search_app.search.reference_data import Snapshot
from search_app.search.results import SeatsView
from search_app.search.service import Services, services_of
from search_app.search.stored import StoredFigure
from search_app.text.dates import french_period

PATH: Final = "/api/v1/seats/contradictions"
LONGEST_SOURCE: Final = 64  # characters: the limit of the indexer

Stored = dict[str, Any]


class ContradictionRow(Struct, gc=False):
    """One session that is open without seats, or closed with seats left."""

    source: str
    offer_id: str
    offer_key: str
    title: str
    url: str
    session_id: str
    session_key: str
    when: Annotated[str, Meta(description="French text, at the precision that is known")]
    recruiting: str
    seats: list[SeatsView]
    kind: Annotated[Contradiction, Meta(description="open_full: open, none left; closed_left: closed, some left")]
    message: Annotated[str, Meta(description="the same as a French sentence")]


class SourceContradictions(Struct, gc=False):
    """Number of contradictions of one source, by kind; sources without any are left out."""

    source: str
    total: int
    open_full: int
    closed_left: int


class Contradictions(Struct, gc=False):
    """One page of rows by source and offer; ``total`` is exact, ``sources`` lists all sources even if ``source`` is
    given.
    """

    total: int
    page: int
    size: int
    pages: Annotated[int, Meta(description="pages that can be asked for: 10,000 rows at most")]
    results: list[ContradictionRow]
    sources: list[SourceContradictions]


def contradictions_routes() -> list[Route]:
    """Return the route of the list; it must precede the routes of single sessions."""
    return [Route(PATH, contradictions)]


async def contradictions(request: Request) -> Response:
    """Return the sessions whose state and seats contradict each other; those of one source with ``source``."""
    services = services_of(request)
    vocabulary = contradictions_vocabulary(services.reference.current())
    fields, faults = read_fields(request.query_params.multi_items(), vocabulary)
    refuse(faults)
    page, size = fields.get("page", 1), fields.get("size", DEFAULT_SIZE)
    return json_response(request, await fetch_contradictions(services, fields.get("source"), page, size))


def contradictions_vocabulary(snapshot: Snapshot) -> dict[str, Parameter]:
    """Return the parameters of the list; ``source`` must be a loaded source, if the sources are known."""
    names = [str(source["name"]) for source in snapshot.sources]
    read = choice_reader(names) if names else text_reader(LONGEST_SOURCE)
    schema = {"type": "string", "maxLength": LONGEST_SOURCE}
    allowed = ", ".join(names) or "le nom d’une source chargée"
    source = Parameter("source", read, allowed, "Les sessions de cette source seulement.", schema)
    return {"source": source, "page": PARAMETERS["page"], "size": PARAMETERS["size"]}


async def fetch_contradictions(services: Services, source: str | None, page: int, size: int) -> Contradictions:
    """Return one page of the list, with its counts from the same engine request; raises EngineError."""
    settings = services.settings
    rows_until_here = page * size
    answer = await services.engine.search_offers(
        build_contradictions_body(source, rows_until_here, settings.engine_timeout)
    )
    sources = sorted((_counts(row) for row in answer["aggregations"]["sources"]["buckets"]), key=lambda row: row.source)
    total = sum(row.total for row in sources if source in (None, row.source))
    offers = (hit["_source"] for hit in answer["hits"].get("hits", ()))
    found = [(offer, session, kind) for offer in offers for session, kind in _contradictory(offer)]
    today, snapshot = settings.current_day(), services.reference.current()
    return Contradictions(
        total=total,
        page=page,
        size=size,
        pages=min(-(-total // size), DEEPEST_RESULT // size),
        results=[
            _to_row(*each, snapshot, today, settings.seats_old_after_days)
            for each in found[rows_until_here - size : rows_until_here]
        ],
        sources=sources,
    )


async def count_contradictions(services: Services) -> dict[str, int]:
    """Return the number of contradictions of each source; sources without any are left out. Raises EngineError."""
    answer = await services.engine.search_offers(build_contradictions_body(None, 0, services.settings.engine_timeout))
    return {row.source: row.total for row in map(_counts, answer["aggregations"]["sources"]["buckets"])}


def _counts(row: Stored) -> SourceContradictions:
    open_full, closed_left = (int(row[kind]["value"]) for kind in get_args(Contradiction))
    return SourceContradictions(row["key"], open_full + closed_left, open_full, closed_left)


def _contradictory(offer: Stored) -> Iterator[tuple[Stored, Contradiction]]:
    for session in offer.get("sessions") or ():
        kind = contradiction_of(session.get("recruiting", "unknown"), (session.get("left") or {}).get("any"))
        if kind is not None:
            yield session, kind


def _to_row(
    offer: Stored, session: Stored, kind: Contradiction, snapshot: Snapshot, today: date, old_after_days: int
) -> ContradictionRow:
    get = session.get
    precision, end_precision = get("start_precision", "unknown"), get("end_precision", "unknown")
    return ContradictionRow(
        source=offer["source"],
        offer_id=offer["id"],
        offer_key=offer["key"],
        title=offer["title"],
        url=f"/offres/{offer['key']}",
        session_id=session["id"],
        session_key=session["key"],
        when=french_period(get("start"), precision, get("end"), end_precision),
        recruiting=get("recruiting", "unknown"),
        seats=to_seats_views(convert(get("seats") or [], list[StoredFigure]), snapshot, today, old_after_days),
        kind=kind,
        message=contradiction_text(kind, (session.get("left") or {}).get("any")),
    )
