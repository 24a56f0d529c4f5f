"""What readers type goes nowhere but where it belongs: not into the SMTP dialogue, not into logs, not into pages."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from engine.local.node import free_ports
from tests.engine.alerts.alerting import Alerting, alerting
from tests.engine.installation import Action
from tests.served import ROOT, environment_of
from tests.unit.alerts.hostile import hostile_addresses

OLD = Action("A1", sessions=("S1",), funders=("2",))
CANARY = "zq9canary@exemple.fr"


@pytest.fixture
def unlimited(desk: Alerting, monkeypatch: pytest.MonkeyPatch) -> Iterator[Alerting]:
    """The same installation, whose app takes any number of requests."""
    monkeypatch.setattr("search_app.alerts.routes.MOST_A_MINUTE", 10_000)
    with alerting(desk.installation, desk.server) as running:
        yield running


def test_hostile_addresses_are_refused_and_nothing_is_sent(unlimited: Alerting) -> None:
    statuses = {}
    for mail in hostile_addresses():
        answer = unlimited.ask(mail)
        statuses[mail] = answer.status_code
        assert len(mail.strip()) < 3 or mail.strip() not in answer.text
    assert {mail: status for mail, status in statuses.items() if status != 400} == {}
    assert unlimited.records("pending") == []
    time.sleep(1.5)  # longer than the app waits before it writes
    assert (unlimited.server.take(), unlimited.server.tried) == ([], [])


def test_hostile_searches_and_titles_stay_text(unlimited: Alerting) -> None:
    queries = (
        "q=a%0d%0aBcc%3A+v%40b.example", "q=%0d%0a.%0d%0aMAIL+FROM%3A%3Cx%40y.example%3E",
        "q=http%3A%2F%2Fevil.example%2F",
        "q=<script>alert(1)</script>", "q=" + "a" * 150, 'q="><b>', "q=%F0%9F%98%80&place=&funder=2",
        "q=é\r\nà",
    )  # fmt: skip
    for number, query in enumerate(queries):
        assert unlimited.ask(f"p{number}@exemple.fr", query).status_code == 202, query
    mails = unlimited.mails(len(queries))
    assert len(mails) == len(queries)
    for mail in mails:
        assert mail.message["Bcc"] is None
        assert mail.message["To"] == mail.recipient
        assert "evil.example" not in mail.text
        assert "<script" not in mail.part("html")
        assert b"\x00" not in mail.raw
    title = "Soudure &lt;img src=x&gt; à l’arc &amp; au gaz"
    unlimited.subscribe("t@exemple.fr")
    unlimited.load(OLD, Action("A2", title=title, sessions=("S2",), funders=("2",)))
    assert unlimited.send().status == 0
    (news,) = [mail for mail in unlimited.server.take() if mail.recipient == "t@exemple.fr"]
    assert "<img" not in news.part("html")
    assert sum("au gaz" in line for line in news.text.splitlines()) == 1


@contextmanager
def app_with_log(desk: Alerting, log: Path, **settings: str) -> Iterator[str]:
    """Yield the address of an app in a process of its own, which writes all that it says into a file."""
    port = free_ports(1)[0]
    more = {name.removeprefix("BOUSSOLE_"): value for name, value in desk.environment.items()} | settings
    environment = environment_of(desk.installation.engine_url, desk.installation.prefix, port, **more)
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "search_app"], cwd=ROOT, env=environment, stdout=file, stderr=file
        )
        try:
            address, last = f"http://127.0.0.1:{port}", time.monotonic() + 30
            while time.monotonic() < last:
                try:
                    httpx.get(f"{address}/healthz", timeout=1)
                    break
                except httpx.TransportError:
                    time.sleep(0.05)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def test_no_address_is_in_logs_pages_metrics_and_other_indices(desk: Alerting, tmp_path: Path) -> None:
    log, pages = tmp_path / "app.log", []
    fields = {"mail": CANARY, "query": "q=soudure", "frequency": "daily"}
    desk.server.to_recipients.append(f"550 <{CANARY}> is unknown here")
    with app_with_log(desk, log) as address, httpx.Client(base_url=address) as client:
        wrong: tuple[dict[str, str], ...] = (
            {},
            {"frequency": "x"},
            {"query": ""},
            {"mail": CANARY + " x"},
            {"mail": CANARY, "query": "age=1"},
        )
        pages += [client.post("/alertes", data=fields | changes).text for changes in wrong]
        pages.append(client.post("/alertes", content=f"mail={CANARY}", headers={"Content-Type": "text/plain"}).text)
        pages += [client.post("/alertes", data=fields).text for _ in range(32)]
        time.sleep(1.5)
        pages += [client.get(path).text for path in ("/metrics", "/readyz", "/sources", "/nowhere")]
    # And while neither mail server nor engine answer.
    desk.open_gates()
    with app_with_log(desk, tmp_path / "down.log", SMTP_URL="smtp://127.0.0.1:1") as address:
        pages.append(httpx.post(f"{address}/alertes", data=fields).text)
        time.sleep(1.5)
        pages.append(httpx.get(f"{address}/metrics").text)
    with app_with_log(desk, tmp_path / "away.log", OPENSEARCH_URL="http://127.0.0.1:1") as address:
        pages.append(httpx.post(f"{address}/alertes", data=fields).text)
    assert [page for page in pages if "canary" in page.lower()] == []
    desk.open_gates()
    desk.server.to_data.append(f"451 {CANARY} later")
    runs = [desk.send(), desk.send(), desk.send("", "status"), desk.send("", "forget", CANARY)]
    told = "".join(run.out + run.err for run in runs)
    logs = "".join(path.read_text("utf-8") for path in tmp_path.glob("*.log"))
    assert "canary" not in (told + logs).lower()
    assert "mails that ask to confirm an alert could not be sent" in logs  # it is said, without saying whose
    everything = desk.installation.call("GET", f"{desk.installation.prefix}*/_search?size=500&q=*")
    assert "canary" not in str(everything).lower()


def test_a_client_is_who_the_trusted_proxy_says(desk: Alerting, tmp_path: Path) -> None:
    with app_with_log(desk, tmp_path / "app.log", RATE_LIMIT="0") as address, httpx.Client(base_url=address) as client:

        def ask(client_address: str, number: int) -> int:
            fields = {"mail": f"p{number}@exemple.fr", "query": "q=soudure", "frequency": "daily"}
            return client.post("/alertes", data=fields, headers={"X-Forwarded-For": client_address}).status_code

        statuses = [ask("192.0.2.1", number) for number in range(31)]
        assert statuses == [202] * 30 + [429]
        assert ask("192.0.2.2", 40) == 202
        assert ask("192.0.2.1", 41) == 429
