"""Renders a typed page context to HTML, and to a response."""

import hashlib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from search_app.base.responses import conditional, tag_of, to_bytes
from search_app.base.settings import Settings
from search_app.base.site_address import site_address
from search_app.pages.shared.assets import load_assets
from search_app.pages.shared.layout import Live, Page
from search_app.pages.shared.printing import PrintingEnvironment
from search_app.search.service import services_of
from search_app.text import wording

TEMPLATES: Final = Path(__file__).parents[2] / "templates"
HTML: Final = "text/html; charset=utf-8"
# Combinations of filters, more than there are offers; data.
NOT_FOLLOWED: Final = ("/offres?", "/organismes?", "/documents?", "/pilotage?", "/pilotage/", "/selection?", "/api/")

EMBEDDED: Final = ("search.html", "offer.html")  # pages that other sites may show as a frame


@dataclass(frozen=True, slots=True)
class Site:
    """Data of the installation on every page; without an address canonical links are paths.

    ``oembed`` describes this page as a frame (oEmbed), None if it has none.
    """

    address: str = ""
    demonstration: bool = False
    oembed: str | None = None


def site_of(settings: Settings) -> Site:
    """Return the site data of an app with these settings."""
    return Site(settings.public_url.rstrip("/"), settings.demonstration)


@cache
def environment() -> Environment:
    """Return the templates, compiled once per process and independent of settings.

    Autoescaping; undefined names are errors.
    """
    made = PrintingEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.filters["typeset"] = wording.typeset
    made.filters["number"] = wording.number
    made.filters["href"] = href
    made.filters["way"] = way
    made.globals["static"] = load_assets().urls
    return made


@cache
def version() -> str:
    """Return a version of everything that pages depend on beside their values: templates, filters, static files."""
    digest = hashlib.sha1(usedforsecurity=False)
    for path in (*sorted(TEMPLATES.rglob("*.html")), Path(wording.__file__), Path(__file__)):
        digest.update(path.read_bytes())
    digest.update(" ".join(load_assets().urls.values()).encode())
    return digest.hexdigest()


def href(address: str, rel: str = "") -> Markup:
    """Return the attributes of a link; links to combinations of filters have ``nofollow``.

    Templates contain no other ``href`` of a value: one forgotten link would lead a crawler to all others.

    >>> href("/offres?q=a&page=2", "next"), href("/offres/abc")
    (Markup('rel="nofollow next" href="/offres?q=a&amp;page=2"'), Markup('href="/offres/abc"'))
    """
    if "nofollow" not in rel and address.startswith(NOT_FOLLOWED):
        rel = f"nofollow {rel}".rstrip()
    return Markup(f'rel="{rel}" href="{escape(address)}"' if rel else f'href="{escape(address)}"')


def way(address: str, posted: bool, rel: str = "") -> Markup:
    """Return the attributes of a link, or of a button that sends the answers about the reader's situation along.

    >>> way("/offres?q=a", False), way("/offres?q=a", True)
    (Markup('rel="nofollow" href="/offres?q=a"'), Markup('type="submit" form="situation" formaction="/offres?q=a"'))
    """
    if not posted:
        return href(address, rel)
    return Markup(f'type="submit" form="situation" formaction="{escape(address)}"')


def render(template: str, page: Page, site: Site = Site(), live: Live | None = None) -> bytes:
    """Return the page as UTF-8; ``live`` is when its seats were read."""
    return environment().get_template(template).render(page=page, site=site, live=live).encode()


def etag_of(template: str, page: Page, site: Site) -> str:
    """Return the ETag of a page's value, without the time at which its seats were read (``Live``)."""
    return tag_of(to_bytes((version(), template, site, page)))


def respond(request: Request, template: str, page: Page, live: Live | None = None) -> Response:
    """Return a page with its ETag, or 304 if the client has the same; then it is not rendered."""
    settings = services_of(request).settings
    site = replace(site_of(settings), oembed=_oembed(request, settings) if template in EMBEDDED else None)
    return conditional(request, etag_of(template, page, site), lambda: render(template, page, site, live), HTML)


def _oembed(request: Request, settings: Settings) -> str:
    """Return the absolute address that describes the frame of this page; consumers do not resolve relative ones."""
    site, url = site_address(request, settings), request.url
    page = f"{site}{url.path}?{url.query}" if url.query else f"{site}{url.path}"
    return f"{site}/oembed?{urlencode({'url': page})}"


def respond_private(
    request: Request, template: str, page: Page, status: int = 200, live: Live | None = None
) -> Response:
    """Return a page about a person: kept nowhere, and named to no other page."""
    body = render(template, page, site_of(services_of(request).settings), live)
    return Response(body, status, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}, HTML)


def respond_error(request: Request, template: str, page: Page, status: int, headers: dict[str, str]) -> Response:
    """Return an error page, not cacheable."""
    return Response(render(template, page, site_of(services_of(request).settings)), status, headers, HTML)
