"""Static files under names that hold a hash of their content, so that browsers may keep them for good."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from search_app.errors import NotFound

STATIC: Final = Path(__file__).parent.parent / "static"
STYLES: Final = ("tokens.css", "base.css", "layout.css", "components.css", "offer.css", "print.css")
FILES: Final = ("boussole.svg", "live.js", "live-worker.js")
FOREVER: Final = "public, max-age=31536000, immutable"
ONE_DAY: Final = "public, max-age=86400"
ROBOTS: Final = "User-agent: *\nDisallow: /offres?\nDisallow: /api/\n"
TYPES: Final = {
    ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent: its hashed name, its bytes plain and compressed."""

    name: str
    media_type: str
    plain: bytes
    compressed: bytes

    @property
    def url(self) -> str:
        """Return the address under which it may be cached for good."""
        return f"/static/{self.name}"


@dataclass(frozen=True, slots=True)
class Assets:
    """All files that a page refers to."""

    style: Asset
    icon: Asset
    live: Asset
    live_worker: Asset

    def find(self, name: str) -> Asset | None:
        """Return the file of this hashed name."""
        assets = (self.style, self.icon, self.live, self.live_worker)
        return next((asset for asset in assets if asset.name == name), None)


@cache
def load_assets() -> Assets:
    """Read the files once; the style sheet is its layers put together in order."""
    style = b"\n".join((STATIC / name).read_bytes() for name in STYLES)
    icon, live, worker = (_asset(name, (STATIC / name).read_bytes()) for name in FILES)
    return Assets(_asset("boussole.css", style), icon, live, worker)


def _asset(name: str, content: bytes) -> Asset:
    path = Path(name)
    digest = hashlib.blake2b(content, digest_size=6).hexdigest()
    return Asset(f"{path.stem}-{digest}{path.suffix}", TYPES[path.suffix], content, gzip.compress(content, mtime=0))


async def favicon(_: Request) -> Response:
    """Send the icon to whoever asks for it without having read a page."""
    icon = load_assets().icon
    return Response(icon.plain, media_type=icon.media_type, headers={"Cache-Control": ONE_DAY})


async def robots(_: Request) -> Response:
    """Keep crawlers out of the countless combinations of filters, and out of the data behind the pages."""
    return PlainTextResponse(ROBOTS, headers={"Cache-Control": ONE_DAY})


async def static_file(request: Request) -> Response:
    """Send a static file; raises NotFound for a name that is not (or no longer) one."""
    asset = load_assets().find(request.path_params["name"])
    if asset is None:
        raise NotFound("Ce fichier n’existe pas.")
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.compressed, media_type=asset.media_type, headers=headers)
    return Response(asset.plain, media_type=asset.media_type, headers=headers)
