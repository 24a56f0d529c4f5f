"""Where the site's address is set, nothing that is sent names the host that a client asked for."""

import re
from collections.abc import Iterator

import httpx
import pytest
from starlette.routing import Route

from search_app.base.settings import Settings
from search_app.pages.selection.shortlist import SELECTION
from search_app.web.app import create_app
from tests.served import serving

SITE = "https://boussole.example.fr"
FORGED = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
ABSOLUTE = {"/offres/{id:path}", "/api/v1/offers.ics", "/api/v1/offers.atom", "/sitemap.xml", "/robots.txt", SELECTION,
            "/widgets", "/oembed"}  # fmt: skip


def addresses(key: str) -> dict[str, str]:
    """An address for each route, with an offer where it wants one."""
    routes = [route.path for route in create_app(Settings()).routes if isinstance(route, Route)]
    filled = {path: re.sub(r"\{\w+(:path)?\}", key, re.sub(r"\{\w+:int\}", "1", path)) for path in routes}
    filled |= {path: f"{filled[path]}?o={key}" for path in routes if path.startswith(SELECTION)}
    return filled | {"/oembed": f"/oembed?url=/offres/{key}"}


@pytest.fixture(scope="module", name="client")
def client_of_a_public_site(engine_url: str, loaded_prefix: str) -> Iterator[httpx.Client]:
    with (
        serving(engine_url, loaded_prefix, PUBLIC_URL=SITE) as app,
        httpx.Client(base_url=app.address, headers=FORGED, timeout=30) as client,
    ):
        yield client


def test_nothing_names_the_host_that_was_asked_for(client: httpx.Client) -> None:
    key = client.get("/api/v1/offers?size=1").json()["results"][0]["key"]
    named, answered = set(), 0
    for route, address in addresses(key).items():
        with client.stream("GET", address) as answer:  # a stream of seats has no end
            body = b"" if "event-stream" in answer.headers.get("content-type", "") else answer.read()
        assert b"evil.example" not in body, address
        assert "evil.example" not in str(answer.headers), address
        answered += answer.status_code == 200
        if SITE.encode() in body:
            named.add(route)
    assert answered > 20
    assert named >= ABSOLUTE
