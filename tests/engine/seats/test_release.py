"""A source that stated absurd sequences and locked itself out is set free."""

from pathlib import Path
from typing import Any

import pytest

from engine.blocking import Engine
from indexer.installation.indices import Indices
from indexer.installation.locks import hold_lock
from indexer.settings import IndexerSettings
from tests.engine.fault_proxy import Asked, fault_proxy
from tests.engine.installation import Action, Installation, Run, statement

ABSURD = 10**15


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    made = Installation.with_rules(engine_url, index_prefix, tmp_path)
    made.load(Action("A1", sessions=("S1", "S2"), funders=("2", "4")))
    made.load(Action("B1", sessions=("T1",), funders=("2",)), source="two")
    made.seats(statement("S1", 5, ABSURD), statement("S1", 3, 7, funder="4"), statement("S2", 6, 8))
    made.seats(statement("T1", 4, ABSURD), statement("W1", 2, ABSURD))
    # As a ledger has it that was made without the setting.
    made.call("PUT", f"{made.names.ledger}/_settings", {"index": {"gc_deletes": "60s"}})
    return made


def release(installation: Installation, *options: str) -> Run:
    return installation.run("seats-release", "--source", "one", *options)


def sequences(installation: Installation) -> dict[tuple[str, str], int]:
    """Return what the ledger holds."""
    installation.call("POST", f"{installation.names.ledger}/_refresh")
    hits = installation.call("POST", f"{installation.names.ledger}/_search", {"size": 1_000})["hits"]["hits"]
    rows = [hit["_source"] for hit in hits]
    return {(row["session"], row["funder"]): row["sequence"] for row in rows}


def held(installation: Installation, number: str = "A1") -> list[list[tuple[str, int]]]:
    """Return funder and sequence of each session's figures in an offer."""
    sessions = installation.offers()[number]["sessions"]
    return [[(each["funder"], each["sequence"]) for each in session.get("seats", ())] for session in sessions]


def counts(run: Run) -> tuple[int, int, int]:
    return run.json["released"], run.json["changed_meanwhile"], run.json["waiting"]


def test_a_low_sequence_is_taken_and_searchable_straight_after_the_command(installation: Installation) -> None:
    assert installation.seats(statement("S1", 1, 9)).json["stale"] == 1
    run = release(installation, "--above", "1000000")
    taken = installation.seats(statement("S1", 1, 9)).json
    assert (run.status, counts(run)) == (0, (1, 0, 1))
    assert (taken["accepted"], taken["stale"]) == (1, 0)
    assert installation.left("S1") == {"2": 1, "4": 3, "any": 3}
    assert sequences(installation)["S1", "2"] == 9
    assert installation.run("status", "--json").json["seats"]["differ"] == 0


def test_only_the_absurd_figures_of_the_source_go(installation: Installation) -> None:
    release(installation, "--above", "1000000")
    assert sequences(installation) == {
        ("S1", "4"): 7, ("S2", "2"): 8, ("T1", "2"): ABSURD, ("W1", "2"): ABSURD,
    }  # fmt: skip
    assert held(installation) == [[("4", 7)], [("2", 8)]]
    assert installation.left("S1") == {"4": 3, "any": 3}
    assert installation.left("S2") == {"2": 6, "any": 6}
    assert installation.left("T1") == {"2": 4, "any": 4}


def test_the_way_back_does_not_lead_back_to_the_figure(installation: Installation) -> None:
    assert installation.run("rebuild").status == 0
    release(installation, "--above", "1000000")
    installation.seats(statement("S1", 1, 9))
    assert installation.run("rollback").status == 0
    assert held(installation)[0] == [("2", 9), ("4", 7)]
    assert installation.left("S1") == {"2": 1, "4": 3, "any": 3}


def test_a_dry_run_shows_what_would_go_and_changes_nothing(installation: Installation) -> None:
    before = sequences(installation), held(installation)
    run = release(installation, "--above", "6", "--dry-run")
    assert (run.status, run.json["dry_run"], counts(run)) == (0, True, (3, 0, 1))
    shown = {(row["session"], row["funder"], row["sequence"]) for row in run.json["figures"]}
    assert shown == {("S1", "2", ABSURD), ("S1", "4", 7), ("S2", "2", 8)}
    assert (sequences(installation), held(installation)) == before
    assert release(installation, "--above", "7", "--dry-run").json["released"] == 2


