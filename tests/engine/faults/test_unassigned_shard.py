"""A shard that no node has, for real: nothing of it is told as gone, as nothing, or as done."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from mappings.keys import key_of
from mappings.loader import IndexKind, load_index_body
from search_app.base.settings import Settings
from search_app.web.app import create_app
from tests.engine.installation import Action, Installation
from tests.engine.loaded import TODAY

NOBODY: Final = {"routing.allocation.require._name": "nobody"}
HALF: Final = {"routing.allocation.total_shards_per_node": 1}  # of two shards, on one node
TOKEN: Final = "0123456789abcdef"
LINE: Final = (
    b'{"session":"SE_1","funder":"2","capacity":9,"available":%d,"sequence":%d,"observed_at":"2026-11-22T18:25:00Z"}'
)


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    made = Installation.with_rules(engine_url, index_prefix, tmp_path)
    assert made.load(Action("AF_1", sessions=("SE_1",), funders=("2",))).status == 0
    return made


@contextmanager
def unassigned(
    installation: Installation, index: str, kind: IndexKind, why: dict[str, Any] = NOBODY, shards: int = 1
) -> Iterator[None]:
    """Make an index anew where no node may have its shard, or one of two; afterwards one may."""
    body = load_index_body(kind, shards=shards)
    body["settings"]["index"] |= why
    installation.call("DELETE", f"{index}?ignore_unavailable=true")
    installation.call("PUT", f"{index}?wait_for_active_shards=0", body)
    try:
        yield
    finally:
        installation.call("PUT", f"{index}/_settings", {"index": dict.fromkeys(why)})
        installation.call("GET", f"_cluster/health/{index}?wait_for_status=yellow&timeout=30s")


@contextmanager
def live(installation: Installation, index: str) -> Iterator[None]:
    """Put an index behind the alias of the offers, and what was there again."""
    alias = installation.names.offers
    (before,) = installation.call("GET", f"_alias/{alias}")

    def swap(out: str, into: str) -> None:
        actions = [{"remove": {"index": out, "alias": alias}}, {"add": {"index": into, "alias": alias}}]
        installation.call("POST", "_aliases", {"actions": actions})

    swap(before, index)
    try:
        yield
    finally:
        swap(index, before)


@pytest.fixture
def client(installation: Installation) -> Iterator[TestClient]:
    settings = Settings.model_validate(
        {"opensearch_url": installation.engine_url, "index_prefix": installation.prefix, "engine_timeout": 2,
         "seats_tokens": f"one:{TOKEN}", "today": TODAY}
    )  # fmt: skip
    with TestClient(create_app(settings)) as client:
        yield client


def asked(client: TestClient, *paths: str) -> dict[str, Any]:
    return {path: client.get(path) for path in paths}


def post(client: TestClient, available: int, sequence: int) -> Any:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/x-ndjson"}
    return client.post("/api/v1/seats", content=LINE % (available, sequence), headers=headers)


def test_offers_whose_shard_is_away_are_not_called_unknown(installation: Installation, client: TestClient) -> None:
    paths = ("/offres/AF_1", "/api/v1/offers/AF_1", f"/selection?o={key_of('AF_1')}", "/api/v1/offers", "/readyz",
             "/offres/AF_1/SE_1.ics", "/sitemap.xml")  # fmt: skip
    index = f"{installation.names.offers}-away"
    with unassigned(installation, index, "offers"), live(installation, index):
        told = asked(client, *paths)
        assert {path: answer.status_code for path, answer in told.items()} == dict.fromkeys(paths, 503)
        assert all("moteur" in answer.text for answer in told.values())
    assert {answer.status_code for answer in asked(client, *paths).values()} == {200}


def test_an_answer_of_one_shard_of_two_is_none(installation: Installation, client: TestClient) -> None:
    """The engine answers such a search with 200 and ``"failed": 0``: only the number of shards tells."""
    index = f"{installation.names.offers}-half"
    paths = ("/offres", "/api/v1/offers", "/api/v1/offers.csv", "/api/v1/map?zoom=5&north=51&south=41&east=9&west=-5",
             "/api/v1/seats/contradictions", "/readyz", "/api/v1/offers?group=training")  # fmt: skip
    with unassigned(installation, index, "offers", HALF, shards=2), live(installation, index):
        assert {path: answer.status_code for path, answer in asked(client, *paths).items()} == dict.fromkeys(paths, 503)
    assert {answer.status_code for answer in asked(client, *paths).values()} == {200}


@pytest.mark.parametrize("kind", ["ledger", "history"])
def test_what_cannot_be_stored_is_refused_and_may_be_sent_again(
    kind: IndexKind, installation: Installation, client: TestClient
) -> None:
    week = installation.names.seats_history(datetime.now(UTC).isoformat())
    index = {"ledger": installation.names.ledger, "history": week}[kind]
    told = {"ledger": "/api/v1/seats/stream?session=SE_1&last_event_id=-1", "history": "/api/v1/seats/SE_1/history"}
    with unassigned(installation, index, kind):
        answer = post(client, 4, 1)
        assert (answer.status_code, "moteur" in answer.text) == (503, True)
        assert int(answer.headers["retry-after"]) > 0
        assert client.get(told[kind]).status_code == 503
    again = post(client, 4, 1).json()
    assert again["accepted"] + again["stale"] == 1
    assert (again["unknown"], again["rejected"]) == (0, [])
    assert installation.left("SE_1") == {"2": 4, "any": 4}
