"""Framing headers: other sites may embed the widgets and no other page."""

import re
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.routing import Route
from starlette.testclient import TestClient

from search_app.base.settings import Settings
from tests.away_engine import away_app

WIDGETS = "/widgets/"
KINDS = ("recherche", "liste", "offre", "places")


def directives(answer: Any) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))


def paths() -> list[str]:
    """An address of each route of the app, and addresses without one."""
    routes = [route.path for route in away_app().routes if isinstance(route, Route)]
    samples = [re.sub(r"\{[^}]+\}", "x", re.sub(r"\{[^}]+:int\}", "1", path)) for path in routes]
    return [*dict.fromkeys(samples), "/nowhere", "/widgets/", "/widgets/2/liste", "/widgetsx", "/api/v1/nowhere"]


PATHS = paths()


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_only_what_is_below_widgets_may_be_framed(method: str) -> None:
    with TestClient(away_app(), raise_server_exceptions=False) as client:
        answers = {path: client.request(method, path, follow_redirects=False) for path in PATHS}
    assert len(answers) > 40
    framed = {path for path, answer in answers.items() if directives(answer)["frame-ancestors"] != "'none'"}
    assert framed == {path for path in PATHS if path.startswith(WIDGETS)}
    assert {f"/widgets/1/{kind}" for kind in KINDS} < framed
    for path, answer in answers.items():
        assert "unsafe" not in answer.headers["content-security-policy"], path
        assert "set-cookie" not in answer.headers, path
        assert "x-frame-options" not in answer.headers, path
        assert (answer.headers.get("cross-origin-resource-policy") == "cross-origin") == (path in framed), path
        assert (answer.headers.get("x-robots-tag") == "noindex") == (path in framed), path


def test_the_configurator_alone_may_show_frames_and_only_ours() -> None:
    with TestClient(away_app(), raise_server_exceptions=False) as client:
        answers = {path: directives(client.get(path, follow_redirects=False)) for path in PATHS}
    assert {path: rules["frame-src"] for path, rules in answers.items() if "frame-src" in rules} == {
        "/widgets": "'self'"
    }


@pytest.mark.parametrize(
    ("address", "settings", "status"),
    [
        ("/widgets/1/recherche?scheme=x", {}, 400),
        ("/widgets/1/nowhere", {}, 404),
        ("/widgets/1/liste", {}, 503),
        ("/widgets/1/recherche?q=" + "x" * 33_000, {}, 413),
        ("/widgets/1/recherche", {"rate_limit": 0.01}, 429),
    ],
)
def test_refusals_inside_a_frame_may_be_framed_and_are_frames(
    address: str, settings: dict[str, Any], status: int
) -> None:
    with TestClient(away_app(**settings), raise_server_exceptions=False) as client:
        answer = client.get(address)
        if status == 429:
            answer = client.get(address)
    assert answer.status_code == status
    assert directives(answer)["frame-ancestors"] == "*"
    assert "widget.css" not in answer.text
    assert re.search(r'href="/static/widget-\w+\.css"', answer.text)
    assert "<h1>" in answer.text


def test_named_sites_alone_may_frame_widgets_beside_the_site_itself() -> None:
    named = "https://portail.example.fr https://*.example.org:8443"
    with TestClient(away_app(widgets_ancestors=f" {named} ")) as client:
        assert directives(client.get("/widgets/1/recherche"))["frame-ancestors"] == f"'self' {named}"
        assert directives(client.get("/aide"))["frame-ancestors"] == "'none'"


@pytest.mark.parametrize(
    "value", ["", "none", "* https://a.fr", "a.fr", "https://a.fr/x", "https://a.fr; script-src *"]
)
def test_a_setting_that_names_no_sites_is_refused_at_the_start(value: str) -> None:
    with pytest.raises(ValidationError, match="origins such as"):
        Settings(widgets_ancestors=value)
