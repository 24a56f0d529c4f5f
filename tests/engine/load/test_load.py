"""Loads into a real engine: what is live afterwards, and what is not touched."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.blocking import Engine
from indexer.installation.indices import Indices
from indexer.installation.locks import Lock, hold_lock
from indexer.load.gates import GATE_NAMES
from indexer.offers.bulk import Operation, write_operations
from indexer.settings import IndexerSettings
from mappings.keys import key_of
from mappings.reference import unpack_table
from tests.engine.fault_proxy import Asked, Hangup, fault_proxy
from tests.engine.installation import Action, Installation, actions, statement, write_feed
from tests.engine.killed_load import kill_load_at_second_request


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    return Installation.with_rules(engine_url, index_prefix, tmp_path)


def indices_of(installation: Installation) -> Indices:
    settings = IndexerSettings(opensearch_url=installation.engine_url, index_prefix=installation.prefix)
    return Indices(Engine.connect(settings.connection), settings)


def test_a_first_load_makes_offers_live_and_tells_what_it_did(installation: Installation) -> None:
    run = installation.load(Action("A1", sessions=("S1", "S2")), Action("A2"))
    assert run.status == 0
    report = run.json
    counts = {
        name: report[name] for name in ("outcome", "read", "new", "changed", "same", "removed", "live", "sessions")
    }
    assert counts == {
        "outcome": "done",
        "read": 2,
        "new": 2,
        "changed": 0,
        "same": 0,
        "removed": 0,
        "live": 2,
        "sessions": 2,
    }
    assert set(report["seconds"]) == {"read", "settle", "write", "check", "words", "census", "history"}
    assert report["spool_bytes"] > 0
    assert report["peak_memory_bytes"] > 10_000_000
    assert set(installation.offers("one")) == {"A1", "A2"}
    stored = installation.call("GET", f"{installation.names.sources}/_doc/one")["_source"]
    assert (stored["offers"], stored["sessions"], stored["report"]["new"]) == (2, 2, 2)
    providers = installation.call("GET", f"{installation.names.reference}/_doc/providers:one")["_source"]
    assert unpack_table(providers) == {"123456789": "GRETA"}


def test_only_what_changed_is_written_and_what_disappeared_is_removed(installation: Installation) -> None:
    installation.load(Action("A1"), Action("A2"), Action("A3"), Action("A4"))
    before = installation.writes()
    run = installation.load(Action("A1"), Action("A2", title="Soudure TIG"), Action("A3", extra='datemaj="20261123"'))
    counts = [run.json[name] for name in ("new", "changed", "same", "removed", "live")]
    assert counts == [0, 1, 2, 1, 3]
    assert installation.writes() - before == 2  # one offer, one removal
    assert {number: offer["title"] for number, offer in installation.offers().items()} == {
        "A1": "Soudure à l’arc",
        "A2": "Soudure TIG",
        "A3": "Soudure à l’arc",
    }


def test_a_bad_record_costs_no_other_and_keeps_its_live_version(installation: Installation) -> None:
    installation.load(*(Action(f"A{n}") for n in range(20)))
    records = [Action(f"A{n}", title="" if n == 3 else "Nouveau titre") for n in range(20)]
    run = installation.load(*records, Action("A1", title="Doublon").to_xml().replace("<contenu", "<contenu<"))
    assert run.status == 0
    assert (run.json["changed"], run.json["kept"], run.json["removed"]) == (19, 1, 0)
    rejected = {row["reason"]: row for row in installation.rejects(run)}
    assert set(rejected) == {"no-title", "not-well-formed"}
    reject = rejected["no-title"]
    assert (reject["source"], reject["identifier"], reject["line"]) == ("one", "A3", 6)
    assert 'numero="A3"' in reject["record"]
    offers = installation.offers()
    assert offers["A3"]["title"] == "Soudure à l’arc"
    assert offers["A4"]["title"] == "Nouveau titre"


def test_of_repeated_numbers_the_first_stands_and_the_others_are_rejects(installation: Installation) -> None:
    first = Action("A1", title="Le premier", sessions=("S1",))
    second = Action("A2", sessions=("S1", "S2"))
    run = installation.load(first, second, Action("A1", title="Le second"), options=("--force", "too-many-bad"))
    offers = installation.offers()
    assert offers["A1"]["title"] == "Le premier"
    assert [session["id"] for session in offers["A2"]["sessions"]] == ["S2"]
    rejects = [(row["identifier"], row["reason"]) for row in installation.rejects(run)]
    assert rejects == [("S1", "repeated-session"), ("A1", "repeated-number")]
    assert (run.json["read"], run.json["rejected_offers"], run.json["rejected_sessions"]) == (3, 1, 1)
    assert "Le second" in installation.rejects(run)[1]["record"]
    again = installation.load(first, second, Action("A1", title="Le second"), options=("--force", "too-many-bad"))
    assert (again.json["same"], again.json["changed"]) == (2, 0)


def test_faults_are_told_of_offers_that_stand_only(installation: Installation) -> None:
    first = Action("A1", sessions=("S1",)).to_xml().replace("20270301", "20270231")
    second = Action("A1", title="Le second", sessions=("S2",)).to_xml().replace("20270601", "20270631")
    run = installation.load(first, second, options=("--force", "too-many-bad"))
    assert run.json["faults"] == {"bad-date": 1}
    repairs = [json.loads(line) for line in Path(run.json["repairs_file"]).read_text(encoding="utf-8").splitlines()]
    assert [(repair["id"], repair["kind"], repair["value"]) for repair in repairs] == [("A1", "bad-date", "20270231")]


def test_first_loads_of_two_sources_at_once_share_one_index(installation: Installation) -> None:
    direct = installation.engine_url
    faster = Installation(direct, installation.prefix, installation.folder / "faster")
    faster.folder.mkdir()
    statuses: list[int] = []

    def be_faster(asked: Asked) -> None:
        if asked.method == "PUT" and asked.path.startswith(f"/{installation.names.offers}-"):
            statuses.append(faster.load(Action("B1"), source="two").status)

    with fault_proxy(direct, be_faster) as address:
        installation.engine_url = address
        run = installation.load(Action("A1"))
        installation.engine_url = direct
    assert (statuses, run.status) == ([0], 0)
    assert set(installation.offers()) == {"A1", "B1"}


def test_sources_share_no_number_and_never_touch_each_other(installation: Installation) -> None:
    installation.load(Action("A1", sessions=("S1",)), Action("A2", sessions=("S2",)), source="one")
    before = installation.offers("one")
    foreign = Action("B1", sessions=("S2", "S3"))
    run = installation.load(
        Action("A1", title="Autre"), foreign, Action("B2"), source="two", options=("--force", "too-many-bad")
    )
    assert run.status == 0
    assert (run.json["read"], run.json["new"], run.json["live"]) == (3, 2, 2)
    rejects = [(row["identifier"], row["reason"]) for row in installation.rejects(run)]
    assert rejects == [("A1", "number-of-other-source"), ("S2", "number-of-other-source")]
    assert [session["id"] for session in installation.offers("two")["B1"]["sessions"]] == ["S3"]
    installation.load(Action("B2"), source="two", options=("--force", "too-many-fewer"))
    assert set(installation.offers("two")) == {"B2"}
    assert installation.offers("one") == before


@pytest.mark.parametrize("gate", GATE_NAMES)
def test_a_gate_refuses_before_anything_is_written_unless_it_is_forced(installation: Installation, gate: str) -> None:
    installation.load(*(Action(f"A{n}", sessions=(f"S{n}",)) for n in range(10)))
    before, writes = installation.offers(), installation.writes()
    good = tuple(Action(f"A{n}", title="Autre titre") for n in range(10))
    feed, options = {
        "too-few": (good, ("--min-offers", "11")),
        "too-many-fewer": (good[:6], ()),
        "too-many-bad": ((*good[:8], Action("A8", title=""), Action("A9", title="")), ()),
    }[gate]
    refused = installation.load(*feed, options=options)
    assert refused.status == 1
    assert refused.json["outcome"] == "refused"
    assert (refused.json["live"], refused.json["sessions"]) == (10, 10)  # what is live, not what would have been
    assert [line.partition(":")[0] for line in refused.json["refused_by"]] == [gate]
    assert installation.offers() == before
    assert installation.writes() == writes
    forced = installation.load(*feed, options=(*options, "--force", gate))
    assert forced.status == 0
    assert installation.offers()["A0"]["title"] == "Autre titre"


def test_a_feed_cut_half_way_keeps_what_was_whole_and_removes_nothing(installation: Installation) -> None:
    installation.load(*(Action(f"A{n}") for n in range(10)))
    whole = [Action(f"A{n}", title="Autre titre") for n in range(5)]
    path = write_feed(
        installation.folder / "cut.xml", *whole, Action("A5", title="Autre titre").to_xml()[:150], tail=""
    )
    run = installation.load_file(path, options=("--max-bad", "0.5"))
    assert run.status == 3
    assert (run.json["changed"], run.json["removed"], run.json["live"]) == (5, 0, 10)
    assert run.json["removals_withheld"]
    assert run.json["problems"]
    titles = {number: offer["title"] for number, offer in installation.offers().items()}
    assert titles == {f"A{n}": "Autre titre" if n < 5 else "Soudure à l’arc" for n in range(10)}


@pytest.mark.parametrize("content", [b"", b"not XML at all", b"<html><body/></html>", b"\x00\x01\x02"])
def test_a_file_that_is_no_feed_ends_with_status_2_and_changes_nothing(
    installation: Installation, content: bytes
) -> None:
    installation.load(Action("A1"))
    before, writes = installation.offers(), installation.writes()
    path = installation.folder / "bad.xml"
    path.write_bytes(content)
    run = installation.load_file(path)
    assert run.status == 2
    assert len(run.trouble) == 1
    assert "bad.xml" in run.trouble[0]
    assert run.json["problems"] == [run.trouble[0].removeprefix("indexer: ")]
    assert (installation.offers(), installation.writes()) == (before, writes)


def test_of_several_files_the_readable_ones_are_loaded_and_nothing_is_removed(installation: Installation) -> None:
    installation.load(Action("A1"), Action("A2"))
    bad = installation.folder / "bad.xml"
    bad.write_bytes(b"not XML at all")
    good = write_feed(installation.folder / "good.xml", Action("A1", title="Autre titre"))
    run = installation.run("load", "--source", "one", "--json", str(bad), str(good))
    assert run.status == 3
    assert any("bad.xml" in problem for problem in run.json["problems"])
    assert {number: offer["title"] for number, offer in installation.offers().items()} == {
        "A1": "Autre titre",
        "A2": "Soudure à l’arc",
    }


def test_a_missing_file_and_a_missing_engine_are_one_clear_line_each(installation: Installation) -> None:
    missing = installation.load_file(installation.folder / "nowhere.xml")
    assert (missing.status, len(missing.trouble)) == (2, 1)
    assert "nowhere.xml" in missing.trouble[0]
    installation.engine_url = "http://127.0.0.1:9"
    gone = installation.load(Action("A1"))
    assert (gone.status, len(gone.trouble)) == (2, 1)
    assert "127.0.0.1:9" in gone.trouble[0]


def test_worker_processes_give_the_same_offers_as_one_process(installation: Installation) -> None:
    feed = [*actions(700, size=600), Action("AF_3"), Action("AF_5", title="")]
    installation.load(*feed, options=("--workers", "1"))
    one = installation.offers()
    shutil.rmtree(installation.folder / "work" / "known")  # or nothing would be converted
    run = installation.load(*feed, options=("--workers", "2"))
    assert (run.json["same"], run.json["new"], run.json["changed"]) == (700, 0, 0)
    assert run.json["rejected"] == {"repeated-number": 1, "no-title": 1}
    assert installation.offers() == one


def test_a_load_killed_while_it_writes_is_simply_run_again(installation: Installation) -> None:
    feed = list(actions(900, size=12_000))
    path = write_feed(installation.folder / "feed.xml", *feed)
    installation.load(*actions(10, start=890, size=24))
    kill_load_at_second_request(installation, path)
    assert 10 < len(installation.offers()) < 900
    again = installation.load_file(path)
    assert again.status == 0
    assert again.json["new"] + again.json["changed"] + again.json["same"] == 900
    assert again.json["same"] > 0
    assert set(installation.offers()) == {action.number for action in feed}
    assert list((installation.folder / "work" / "spool").iterdir()) == []


def test_an_engine_that_goes_away_half_way_ends_the_load_and_the_next_one_finishes(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.offers.bulk.REQUEST_BYTES", 20_000)
    monkeypatch.setattr("engine.blocking.RETRIES", (0.01, 0.01))
    installation.load(*actions(30))
    direct = installation.engine_url
    gone: list[bool] = []

    def go_away(asked: Asked) -> None:
        gone.extend([True] if asked.is_offers_bulk and asked.count > 2 else [])
        if gone:
            raise Hangup

    with fault_proxy(direct, go_away) as address:
        installation.engine_url = address
        run = installation.load(*actions(60, size=2_000))
        installation.engine_url = direct
    assert run.status == 2
    assert len(run.trouble) == 1
    assert "no engine answers" in run.trouble[0]
    assert set(installation.offers()) >= {f"AF_{n}" for n in range(30)}
    end_lock(installation)
    again = installation.load(*actions(60, size=2_000))
    assert again.status == 0
    assert again.json["same"] > 0
    assert len(installation.offers()) == 60


def test_a_lost_answer_is_asked_for_again_and_costs_no_offer(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.blocking.RETRIES", (0.01, 0.01))
    direct = installation.engine_url

    def lose_answer(asked: Asked) -> None:
        if asked.is_offers_bulk and asked.count == 1:
            raise_after_passing(direct, asked)

    with fault_proxy(direct, lose_answer) as address:
        installation.engine_url = address
        run = installation.load(*actions(20))
        installation.engine_url = direct
    assert run.status == 0
    assert (run.json["new"], run.json["rejected"]) == (20, {})
    assert len(installation.offers()) == 20


def raise_after_passing(engine_url: str, asked: Asked) -> None:
    headers = {"content-type": "application/json"}
    httpx.request(asked.method, engine_url + asked.path, content=asked.body, headers=headers).raise_for_status()
    raise Hangup


@pytest.mark.parametrize("whole_request", [True, False])
def test_an_engine_that_is_too_busy_is_asked_again(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, whole_request: bool
) -> None:
    monkeypatch.setattr("engine.blocking.RETRIES", (0.01,))
    monkeypatch.setattr("engine.bulk.BACK_OFF", (0.01,))
    busy = {"type": "rejected_execution_exception", "reason": "queue is full"}

    def refuse_once(asked: Asked) -> tuple[int, bytes] | None:
        if not asked.is_offers_bulk or asked.count > 1:
            return None
        if whole_request:
            return 429, json.dumps({"error": busy | {"root_cause": [busy]}, "status": 429}).encode()
        item = {"create": {"status": 429, "error": busy}}
        return 200, json.dumps({"errors": True, "items": [item] * 20}).encode()

    direct = installation.engine_url
    with fault_proxy(direct, refuse_once) as address:
        installation.engine_url = address
        run = installation.load(*actions(20))
        installation.engine_url = direct
    assert (run.status, run.json["new"]) == (0, 20)
    assert len(installation.offers()) == 20


def test_an_engine_that_refuses_to_write_ends_the_load_and_what_was_live_stays(installation: Installation) -> None:
    installation.load(*actions(5))
    before = installation.offers()
    block = "index.blocks.write"  # not that of a full disk: the engine lifts it within a minute where there is room
    installation.call("PUT", f"{installation.names.offers}/_settings", {block: True})
    run = installation.load(*actions(10))
    assert run.status == 2
    assert len(run.trouble) == 1
    assert "refuses to write" in run.trouble[0]
    assert installation.offers() == before
    installation.call("PUT", f"{installation.names.offers}/_settings", {block: None})
    assert installation.load(*actions(10)).status == 0
    assert len(installation.offers()) == 10


def test_an_offer_that_the_engine_refuses_costs_no_other(installation: Installation) -> None:
    installation.load(Action("A1"))
    indices = indices_of(installation)
    sound = installation.offers()["A1"]
    operations = [
        Operation("create", key_of("B1"), json.dumps(sound | {"id": "B1", "key": key_of("B1")}).encode()),
        Operation("create", key_of("B2"), json.dumps(sound | {"id": "B2", "no such field": 1}).encode()),
        Operation("create", key_of("B3"), json.dumps(sound | {"id": "B3", "key": key_of("B3")}).encode()),
    ]
    done: list[int] = []
    faults = list(write_operations(indices.engine, indices.names.offers, operations, done.append))
    indices.engine.close()
    assert [(fault.operation.key, fault.status) for fault in faults] == [(key_of("B2"), 400)]
    assert "no such field" in faults[0].reason
    assert set(installation.offers()) == {"A1", "B1", "B3"}
    assert sum(done) == 3


def test_two_loads_of_one_source_at_once_are_refused_but_not_of_two_sources(installation: Installation) -> None:
    installation.load(Action("A1"))
    indices = indices_of(installation)
    with hold_lock(indices, "load:one"):
        refused = installation.load(Action("A1", title="Autre titre"))
        other = installation.load(Action("B1"), source="two")
    indices.engine.close()
    assert (refused.status, len(refused.trouble)) == (2, 1)
    assert "load:one is under way already" in refused.trouble[0]
    assert other.status == 0
    assert installation.load(Action("A1", title="Autre titre")).status == 0


@pytest.mark.parametrize(
    "document",
    [
        {"owner": "elsewhere 1 1", "until": "2026-01-01T00:00:00+00:00"},  # of another machine, silent for long
        {"owner": f"{os.uname().nodename} 1 never", "until": "2999-01-01T00:00:00+00:00"},  # of a process that is gone
    ],
)
def test_the_lock_of_a_load_that_died_is_taken_over(installation: Installation, document: dict[str, Any]) -> None:
    installation.load(Action("A1"))
    installation.call("PUT", f"{installation.names.locks}/_doc/load:one?refresh=true", {"name": "load:one"} | document)
    assert installation.load(Action("A1")).status == 0


def test_a_lock_that_another_process_took_over_stops_its_first_owner(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.installation.locks.HEARTBEAT", 0.01)
    installation.load(Action("A1"))
    indices = indices_of(installation)
    lock = Lock(indices, "load:one")
    lock.acquire()
    other = {"name": "load:one", "owner": "elsewhere 1 1", "until": "2999-01-01T00:00:00+00:00"}
    installation.call("PUT", f"{installation.names.locks}/_doc/load:one?refresh=true", other)
    assert lock.wait_until_lost(10)
    refused = installation.load(Action("A1"))
    lock.release()
    indices.engine.close()
    assert refused.status == 2
    assert installation.call("GET", f"{installation.names.locks}/_doc/load:one")["_source"]["owner"] == "elsewhere 1 1"


def test_figures_that_were_stated_before_and_during_a_load_are_in_the_offers_after_it(
    installation: Installation,
) -> None:
    installation.load(Action("A1", sessions=("S1", "S2"), funders=("2",)))
    installation.seats(statement("S1", 5), statement("S9", 7))
    direct = installation.engine_url
    stating = Installation(direct, installation.prefix, installation.folder / "seats")
    stating.folder.mkdir()

    def state_meanwhile(asked: Asked) -> None:
        # The loader has read the ledger for this request already, and is about to overwrite what is stated now.
        if asked.is_offers_bulk and asked.count == 1:
            assert stating.seats(statement("S2", 3)).json["accepted"] == 1

    with fault_proxy(direct, state_meanwhile) as address:
        installation.engine_url = address
        changed = Action("A1", title="Autre titre", sessions=("S1", "S2"), funders=("2", "4"))
        run = installation.load(changed, Action("A9", sessions=("S9",), funders=("2",)))
        installation.engine_url = direct
    assert run.status == 0
    assert [installation.left(session) for session in ("S1", "S2", "S9")] == [
        {"2": 5, "any": 5},
        {"2": 3, "any": 3},
        {"2": 7, "any": 7},
    ]


def test_figures_that_came_before_an_offer_that_a_killed_load_made_are_there_after_the_next_one(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.blocking.RETRIES", ())
    installation.load(Action("A0"))
    installation.seats(statement("S1", 5, sequence=1))
    direct = installation.engine_url
    stating = Installation(direct, installation.prefix, installation.folder / "seats")
    stating.folder.mkdir()
    dead: list[bool] = []

    def state_and_die(asked: Asked) -> None:
        if asked.is_offers_bulk:
            stating.seats(statement("S1", 3, sequence=2))
            dead.append(True)
            raise_after_passing(direct, asked)
        if dead:
            raise Hangup

    feed = Action("A0"), Action("A1", sessions=("S1",), funders=("2",))
    with fault_proxy(direct, state_and_die) as address:
        installation.engine_url = address
        assert installation.load(*feed).status == 2
        installation.engine_url = direct
    assert installation.left("S1") == {"2": 5, "any": 5}  # what the load had read before the offer was there
    end_lock(installation)
    again = installation.load(*feed)
    assert (again.status, again.json["same"]) == (0, 2)
    assert installation.left("S1") == {"2": 3, "any": 3}


def end_lock(installation: Installation) -> None:
    """Make the lock that a load left look as if its process, which is this one, were gone."""
    path = f"{installation.names.locks}/_doc/load:one"
    found = installation.call("GET", path)["_source"]
    installation.call("PUT", f"{path}?refresh=true", found | {"until": "2026-01-01T00:00:00+00:00"})


def test_a_record_without_any_readable_number_withholds_removals(installation: Installation) -> None:
    installation.load(*(Action(f"A{n}") for n in range(10)))
    broken = "<formation><intitule-formation>x</intitule-formation<</formation>\n"
    run = installation.load(*(Action(f"A{n}") for n in range(9)), broken)
    assert run.status == 0
    assert (run.json["removed"], run.json["live"]) == (0, 10)
    assert "no readable number" in run.json["removals_withheld"]
