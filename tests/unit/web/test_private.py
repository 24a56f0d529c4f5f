"""The situation of a person is refused in every address, and what is posted is kept nowhere."""

from typing import Any
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from search_app.base.errors import NotFound
from search_app.base.private import KEYS, private_fault
from tests.away_engine import away_app

CANARY = "zq9canary"
PATHS = ("/", "/offres", "/offres/x", "/selection", "/widgets/1/recherche", "/api/v1/offers", "/api/v1/nowhere",
         "/oembed", "/nowhere", "/healthz", "/metrics", "/static/tokens.css", "/sitemap.xml")  # fmt: skip


def client(app: Starlette | None = None, **settings: Any) -> TestClient:
    return TestClient(app or away_app(**settings), raise_server_exceptions=False)


def test_refused_keys_are_those_of_the_contract() -> None:
    assert {"disabled", "allowance", "cpf_euros", "status", "age", "child_under_12", "csp_since"} == KEYS


@pytest.mark.parametrize("path", PATHS)
def test_situation_in_an_address_is_refused_on_every_path(path: str) -> None:
    with client() as browser:
        answer = browser.get(f"{path}?q=soudeur&age={CANARY}&status=employee")
    assert answer.status_code == 400
    assert CANARY not in answer.text + repr(answer.headers)
    assert "employee" not in answer.text
    assert "age" in answer.text
    assert "status" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "etag" not in answer.headers


def test_refusal_has_the_form_of_its_address() -> None:
    with client() as browser:
        fault = browser.get(f"/api/v1/offers?cpf_euros={CANARY}").json()["error"]["faults"]
        page = browser.get("/offres?disabled=true")
        frame = browser.get("/widgets/1/recherche?disabled=true")
    assert [(each["parameter"], each["value"]) for each in fault] == [("cpf_euros", "")]
    assert "Cette adresse contient une erreur" in page.text
    assert "Le contenu de ce cadre est mal configuré" in frame.text


@pytest.mark.parametrize("key", sorted(KEYS))
def test_key_is_refused_in_every_spelling(key: str) -> None:
    encoded = "".join(f"%{ord(letter):02x}" for letter in key)
    spellings = (key, f"{key}=", key.upper(), encoded, encoded.upper(), f"%20{key}+", key[:-1] + quote(key[-1]))
    for spelled in (*spellings, f"person.{key}"):
        for query in (f"{spelled}={CANARY}", f"q=a&{spelled}={CANARY}&x=1", spelled):
            refusal = private_fault(query.encode())
            assert refusal is not None, query
            assert [fault.parameter for fault in refusal.faults] == [key]
            assert CANARY not in repr(refusal.to_json())


@pytest.mark.parametrize(
    "query",
    ["", "q=age", "q=status%3Demployee", "entry_level=4", "ages=1", "x-age=1", "q=1%26age%3D2", "statut=open", "=age"],
)
def test_other_addresses_are_not_refused(query: str) -> None:
    assert private_fault(query.encode()) is None


@pytest.mark.parametrize("method", ["POST", "HEAD", "OPTIONS", "DELETE"])
def test_situation_is_refused_with_every_method(method: str) -> None:
    with client() as browser:
        assert browser.request(method, "/api/v1/offers?age=15").status_code == 400


def test_refused_address_is_not_offered_again_to_a_client_beyond_its_rate() -> None:
    with client(rate_limit=0.1) as browser:
        answers = [browser.get(f"/offres?age={CANARY}") for _ in range(5)]
    assert not [answer for answer in answers if CANARY in answer.text]


def answering(handler: Any) -> TestClient:
    app = away_app()
    app.router.routes.insert(0, Route("/api/v1/offers/x/funding", handler, methods=["POST"]))
    app.router.routes.insert(0, Route("/offres/x/financement", handler, methods=["POST"]))
    return client(app)


@pytest.mark.parametrize("path", ["/api/v1/offers/x/funding", "/offres/x/financement"])
def test_answers_to_posts_are_kept_nowhere(path: str) -> None:
    async def answer(_: Request) -> Response:
        return Response(b"done")

    async def refuse(_: Request) -> Response:
        raise NotFound("Rien.")

    async def fail(_: Request) -> Response:
        raise RuntimeError("fault of ours")

    for handler, status in ((answer, 200), (refuse, 404), (fail, 500)):
        with answering(handler) as browser:
            told = browser.post(path, json={})
        assert told.status_code == status
        assert told.headers["cache-control"] == "no-store"
        assert told.headers["referrer-policy"] == "no-referrer"
        assert not {"etag", "set-cookie"} & told.headers.keys()


def preflight(browser: TestClient, path: str, method: str, headers: str = "content-type") -> Any:
    asked = {"Origin": "https://portail.example.fr", "Access-Control-Request-Method": method,
             "Access-Control-Request-Headers": headers}  # fmt: skip
    return browser.options(path, headers=asked)


@pytest.mark.parametrize("path", ["/api/v1/offers/14_AF_1:2/x/funding", "/api/v1/offers/search"])
def test_other_sites_may_post_json_where_a_person_is_asked_about(path: str) -> None:
    with client() as browser:
        told = preflight(browser, path, "POST")
        answer = browser.post(path, json={}, headers={"Origin": "https://portail.example.fr"})
        refused = preflight(browser, path, "POST", "authorization")
    assert told.status_code == 200
    assert "POST" in told.headers["access-control-allow-methods"]
    assert told.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in told.headers
    assert answer.headers["access-control-allow-origin"] == "*"
    assert refused.status_code == 400


@pytest.mark.parametrize("path", ["/api/v1/seats", "/api/v1/offers", "/api/v1/offers/x", "/api/v1/funding"])
def test_other_sites_may_post_nowhere_else(path: str) -> None:
    with client() as browser:
        assert preflight(browser, path, "POST").status_code == 400
        assert "POST" not in preflight(browser, path, "GET", "if-none-match").headers["access-control-allow-methods"]


@pytest.mark.parametrize("path", ["/offres", "/offres/x/financement"])
def test_other_sites_may_not_read_answers_of_pages(path: str) -> None:
    with client() as browser:
        assert "access-control-allow-origin" not in preflight(browser, path, "POST").headers


def test_error_page_of_a_post_leads_to_no_address_to_try_again() -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with client() as browser:
        posted = browser.post("/offres/x/financement", content=b"age=15", headers=form)
        asked = browser.get("/offres/x/financement")
    assert posted.status_code == asked.status_code == 503
    assert "Réessayer</a>" in asked.text
    assert "Réessayer</a>" not in posted.text
    assert "renvoyez vos réponses" in posted.text
