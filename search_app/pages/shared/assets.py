"""Static files under names with a hash of their content, so that browsers can cache them without limit."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from rcssmin import cssmin
from rjsmin import jsmin
from starlette.requests import Request
from starlette.responses import Response

from search_app.base.errors import NotFound
from search_app.base.responses import precompressed

STATIC: Final = Path(__file__).parents[2] / "static"
VENDORED: Final = STATIC / "vendor"  # files of npm packages, as packages.csv lists them
STYLE: Final = "boussole.css"
# The layers of the one style sheet; files beside them are for single pages (Layout.sheets).
STYLES: Final = (
    "tokens.css", "base.css", "layout.css", "components.css", "suggestions.css", "picking.css", "exports.css",
    "print.css",
)  # fmt: skip
FOREVER: Final = "public, max-age=31536000, immutable"
ONE_DAY: Final = "public, max-age=86400"
TYPES: Final = {
    ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
}  # fmt: skip
# An import of another script of ours: by its name in the folder, served under its hashed name.
REFERENCE: Final = re.compile(rb'"\./(?:vendor/)?([\w.-]+)"')


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as served: its hashed name, its bytes plain and compressed."""

    name: str
    media_type: str
    plain: bytes
    compressed: bytes

    @property
    def url(self) -> str:
        """Return the address under which it may be cached without limit."""
        return f"/static/{self.name}"


class Assets:
    """All files that pages and scripts refer to."""

    def __init__(self) -> None:
        self._made: dict[str, Asset] = {}
        for path in sorted((*STATIC.iterdir(), *VENDORED.iterdir())):
            if path.suffix in TYPES and path.name not in STYLES:
                self.get(path.name)
        self._served = {asset.name: asset for asset in (*self._made.values(), self.get(STYLE))}

    def get(self, name: str) -> Asset:
        """Return the file with this name in the folder; raises KeyError."""
        if name not in self._made:
            self._made[name] = _asset(name, self._content(name))
        return self._made[name]

    def find(self, served_as: str) -> Asset | None:
        """Return the file with this hashed name."""
        return self._served.get(served_as)

    @property
    def urls(self) -> dict[str, str]:
        """Return the address of each file, by its name in the folder."""
        return {name: asset.url for name, asset in self._made.items()}

    def _content(self, name: str) -> bytes:
        if name == STYLE:  # its layers are concatenated in order
            return _lean(name, b"\n".join((STATIC / layer).read_bytes() for layer in STYLES))
        if (VENDORED / name).exists():
            return (VENDORED / name).read_bytes()
        if not (STATIC / name).exists():
            raise KeyError(name)
        return REFERENCE.sub(
            lambda found: f'"{self.get(found[1].decode()).url}"'.encode(), _lean(name, (STATIC / name).read_bytes())
        )


@cache
def load_assets() -> Assets:
    """Read the files once."""
    return Assets()


def _lean(name: str, content: bytes) -> bytes:
    """Return a file of ours without comments and indentation; those of packages are unchanged."""
    lean = {".css": cssmin, ".js": jsmin}.get(Path(name).suffix)
    return lean(content.decode()).encode() if lean else content


def _asset(name: str, content: bytes) -> Asset:
    path = Path(name)
    digest = hashlib.blake2b(content, digest_size=6).hexdigest()
    return Asset(f"{path.stem}-{digest}{path.suffix}", TYPES[path.suffix], content, gzip.compress(content, mtime=0))


async def favicon(_: Request) -> Response:
    """Send the icon to clients that request it without having read a page."""
    icon = load_assets().get("boussole.svg")
    return Response(icon.plain, media_type=icon.media_type, headers={"Cache-Control": ONE_DAY})


async def static_file(request: Request) -> Response:
    """Send a static file; raises NotFound for an unknown or outdated name."""
    asset = load_assets().find(request.path_params["name"])
    if asset is None:
        raise NotFound("Ce fichier n’existe pas.")
    return precompressed(request, asset.plain, asset.compressed, asset.media_type, {"Cache-Control": FOREVER})
