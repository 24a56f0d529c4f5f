"""The real engine behind TLS proxies with a password: app and indexer work through them and tell no secret."""

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.engine.certificates import make_certificate, needs_openssl, server_context
from tests.engine.fault_proxy import Asked, fault_proxy
from tests.engine.installation import Action, Installation, statement, write_feed
from tests.served import ROOT, serving_command_into

USER, PASSWORD, SEATS_TOKEN = "chefcuisinier", "s3cr3t€ü:", "jeton-du-producteur"
CREDENTIALS = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
SECRETS = (USER, PASSWORD, "s3cr3t", "%E2%82%AC", CREDENTIALS[:-4], SEATS_TOKEN)
DEAD = "https://127.0.0.1:9"

pytestmark = needs_openssl


@dataclass
class Secured:
    """Two nodes that want a password, and one that is gone."""

    installation: Installation
    nodes: tuple[str, str]
    certificate: Path
    asked: list[int]

    def settings(self, password: str = PASSWORD) -> dict[str, str]:
        """Return the settings of app and indexer, named without their prefix."""
        urls = ",".join((DEAD, *self.nodes))
        ca = str(self.certificate)
        return {"OPENSEARCH_URL": urls, "OPENSEARCH_USER": USER, "OPENSEARCH_PASSWORD": password, "OPENSEARCH_CA": ca}

    def run(self, *arguments: str, password: str = PASSWORD) -> tuple[int, str]:
        """Run a command in a process of its own; return its status, and all that it printed."""
        given = {f"BOUSSOLE_{name}": value for name, value in self.settings(password).items()}
        done = subprocess.run(
            [sys.executable, "-m", "indexer", *arguments],
            env={**os.environ, **self.installation.environment, **given},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
        )
        return done.returncode, done.stdout.decode()


@pytest.fixture
def secured(engine_url: str, index_prefix: str, tmp_path: Path) -> Iterator[Secured]:
    certificate, asked = make_certificate(tmp_path), [0, 0]

    def count(number: int, _: Asked) -> None:
        asked[number] += 1

    with ExitStack() as stack:
        one, two = (
            stack.enter_context(
                fault_proxy(
                    engine_url,
                    lambda each, number=number: count(number, each),  # type: ignore[misc]
                    tls=server_context(certificate),
                    authorization=f"Basic {CREDENTIALS}",
                )
            )
            for number in range(2)
        )
        yield Secured(Installation(engine_url, index_prefix, tmp_path), (one, two), certificate, asked)


def assert_no_secret(*told: str) -> None:
    for text in told:
        assert [secret for secret in SECRETS if secret in text] == []


def test_indexer_and_app_work_through_several_tls_addresses_and_tell_no_secret(
    secured: Secured, tmp_path: Path
) -> None:
    feed = write_feed(tmp_path / "one.xml", Action("A1", sessions=("S1",), funders=("2",)))
    loaded = secured.run("load", "--source", "one", "--json", str(feed))
    status = secured.run("status")
    rebuilt = secured.run("rebuild")
    assert [run[0] for run in (loaded, status, rebuilt)] == [0, 0, 0], (loaded, status, rebuilt)
    assert all(secured.asked)  # both nodes answered
    log = tmp_path / "app.log"
    tokens = {"SEATS_TOKENS": f"greta:{SEATS_TOKEN}"}
    with serving_command_into(log, "", secured.installation.prefix, **secured.settings(), **tokens) as app:
        head = {"authorization": f"Bearer {SEATS_TOKEN}"}
        stated = httpx.post(f"{app.address}/api/v1/seats", json=statement("S1", 4), headers=head, timeout=30)
        assert (stated.status_code, stated.json()["accepted"]) == (200, 1)
        # The dead address is left out after its first failure; before, each request is sent on to another.
        for _ in range(6):
            found = httpx.get(f"{app.address}/api/v1/offers?seats=1", timeout=30)
            page = httpx.get(f"{app.address}/offres", timeout=30)
            assert (found.status_code, page.status_code) == (200, 200)
        ready = httpx.get(f"{app.address}/readyz", timeout=30)
        metrics = httpx.get(f"{app.address}/metrics", timeout=30)
        assert ready.status_code == 200
    assert secured.installation.left("S1") == {"2": 4, "any": 4}
    assert_no_secret(
        loaded[1], status[1], rebuilt[1], log.read_text(), page.text, ready.text, metrics.text, stated.text
    )


def test_a_refused_password_is_an_error_that_tells_no_secret(secured: Secured, tmp_path: Path) -> None:
    feed = write_feed(tmp_path / "one.xml", Action("A1"))
    wrong = f"{PASSWORD}-wrong"
    runs = [
        secured.run(*arguments, password=wrong)
        for arguments in (("load", "--source", "one", str(feed)), ("status", "--json"), ("snapshot", "one"))
    ]
    assert [run[0] for run in runs] == [2, 2, 2]
    assert all("401 security_exception: missing authentication" in run[1] for run in runs)
    log = tmp_path / "app.log"
    settings = secured.settings(wrong)
    with serving_command_into(log, "", secured.installation.prefix, **settings) as app:
        answers = [
            httpx.get(f"{app.address}{path}", timeout=30)
            for path in ("/offres", "/api/v1/offers", "/readyz", "/metrics", "/")
        ]
        assert {each.status_code for each in answers[:3]} == {503}
    assert "401" in log.read_text()
    assert_no_secret(log.read_text(), *(run[1] for run in runs), *(each.text for each in answers))
    assert secured.asked == [0, 0]


def test_an_engine_of_another_authority_is_told_without_secrets(secured: Secured, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    secured.certificate = make_certificate(tmp_path / "other")
    status, told = secured.run("snapshots")
    assert status == 2
    assert "certificate verify failed" in told
    assert_no_secret(told)
