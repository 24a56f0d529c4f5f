"""A page of another site that embeds the four widgets: `python -m engine.local.host SITE PORT`; `make demo` starts it.

It sends the strictest policy under which widgets work, and its texts are those that the configurator of SITE gives.
"""

from __future__ import annotations

import contextlib
import html
import re
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

from engine.local.children import child_process
from engine.local.settings import LOOPBACK

SECONDS = 10
POLL_SECONDS = 0.1
LAST_PORT = 65_535
KINDS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("recherche", {}, "Une recherche"),
    ("liste", {"q": "cuisine", "place": "Toulouse", "radius": "100"}, "Une liste"),
    ("offre", {}, "Une offre"),
    ("places", {}, "Les places d’une offre, en direct"),
)
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the site is on this machine
TEXT = re.compile(r'<textarea id="texte"[^>]*>(.*?)</textarea>', re.DOTALL)
PARAGRAPH = "<p>Cette page est celle d’un autre site. Elle n’a ni style, ni image, ni autre script que le chargeur.</p>"


def policy(site: str) -> str:
    """Return the content security policy of the page: scripts and frames of the site, nothing else."""
    return f"default-src 'none'; script-src {site}; frame-src {site}; base-uri 'none'; form-action 'none'"


def build_page(site: str) -> bytes:
    """Return the page; raises OSError if the site does not answer, ValueError if it gives no text to copy."""
    parts = []
    for kind, search, title in KINDS:
        parts.append(f"<h2>{title}</h2>\n{_text_to_copy(site, {'kind': kind, **search})}\n{PARAGRAPH}")
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Un autre site</title>\n</head>\n<body>\n<main>\n<h1>Un autre site</h1>\n{PARAGRAPH}\n{body}\n"
        "</main>\n</body>\n</html>\n"
    ).encode()


def _text_to_copy(site: str, fields: dict[str, str]) -> str:
    with _OPENER.open(f"{site}/widgets?{urlencode(fields)}", timeout=SECONDS) as answer:
        found = TEXT.search(answer.read().decode())
    if not found:
        raise ValueError(f"{site}/widgets gives no text to copy")
    return html.unescape(found[1])


def serve(site: str, port: int) -> None:
    """Serve the page at / until the process is ended; raises OSError if the port is taken."""
    page: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.partition("?")[0] != "/":
                self.send_error(404)
                return
            try:
                page[:] = page or [build_page(site)]
            except (OSError, ValueError) as error:
                self.send_error(502, explain=str(error))
                return
            self.send_response(200)
            for name, value in (
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Length", str(len(page[0]))),
                ("Content-Security-Policy", policy(site)),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page[0])

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    ThreadingHTTPServer((LOOPBACK, port), Handler).serve_forever()


def is_free(port: int) -> bool:
    """Tell whether nothing listens on the port of this machine; there is none beyond the last one."""
    if port > LAST_PORT:
        return False
    try:
        socket.create_server((LOOPBACK, port)).close()
    except OSError:
        return False
    return True


@contextlib.contextmanager
def other_site(site: str, port: int, environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """Serve the page in a process of its own while the block runs; yields a line that tells where, or why not."""
    if not is_free(port):
        yield f"Another site with its widgets: not served, port {port} is taken by another program."
        return
    with child_process(["engine.local.host", site, str(port)], environment, log) as child:
        last = time.monotonic() + SECONDS
        while child.poll() is None and time.monotonic() < last and is_free(port):
            time.sleep(POLL_SECONDS)
        yield f"Another site with its widgets: http://{LOOPBACK}:{port}"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(sys.argv[1], int(sys.argv[2]))
