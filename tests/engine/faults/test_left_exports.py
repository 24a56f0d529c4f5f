"""Exports that are begun and left: the engine holds no view of them, and exports go on for everybody else."""

import json
import time
from threading import Event

import httpx
import pytest

from bench.clients.left_exports import leave_all
from search_app.base.errors import EngineOverloaded
from search_app.search.engine.offers import OffersEngine
from tests.engine.fault_proxy import Asked, fault_proxy
from tests.engine.loaded import LoadedApp
from tests.served import serving_command

SECONDS = 5.0
HELD_SECONDS = 2.0  # that the engine takes for a step: less than its time-out, more than an export may take
LEFT = 30
UNBOUNDED = {"EXPORTS_PER_CLIENT": "0", "EXPORTS": str(LEFT), "ENGINE_TIMEOUT": "30"}  # machines of tests are busy
NDJSON = "/api/v1/offers.ndjson"
EXPORTS = [
    NDJSON,
    "/api/v1/offers.csv?place=Albi",
    "/api/v1/offers.ics?place=Albi",
    "/api/v1/offers.csv?q=zzzzqq+xxyyww",
    "/api/v1/offers.ndjson?q=soudeur+zzzzqq",
    "/sitemap-offres-1-1.xml",
]


class Contexts:
    """The contexts that the engine holds open for one index."""

    def __init__(self, engine_url: str, prefix: str) -> None:
        self.address = f"{engine_url}/{prefix}offers/_stats/search"

    def open(self) -> int:
        answer = httpx.get(self.address, timeout=10).raise_for_status().json()
        return int(answer["_all"]["total"]["search"]["open_contexts"])

    def wait(self, number: int) -> None:
        """Return when that many are open; raises AssertionError if that takes too long."""
        last = time.monotonic() + SECONDS
        while (found := self.open()) != number:
            assert time.monotonic() < last, f"{found} contexts are open"
            time.sleep(0.05)


@pytest.fixture(name="contexts")
def contexts_of_the_index(engine_url: str, loaded_prefix: str) -> Contexts:
    return Contexts(engine_url, loaded_prefix)


def test_exports_that_are_left_leave_nothing_open(
    engine_url: str, loaded_prefix: str, contexts: Contexts, capfd: pytest.CaptureFixture[str]
) -> None:
    contexts.wait(0)
    with serving_command(engine_url, loaded_prefix, **UNBOUNDED) as app:
        statuses = leave_all(app.address, LEFT, at_once=12, seed=1, patience=0.3)
        assert statuses[200] > LEFT / 2
        assert set(statuses) <= {0, 200}
        contexts.wait(0)
        answer = httpx.get(app.address + NDJSON, timeout=30)
    assert len(answer.content.splitlines()) == int(answer.headers["X-Total-Count"]) > 1_000
    assert capfd.readouterr().err == ""


def test_a_client_with_an_open_export_is_refused_another_and_a_stop_cuts_it(
    engine_url: str, loaded_prefix: str, contexts: Contexts, capfd: pytest.CaptureFixture[str]
) -> None:
    contexts.wait(0)
    held = Event()

    def hold_steps(asked: Asked) -> None:
        if b"search_after" in asked.body:
            held.set()
            Event().wait(HELD_SECONDS)

    with (
        fault_proxy(engine_url, hold_steps) as slow_engine,
        serving_command(slow_engine, loaded_prefix, EXPORTS_PER_CLIENT="1", EXPORT_SECONDS="1") as app,
        httpx.stream("GET", app.address + NDJSON, timeout=30) as export,
    ):
        assert held.wait(SECONDS)
        refused = httpx.get(f"{app.address}/api/v1/offers.csv", timeout=10)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
        assert refused.json()["error"]["code"] == "too_many_requests"
        assert httpx.get(f"{app.address}/api/v1/offers?q=soudeur", timeout=10).status_code == 200
        contexts.wait(1)  # searches of background tasks open contexts for a moment, too
        app.stop()
        contexts.wait(0)
        with pytest.raises(httpx.RemoteProtocolError):  # what was cut does not pass for the whole
            export.read()
    assert capfd.readouterr().err == "an export was cut short: it was not read within 1 s\n"


@pytest.mark.parametrize("path", EXPORTS)
def test_a_head_opens_no_view(loaded_app: LoadedApp, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object) -> str:
        raise AssertionError

    monkeypatch.setattr(OffersEngine, "open_view", refuse)
    assert loaded_app.client.head(path).status_code == 200


@pytest.mark.parametrize("path", EXPORTS)
def test_an_export_that_is_read_whole_closes_each_view_that_it_opened(
    loaded_app: LoadedApp, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    closed: list[str] = []
    open_view, close_views = OffersEngine.open_view, OffersEngine.close_views

    async def opening(engine: OffersEngine, keep_alive: str, index: str = "") -> str:
        opened.append(await open_view(engine, keep_alive, index))
        return opened[-1]

    async def closing_(engine: OffersEngine, views: list[str]) -> None:
        await close_views(engine, views)
        closed.extend(views)

    monkeypatch.setattr(OffersEngine, "open_view", opening)
    monkeypatch.setattr(OffersEngine, "close_views", closing_)
    assert loaded_app.get(path).status == 200
    assert loaded_app.client.portal is not None
    loaded_app.client.portal.call(loaded_app.app.state.services.scans.views.drain)
    assert sorted(closed) == sorted(opened)
    assert len(opened) == (2 if "xxyyww" in path else 1)  # the second one asks for any of the words


def test_an_engine_that_opens_no_more_views_refuses_exports_alone(
    loaded_app: LoadedApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> str:
        raise EngineOverloaded("429: Trying to create too many Point In Time contexts.")

    monkeypatch.setattr(OffersEngine, "open_view", refuse)
    refused = loaded_app.client.get(NDJSON)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert json.loads(refused.content)["error"]["code"] == "exports_full"
    assert loaded_app.get("/api/v1/offers?q=soudeur").status == 200
