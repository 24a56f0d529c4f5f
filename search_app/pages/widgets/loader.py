"""The loader: one evergreen address, and one for each released text, which stays served for pages that pin it.

``python -m search_app.pages.widgets.loader`` releases the text as it is now.
"""

import base64
import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from rjsmin import jsmin
from starlette.requests import Request
from starlette.responses import Response

from search_app.base.errors import NotFound
from search_app.base.responses import precompressed
from search_app.pages.shared.assets import FOREVER, STATIC, TYPES
from search_app.pages.widgets.theme import PREFIX

SOURCE: Final = STATIC / "loader" / "boussole.js"
RELEASED: Final = STATIC / "loader" / "released"
EVERGREEN: Final = f"{PREFIX}/boussole.js"
# Pages of others load it on each visit; a correction reaches them within an hour.
ONE_HOUR: Final = "public, max-age=3600"


@dataclass(frozen=True, slots=True)
class Loader:
    """One text of the loader, as it is served."""

    plain: bytes
    compressed: bytes

    @property
    def name(self) -> str:
        """Return the name with the hash of the text."""
        return f"boussole-{hashlib.blake2b(self.plain, digest_size=6).hexdigest()}.js"

    @property
    def url(self) -> str:
        """Return the address that always serves this text."""
        return f"{PREFIX}/{self.name}"

    @property
    def integrity(self) -> str:
        """Return the value of the attribute ``integrity``."""
        return f"sha384-{base64.b64encode(hashlib.sha384(self.plain).digest()).decode()}"


def _to_loader(text: bytes) -> Loader:
    return Loader(text, gzip.compress(text, mtime=0))


@cache
def current_loader() -> Loader:
    """Return the loader of this version."""
    return _to_loader(str(jsmin(SOURCE.read_text("utf-8"))).encode())


@cache
def released_loaders() -> dict[str, Loader]:
    """Return all released texts by their names."""
    return {path.name: _to_loader(path.read_bytes()) for path in sorted(RELEASED.glob("*.js"))}


async def evergreen(request: Request) -> Response:
    """Send the loader of this version."""
    return _send(request, current_loader(), ONE_HOUR)


async def released(request: Request) -> Response:
    """Send a released loader; raises NotFound."""
    loader = released_loaders().get(f"boussole-{request.path_params['hash']}.js")
    if loader is None:
        raise NotFound("Cette version du chargeur n’existe pas.")
    return _send(request, loader, FOREVER)


def _send(request: Request, loader: Loader, cache_control: str) -> Response:
    headers = {
        "Cache-Control": cache_control,
        "Access-Control-Allow-Origin": "*",  # a page that pins it asks with ``crossorigin``
    }
    return precompressed(request, loader.plain, loader.compressed, TYPES[".js"], headers)


def release(folder: Path = RELEASED) -> Path:
    """Write the loader of this version among the released ones; returns its file."""
    loader = current_loader()
    path = folder / loader.name
    path.write_bytes(loader.plain)
    return path


if __name__ == "__main__":
    print(release())
