"""An installation with alerts: the app, the mail server, and the command that sends."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from starlette.applications import Starlette
from starlette.testclient import TestClient

from search_app.base.settings import Settings
from search_app.web.app import create_app
from tests.engine.alerts.mail_server import MailServer, Received
from tests.engine.installation import Action, Installation, Run

SITE: Final = "https://boussole.example"
KEY: Final = "a-key-of-the-tests-that-is-long-enough"
SOON: Final = 10.0  # seconds within which a mail of the app has to come
ROOT: Final = Path(__file__).parents[3]
OFFER: Final = re.compile(re.escape(SITE) + r"/offres/([0-9a-z]+)\b")


@dataclass(frozen=True)
class Alerting:
    """Asks, confirms, loads and sends as readers and operators do."""

    installation: Installation
    server: MailServer
    app: Starlette
    client: TestClient
    environment: dict[str, str]

    def ask(self, mail: str = "a.b@exemple.fr", query: str = "q=soudure", frequency: str = "daily") -> Any:
        """Post the form."""
        return self.client.post("/alertes", data={"mail": mail, "query": query, "frequency": frequency})

    def mails(self, count: int, *, within: float = SOON) -> list[Received]:
        """Return the mails that came, once there are so many."""
        last = time.monotonic() + within
        while len(self.server.received) < count and time.monotonic() < last:
            time.sleep(0.01)
        return self.server.take()

    def subscribe(self, mail: str = "a.b@exemple.fr", query: str = "q=soudure", frequency: str = "daily") -> Received:
        """Ask for an alert and confirm it; returns the mail that asked."""
        assert self.ask(mail, query, frequency).status_code == 202
        (received,) = self.mails(1)
        assert self.client.post(path_of(received.link("/alertes/confirmation/"))).status_code == 200
        return received

    def load(self, *actions: Action, source: str = "one") -> None:
        """Load a source's whole catalogue."""
        assert self.installation.load(*actions, source=source).status == 0

    def send(self, today: str = "", *arguments: str) -> Run:
        """Run the sender on a day."""
        day = {"BOUSSOLE_TODAY": today} if today else {}
        with patch.dict(os.environ, self.environment | day):
            return self.installation.run("alerts", *(arguments or ("send",)))

    def start_sender(self, today: str = "") -> subprocess.Popen[str]:
        """Start a sender in a process of its own."""
        day = {"BOUSSOLE_TODAY": today} if today else {}
        environment = {**os.environ, **self.environment, **day, **self.installation.environment}
        return subprocess.Popen(
            [sys.executable, "-m", "indexer", "alerts", "send"],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def open_gates(self) -> None:
        """Let ten minutes pass for every address."""
        index = self.installation.names.alerts
        self.installation.call("POST", f"{index}/_refresh")
        query = {"query": {"term": {"kind": "gate"}}}
        self.installation.call("POST", f"{index}/_delete_by_query?refresh=true", query)

    def records(self, kind: str) -> list[dict[str, Any]]:
        """Return the stored records of a kind."""
        index = self.installation.names.alerts
        self.installation.call("POST", f"{index}/_refresh?ignore_unavailable=true")
        query = {"size": 1000, "query": {"term": {"kind": kind}}}
        hits = self.installation.call("POST", f"{index}/_search?ignore_unavailable=true", query)
        return [hit["_source"] for hit in hits["hits"]["hits"]]


@contextmanager
def alerting(installation: Installation, server: MailServer, **more: str) -> Iterator[Alerting]:
    """Yield the app over an installation, with alerts; ``more`` are settings without their prefix."""
    settings = {"SMTP_URL": server.url, "ALERTS_KEY": KEY, "PUBLIC_URL": SITE, **more}
    environment = {f"BOUSSOLE_{name}": value for name, value in settings.items()}
    with patch.dict(os.environ, {**environment, **installation.environment}):
        app = create_app(Settings.from_environment())
    with TestClient(app, base_url=SITE) as client:
        yield Alerting(installation, server, app, client, environment)


def path_of(address: str) -> str:
    """Return an address of the site without its host."""
    assert address.startswith(SITE), address
    return address.removeprefix(SITE)


def offers_in(received: Received) -> list[str]:
    """Return the keys of the offers that a mail links to, as often as it does in its text."""
    return OFFER.findall(received.text)
