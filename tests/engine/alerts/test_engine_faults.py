"""Whatever the engine does, requests for alerts and the links of mails are answered in time, never with a 500."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr

from alerts.keys import AlertKeys, Purpose
from search_app.base.settings import Settings
from search_app.web.app import create_app
from tests.engine.alerts.alerting import KEY, SITE, Alerting, path_of
from tests.engine.asgi_client import Told, ask, running
from tests.engine.faulty_engine import FAULTS, faulty_engine

TIMEOUT, SPARE = 0.5, 1.0
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def links(desk: Alerting) -> dict[str, str]:
    """The links of a pending alert and of an active one."""
    active = desk.subscribe("active@exemple.fr")
    desk.ask("pending@exemple.fr")
    (pending,) = desk.mails(1)
    (record,) = desk.records("used")
    keep = f"/alertes/maintien/{AlertKeys.parse(KEY).token(Purpose.KEEP, record['alert'])}"
    stop = path_of(active.link("/alertes/desabonnement/"))
    return {"confirm": path_of(pending.link("/alertes/confirmation/")), "stop": stop, "keep": keep}


@pytest.mark.anyio
async def test_faults_of_the_engine_are_told_in_time(desk: Alerting, links: dict[str, str]) -> None:
    wrong = []
    async with faulty_engine(desk.installation.engine_url) as faulty:
        settings = Settings(
            opensearch_url=faulty.url, index_prefix=desk.installation.prefix, engine_timeout=TIMEOUT, public_url=SITE,
            smtp_url=SecretStr(desk.server.url), alerts_key=SecretStr(KEY), refresh_seconds=0.3,
        )  # fmt: skip
        app = create_app(settings)
        async with running(app):
            well = urlencode({"mail": "w@exemple.fr", "query": "q=soudure", "frequency": "daily"}).encode()
            assert (await ask(app, "POST", "/alertes", well, content_type=FORM)).status == 202
            for number, fault in enumerate(FAULTS):
                fields = {"mail": f"p{number}@exemple.fr", "query": "q=soudure", "frequency": "daily"}
                await faulty.set(fault)
                told: dict[str, Told] = {}
                for name, method, path, body in (
                    ("ask", "POST", "/alertes", urlencode(fields).encode()),
                    *(
                        (f"{method} {name}", method, path, b"")
                        for name, path in links.items()
                        for method in ("GET", "POST")
                    ),
                ):
                    began = time.monotonic()
                    told[name] = await ask(app, method, path, body, content_type=FORM)
                    if told[name].status not in (200, 202, 404, 503) or time.monotonic() - began > TIMEOUT + SPARE:
                        wrong.append(f"{fault}, {name}: {told[name].status} after {told[name].seconds:.2f} s")
                await faulty.mend()
    assert wrong == []
