"""Figures that grew too old are shown and do not count; what is left follows time and setting in either direction."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from engine.blocking import Engine
from engine.lease import Lease
from indexer.settings import IndexerSettings
from mappings.names import IndexNames
from search_app.base.settings import Settings
from search_app.seats.age import EVERY, AgeSweep
from seats.ledger.store import PAGE
from seats.projection.age import AGE, MARGIN, age_figures, is_due
from tests.engine.installation import Action, Installation, statement
from tests.engine.loaded import serve

NOW = datetime.now(UTC)
SETTING = "BOUSSOLE_SEATS_MAX_AGE_DAYS"


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    made = Installation.with_rules(engine_url, index_prefix, tmp_path)
    made.load(
        Action("A1", sessions=("S1", "S2"), funders=("2", "4")),
        Action("A2", sessions=("S3",), funders=("4",)),
    )
    return made


@pytest.fixture
def engine(installation: Installation) -> Iterator[Engine]:
    engine = Engine.connect(
        IndexerSettings(opensearch_url=installation.engine_url, index_prefix=installation.prefix).connection
    )
    yield engine
    engine.close()


def aged(session: str, available: int | None, days: float, sequence: int = 1, funder: str = "2") -> dict[str, Any]:
    """Return a statement that was observed so many days ago."""
    moment = (NOW - timedelta(days=days)).isoformat(timespec="seconds")
    return statement(session, available, sequence, funder) | {"observed_at": moment.replace("+00:00", "Z")}


def set_days(installation: Installation, days: int) -> None:
    installation.settings[SETTING] = str(days)


def age(installation: Installation, *options: str) -> dict[str, Any]:
    run = installation.run("seats-age", *options)
    assert run.status == 0, run.err
    told: dict[str, Any] = run.json
    return told


def test_old_figures_count_for_ever_unless_a_setting_says_otherwise(installation: Installation) -> None:
    installation.seats(aged("S1", 5, 4_000))
    assert age(installation)["outcome"] == "same"
    assert installation.left("S1") == {"2": 5, "any": 5}


def test_an_old_figure_is_kept_to_be_shown_and_does_not_count(installation: Installation) -> None:
    installation.seats(aged("S1", 5, 40), aged("S1", 3, 2, funder="4"))
    set_days(installation, 30)
    told = age(installation)
    assert (told["outcome"], told["before"], told["figures"]) == ("done", "", 1)
    assert installation.left("S1") == {"4": 3, "any": 3}
    shown = installation.offers()["A1"]["sessions"][0]["seats"]
    assert [(each["funder"], each["available"]) for each in shown] == [("2", 5), ("4", 3)]


def test_a_change_of_the_setting_counts_figures_again(installation: Installation) -> None:
    installation.seats(aged("S1", 5, 40), aged("S2", 1, 80), aged("S3", 4, 2, funder="4"))
    counts = {"2": 5, "any": 5}
    for days, expected in ((60, counts), (30, {}), (50, counts), (1, {})):
        set_days(installation, days)
        age(installation)
        assert (installation.left("S1"), installation.left("S2")) == (expected, {}), days
    assert installation.left("S3") == {}
    set_days(installation, 0)
    assert age(installation)["cutoff"] == ""
    assert installation.left("S2") == {"2": 1, "any": 1}
    assert installation.left("S3") == {"4": 4, "any": 4}
    assert age(installation)["outcome"] == "same"
    writes = installation.writes()
    assert age(installation, "--all")["figures"] == 3
    assert installation.writes() == writes  # nothing was different


def test_every_writer_leaves_old_figures_out(installation: Installation) -> None:
    set_days(installation, 30)
    installation.seats(aged("S1", 5, 40), aged("S2", 2, 40), aged("S4", 7, 40), aged("S4", 1, 3, funder="16"))
    assert (installation.left("S1"), installation.left("S2")) == ({}, {})
    installation.load(Action("B1", sessions=("S4",), funders=("2",)), source="two")
    assert installation.left("S4") == {"any": 1}
    path = installation.folder / "ledger.ndjson"
    installation.run("seats-export", str(path))
    installation.run("seats-restore", str(path))
    assert installation.left("S1") == {}


def test_a_rebuild_and_the_way_back_apply_what_time_and_setting_did_meanwhile(installation: Installation) -> None:
    installation.seats(aged("S1", 5, 40), aged("S2", 2, 10), aged("S3", 4, 80, funder="4"))
    set_days(installation, 60)
    age(installation)
    assert (installation.left("S1"), installation.left("S3")) == ({"2": 5, "any": 5}, {})
    set_days(installation, 30)
    assert installation.run("rebuild").status == 0  # no seats-age between: the copy has what was live
    assert (installation.left("S1"), installation.left("S2")) == ({}, {"2": 2, "any": 2})
    set_days(installation, 5)
    age(installation)
    assert installation.left("S2") == {}
    set_days(installation, 0)
    assert installation.run("rollback").status == 0  # the former index was left at 60 days
    assert (installation.left("S1"), installation.left("S2")) == ({"2": 5, "any": 5}, {"2": 2, "any": 2})
    assert installation.left("S3") == {"4": 4, "any": 4}
    assert installation.run("rollback").status == 0  # and the other at 5
    assert installation.left("S2") == {"2": 2, "any": 2}


def test_as_time_goes_by_only_what_crossed_the_cutoff_is_looked_at(installation: Installation, engine: Engine) -> None:
    """The same setting at later moments; a writer may have reckoned with a cutoff up to MARGIN older."""
    names = installation.names
    installation.seats(aged("S1", 5, 30), aged("S2", 2, 29), aged("S3", 4, 28, funder="4"))
    moments = [(30.5, 0), (29.5, 1), (28.5, 1), (28.49, 0)]  # the cutoff in days ago, and what lies between
    first = stamp(31)
    assert engine.run(age_figures(names, lambda: first)).figures == 0
    for days, figures in moments:
        assert engine.run(age_figures(names, partial(stamp, days))).figures == figures
    assert [installation.left(session) for session in ("S1", "S2", "S3")] == [{}, {}, {"4": 4, "any": 4}]
    within = stamp(28 - (MARGIN / timedelta(days=1)) / 2)
    assert engine.run(age_figures(names, lambda: within)).figures == 1
    again = stamp(28 - (MARGIN / timedelta(days=1)) * 0.6)
    assert engine.run(age_figures(names, lambda: again)).figures == 1  # still within the margin of the one before
    assert engine.run(age_figures(names, lambda: again)).outcome == "same"
    assert engine.run(age_figures(names, lambda: again, every=True)).figures == 3


def stamp(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat(timespec="seconds").replace("+00:00", "Z")


def left_by_hand(figures: dict[str, dict[str, Any]], funders: tuple[str, ...], days: int) -> dict[str, int]:
    """Say what is left of one session, from the newest statement of each funder."""
    counted = {
        funder: row["available"]
        for funder, row in figures.items()
        if row["available"] is not None and (not days or NOW - when(row) <= timedelta(days=days))
    }
    left = {funder: seats for funder, seats in counted.items() if funder in funders}
    return left | ({"any": max(counted.values())} if counted else {})


def when(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["observed_at"])


def test_what_is_left_is_what_brute_force_says_after_any_order_of_events(installation: Installation) -> None:
    """Statements out of order, loads, rebuilds, ways back and changes of the setting, drawn at random."""
    rng = random.Random(20261123)
    funders = {"S1": ("2", "4"), "S2": ("2", "4"), "S3": ("4",)}
    newest: dict[str, dict[str, dict[str, Any]]] = {session: {} for session in funders}
    days, has_former = 0, False
    for step in range(40):
        event = rng.choice(["state", "state", "state", "setting", "load", "rebuild", "rollback"])
        if event == "setting":
            days = rng.choice([0, 5, 20, 45])
            set_days(installation, days)
            event = rng.choice(["seats-age", "rebuild", "rollback"])  # each applies it
        if event == "load":
            title = f"Soudure {step}"
            installation.load(
                Action("A1", title, sessions=("S1", "S2"), funders=("2", "4")),
                Action("A2", title, sessions=("S3",), funders=("4",)),
            )
        elif event == "state":
            rows = [draw(rng) for _ in range(rng.randint(1, 4))]
            installation.seats(*rows)
            for row in rows:
                old = newest[row["session"]].get(row["funder"])
                if old is None or old["sequence"] < row["sequence"]:
                    newest[row["session"]][row["funder"]] = row
        else:
            event = "rebuild" if event == "rollback" and not has_former else event
            assert installation.run(event).status == 0
            has_former = has_former or event == "rebuild"
        for number, offer in installation.offers().items():
            for session in offer["sessions"]:
                figures = newest[session["id"]]
                expected = left_by_hand(figures, funders[session["id"]], days)
                assert session.get("left", {}) == expected, (step, event, days, number)
                shown = {row["funder"]: row["sequence"] for row in session.get("seats", ())}
                assert shown == {funder: row["sequence"] for funder, row in figures.items()}, (step, event)


def draw(rng: random.Random) -> dict[str, Any]:
    available = None if rng.random() < 0.2 else rng.randint(0, 9)
    days = rng.randint(0, 60) + 0.5
    return aged(rng.choice(["S1", "S2", "S3"]), available, days, rng.randint(1, 40), rng.choice(["2", "4", "16"]))


def test_many_figures_are_looked_at_page_by_page(installation: Installation) -> None:
    count = PAGE + 200
    installation.load(*(Action(f"C{n}", sessions=(f"U{n}",), funders=("2",)) for n in range(300)), source="three")
    installation.seats(*(aged(f"U{n}", 3, 40) for n in range(count)))
    set_days(installation, 30)
    assert age(installation)["figures"] == count
    lefts = [offer["sessions"][0].get("left") for offer in installation.offers("three").values()]
    assert lefts == [{}] * 300


def test_one_process_of_all_does_it_and_that_of_one_who_died_is_taken_over(
    installation: Installation, engine: Engine
) -> None:
    names = installation.names
    installation.seats(aged("S1", 5, 40))
    set_days(installation, 30)
    engine.run(Lease(names.locks, AGE).take())
    run = installation.run("seats-age")
    assert (run.status, run.json["outcome"]) == (1, "busy")
    assert installation.left("S1") == {"2": 5, "any": 5}
    path = f"{names.locks}/_doc/{AGE}?refresh=true"
    installation.call("PUT", path, {"name": AGE, "owner": "elsewhere 1 1", "until": "2020-01-01T00:00:00+00:00"})
    assert age(installation)["outcome"] == "done"
    assert installation.left("S1") == {}
    engine.run(Lease(names.locks, AGE).take())  # it was given back


def test_a_rebuild_need_not_wait_for_it(installation: Installation, engine: Engine) -> None:
    engine.run(Lease(installation.names.locks, AGE).take())
    assert installation.run("rebuild").status == 0


def test_there_is_nothing_to_do_without_offers_and_no_index_is_made(engine: Engine, index_prefix: str) -> None:
    names = IndexNames(f"{index_prefix}empty-")
    assert engine.run(age_figures(names, lambda: stamp(1))).outcome == "nothing"
    assert engine.run(is_due(names, lambda: stamp(1))) is False
    assert engine.call("GET", f"/_cat/indices/{names.prefix}*", params={"format": "json"}) == []


def test_the_app_does_it_by_itself_when_it_starts_and_when_it_is_due(
    installation: Installation, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.seats(aged("S1", 5, 40))
    monkeypatch.setenv(SETTING, "30")
    with serve(installation.engine_url, installation.prefix) as loaded:
        services = loaded.app.state.services
        assert services.settings.seats_max_age_days == 30
        sweep = AgeSweep(services.engine, services.settings)
        assert loaded.client.portal is not None
        looks = (loaded.client.portal.call(sweep.look) for _ in range(500))
        assert EVERY in looks  # the first may find the app's own look under way
        assert installation.left("S1") == {}
        assert engine.run(is_due(installation.names, services.settings.seats_cutoff)) is False
        assert loaded.client.portal.call(sweep.look) == EVERY
    earlier = Settings(seats_max_age_days=31).seats_cutoff()
    assert engine.run(is_due(installation.names, lambda: earlier)) is True
    assert engine.run(is_due(installation.names, lambda: "")) is True
