"""robots.txt and the sitemap: an index of parts that are computed while they are read.

Parts divide the offers by key, and keys are evenly distributed: part 2 of 4 has the keys of the second quarter. So
parts are independent, and an address listed yesterday still contains its offers.
"""

from typing import Any, Final

from lxml import etree
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mappings.keys import LETTERS
from search_app.base.errors import NotFound
from search_app.base.rates import host_of
from search_app.base.site_address import site_address
from search_app.exports.streaming import Body, Form, head_of, stream
from search_app.pages.info.pages import INFO_ROWS
from search_app.pages.shared.assets import ONE_DAY
from search_app.search.params.search_params import SearchParams
from search_app.search.service import services_of
from search_app.search.stored import read_record
from search_app.text.xml import add, allowed, root, to_document

ROBOTS: Final = "User-agent: *\nDisallow: /offres?\nDisallow: /selection?\nDisallow: /selection.\nDisallow: /api/\n"
NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
MEDIA_TYPE: Final = "application/xml; charset=utf-8"
FORM: Final = Form(MEDIA_TYPE)
HEAD: Final = f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{NAMESPACE}">'.encode()
END: Final = b"</urlset>"
PART: Final = 25_000  # offers of a part on average: far below the limit of 50,000
MOST_PARTS: Final = 1_024
PAGES: Final = ("/", "/offres", "/sources", *(row.path for row in INFO_ROWS))
# first two letters of keys, sorted
STARTS: Final = [first + second for first in sorted(LETTERS) for second in sorted(LETTERS)]


def sitemap_routes() -> list[Route]:
    """Return the routes of all of these."""
    return [
        Route("/robots.txt", robots),
        Route("/sitemap.xml", sitemap_index),
        Route("/sitemap-pages.xml", sitemap_pages),
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
    """List the parts, as many as the current number of offers needs."""
    services = services_of(request)
    site = site_address(request, services.settings)
    parts = min(-(-(await services.count([services.resolve(SearchParams())]))[0] // PART), MOST_PARTS)
    paths = ["/sitemap-pages.xml", *(f"/sitemap-offres-{part}-{parts}.xml" for part in range(1, parts + 1))]
    index = root("sitemapindex", NAMESPACE)
    for path in paths:
        add(add(index, "sitemap"), "loc", site + path)
    return Response(to_document(index), media_type=MEDIA_TYPE)


async def sitemap_pages(request: Request) -> Response:
    """List the pages other than offers."""
    services = services_of(request)
    site, urls = site_address(request, services.settings), root("urlset", NAMESPACE)
    for path in PAGES:
        add(add(urls, "url"), "loc", site + path)
    return Response(to_document(urls), media_type=MEDIA_TYPE)


async def sitemap_offers(request: Request) -> Response:
    """List the offers of one part; raises NotFound for an impossible part."""
    part, parts = request.path_params["part"], request.path_params["parts"]
    if not 1 <= part <= parts <= MOST_PARTS:
        raise NotFound("Cette partie du plan n’existe pas.")
    if request.method == "HEAD":
        return head_of(FORM)
    services = services_of(request)
    body = build_part_body(*key_range(part, parts), services.settings.engine_timeout)
    scan = await services.scans.open(body, host_of(request))
    return stream(request, scan, FORM, lambda: body_of(site_address(request, services.settings)), total_told=False)


def key_range(part: int, parts: int) -> tuple[str | None, str | None]:
    """Return the first key of a part, and the first key after it; None is open.

    >>> key_range(1, 1), key_range(1, 2), key_range(2, 2)
    ((None, None), (None, 'k2'), ('k2', None))
    """
    first, after = ((number * len(STARTS)) // parts for number in (part - 1, part))
    return STARTS[first] if first else None, STARTS[after] if after < len(STARTS) else None


def build_part_body(first: str | None, after: str | None, timeout: float) -> dict[str, Any]:
    """Return the body that finds the offers in a range of keys, in order."""
    bounds = {name: key for name, key in (("gte", first), ("lt", after)) if key is not None}
    return {
        "query": {"range": {"key": bounds}} if bounds else {"match_all": {}},
        "sort": [{"key": "asc"}],
        "_source": ["key", "written_at"],
        "size": 1_000,
        "track_total_hits": True,
        "timeout": f"{int(timeout * 1000)}ms",
    }


def body_of(site: str) -> Body:
    """Return the content of a part.

    Elements have no namespace declaration: they inherit that of the document.
    """
    return Body(lambda record: (_to_url(read_record(record), site),), HEAD, END)


def _to_url(stored: dict[str, Any], site: str) -> bytes:
    url = etree.Element("url")
    etree.SubElement(url, "loc").text = allowed(f"{site}/offres/{stored['key']}")
    etree.SubElement(url, "lastmod").text = stored["written_at"]
    return etree.tostring(url, encoding="utf-8")
