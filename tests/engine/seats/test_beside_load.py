"""No reader sees a figure of seats go back, and none is lost, while loads and swaps run beside statements."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.seats.witness import Pair, Witness, find_sessions
from engine.blocking import Engine
from indexer.settings import IndexerSettings
from mappings.keys import key_of
from tests.engine.fault_proxy import Asked, Hangup, fault_proxy
from tests.engine.installation import Action, Installation, actions, statement, write_feed

NONE = "-1"  # refresh_interval of an index that shows nothing new by itself


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    return Installation.with_rules(engine_url, index_prefix, tmp_path)


@pytest.fixture
def engine(installation: Installation) -> Iterator[Engine]:
    made = Engine.connect(settings_of(installation).connection)
    yield made
    made.close()


def settings_of(installation: Installation) -> IndexerSettings:
    return IndexerSettings(opensearch_url=installation.engine_url, index_prefix=installation.prefix)


def interval(installation: Installation) -> str:
    (settings,) = installation.call("GET", f"{installation.names.offers}/_settings").values()
    return str(settings["settings"]["index"]["refresh_interval"])


@contextmanager
def watched(installation: Installation, engine: Engine, *sessions: str) -> Iterator[Witness]:
    """Look at what searches see at every request of a command, and state new figures when it reads, writes or swaps.

    The engine refreshes an index every second; here it does whenever somebody looks, which finds more.
    """
    witness = Witness(settings_of(installation), [(session, "2") for session in sessions], batch=len(sessions))
    direct = installation.engine_url

    def look() -> None:
        if interval(direct_installation) != NONE:
            direct_installation.call("POST", f"{installation.names.offers}/_refresh")
        witness.search(engine)

    def be_there(asked: Asked) -> None:
        kind = asked.path.partition("?")[0].rpartition("/")[2]
        look()
        if kind in ("_mget", "_bulk", "_search", "_stats", "_reindex", "_settings", "_aliases") and asked.count <= 2:
            witness.state(engine)
            look()

    direct_installation = Installation(direct, installation.prefix, installation.folder)
    witness.state(engine)
    with fault_proxy(direct, be_there) as address:
        installation.engine_url = address
        yield witness
        installation.engine_url = direct
    look()


def assert_all_well(witness: Witness, engine: Engine) -> None:
    assert witness.seen.searches > 0
    assert witness.seen.faults == {}, witness.seen.examples
    assert witness.lost(engine) == []


def test_a_load_of_changed_offers_shows_no_older_figure_at_any_moment(
    installation: Installation, engine: Engine
) -> None:
    installation.load(Action("A1", sessions=("S1", "S2"), funders=("2",)), Action("A2", sessions=("S3",)))
    with watched(installation, engine, "S1", "S2", "S3") as witness:
        run = installation.load(
            Action("A1", title="Autre", sessions=("S1", "S2"), funders=("2", "4")),
            Action("A2", title="Autre", sessions=("S3",)),
            Action("A3", sessions=("S4",)),
        )
    assert (run.status, run.json["changed"], run.json["new"]) == (0, 2, 1)
    assert installation.offers()["A1"]["title"] == "Autre"
    assert_all_well(witness, engine)


@pytest.mark.parametrize("command", ["rebuild", "rollback"])
def test_a_swap_of_indices_shows_no_older_figure_at_any_moment(
    installation: Installation, engine: Engine, command: str
) -> None:
    installation.load(Action("A1", sessions=("S1", "S2"), funders=("2",)), Action("A2", sessions=("S3",)))
    installation.run("rebuild")
    with watched(installation, engine, "S1", "S2", "S3") as witness:
        assert installation.run(command).status == 0
    assert interval(installation) == "500ms"
    assert_all_well(witness, engine)


def test_sessions_that_move_to_other_offers_take_their_figures_with_them(
    installation: Installation, engine: Engine
) -> None:
    installation.load(
        Action("A1", sessions=("S1", "S4")), Action("A2", sessions=("S2",)), Action("A3", sessions=("S3",))
    )
    with watched(installation, engine, "S1", "S2", "S3", "S4") as witness:
        run = installation.load(
            Action("A1", sessions=("S2", "S4")), Action("A2", sessions=("S1",)), Action("A9", sessions=("S3",))
        )
    assert (run.status, run.json["changed"], run.json["new"], run.json["removed"]) == (0, 2, 1, 1)
    owners = {each["id"]: offer for offer, held in installation.offers().items() for each in held["sessions"]}
    assert owners == {"S2": "A1", "S4": "A1", "S1": "A2", "S3": "A9"}
    assert {*witness.seen.faults} <= {"absent"}, witness.seen.examples  # for a moment: never in two offers at once
    assert witness.lost(engine) == []


def test_a_session_that_moves_from_an_offer_that_is_kept_is_in_the_new_one_only(installation: Installation) -> None:
    installation.load(*actions(20), Action("A1", sessions=("S1", "S2")))
    installation.seats(statement("S1", 5), statement("S2", 6))
    run = installation.load(*actions(20), Action("A2", sessions=("S1",)), Action("A1", title=""))
    assert (run.status, run.json["kept"]) == (0, 1)
    offers = installation.offers()
    assert [session["id"] for session in offers["A1"]["sessions"]] == ["S2"]
    assert installation.left("S1") == {"any": 5}
    assert installation.left("S2") == {"any": 6}


def test_an_offer_that_comes_back_has_the_figures_that_were_stated_while_it_was_away(
    installation: Installation,
) -> None:
    installation.load(*actions(5), Action("A1", sessions=("S1",)))
    installation.seats(statement("S1", 5, 1))
    installation.load(*actions(5))
    installation.seats(statement("S1", 3, 2))
    installation.load(*actions(5), Action("A1", sessions=("S1",)))
    assert installation.left("S1") == {"any": 3}


def test_an_offer_stated_of_at_every_attempt_ends_the_load_with_an_error_and_no_older_figure(
    installation: Installation, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.load.write.ATTEMPTS", 3)
    installation.load(Action("A1", sessions=("S1",)))
    witness = Witness(settings_of(installation), [("S1", "2")], batch=1)
    direct = installation.engine_url

    def state_always(asked: Asked) -> None:
        if asked.is_offers_bulk:
            witness.state(engine)

    with fault_proxy(direct, state_always) as address:
        installation.engine_url = address
        run = installation.load(Action("A1", title="Autre", sessions=("S1",)))
        installation.engine_url = direct
    assert (run.status, len(run.trouble)) == (2, 1)
    assert "run the command again" in run.trouble[0]
    assert len(witness.stated) == 1
    assert witness.accepted == 4
    assert witness.lost(engine) == []


def test_loads_rebuild_and_rollback_beside_a_writer_and_a_reader_without_pause(
    installation: Installation, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.offers.bulk.REQUEST_BYTES", 200_000)
    installation.load(*actions(300, size=3_000))
    witness = Witness(settings_of(installation), pairs(300))
    witness.state(engine)
    with witness.at_work():
        for size in (3_100, 3_200):
            run = installation.load(*actions(300, size=size))
            assert (run.status, run.json["changed"]) == (0, 300)
        assert installation.run("rebuild").status == 0
        assert installation.load(*actions(300, size=3_300)).json["changed"] == 300
        assert installation.run("rollback").status == 0
    assert witness.accepted > 300
    assert_all_well(witness, engine)


def pairs(count: int) -> list[Pair]:
    return [(f"SE_{number}", funder) for number in range(count) for funder in ("2", "16")]


def test_a_load_killed_beside_a_writer_and_a_reader_and_run_again_shows_no_older_figure(
    installation: Installation, engine: Engine
) -> None:
    installation.load(*actions(900, size=12_000))
    path = write_feed(installation.folder / "changed.xml", *actions(900, size=12_100))
    witness = Witness(settings_of(installation), pairs(900), batch=100)
    with witness.at_work():
        killed = run_until(installation, ("load", "--source", "one", str(path)), is_second_bulk)
        again = installation.load_file(path)
    assert killed == -signal.SIGKILL
    assert again.status == 0
    assert again.json["changed"] + again.json["same"] == 900
    assert again.json["changed"] > 0
    assert_all_well(witness, engine)


def is_second_bulk(asked: Asked) -> bool:
    return asked.is_offers_bulk and asked.count == 2


def note_in_frozen_index(installation: Installation) -> Callable[[Asked], bool]:
    """Tell the request that a rebuild sends between freezing the index that is live now and swapping it."""
    (live,) = installation.call("GET", f"_alias/{installation.names.offers}")
    return lambda asked: (asked.method, asked.path) == ("PUT", f"/{live}/_mapping")


def run_until(installation: Installation, arguments: tuple[str, ...], moment: Callable[[Asked], bool]) -> int:
    """Run a command in a process of its own and kill it when it sends a request; returns its exit status."""
    process: list[subprocess.Popen[bytes]] = []

    def kill_then(asked: Asked) -> None:
        if moment(asked):
            process[0].send_signal(signal.SIGKILL)
            process[0].wait()
            raise Hangup

    with fault_proxy(installation.engine_url, kill_then) as address:
        environment = os.environ | installation.environment | {"BOUSSOLE_OPENSEARCH_URL": address}
        command = [sys.executable, "-m", "indexer", *arguments]
        process.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        return process[0].wait(60)


@pytest.mark.parametrize("command", ["status", "load", "rebuild", "rollback"])
def test_an_index_that_a_killed_rebuild_left_frozen_shows_what_is_new_after_the_next_command(
    installation: Installation, engine: Engine, command: str
) -> None:
    installation.load(*actions(5), Action("A1", sessions=("S1",)))
    installation.run("rebuild")
    assert run_until(installation, ("rebuild",), note_in_frozen_index(installation)) == -signal.SIGKILL
    assert interval(installation) == NONE
    installation.seats(statement("S1", 5))
    run = installation.load(*actions(6)) if command == "load" else installation.run(command)
    assert run.status == 0
    assert interval(installation) == "500ms"
    if command != "load":  # which has removed it
        (hit,) = find_sessions(engine, installation.names, ["S1"])
        assert hit["_source"]["sessions"][0]["seats"][0]["sequence"] == 1


def test_status_shows_nothing_new_in_an_index_that_a_rebuild_holds_still(installation: Installation) -> None:
    installation.load(Action("A1", sessions=("S1",)))
    looking = Installation(installation.engine_url, installation.prefix, installation.folder)
    direct = installation.engine_url
    is_noted = note_in_frozen_index(installation)
    seen: list[tuple[str, int]] = []

    def look(asked: Asked) -> None:
        if is_noted(asked):
            looking.call("PUT", f"{installation.names.offers}/_doc/{key_of('new')}", {"source": "one", "key": "new"})
            found = looking.run("status", "--json").json
            seen.append((interval(looking), found["offers"]))

    with fault_proxy(direct, look) as address:
        installation.engine_url = address
        run = installation.run("rebuild")
        installation.engine_url = direct
    assert run.status == 0
    assert seen == [(NONE, 1)]
