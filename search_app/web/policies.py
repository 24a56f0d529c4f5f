"""The security headers by path: frames of widgets may be embedded by other sites, everything else by none."""

from collections.abc import Callable
from typing import Final

from search_app.pages.widgets.theme import CONFIGURATOR

FRAMES: Final = "/widgets/"
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; manifest-src 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_POLICY: Final = "Content-Security-Policy"
Headers = list[tuple[bytes, bytes]]
# Of every answer to what was posted: kept nowhere, and no other address learns of it.
POSTED: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def security_headers(tiles_origin: str = "") -> dict[str, str]:
    """Return the headers of every response; images of another site are allowed only if map tiles come from it."""
    images = f"img-src 'self' data: {tiles_origin}".rstrip()
    return SECURITY_HEADERS | {_POLICY: SECURITY_HEADERS[_POLICY].replace("img-src 'self' data:", images)}


def widget_headers(ancestors: str) -> dict[str, str]:
    """Return the headers of what other sites embed; the site's own configurator shows it, too."""
    allowed = ancestors if ancestors == "*" else f"'self' {ancestors}"
    return SECURITY_HEADERS | {
        _POLICY: (
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; worker-src 'self'; "
            f"form-action 'self'; base-uri 'none'; frame-ancestors {allowed}"
        ),
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Robots-Tag": "noindex",
    }


def headers_by_path(tiles_origin: str, ancestors: str) -> Callable[[str, str], Headers]:
    """Return the function that gives the headers of a path and a method."""
    site = security_headers(tiles_origin)
    embedded = _encoded(widget_headers(ancestors))
    usual, posted = _encoded(site), _encoded(site | POSTED)
    # The configurator shows an example in a frame.
    framing = _encoded(site | {_POLICY: f"{site[_POLICY]}; frame-src 'self'"})

    def headers_of(path: str, method: str) -> Headers:
        if path.startswith(FRAMES):
            return embedded
        if method == "POST":
            return posted
        return framing if path == CONFIGURATOR else usual

    return headers_of


def _encoded(headers: dict[str, str]) -> Headers:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
