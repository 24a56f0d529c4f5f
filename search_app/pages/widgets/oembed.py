"""``GET /oembed``: the frame of a page of this site, as oEmbed 1.0 (JSON) describes it; WordPress asks for it."""

from collections.abc import Mapping
from typing import Final

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response

from search_app.base.errors import BadParameters, Fault, NotFound, UnsupportedFormat
from search_app.base.responses import json_response
from search_app.base.site_address import site_address
from search_app.pages.widgets.embed import Embed, build_embed, own_hosts
from search_app.pages.widgets.frame import SITE_NAME
from search_app.pages.widgets.kinds import Target, parse_target
from search_app.pages.widgets.theme import fault_of, split_theme
from search_app.search.service import services_of

PATH: Final = "/oembed"
USUAL_WIDTH: Final = 680
LARGEST: Final = 10_000  # px
LONGEST_ADDRESS: Final = 4_000
CACHE_SECONDS: Final = 86_400


async def oembed(request: Request) -> Response:
    """Describe the frame of a page; raises BadParameters, UnsupportedFormat, NotFound, EngineError."""
    services = services_of(request)
    theme, others, faults = split_theme(request.query_params.multi_items())
    given = dict(others)
    if given.get("format", "json") != "json":
        raise UnsupportedFormat("Seul le format json est servi (format=json).")
    width, height = (_pixels(given, name, faults) for name in ("maxwidth", "maxheight"))
    text = given.get("url", "").strip()
    if not text or len(text) > LONGEST_ADDRESS:
        faults.append(fault_of("url", text, "l’adresse d’une page de ce site", "il faut une adresse"))
    if faults:
        raise BadParameters(faults)
    target = parse_target(text, own_hosts(request, services))
    if target is None:
        raise NotFound("Cette adresse n’est pas celle d’une recherche ou d’une offre de ce site.")
    embed = await build_embed(services, _kind(target), target, theme)
    return json_response(request, _describe(embed, site_address(request, services.settings), width, height))


def _kind(target: Target) -> str:
    if target.offer:
        return "offre"
    return "liste" if target.pairs else "recherche"


def _pixels(given: Mapping[str, str], name: str, faults: list[Fault]) -> int | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= LARGEST:
        return int(text)
    faults.append(fault_of(name, text, f"un nombre entier de pixels, de 1 à {LARGEST}", "ce n’est pas une largeur"
                           if name == "maxwidth" else "ce n’est pas une hauteur"))  # fmt: skip
    return None


def _describe(embed: Embed, site: str, most_wide: int | None, most_high: int | None) -> dict[str, object]:
    """Return the answer; its frame is no larger than the page that asks allows."""
    width = min(USUAL_WIDTH, most_wide or USUAL_WIDTH)
    height = min(embed.height(width), most_high or LARGEST)
    page, frame, title = (escape(text) for text in (f"{site}{embed.page}", f"{site}{embed.frame}", embed.title))
    # WordPress keeps blockquote, a and iframe; it shows the quotation where scripts are off.
    html = (
        f'<blockquote><a href="{page}">{title}</a></blockquote>'
        f'<iframe src="{frame}" width="{width}" height="{height}" title="{title}" frameborder="0"></iframe>'
    )
    return {
        "version": "1.0",
        "type": "rich",
        "provider_name": SITE_NAME,
        "provider_url": f"{site}/",
        "title": embed.title,
        "html": html,
        "width": width,
        "height": height,
        "cache_age": CACHE_SECONDS,
    }
