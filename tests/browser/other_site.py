"""A site of another origin for tests of widgets: pages as they are put, each with its content security policy."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import httpx

HEAD = '<!doctype html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
PARAGRAPH = "<p>Cette page est celle d’un autre site, avec un peu de texte avant et après.</p>"
TEXT = re.compile(r'<textarea id="(\w+)"[^>]*>(.*?)</textarea>', re.DOTALL)


SECRET = "s3cretOfWP"
# What wp_filter_oembed_result() of WordPress does with the answer of a site that it does not know, imitated.
SANDBOX = (
    '<iframe sandbox="allow-scripts" security="restricted" class="wp-embedded-content" '
    f'style="position: absolute; visibility: hidden" data-secret="{SECRET}"'
)


def as_wordpress(html: str) -> str:
    """What WordPress makes of the ``html`` of an oEmbed answer."""
    sandboxed = html.replace("<iframe", SANDBOX).replace("<blockquote>", f'<blockquote data-secret="{SECRET}">')
    return re.sub(r'(<iframe[^>]* src="[^"]*)"', rf'\1#?secret={SECRET}"', sandboxed)


class OtherSite:
    """The pages by their paths."""

    def __init__(self, address: str, site: str) -> None:
        self.address = address
        self.site = site
        self.pages: dict[str, tuple[str, str]] = {}

    @property
    def policy(self) -> str:
        """The strictest policy under which widgets work."""
        return f"default-src 'none'; script-src {self.site}; frame-src {self.site}"

    def put(self, path: str, body: str, policy: str | None = None, head: str = "") -> str:
        """Serve a page; returns its address."""
        self.pages[path] = (f"{HEAD}<title>Un autre site</title>{head}<body>{body}", policy or self.policy)
        return self.address + path

    def text(self, name: str = "texte", **fields: Any) -> str:
        """The text that the configurator gives to copy."""
        page = httpx.get(f"{self.site}/widgets?{urlencode(fields)}", timeout=10).raise_for_status().text
        return unescape(dict(TEXT.findall(page))[name])


@contextmanager
def other_site(site: str) -> Iterator[OtherSite]:
    """Serve another site while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = made.pages.get(self.path)
            body = page[0].encode() if page else b""
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            if page:
                self.send_header("Content-Security-Policy", page[1])
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = OtherSite(f"http://127.0.0.1:{server.server_port}", site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
