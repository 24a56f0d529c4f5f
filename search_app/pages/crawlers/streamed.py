"""The sitemaps of offers, of trainings and of providers: parts of unlimited number, streamed."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from search_app.base.errors import NotFound
from search_app.base.rates import host_of
from search_app.base.site_address import site_address
from search_app.documents.asking import THERE
from search_app.exports.streaming import Body, head_of, stream
from search_app.pages.crawlers.urlset import (
    FORM,
    MOST_PARTS,
    STEP,
    build_range,
    documents_body,
    offers_body,
    providers_body,
    trainings_body,
)
from search_app.search.params.search_params import SearchParams
from search_app.search.query import build_count_body
from search_app.search.query.trainings import TRAINING
from search_app.search.service import services_of


async def sitemap_offers(request: Request) -> Response:
    """List the offers of one part; raises NotFound for an impossible part."""
    part, parts = _part_of(request)
    query = {"bool": {"filter": [*build_range("key", part, parts), {"match_all": {}}]}}
    body = {"query": query, "sort": [{"key": "asc"}], "_source": ["key", "news_at"]}
    return await _stream(request, body, offers_body(_site(request)))


async def sitemap_trainings(request: Request) -> Response:
    """List the trainings of one part that have offers to come; raises NotFound for an impossible part."""
    part, parts = _part_of(request)
    upcoming = build_count_body(services_of(request).resolve(SearchParams(upcoming=True)).request)["query"]
    query = {"bool": {"filter": [upcoming, *build_range(TRAINING, part, parts)]}}
    sort = [{TRAINING: "asc"}, {"news_at": {"order": "desc", "missing": "_last"}}, {"key": "asc"}]
    body = {"query": query, "sort": sort, "_source": [TRAINING, "title", "news_at"]}
    return await _stream(request, body, trainings_body(_site(request)))


async def sitemap_providers(request: Request) -> Response:
    """List the bodies of the census in one part; raises NotFound for an impossible part."""
    part, parts = _part_of(request)
    body: dict[str, Any] = {"query": {"match_all": {}}, "sort": [{"siren": "asc"}], "_source": ["siren"]}
    if parts > 1:
        body["slice"] = {"id": part - 1, "max": parts}
    return await _stream(request, body, providers_body(_site(request)), services_of(request).engine.names.providers)


async def sitemap_documents(request: Request) -> Response:
    """List the documents of one part; raises NotFound for an impossible part."""
    part, parts = _part_of(request)
    query = {"bool": {"filter": [THERE, *build_range("key", part, parts)]}}
    body: dict[str, Any] = {"query": query, "sort": [{"key": "asc"}], "_source": ["key", "stamp"]}
    return await _stream(request, body, documents_body(_site(request)), services_of(request).engine.names.documents)


def _part_of(request: Request) -> tuple[int, int]:
    part, parts = request.path_params["part"], request.path_params["parts"]
    if not 1 <= part <= parts <= MOST_PARTS:
        raise NotFound("Cette partie du plan n’existe pas.")
    return part, parts


def _site(request: Request) -> str:
    return site_address(request, services_of(request).settings)


async def _stream(request: Request, body: dict[str, Any], content: Body, index: str = "") -> Response:
    if request.method == "HEAD":
        return head_of(FORM)
    services = services_of(request)
    timeout = f"{int(services.settings.engine_timeout * 1000)}ms"
    scan = await services.scans.open(
        body | {"size": STEP, "track_total_hits": True, "timeout": timeout}, host_of(request), index
    )
    return stream(request, scan, FORM, lambda: content, total_told=False)
