"""The routes for crawlers: robots.txt, index of the sitemaps, and the sitemap of the pages that are always there."""

from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from search_app.base.site_address import site_address
from search_app.census.present import PATH
from search_app.census.service import count_bodies
from search_app.documents.labels import PATH as DOCUMENTS
from search_app.documents.service import count_documents
from search_app.funding.sheets import PATH as SCHEMES
from search_app.pages.analytics.asked.questions import PIVOT
from search_app.pages.crawlers.counted import sitemap_domains, sitemap_jobs, sitemap_territories
from search_app.pages.crawlers.discovery import llms, opensearch
from search_app.pages.crawlers.streamed import sitemap_documents, sitemap_offers, sitemap_providers, sitemap_trainings
from search_app.pages.crawlers.urlset import MEDIA_TYPE, NAMESPACE, parts_of
from search_app.pages.info.pages import INFO_ROWS
from search_app.pages.portal.frame import INDEX_LINKS
from search_app.pages.providers.gaps_page import GAPS_PATH
from search_app.pages.shared.assets import ONE_DAY
from search_app.pages.subjects.overview import Overview, read_overview
from search_app.pages.widgets.theme import CONFIGURATOR
from search_app.search.params.search_params import SearchParams
from search_app.search.service import services_of
from search_app.text.xml import add, root, to_document

ROBOTS: Final = (
    "User-agent: *\nDisallow: /offres?\nDisallow: /organismes?\nDisallow: /documents?\nDisallow: /pilotage?\n"
    "Disallow: /pilotage/\nDisallow: /selection?\nDisallow: /selection.\n"
    "Allow: /api/v1/openapi.json\nDisallow: /api/\n"  # the description is in llms.txt; some take the first that fits
)
PAGES: Final = (
    "/", "/offres", *(link.href for link in INDEX_LINKS.values()), PATH, GAPS_PATH, SCHEMES, DOCUMENTS, PIVOT,
    "/sources", CONFIGURATOR, *(row.path for row in INFO_ROWS),
)  # fmt: skip


def crawler_routes() -> list[Route]:
    """Return the routes of all of these."""
    return [
        Route("/robots.txt", robots),
        Route("/opensearch.xml", opensearch),
        Route("/llms.txt", llms),
        Route("/sitemap.xml", sitemap_index),
        Route("/sitemap-pages.xml", sitemap_pages),
        Route("/sitemap-metiers-{letter}.xml", sitemap_jobs),
        Route("/sitemap-domaines.xml", sitemap_domains),
        Route("/sitemap-territoires.xml", sitemap_territories),
        Route("/sitemap-formations-{part:int}-{parts:int}.xml", sitemap_trainings),
        Route("/sitemap-organismes-{part:int}-{parts:int}.xml", sitemap_providers),
        Route("/sitemap-documents-{part:int}-{parts:int}.xml", sitemap_documents),
        Route("/sitemap-offres-{part:int}-{parts:int}.xml", sitemap_offers),
    ]


async def robots(request: Request) -> Response:
    """Exclude crawlers from combinations of filters and from the data; name the sitemap if the site's address is
    set.
    """
    services = services_of(request)
    public = services.settings.public_url.rstrip("/")
    named = f"\nSitemap: {public}/sitemap.xml\n" if public else ""
    return PlainTextResponse(ROBOTS + named, headers={"Cache-Control": ONE_DAY})


async def sitemap_index(request: Request) -> Response:
    """List the sitemaps: those of offers and trainings in as many parts as their current number needs."""
    services = services_of(request)
    site = site_address(request, services.settings)
    (offers,) = await services.count([services.resolve(SearchParams())])
    index = root("sitemapindex", NAMESPACE)
    bodies, documents = await count_bodies(services), await count_documents(services)
    for path in sitemap_paths(offers, await read_overview(request), bodies, documents):
        add(add(index, "sitemap"), "loc", site + path)
    return Response(to_document(index), media_type=MEDIA_TYPE)


def sitemap_paths(offers: int, overview: Overview, bodies: int = 0, documents: int = 0) -> list[str]:
    """Return the addresses of all sitemaps; a training has at least one offer to come. ``bodies`` are of the census."""
    families = sorted({code[0].lower() for code in overview.codes("rome")})
    trainings, every, census, texts = map(parts_of, (overview.total, offers, bodies, documents))
    return [
        "/sitemap-pages.xml",
        "/sitemap-domaines.xml",
        "/sitemap-territoires.xml",
        *(f"/sitemap-metiers-{letter}.xml" for letter in families),
        *(f"/sitemap-formations-{part}-{trainings}.xml" for part in range(1, trainings + 1)),
        *(f"/sitemap-organismes-{part}-{census}.xml" for part in range(1, census + 1)),
        *(f"/sitemap-documents-{part}-{texts}.xml" for part in range(1, texts + 1)),
        *(f"/sitemap-offres-{part}-{every}.xml" for part in range(1, every + 1)),
    ]


async def sitemap_pages(request: Request) -> Response:
    """List the pages that are there without an engine, those that lead to all others, and the schemes known so far."""
    services = services_of(request)
    site, urls = site_address(request, services.settings), root("urlset", NAMESPACE)
    schemes = services.reference.current().funding.book.schemes
    for path in (*PAGES, *(f"{SCHEMES}/{scheme.id}" for scheme in schemes)):
        add(add(urls, "url"), "loc", site + path)
    return Response(to_document(urls), media_type=MEDIA_TYPE)