def test_one_session_may_be_named_even_one_that_no_feed_has_told_of(installation: Installation) -> None:
    assert counts(release(installation, "--session", "S1")) == (2, 0, 0)
    assert held(installation) == [[], [("2", 8)]]
    assert installation.left("S1") == {}
    assert counts(release(installation, "--session", "W1", "--above", "1000")) == (1, 0, 0)
    assert installation.seats(statement("W1", 1, 1)).json["accepted"] == 1


@pytest.mark.parametrize(
    "options",
    [
        (),  # it must be said what is to go
        ("--session", "T1"),  # of another source
    ],
)
def test_what_is_not_the_sources_own_is_refused(installation: Installation, options: tuple[str, ...]) -> None:
    before = sequences(installation)
    run = release(installation, *options)
    assert (run.status, len(run.trouble)) == (2, 1)
    assert sequences(installation) == before


def test_a_source_without_offers_has_nothing_to_release(installation: Installation) -> None:
    run = installation.run("seats-release", "--source", "three", "--above", "1000")
    assert (run.status, run.trouble) == (2, ["indexer: no offer of the source three is live"])


def during(installation: Installation, moment: str, *rows: dict[str, Any]) -> Run:
    """Release while statements come at the moment when the ledger or the offers are about to be written."""
    direct = installation.engine_url
    seen: list[str] = []
    stating = Installation(direct, installation.prefix, installation.folder / "stating")
    stating.folder.mkdir()

    def state_meanwhile(asked: Asked) -> None:
        if asked.path.partition("?")[0] == moment and not seen:
            seen.append(moment)
            stating.seats(*rows)

    with fault_proxy(direct, state_meanwhile) as address:
        installation.engine_url = address
        run = release(installation, "--above", "1000000")
        installation.engine_url = direct
    assert seen == [moment]
    return run


def test_a_repeat_during_the_command_does_not_bring_the_figure_back(installation: Installation) -> None:
    # It comes when the figure is out of the offers and still in the ledger.
    run = during(installation, f"/{installation.names.ledger}/_bulk", statement("S1", 5, ABSURD))
    assert counts(run) == (1, 0, 1)
    assert held(installation)[0] == [("4", 7)]


def test_a_low_statement_during_the_command_is_in_the_offer_after_it(installation: Installation) -> None:
    # Between deletion and second removal the offer is made to hold the absurd figure, as a repeat may leave it.
    offer = installation.offers()["A1"]
    path = f"{installation.names.offers}/_doc/{offer['key']}?refresh=true"

    direct, refresh = installation.engine_url, f"/{installation.names.offers}/_refresh"
    stating = Installation(direct, installation.prefix, installation.folder / "stating")
    stating.folder.mkdir()
    seen: list[Any] = []

    def state_meanwhile(asked: Asked) -> None:
        if asked.path == refresh and not seen:
            stating.call("PUT", path, offer)
            seen.append(stating.seats(statement("S1", 2, 9)).json["accepted"])
            assert held(stating)[0] == [("2", ABSURD), ("4", 7)]

    with fault_proxy(direct, state_meanwhile) as address:
        installation.engine_url = address
        release(installation, "--above", "1000000")
        installation.engine_url = direct
    assert seen == [1]
    assert held(installation)[0] == [("2", 9), ("4", 7)]
    assert installation.left("S1") == {"2": 2, "4": 3, "any": 3}


def test_a_newer_statement_during_the_command_stays(installation: Installation) -> None:
    installation.seats(statement("S2", 1, 10**12))
    run = during(installation, f"/{installation.names.ledger}/_bulk", statement("S2", 7, 10**12 + 1))
    assert counts(run) == (1, 1, 1)
    assert held(installation)[1] == [("2", 10**12 + 1)]
    assert installation.left("S2") == {"2": 7, "any": 7}


@pytest.mark.parametrize("other", ["load:one", "rebuild", "seats-age"])
def test_it_excludes_whoever_writes_figures_that_were_read_before(installation: Installation, other: str) -> None:
    settings = IndexerSettings(opensearch_url=installation.engine_url, index_prefix=installation.prefix)
    indices = Indices(Engine.connect(settings.connection), settings)
    before = sequences(installation)
    with hold_lock(indices, other):
        run = release(installation, "--above", "1000")
    assert (run.status, len(run.trouble)) == (2, 1)
    assert f"{other} is under way already" in run.trouble[0]
    assert sequences(installation) == before
    with hold_lock(indices, "seats-release"):
        load = installation.load(Action("A1"))
        age = installation.run("seats-age")
    indices.engine.close()
    assert (load.status, age.status, age.json["outcome"]) == (2, 1, "busy")
