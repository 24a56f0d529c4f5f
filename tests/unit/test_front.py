"""What stands before every route: limits and headers."""

from typing import Any

import pytest
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from search_app.front import SECURITY_HEADERS
from search_app.main import create_app
from search_app.rates import RateLimiter
from search_app.settings import Settings

NOWHERE = "http://127.0.0.1:9"  # the discard port: nothing answers there


def client(**settings: Any) -> TestClient:
    app = create_app(Settings(opensearch_url=NOWHERE, engine_timeout=1, **settings))
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/", "/offres", "/api/v1/offers", "/healthz", "/nowhere", "/api/v1/nowhere"])
def test_every_answer_carries_the_security_headers(path: str) -> None:
    with client() as browser:
        answer = browser.get(path)
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


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
        answers = [browser.get("/healthz") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert int(answers[1].headers["retry-after"]) >= 1


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
    app = create_app(Settings(opensearch_url=NOWHERE))
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
        answers = [browser.get("/healthz", headers={"Origin": asked["Origin"]}) for _ in range(2)]
    assert preflight.status_code == 200
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


def test_a_bucket_refills_with_time_and_each_client_has_its_own() -> None:
    limiter = RateLimiter(rate=2)
    assert [limiter.wait_for("a", 0) for _ in range(10)] == [0.0] * 10
    assert limiter.wait_for("a", 0) == 0.5
    assert limiter.wait_for("b", 0) == 0
    assert limiter.wait_for("a", 0.6) == 0
