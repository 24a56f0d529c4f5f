"""What stands before every route: limits and headers."""

from typing import Any

import pytest
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
        assert browser.post("/api/v1/offers").json()["error"]["code"] == "method_not_allowed"
        assert browser.get("/api/v1/nowhere").json()["error"]["code"] == "not_found"


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
