"""The ledger in a snapshot of the engine, and back, while no figure goes back."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.engine.fault_proxy import Asked, fault_proxy
from tests.engine.installation import Action, Installation, statement

CATALOGUE = (Action("A1", sessions=("S1", "S2"), funders=("2",)), Action("A2", sessions=("S3",), funders=("2",)))


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Iterator[Installation]:
    made = Installation.with_rules(engine_url, index_prefix, tmp_path)
    made.load(*CATALOGUE)
    made.seats(statement("S1", 5, 2), statement("S2", 3, 2), statement("S9", 1))
    yield made
    repository = f"{engine_url}/_snapshot/{index_prefix}snapshots"
    for name in (each["snapshot"] for each in made.run("snapshots").json):
        httpx.delete(f"{repository}/{name}", timeout=60).raise_for_status()
    httpx.delete(repository, timeout=60)


def sequences(installation: Installation) -> dict[str, int]:
    installation.call("POST", f"{installation.names.ledger}/_refresh")
    hits = installation.call("POST", f"{installation.names.ledger}/_search", {"size": 1_000})["hits"]["hits"]
    return {hit["_source"]["session"]: hit["_source"]["sequence"] for hit in hits}


def indices_of(installation: Installation) -> set[str]:
    rows = installation.call("GET", f"_cat/indices/{installation.prefix}*?h=index&format=json")
    return {row["index"] for row in rows}


def test_a_lost_ledger_comes_back_into_ledger_and_offers(installation: Installation) -> None:
    made = installation.run("snapshot", "one")
    assert (made.status, made.json["snapshot"], made.json["state"]) == (0, "one", "SUCCESS")
    before, names = sequences(installation), indices_of(installation)
    installation.call("DELETE", installation.names.ledger)
    installation.call("DELETE", f"{installation.names.offers}-*")
    installation.load(*CATALOGUE)
    assert installation.left("S1") == {}
    run = installation.run("restore", "one")
    assert run.status == 0, run.err
    assert {name: run.json[name] for name in ("restored", "stale", "unknown", "rejected")} == {
        "restored": 3, "stale": 0, "unknown": 1, "rejected": 0,
    }  # fmt: skip
    assert sequences(installation) == before
    assert installation.left("S1") == {"2": 5, "any": 5}
    assert {name for name in indices_of(installation) if "-offers-" not in name} == {
        name for name in names if "-offers-" not in name
    }  # nothing is left beside


def test_a_restore_into_a_ledger_in_use_is_refused_and_if_forced_keeps_what_is_newer(
    installation: Installation,
) -> None:
    installation.run("snapshot", "one")
    installation.seats(statement("S1", 1, 9), statement("S3", 7, 4))
    refused = installation.run("restore", "one")
    assert (refused.status, len(refused.trouble)) == (1, 1)
    assert "has 4 statements: --force" in refused.trouble[0]
    forced = installation.run("restore", "one", "--force")
    assert (forced.status, forced.json["restored"], forced.json["stale"]) == (0, 0, 3)
    assert sequences(installation) == {"S1": 9, "S2": 2, "S3": 4, "S9": 1}
    assert installation.left("S1") == {"2": 1, "any": 1}


def test_a_statement_during_a_restore_stays_where_it_is_newer(installation: Installation) -> None:
    installation.run("snapshot", "one")
    installation.call("DELETE", installation.names.ledger)
    direct = installation.engine_url
    stating = Installation(direct, installation.prefix, installation.folder / "stating")
    stating.folder.mkdir()

    def state_meanwhile(asked: Asked) -> None:
        if asked.path.partition("?")[0].endswith("seats/_bulk") and asked.count == 1:
            assert stating.seats(statement("S1", 2, 8)).json["accepted"] == 1

    with fault_proxy(direct, state_meanwhile) as address:
        installation.engine_url = address
        assert installation.run("restore", "one").status == 0
        installation.engine_url = direct
    assert sequences(installation)["S1"] == 8
    assert installation.left("S1") == {"2": 2, "any": 2}


def test_what_a_killed_restore_left_is_removed_a_day_later(installation: Installation) -> None:
    """A restore that is killed cannot delete its copy of the ledger; another one may still be reading a younger one."""
    installation.run("snapshot", "one")
    moment = datetime.now(UTC) - timedelta(hours=20)
    old, young = (f"{installation.prefix}restored-{when:%Y%m%dt%H%M%S%f}" for when in (moment - timedelta(5), moment))
    for name in (old, young):
        installation.call("PUT", name, {"settings": {"number_of_replicas": 0}})
    assert installation.run("restore", "one", "--force").status == 0
    assert indices_of(installation) & {old, young} == {young}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("snapshot", "one"), "there is a snapshot one already: choose another name"),
        (("snapshot", "ONE"), "ONE cannot be the name of a snapshot"),
        (("snapshot", "a#b"), "a#b cannot be the name of a snapshot"),
        (("snapshot", "x?partial=true"), "x?partial=true cannot be the name of a snapshot"),
        (("snapshot", ".."), ".. cannot be the name of a snapshot"),
        (("restore", "*"), "* cannot be the name of a snapshot"),
        (("restore", "one,two"), "one,two cannot be the name of a snapshot"),
        (("restore", "two"), "there is no snapshot two in {prefix}snapshots; those there are: one"),
        (("snapshot", "--folder", "/nowhere/allowed"), "may not write snapshots into /nowhere/allowed: name it"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_told_in_one_line(
    installation: Installation, arguments: tuple[str, ...], told: str
) -> None:
    assert installation.run("snapshot", "one").status == 0
    run = installation.run(*arguments)
    assert (run.status, run.out, len(run.trouble)) == (2, "", 1)
    assert told.format(prefix=installation.prefix) in run.trouble[0]
    assert [each["snapshot"] for each in installation.run("snapshots").json] == ["one"]


def test_a_repository_that_not_all_nodes_reach_is_told(installation: Installation) -> None:
    error: dict[str, Any] = {
        "type": "repository_verification_exception",
        "reason": "[x] [[n, 'store location not shared']]",
    }
    direct = installation.engine_url

    def refuse(asked: Asked) -> tuple[int, bytes] | None:
        if asked.method != "PUT" or not asked.path.startswith("/_snapshot/"):
            return None
        return 500, httpx.Request("GET", "http://x", json={"error": error, "status": 500}).content

    with fault_proxy(direct, refuse) as address:
        installation.engine_url = address
        run = installation.run("snapshot", secrets.token_hex(4))
        installation.engine_url = direct
    assert run.status == 2
    assert "every node must reach the same folder" in run.trouble[0]
    assert "store location not shared" in run.trouble[0]
