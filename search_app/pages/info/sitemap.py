"""What search engines may read: robots.txt and the sitemap, an index of parts that are made while they are read.

Parts share the offers by their keys, which are spread evenly: part 2 of 4 has all keys of the second quarter. So no
part needs to know what the others have, and an address that was told yesterday still holds what belongs to it.
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
PART: Final = 25_000  # offers of a part on the average: far below the 50,000 that one may hold
MOST_PARTS: Final = 1_024
PAGES: Final = ("/", "/offres", "/sources", *(row.path for row in INFO_ROWS))
STARTS: Final = [first + second for first in sorted(LETTERS) for second in sorted(LETTERS)]  # of keys, in their order


def sitemap_routes() -> list[Route]:
    """Return the routes of all of these."""
    return [
        Route("/robots.txt", robots),
        Route("/sitemap.xml", sitemap_index),
        Route("/sitemap-pages.xml", sitemap_pages),
        Route("/sitemap-offres-{part:int}-{parts:int}.xml", sitemap_offers),
    ]


async def robots(request: Request) -> Response:
    """Keep crawlers out of combinations of filters and of the data; name the sitemap if the site's address is set."""
    services = services_of(request)
    public = services.settings.public_url.rstrip("/")
    named = f"\nSitemap: {public}/sitemap.xml\n" if public else ""
    return PlainTextResponse(ROBOTS + named, headers={"Cache-Control": ONE_DAY})


async def sitemap_index(request: Request) -> Response:
    """Name the parts, as many as there are offers for now."""
    services = services_of(request)
    site = site_address(request, services.settings)
    parts = min(-(-(await services.count([services.resolve(SearchParams())]))[0] // PART), MOST_PARTS)
    paths = ["/sitemap-pages.xml", *(f"/sitemap-offres-{part}-{parts}.xml" for part in range(1, parts + 1))]
    index = root("sitemapindex", NAMESPACE)
    for path in paths:
        add(add(index, "sitemap"), "loc", site + path)
    return Response(to_document(index), media_type=MEDIA_TYPE)


async def sitemap_pages(request: Request) -> Response:
    """List the pages that are no offers."""
    services = services_of(request)
    site, urls = site_address(request, services.settings), root("urlset", NAMESPACE)
    for path in PAGES:
        add(add(urls, "url"), "loc", site + path)
    return Response(to_document(urls), media_type=MEDIA_TYPE)


async def sitemap_offers(request: Request) -> Response:
    """List the offers of one part; raises NotFound for a part that cannot be."""
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
    """Return from which key on, and before which one, a part of all offers is; None is open.

    >>> key_range(1, 1), key_range(1, 2), key_range(2, 2)
    ((None, None), (None, 'k2'), ('k2', None))
    """
    first, after = ((number * len(STARTS)) // parts for number in (part - 1, part))
    return STARTS[first] if first else None, STARTS[after] if after < len(STARTS) else None


def build_part_body(first: str | None, after: str | None, timeout: float) -> dict[str, Any]:
    """Return the body that finds the offers of a range of keys, in their order."""
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
    """Return what a part holds.

    Elements have no namespace of their own: the one of the document around them holds for them.
    """
    return Body(lambda record: (_to_url(read_record(record), site),), HEAD, END)


def _to_url(stored: dict[str, Any], site: str) -> bytes:
    url = etree.Element("url")
    etree.SubElement(url, "loc").text = allowed(f"{site}/offres/{stored['key']}")
    etree.SubElement(url, "lastmod").text = stored["written_at"]
    return etree.tostring(url, encoding="utf-8")
