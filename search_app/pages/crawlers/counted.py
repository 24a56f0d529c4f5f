"""The sitemaps of jobs, domains and territories: each from one search that counts, with the latest news of each."""

from collections.abc import Iterator
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from mappings.communes import FIELD as COMMUNE
from search_app.base.errors import NotFound
from search_app.base.site_address import site_address
from search_app.pages.crawlers.urlset import MEDIA_TYPE, MOST_ADDRESSES, to_urlset
from search_app.pages.subjects.families import FAMILIES
from search_app.pages.subjects.subjects import (
    FEWEST,
    Subject,
    to_commune,
    to_department,
    to_domain,
    to_job,
    to_job_in,
    to_region,
)
from search_app.search.params.search_params import SearchParams
from search_app.search.query import SearchRequest, build_count_body
from search_app.search.reference_data import Snapshot
from search_app.search.service import services_of

Url = tuple[str, str | None]
NEWEST: Final = "newest"
_NEWS: Final = {NEWEST: {"max": {"field": "news_at"}}}


def counted(field: str, more: dict[str, Any] | None = None, include: str | None = None) -> dict[str, Any]:
    """Return the aggregation of the codes of a field that have a page, with their latest news."""
    terms: dict[str, Any] = {"field": field, "size": MOST_ADDRESSES, "min_doc_count": FEWEST, "order": {"_key": "asc"}}
    if include:
        terms["include"] = include
    return {"terms": terms, "aggs": _NEWS | (more or {})}


async def sitemap_jobs(request: Request) -> Response:
    """List the jobs of one family, and each of them in départements; raises NotFound for an unknown family."""
    letter = request.path_params["letter"].upper()
    if letter not in FAMILIES:
        raise NotFound("Cette partie du plan n’existe pas.")
    inside = {"department": counted("department")}
    found = await _ask(request, {"rome": counted("rome", inside, include=f"{letter}[0-9]{{4}}")})
    return _answer(request, job_urls(found["rome"]["buckets"], services_of(request).reference.known()))


async def sitemap_domains(request: Request) -> Response:
    """List the domains."""
    found = await _ask(request, {"domain": counted("domain")})
    snapshot = services_of(request).reference.known()
    return _answer(request, (_url(to_domain(row["key"], snapshot), row) for row in found["domain"]["buckets"]))


async def sitemap_territories(request: Request) -> Response:
    """List the regions, départements and communes."""
    found = await _ask(request, {name: counted(name) for name in ("region", "department", COMMUNE)})
    return _answer(request, territory_urls(found, services_of(request).reference.known()))


def job_urls(rows: list[dict[str, Any]], snapshot: Snapshot) -> Iterator[Url]:
    """Yield the address of each job, and of each département that it has a page for."""
    for row in rows:
        job = to_job(row["key"], snapshot)
        yield _url(job, row)
        for each in row["department"]["buckets"]:
            inside = to_job_in(job, each["key"])
            if inside:
                yield _url(inside, each)


def territory_urls(found: dict[str, Any], snapshot: Snapshot) -> Iterator[Url]:
    """Yield the address of each territory."""
    for row in found["region"]["buckets"]:
        if region := to_region(row["key"]):
            yield _url(region, row)
    for row in found["department"]["buckets"]:
        if department := to_department(row["key"]):
            yield _url(department, row)
    for row in found[COMMUNE]["buckets"]:
        if commune := to_commune(row["key"], snapshot):
            yield _url(commune, row)


def _url(subject: Subject, row: dict[str, Any]) -> Url:
    return subject.path, row[NEWEST].get("value_as_string")


async def _ask(request: Request, aggregations: dict[str, Any]) -> dict[str, Any]:
    """Return the aggregations over all offers to come; raises EngineError."""
    services = services_of(request)

    def body(search: SearchRequest) -> dict[str, Any]:
        return build_count_body(search) | {"aggs": aggregations}

    found: dict[str, Any] = (await services.ask(services.resolve(SearchParams(upcoming=True)), body))[1]
    told: dict[str, Any] = found["aggregations"]
    return told


def _answer(request: Request, urls: Iterator[Url]) -> Response:
    site = site_address(request, services_of(request).settings)
    content = to_urlset((site + path, lastmod) for path, lastmod in urls)
    return Response(content, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-cache"})
