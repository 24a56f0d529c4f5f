"""An installation with alerts for one test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.alerts.alerting import Alerting, alerting
from tests.engine.alerts.mail_server import MailServer, mail_server
from tests.engine.installation import Action, Installation


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A real mail server."""
    with mail_server() as running:
        yield running


@pytest.fixture
def desk(engine_url: str, index_prefix: str, tmp_path: Path, server: MailServer) -> Iterator[Alerting]:
    """An installation whose source « one » is loaded, and which offers alerts."""
    installation = Installation.with_rules(engine_url, index_prefix, tmp_path)
    assert installation.load(Action("A1", sessions=("S1",), funders=("2",))).status == 0
    with alerting(installation, server) as running:
        yield running
