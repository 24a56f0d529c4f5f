"""What is made from the offers follows them, whoever changed them and was killed before it was made."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import lease
from indexer.installation.locks import LockedError, hold_lock
from indexer.lifecycle import forget as forgetting
from language.lexicon import unpack_lexicon
from mappings.reference import pack_table
from tests.engine.installation import Action, Installation, statement, write_feed
from tests.engine.load.test_load import indices_of


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    made = Installation.with_rules(engine_url, index_prefix, tmp_path)
    made.load(Action("A1", "Soudure", sessions=("S1",), funders=("2",)), Action("A2", "Cuisine"), Action("A3"))
    return made


def older(installation: Installation) -> list[str]:
    return [row["name"] for row in installation.run("status", "--json").json["older_than_offers"]]


def titles(installation: Installation) -> set[str]:
    (live,) = installation.call("GET", f"_alias/{installation.names.offers}")
    stored = installation.call("GET", f"{installation.names.lexicon}/_doc/{live}")["_source"]
    return {title for title, _ in unpack_lexicon(stored).titles}


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        ("all written", ["lexicon", "census of providers", "source one"]),
        ("lexicon built", ["lexicon", "census of providers"]),
        ("lexicon stored", ["census of providers"]),
    ],
)
def test_a_load_that_was_killed_is_mended_by_the_next_though_that_changes_nothing(
    installation: Installation, stage: str, told: list[str]
) -> None:
    assert older(installation) == []
    feed = write_feed(installation.folder / "new.xml", Action("A1", "Boulangerie"), Action("A2", "Cuisine"))
    command = [
        sys.executable,
        "-m",
        "bench.kills.stages",
        stage,
        "load",
        "--source",
        "one",
        "--max-fewer",
        "1",
        str(feed),
    ]
    killed = subprocess.run(command, env=os.environ | installation.environment, capture_output=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert older(installation) == told
    assert f"older than the offers: {told[0]}; the next load" in installation.run("status").out
    assert ("Boulangerie" in titles(installation)) == ("lexicon" not in told)
    again = installation.load_file(feed, options=("--max-fewer", "1"))
    assert (again.status, again.json["new"], again.json["changed"]) == (0, 0, 0)
    assert titles(installation) == {"Boulangerie", "Cuisine"}
    assert older(installation) == []


def test_the_lexicon_is_mended_by_a_load_of_any_other_source(installation: Installation) -> None:
    table = pack_table("formacode", {"11001": "Perceuse"}, "2026-11-23T00:00:00Z")
    indices_of(installation).store_document(installation.names.reference, "formacode", table)
    assert older(installation) == ["lexicon"]  # as when `reference` is killed before it builds one
    installation.load(Action("B1"), source="two")
    assert older(installation) == []


def test_seat_statements_and_an_unchanged_load_make_nothing_older(installation: Installation) -> None:
    installation.seats(statement("S1", 5))
    assert older(installation) == []
    feed = (Action("A1", "Soudure", sessions=("S1",), funders=("2",)), Action("A2", "Cuisine"), Action("A3"))
    stored = installation.call("GET", f"{installation.names.lexicon}/_search")["hits"]["hits"]
    installation.load(*feed)
    assert installation.call("GET", f"{installation.names.lexicon}/_search")["hits"]["hits"] == stored


def test_an_index_that_went_back_is_told_and_has_its_own_lexicon(installation: Installation) -> None:
    installation.run("rebuild")
    installation.load(Action("A1", "Boulangerie"), Action("A2", "Cuisine"), Action("A3"))
    installation.run("rollback")
    assert older(installation) == ["source one"]
    assert "Soudure" in titles(installation)


def test_a_source_whose_removal_was_killed_is_forgotten_wholly_by_the_next_try(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.load(Action("B1", "Jardinage"), source="two")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(forgetting, "keep_lexicon", die)
        with pytest.raises(KeyboardInterrupt):
            installation.run("forget", "two")
    assert "lexicon" in older(installation)
    assert installation.run("forget", "two").status == 0
    assert older(installation) == []
    assert "Jardinage" not in titles(installation)


def test_seats_that_a_killed_rebuild_did_not_project_are_there_after_the_next_load(installation: Installation) -> None:
    installation.seats(statement("S1", 5))
    key = next(each["key"] for each in installation.offers().values() if each["id"] == "A1")
    path = f"{installation.names.offers}/_doc/{key}"
    offer = installation.call("GET", path)["_source"]
    for session in offer["sessions"]:
        session.pop("seats")
        session.pop("left")
    installation.call("PUT", f"{path}?refresh=true", offer)  # as a copy that was swapped in without the last statements
    lock = {"name": "rebuild", "owner": "elsewhere 1 1", "until": "2026-01-01T00:00:00+00:00", "checkpoint": -1}
    installation.call("PUT", f"{installation.names.locks}/_doc/rebuild?refresh=true", lock)
    installation.load(Action("B1"), source="two")
    assert installation.left("S1") == {"2": 5, "any": 5}
    assert installation.call("POST", f"{installation.names.locks}/_count")["count"] == 0


class ClockAhead(datetime):
    """A machine whose clock is ten minutes ahead."""

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return datetime.now(tz) + timedelta(minutes=10)


def test_a_lock_is_not_taken_by_whoever_has_a_clock_ahead(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = (datetime.now(UTC) + timedelta(seconds=50)).isoformat()
    lock = {"name": "load:one", "owner": "elsewhere 1 1", "until": until}
    installation.call("PUT", f"{installation.names.locks}/_doc/load:one?refresh=true", lock)
    monkeypatch.setattr(lease, "datetime", ClockAhead)
    indices = indices_of(installation)
    with pytest.raises(LockedError, match="under way already"), hold_lock(indices, "load:one"):
        pass
    with hold_lock(indices, "load:two"):
        held = installation.call("GET", f"{installation.names.locks}/_doc/load:two")["_source"]
    indices.engine.close()
    assert datetime.fromisoformat(held["until"]) < datetime.now(UTC) + timedelta(minutes=2)
