"""What stands before every route: limits and headers."""

import re
from http import HTTPMethod
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from search_app.api.funding import not_posted
from search_app.base.errors import MethodNotAllowed
from search_app.base.metrics import registry
from search_app.base.rates import RateLimiter
from search_app.web.health import PROBES
from tests.away_engine import away_app

CHEAP = "/api/v1/openapi.json"  # an answer of the API that needs no engine


def client(**settings: Any) -> TestClient:
    return TestClient(away_app(**settings), raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/", "/offres", "/api/v1/offers", "/healthz", "/nowhere", "/api/v1/nowhere"])
def test_every_answer_carries_the_security_headers(path: str) -> None:
    with client() as browser:
        answer = browser.get(path)
    policy = answer.headers["content-security-policy"]
    assert dict(part.split(" ", 1) for part in policy.split("; ")) == {
        "default-src": "'none'", "style-src": "'self'", "img-src": "'self' data:", "script-src": "'self'",
        "font-src": "'self'", "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
        "manifest-src": "'self'", "frame-ancestors": "'none'",
    }  # fmt: skip
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["permissions-policy"] == "geolocation=(self), camera=(), microphone=()"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/offres", "/offres/x", "/api/v1/offers", "/api/v1/offers/x", "/readyz"])
def test_an_engine_that_is_away_is_a_503_that_says_so(path: str) -> None:
    with client() as browser:
        answer = browser.get(path)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "moteur de recherche" in answer.text


def test_a_place_is_not_called_unknown_while_no_place_is_known_at_all() -> None:
    with client() as browser:
        assert browser.get("/api/v1/offers?place=Albi").status_code == 503


def test_the_process_is_alive_without_an_engine() -> None:
    with client() as browser:
        assert browser.get("/healthz").status_code == 200


def test_an_address_beyond_the_limit_is_refused() -> None:
    with client() as browser:
        answer = browser.get("/api/v1/offers?q=" + "x" * 33_000)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_large"


def test_a_client_beyond_its_rate_is_told_when_to_come_back() -> None:
    with client(rate_limit=0.1) as browser:
        answers = [browser.get(CHEAP) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert int(answers[1].headers["retry-after"]) >= 1


def test_probes_never_count_against_the_rate_and_are_never_refused_for_it() -> None:
    with client(rate_limit=0.1) as browser:
        for path in PROBES:
            assert 429 not in {browser.get(path).status_code for _ in range(5)}
        assert [browser.get(CHEAP).status_code for _ in range(2)] == [200, 429]
        assert 429 not in {browser.get(path).status_code for path in PROBES}


def test_addresses_of_one_ipv6_subscriber_are_one_client() -> None:
    limiter = RateLimiter(rate=0.1)
    assert limiter.wait_for("2001:db8::1", 0) == 0
    assert limiter.wait_for("2001:db8::ffff:2", 0) > 0
    assert limiter.wait_for("2001:db8:0:1::1", 0) == 0


def test_a_wrong_method_is_a_405_and_an_unknown_address_a_404() -> None:
    with client() as browser:
        refused = browser.post("/api/v1/offers")
        missing = browser.get("/api/v1/nowhere").json()["error"]
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    assert refused.json()["error"] == {
        "code": "method_not_allowed",
        "message": "Méthode non autorisée : seuls GET et HEAD sont acceptés.",
    }
    assert missing == {"code": "not_found", "message": "Cette adresse n’existe pas."}


def test_a_wrong_method_is_told_those_of_its_own_address() -> None:
    app = away_app()
    app.router.routes.insert(0, Route("/api/v1/seats", lambda _: Response(), methods=["POST"]))
    with TestClient(app) as browser:
        refused = browser.get("/api/v1/seats")
    assert refused.headers["allow"] == "POST"
    assert refused.json()["error"]["message"] == "Méthode non autorisée : seul POST est accepté."


def test_another_site_may_ask_whether_anything_changed_and_read_what_it_is_told() -> None:
    asked = {"Origin": "https://portail.example.fr", "Access-Control-Request-Method": "GET",
             "Access-Control-Request-Headers": "if-none-match"}  # fmt: skip
    with client(rate_limit=0.1) as browser:
        preflight = browser.options("/api/v1/offers", headers=asked)
        answers = [browser.get(CHEAP, headers={"Origin": asked["Origin"]}) for _ in range(2)]
    assert preflight.status_code == 200
    assert "default-src" in preflight.headers["content-security-policy"]
    assert preflight.headers["x-content-type-options"] == "nosniff"
    assert "if-none-match" in preflight.headers["access-control-allow-headers"].lower()
    assert [answer.status_code for answer in answers] == [200, 429]
    for answer in answers:  # a refusal must be readable too, or Retry-After says nothing
        assert answer.headers["access-control-allow-origin"] == "*"
        exposed = answer.headers["access-control-expose-headers"].lower().split(", ")
        assert {"etag", "retry-after", "content-disposition"} <= set(exposed)


@pytest.mark.parametrize("path", ["/api/v1/sources?x=1", "/api/v1/offers/n33nhrxdjcpe?x=1", "/api/v1/places?q=a&x=1"])
def test_an_unknown_parameter_is_a_fault_at_every_address_with_the_value_given(path: str) -> None:
    with client() as browser:
        answer = browser.get(path)
    assert answer.status_code == 400
    (fault,) = answer.json()["error"]["faults"]
    assert (fault["parameter"], fault["value"]) == ("x", "1")
    assert "reçu : « 1 »" in fault["message"]
    assert fault["allowed"]


def test_reading_is_allowed_from_other_sites() -> None:
    with client() as browser:
        answer = browser.get("/api/v1/openapi.json", headers={"Origin": "https://portail.example.fr"})
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", [*sorted(PROBES), "/", "/sources", "/nowhere"])
def test_other_sites_may_read_nothing_but_the_api(path: str) -> None:
    asked = {"Origin": "https://ailleurs.example.fr", "Access-Control-Request-Method": "GET"}
    with client() as browser:
        answers = [browser.get(path, headers=asked), browser.options(path, headers=asked)]
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("access-control")]


def paths_of(app: Starlette) -> dict[str, set[str]]:
    """An address of each route, and the methods that it takes, whichever of its routes takes them."""
    paths: dict[str, set[str]] = {}
    for route in app.routes:
        assert isinstance(route, Route)
        if route.endpoint is not_posted:  # it refuses what it takes
            continue
        sample = re.sub(r"\{[^}]+\}", "x", re.sub(r"\{[^}]+:int\}", "1", route.path))
        paths.setdefault(sample, set()).update(route.methods or ())
    return paths


def test_every_address_tells_its_methods_and_refuses_others_in_whole_words() -> None:
    with client() as browser:
        assert isinstance(browser.app, Starlette)
        for path, methods in paths_of(browser.app).items():
            told = browser.options(path)
            assert (told.status_code, told.content) == (204, b""), path
            assert set(told.headers["allow"].split(", ")) == methods | {"OPTIONS"}, path
            refused = browser.request("PROPFIND", path)
            assert refused.status_code == 405, path
            named = refused.headers["allow"].split(", ")
            assert set(named) == methods, path
            assert all(method in refused.text for method in named), path
        assert browser.options("/nowhere").status_code == 404


def test_a_sentence_is_not_taken_for_a_list_of_methods() -> None:
    with pytest.raises(ValueError, match="not a valid HTTPMethod"):
        MethodNotAllowed("seuls GET et HEAD")  # type: ignore[arg-type]
    assert MethodNotAllowed([HTTPMethod.GET]).headers()["Allow"] == "GET"


@pytest.mark.parametrize("public_url", ["", "https://boussole.example.fr"])
def test_no_redirect_leads_to_the_host_that_the_client_names(public_url: str) -> None:
    with client(public_url=public_url) as browser:
        assert isinstance(browser.app, Starlette)
        led = {}
        for path in paths_of(browser.app):
            answer = browser.get(f"{path}/?q=a%2Fb", headers={"Host": "evil.example"}, follow_redirects=False)
            assert "evil.example" not in str(answer.headers), path
            if answer.is_redirect:
                led[path] = answer.headers["location"]
    assert len(led) > 10
    assert led == {path: f"{path.rstrip('/')}?q=a%2Fb" for path in led}


@pytest.mark.parametrize("path", ["//evil.example/", "/sources%2F", "/nowhere/", "///"])
def test_a_slash_at_the_end_is_taken_away_only_where_that_is_an_address(path: str) -> None:
    with client() as browser:
        answer = browser.request("GET", f"http://testserver{path}", follow_redirects=False)
    assert answer.status_code == 404


def test_a_bucket_refills_with_time_and_each_client_has_its_own() -> None:
    limiter = RateLimiter(rate=2)
    assert [limiter.wait_for("a", 0) for _ in range(10)] == [0.0] * 10
    assert limiter.wait_for("a", 0) == 0.5
    assert limiter.wait_for("b", 0) == 0
    assert limiter.wait_for("a", 0.6) == 0


@pytest.mark.parametrize("answer_seconds", [0, 1])
def test_an_unexpected_exception_is_a_500_that_is_counted_logged_once_and_has_the_security_headers(
    answer_seconds: float, caplog: pytest.LogCaptureFixture
) -> None:
    app = away_app(answer_seconds=answer_seconds)

    async def breaks(_: Request) -> Response:
        raise LookupError

    app.router.routes.insert(0, Route("/offres", breaks))

    def counted() -> float:
        return registry.get_sample_value("boussole_requests_total", {"route": "breaks", "status": "500"}) or 0

    before = counted()
    with TestClient(app, raise_server_exceptions=False) as browser:
        answer = browser.get("/offres")
    assert answer.status_code == 500
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert counted() == before + 1
    assert [record.message for record in caplog.records if record.exc_info] == ["unexpected error at /offres"]
