"""A secured cluster: https verified by a CA file, user and password sent and never told, several addresses."""

import asyncio
import json
import logging
import threading
import traceback
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from engine.blocking import Engine
from engine.client import AsyncEngine
from engine.connection import Connection
from engine.errors import EngineError, EngineFailed, EngineUnreachable
from mappings.settings import EngineSettings, SettingsError
from tests.engine.certificates import make_certificate, needs_openssl, server_context

USER, PASSWORD = "chefcuisinier", "s3cr3t€ü:"
TOKEN = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
DEAD = "https://127.0.0.1:9"
HEALTH = {"status": "green"}

pytestmark = needs_openssl


class Secured(BaseHTTPRequestHandler):
    """Answers those who have the user and the password."""

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("location", "/_cluster/health")
            self.send_header("content-length", "0")
            self.end_headers()
            return
        allowed = self.headers.get("authorization") == f"Basic {TOKEN}"
        error = {"error": {"type": "security_exception", "reason": "missing authentication"}, "status": 401}
        body = json.dumps(HEALTH if allowed else error).encode()
        self.send_response(200 if allowed else 401)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine that signs itself, with its key beside it."""
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def address(certificate: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Secured)
    server.socket = server_context(certificate).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def settings(url: str, ca: Path | str, password: str = PASSWORD) -> EngineSettings:
    given = {"URL": url, "USER": USER, "PASSWORD": password, "CA": str(ca)}
    return EngineSettings.from_environment({f"BOUSSOLE_OPENSEARCH_{name}": value for name, value in given.items()})


def ask(connection: Connection) -> Any:
    """Return the answer to the blocking client, patient as the indexer is."""
    engine = Engine.connect(connection)
    try:
        return Engine(engine.transport, engine.address, lambda _: None).call_patiently("GET", "/_cluster/health", None)
    finally:
        engine.close()


def ask_asynchronously(connection: Connection) -> Any:
    async def asked() -> Any:
        engine = AsyncEngine.connect(connection, 2)
        try:
            return await engine.call("GET", "/_cluster/health")
        finally:
            await engine.close()

    return asyncio.run(asked())


BOTH = pytest.mark.parametrize("client", [ask, ask_asynchronously])


@BOTH
def test_user_password_and_authority_of_the_settings_open_the_engine(
    client: Any, address: str, certificate: Path
) -> None:
    assert client(settings(address, certificate).connection) == HEALTH


@BOTH
def test_an_engine_that_no_authority_vouches_for_is_not_spoken_to(client: Any, address: str) -> None:
    with pytest.raises(EngineUnreachable, match=r"(?i)certificate"):
        client(settings(address, "").connection)


@BOTH
def test_of_several_addresses_one_that_answers_is_enough(client: Any, address: str, certificate: Path) -> None:
    for _ in range(4):  # the order of the addresses is drawn
        assert client(settings(f"{DEAD},{DEAD[:-1]}1,{address}", certificate).connection) == HEALTH


@BOTH
def test_a_user_in_an_address_goes_before_that_of_the_settings(client: Any, address: str, certificate: Path) -> None:
    other = address.replace("://", "://somebody:else@")
    with pytest.raises(EngineFailed):
        client(settings(other, certificate).connection)


@BOTH
def test_a_user_in_an_address_is_sent_in_the_same_encoding_as_that_of_the_settings(
    client: Any, address: str, certificate: Path
) -> None:
    own = address.replace("://", f"://{USER}:{quote(PASSWORD, safe='')}@")
    connection = EngineSettings.from_environment(
        {"BOUSSOLE_OPENSEARCH_URL": f"{own}/", "BOUSSOLE_OPENSEARCH_CA": str(certificate)}
    ).connection
    assert client(connection) == HEALTH


def test_a_redirect_is_an_error_of_the_engine_and_not_followed(address: str, certificate: Path) -> None:
    connection = settings(address, certificate).connection

    async def search() -> Any:
        engine = AsyncEngine.connect(connection, 2)
        try:
            return await engine.call("POST", "/moved", {"query": {"match_none": {}}})
        finally:
            await engine.close()

    with pytest.raises(EngineFailed, match="POST /moved: 302"):
        asyncio.run(search())
    blocking = Engine.connect(connection)
    with pytest.raises(EngineFailed, match="POST /moved: 302"):
        blocking.call("POST", "/moved", {"query": {"match_none": {}}})
    blocking.close()


@BOTH
def test_a_refused_password_is_told_nowhere(
    client: Any, address: str, certificate: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = settings(address, certificate, password=f"{PASSWORD}-wrong")
    with pytest.raises(EngineError) as refused:
        client(wrong.connection)
    assert (type(refused.value), refused.value.status) == (EngineFailed, 401)
    told = "".join(traceback.format_exception(refused.value)) + caplog.text + repr(wrong) + repr(wrong.connection)
    for secret in (USER, PASSWORD, TOKEN[:-4], "s3cr3t"):
        assert secret not in told


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"USER": USER}, "PASSWORD"),
        ({"PASSWORD": PASSWORD}, "PASSWORD"),
        ({"USER": "a:b", "PASSWORD": PASSWORD}, "USER"),
        ({"CA": "/none/ca.pem"}, "CA"),
        ({"CA": __file__}, "CA"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_no_secret_told(given: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=f"BOUSSOLE_OPENSEARCH_{named}=") as error:
        EngineSettings.from_environment({f"BOUSSOLE_OPENSEARCH_{name}": value for name, value in given.items()})
    told = "".join(traceback.format_exception(error.value))
    assert USER not in told
    assert PASSWORD not in told
    assert "a:b" not in told
