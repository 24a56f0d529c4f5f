"""A source that is forgotten is gone wholly, and nothing else is."""

from pathlib import Path

import pytest

from indexer.installation.locks import hold_lock
from tests.engine.installation import Action, Installation, actions, statement
from tests.engine.load.test_load import indices_of


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    made = Installation.with_rules(engine_url, index_prefix, tmp_path)
    made.load(*actions(30), Action("A1", sessions=("S1",), funders=("2",)))
    made.load(Action("B1", sessions=("S2",), funders=("2",)), source="two")
    made.seats(statement("S1", 5), statement("S2", 3))
    return made


def sources(installation: Installation) -> list[tuple[str, int]]:
    return [(row["name"], row["offers"]) for row in installation.run("status", "--json").json["sources"]]


def test_offers_and_state_of_the_source_are_gone_and_its_seat_statements_stay(installation: Installation) -> None:
    before = installation.offers("two")
    run = installation.run("forget", "one")
    assert (run.status, run.out) == (0, "one: 31 offers removed; its seat statements are kept\n")
    assert installation.offers() == before
    status = installation.run("status", "--json").json
    assert sources(installation) == [("two", 1)]
    assert [row["name"] for row in status["reference"]] == ["providers:two", "trainers:two"]
    assert (status["seats"]["statements"], status["seats"]["waiting"], status["seats"]["differ"]) == (2, 1, 0)
    assert status["at_work"] == []
    installation.load(Action("A1", sessions=("S1",), funders=("2",)))
    assert installation.left("S1") == {"2": 5, "any": 5}


def test_the_way_back_does_not_bring_a_forgotten_source_back(installation: Installation) -> None:
    assert installation.run("rebuild").status == 0
    assert installation.run("forget", "one").status == 0
    assert installation.run("rollback").status == 0
    assert set(installation.offers()) == {"B1"}
    assert sources(installation) == [("two", 1)]


def test_a_source_that_is_not_there_is_one_line_and_status_1(installation: Installation) -> None:
    before = installation.offers()
    run = installation.run("forget", "on")
    assert (run.status, run.trouble) == (1, ["indexer: there is no source on: nothing was removed"])
    assert installation.offers() == before
    installation.run("forget", "one")
    assert installation.run("forget", "one").status == 1


def test_a_source_is_not_forgotten_while_it_is_loaded(installation: Installation) -> None:
    before = installation.offers()
    indices = indices_of(installation)
    with hold_lock(indices, "load:one"):
        refused = installation.run("forget", "one")
    indices.engine.close()
    assert refused.status == 2
    assert "load:one is under way already" in refused.trouble[0]
    assert installation.offers() == before
