"""Statements made before their session is known, and by those who have no right to it: they never compete, nor show."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from engine.blocking import Engine
from engine.requests import Steps
from indexer.settings import IndexerSettings
from mappings.keys import key_of
from seats.ledger.follower import fetch_end, fetch_since, keep_rightful
from seats.ledger.history import fetch_history
from seats.ledger.settling import settle
from seats.ledger.store import fetch_of_source, ledger_id
from seats.statements.producers import COMMAND, Producer
from tests.engine.fault_proxy import Asked, fault_proxy
from tests.engine.installation import Action, Installation, statement
from tests.engine.listening import listening
from tests.served import serving

ONE = Producer("one-system", frozenset({"one"}))
TWO = Producer("two-system", frozenset({"two"}))
BOTH = Producer("both-systems", frozenset({"one", "two"}))
HIGH = 1_700_000_000_000_000  # microseconds: as high as is taken


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    made = Installation.with_rules(engine_url, index_prefix, tmp_path)
    made.load(Action("A1", sessions=("S1",), funders=("2",)))
    return made


@pytest.fixture
def engine(installation: Installation) -> Iterator[Engine]:
    made = Engine.connect(
        IndexerSettings(opensearch_url=installation.engine_url, index_prefix=installation.prefix).connection
    )
    yield made
    made.close()


def counts(installation: Installation, producer: Producer, *rows: dict[str, Any]) -> tuple[int, int, int]:
    """State something and return how many were accepted, stale and unknown."""
    told = installation.state(*rows, producer=producer)
    assert told.rejections == 0
    return told.accepted, told.stale, told.unknown


def load(installation: Installation, *sessions: str, source: str = "one") -> None:
    """Load a catalogue of the source that has these sessions beside S1 of source one, or none."""
    first = Action("A1", sessions=("S1",)) if source == "one" else Action("B1")
    second = (Action(f"{source}-9", sessions=sessions, funders=("2",)),) if sessions else ()
    run = installation.load(first, *second, source=source, options=("--force", "too-many-fewer"))
    assert run.status == 0, run.err


def ledger(installation: Installation, session: str) -> dict[str, tuple[int, list[str] | None, str | None]]:
    """Return sequence, sources and settled source of what the ledger has of a session, by id."""
    installation.call("POST", f"{installation.names.ledger}/_refresh")
    body = {"query": {"term": {"session": session}}, "version": True}
    hits = installation.call("POST", f"{installation.names.ledger}/_search", body)["hits"]["hits"]
    assert all(hit["_version"] == hit["_source"]["sequence"] for hit in hits)
    return {
        hit["_id"]: (hit["_source"]["sequence"], hit["_source"].get("sources"), hit["_source"].get("settled"))
        for hit in hits
    }


def seats_status(installation: Installation) -> dict[str, Any]:
    told: dict[str, Any] = installation.run("status", "--json").json["seats"]
    return told


def test_a_statement_without_the_right_does_not_compete_once_its_session_is_known(installation: Installation) -> None:
    assert counts(installation, TWO, statement("N1", 99, HIGH)) == (1, 0, 1)
    assert counts(installation, ONE, statement("N1", 5, 1)) == (1, 0, 1)
    assert counts(installation, ONE, statement("N1", 5, 1)) == (0, 1, 0)
    load(installation, "N1")
    assert installation.left("N1") == {"2": 5, "any": 5}
    assert counts(installation, ONE, statement("N1", 6, 2)) == (1, 0, 0)
    assert counts(installation, ONE, statement("N1", 7, 1)) == (0, 1, 0)
    assert counts(installation, COMMAND, statement("N1", 4, 3)) == (1, 0, 0)
    assert installation.left("N1") == {"2": 4, "any": 4}
    told = seats_status(installation)
    assert (told["statements"], told["waiting"], told["differ"]) == (2, 1, 0)


def test_what_waits_without_the_right_takes_no_place_in_the_history(
    installation: Installation, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seats.ledger.history.MOST", 2)
    foreign = [statement("S2", available=9, sequence=HIGH + number) for number in range(3)]
    assert counts(installation, TWO, *foreign) == (3, 0, 3)
    assert counts(installation, COMMAND, statement("S2", available=5, sequence=1)) == (1, 0, 1)

    def shown(viewer: Producer | None) -> list[int]:
        installation.call("POST", f"{installation.names.seats_histories}/_refresh")
        rows = engine.run(fetch_history(installation.names, "S2", datetime.now(UTC), viewer))
        return [row["available"] for row in rows]

    assert shown(None) == [5]
    load(installation, "S2")
    assert (shown(None), shown(ONE), shown(TWO), shown(COMMAND)) == ([5], [5], [9, 9], [9, 9])


def test_a_number_spelt_like_a_key_is_not_in_the_history_of_that_session(
    installation: Installation, engine: Engine
) -> None:
    other = key_of("S1")
    assert counts(installation, COMMAND, statement("S1", available=5, sequence=1)) == (1, 0, 0)
    assert counts(installation, COMMAND, statement(other, available=9, sequence=2)) == (1, 0, 1)
    installation.call("POST", f"{installation.names.seats_histories}/_refresh")
    for session in ("S1", other):
        rows = engine.run(fetch_history(installation.names, session, datetime.now(UTC)))
        assert [row["available"] for row in rows] == [5]


def test_of_those_with_the_right_the_highest_sequence_wins_whoever_made_it(installation: Installation) -> None:
    rows = ((ONE, 5), (BOTH, 8), (TWO, 9), (COMMAND, 3))
    for producer, sequence in rows:
        assert counts(installation, producer, *(statement(f"N{n}", sequence, sequence) for n in range(4)))[0] == 4
    assert counts(installation, ONE, statement("N1", 1, 2)) == (0, 1, 0)  # every right, and newer: it cannot count
    load(installation, *(f"N{n}" for n in range(4)))
    assert [installation.left(f"N{n}")["2"] for n in range(4)] == [8, 8, 8, 8]
    for producer in (ONE, BOTH, COMMAND):
        assert counts(installation, producer, statement("N2", 0, 8)) == (0, 1, 0)
    place = ledger_id("N2", "2")
    assert ledger(installation, "N2")[place] == (8, ["one", "two"], "one")
    assert [each[1] for key, each in ledger(installation, "N2").items() if key != place] == [["two"]]


def test_a_statement_that_waits_is_streamed_when_it_counts_and_never_without_the_right(
    installation: Installation,
) -> None:
    with serving(installation.engine_url, installation.prefix) as app, listening(app.address, ["N1", "S1"]) as live:
        counts(installation, TWO, statement("N1", 99, HIGH))
        counts(installation, ONE, statement("N1", 5, 7))
        counts(installation, COMMAND, statement("S1", 1, 1))
        assert live.next().seats["session"] == "S1"  # nothing came before it
        with listening(app.address, ["N1", "S1"], after=-1) as late:
            assert late.next().seats["session"] == "S1"
        load(installation, "N1")
        heard = live.next()
        assert (heard.seats["session"], heard.seats["available"]) == ("N1", 5)
        counts(installation, COMMAND, statement("S1", 2, 2))
        assert live.next().seats["sequence"] == 2
        with listening(app.address, ["N1", "S1"], after=-1) as late:
            assert [late.next().seats["available"] for _ in range(2)] == [5, 2]


def test_statements_that_wait_while_their_session_is_loaded_count_and_are_settled(installation: Installation) -> None:
    """One comes at each request of the load: before the ledger is read, in the middle, and at the end."""
    direct, numbers = installation.engine_url, count(1)
    stating = Installation(direct, installation.prefix, installation.folder / "stating")
    stating.folder.mkdir()
    stated: list[str] = []

    def state_meanwhile(asked: Asked) -> None:
        if "offers" in asked.path or "seats" in asked.path:
            session = f"N{next(numbers)}"
            if stating.state(statement(session, 5, 7), producer=ONE).unknown:
                stated.append(session)
            stating.state(statement(session, 99, HIGH), producer=TWO)

    sessions = [f"N{n}" for n in range(1, 80)]
    with fault_proxy(direct, state_meanwhile) as address:
        installation.engine_url = address
        load(installation, *sessions)
        installation.engine_url = direct
    assert 5 < len(stated) < 70
    left = {each["id"]: each.get("left", {}) for each in installation.offers()["one-9"]["sessions"]}
    for session in stated:
        assert left[session] == {"2": 5, "any": 5}
        assert ledger(installation, session)[ledger_id(session, "2")] == (7, ["one"], "one")
    assert counts(installation, ONE, *(statement(session, 1, 6) for session in stated)) == (0, len(stated), 0)
    assert seats_status(installation)["differ"] == 0


def test_a_load_that_ends_while_a_statement_is_being_written_settles_it_too(installation: Installation) -> None:
    direct = installation.engine_url
    bulks: list[Asked] = []
    loading = Installation(direct, installation.prefix, installation.folder / "loading")
    loading.folder.mkdir()

    def load_now(asked: Asked) -> None:
        if asked.path == "/_bulk" and not bulks:  # the session was looked for, and the ledger is about to be written
            bulks.append(asked)
            load(loading, "N1")

    with fault_proxy(direct, load_now) as address:
        installation.engine_url = address
        assert counts(installation, ONE, statement("N1", 5, 7)) == (1, 0, 0)
        installation.engine_url = direct
    assert ledger(installation, "N1") == {ledger_id("N1", "2"): (7, ["one"], "one")}
    assert installation.left("N1") == {"2": 5, "any": 5}


def test_settling_that_was_killed_after_any_request_is_completed_by_the_next(
    installation: Installation, engine: Engine
) -> None:
    index, requests = installation.names.ledger, range(7)
    sessions = [f"N{n}" for n in requests]
    counts(installation, ONE, *(statement(session, 5, 7) for session in sessions))
    for session in sessions:
        keep_as_an_earlier_version(installation, session, HIGH, ["two"])
    installation.call("POST", f"{index}/_refresh")
    ended = []
    for number, session in zip(requests, sessions, strict=True):
        documents = engine.run(fetch_of_source(index, [key_of(session)], "one"))
        ended.append(is_ended(engine, settle(index, documents, {key_of(session): "one"}), number))
    assert ended == [False] * 6 + [True]  # so that each request was the last one once
    load(installation, *sessions)
    for session in sessions:
        assert installation.left(session) == {"2": 5, "any": 5}
        found = ledger(installation, session)
        assert found.pop(ledger_id(session, "2")) == (7, ["one"], "one")
        assert list(found.values()) == [(HIGH, ["two"], None)]


def is_ended(engine: Engine, steps: Steps[None], requests: int) -> bool:
    """Send so many requests of some steps; returns whether these were all."""
    answer: Any = None
    try:
        for _ in range(requests):
            asked = steps.send(answer)
            answer = engine.call(asked.method, asked.path, asked.body, asked.client_params)
        steps.send(answer)
    except StopIteration:
        return True
    steps.close()
    return False


def keep_as_an_earlier_version(
    installation: Installation, session: str, sequence: int, sources: list[str] | None
) -> None:
    """Put a statement where versions without waiting statements kept all of them, into a ledger as they made it."""
    installation.call("PUT", f"{installation.names.ledger}/_settings", {"index": {"gc_deletes": "60s"}})
    document = statement(session, 9, sequence) | {
        "session_key": key_of(session), "received_at": "2026-11-22T18:25:00.000Z", "producer": "x",
    }  # fmt: skip
    if sources is not None:
        document["sources"] = sources
    path = f"{installation.names.ledger}/_doc/{ledger_id(session, '2')}"
    installation.call("PUT", f"{path}?version={sequence}&version_type=external&refresh=true", document)


def without_new_fields(installation: Installation) -> None:
    """Make ledger and history anew as the version before this one did."""
    for index in (installation.names.ledger, f"{installation.prefix}seats-history-*"):
        for name in installation.call("GET", f"{index}/_mapping"):
            body = installation.call("GET", name)[name]
            del body["mappings"]["properties"]["sources" if "history" in name else "settled"]
            settings = {"index": {"number_of_shards": 1, "number_of_replicas": 0}}
            installation.call("DELETE", name)
            installation.call("PUT", name, {"settings": settings, "mappings": body["mappings"]})


def streamed(installation: Installation, engine: Engine, *sessions: str) -> set[tuple[str, int | None]]:
    """Return the figures that a client gets who asks the stream for all of these sessions."""
    index = installation.names.ledger
    end = engine.run(fetch_end(index))
    changes = engine.run(fetch_since(index, list(map(key_of, sessions)), -1, end))
    told = [change.statement for change in engine.run(keep_rightful(installation.names.offers, changes))]
    return {(each["session"], each["available"]) for each in told}


def test_a_ledger_of_the_version_before_works_on_and_foreign_statements_in_it_make_way(
    installation: Installation, engine: Engine
) -> None:
    installation.state(statement("S1", 1, 1))
    without_new_fields(installation)
    rows = (("S1", HIGH, ["two"]), ("N1", HIGH, ["two"]), ("N2", 6, ["one"]), ("N3", 4, None))
    for session, sequence, sources in rows:
        keep_as_an_earlier_version(installation, session, sequence, sources)
    load(installation, "N2")  # nothing was written since by this version
    assert installation.left("N2") == {"2": 9, "any": 9}
    assert counts(installation, ONE, statement("S1", 3, 2), statement("N1", 5, 1)) == (2, 0, 1)
    load(installation, "N1", "N2", "N3")
    assert installation.left("S1") == {"any": 3}
    assert [installation.left(session)["2"] for session in ("N1", "N2", "N3")] == [5, 9, 9]
    assert counts(installation, ONE, statement("N2", 1, 5), statement("N3", 1, 3)) == (0, 2, 0)
    assert counts(installation, ONE, statement("N2", 1, 7), statement("N3", 1, 5)) == (2, 0, 0)
    heard = streamed(installation, engine, "S1", "N1", "N2", "N3")
    assert heard == {("S1", 3), ("N1", 5), ("N2", 1), ("N3", 1)}
    assert seats_status(installation)["differ"] == 0


def test_a_session_that_moves_to_another_source_is_spoken_for_by_those_of_that_source(
    installation: Installation, engine: Engine
) -> None:
    load(installation, "N1", "N2")
    assert counts(installation, ONE, statement("N1", 9, 900), statement("N2", 9, 900)) == (2, 0, 0)
    load(installation)
    assert counts(installation, TWO, statement("N1", 4, 3)) == (1, 0, 1)
    load(installation, "N1", "N2", source="two")
    assert installation.left("N1") == {"2": 4, "any": 4}
    assert installation.left("N2") == {}
    assert streamed(installation, engine, "N1", "N2") == {("N1", 4)}
    assert counts(installation, TWO, *(statement("N2", n, n) for n in (3, 4, 2))) == (1, 2, 0)
    assert streamed(installation, engine, "N1", "N2") == {("N1", 4), ("N2", 4)}
    assert counts(installation, TWO, statement("N1", 5, 4), statement("N2", 5, 5)) == (2, 0, 0)
    assert counts(installation, COMMAND, statement("N1", 6, 5)) == (1, 0, 0)
    assert installation.state(statement("N1", 1, 901), producer=ONE).rejections == 1
    assert (installation.left("N1")["any"], installation.left("N2")["any"]) == (6, 5)
    load(installation, source="two")
    load(installation, "N1")
    assert installation.left("N1") == {"2": 9, "any": 9}  # what waited since the session left counts again
    assert counts(installation, ONE, statement("N1", 1, 899)) == (0, 1, 0)


def test_waiting_statements_survive_export_and_restore_rebuild_and_rollback(
    installation: Installation, tmp_path: Path
) -> None:
    counts(installation, ONE, statement("N1", 5, 7), statement("S1", 3, 7))
    counts(installation, TWO, statement("N1", 99, HIGH))
    assert installation.run("rebuild").status == 0
    assert installation.run("rollback").status == 0
    path = installation.folder / "ledger.ndjson"
    assert installation.run("seats-export", str(path)).status == 0
    other = Installation(installation.engine_url, f"{installation.prefix}other-", tmp_path / "other")
    other.folder.mkdir()
    other.load(Action("A1", sessions=("S1",)))
    restored = other.run("seats-restore", str(path)).json
    assert (restored["restored"], restored["stale"], restored["rejected"]) == (3, 0, 0)
    assert other.run("seats-restore", str(path)).json["restored"] == 0
    for each in (installation, other):
        assert seats_status(each)["waiting"] == 2
        load(each, "N1")
        assert each.left("N1") == {"2": 5, "any": 5}
        assert each.left("S1")["any"] == 3
        assert counts(each, ONE, statement("N1", 1, 6)) == (0, 1, 0)
        assert counts(each, ONE, statement("N1", 1, 8)) == (1, 0, 0)
        assert (seats_status(each)["waiting"], seats_status(each)["differ"]) == (1, 0)


def test_an_export_of_the_version_before_is_settled_as_it_is_restored(installation: Installation) -> None:
    rows = [(producer, session) for producer in (ONE, TWO) for session in ("S1", "N1")]
    lines = [
        statement(session, 5 if producer is ONE else 99, 7 if producer is ONE else HIGH)
        | {"received_at": "2026-11-22T18:25:00Z", "producer": producer.name, "sources": sorted(producer.sources or ())}
        for producer, session in rows
    ]
    path = installation.folder / "ledger.ndjson"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert installation.run("seats-restore", str(path)).json["restored"] == 4
    assert installation.left("S1")["any"] == 5
    assert ledger(installation, "S1")[ledger_id("S1", "2")] == (7, ["one"], "one")
    load(installation, "N1")
    assert installation.left("N1")["2"] == 5


def test_a_release_leaves_alone_what_waits_without_the_right(installation: Installation) -> None:
    counts(installation, TWO, statement("N1", 99, HIGH), statement("N2", 99, HIGH))
    load(installation, "N1")
    counts(installation, ONE, statement("N1", 5, HIGH - 1))
    told = installation.run("seats-release", "--source", "one", "--above", "1000").json
    assert (told["released"], told["waiting"]) == (1, 2)
    assert counts(installation, ONE, statement("N1", 4, 2)) == (1, 0, 0)
    assert installation.left("N1")["2"] == 4


@pytest.mark.parametrize(("producer", "most"), [(COMMAND, 3), (ONE, 4)])
def test_statements_for_known_sessions_cost_no_more_requests_than_ever(
    installation: Installation, producer: Producer, most: int
) -> None:
    installation.state(statement("S1", 1, 1))
    asked_for: list[str] = []
    direct = installation.engine_url

    def note(asked: Asked) -> None:
        if (
            asked.path.partition("?")[0].rpartition("/")[2] in ("_bulk", "_search", "_mget")
            and "locks" not in asked.path
        ):
            asked_for.append(asked.path)

    with fault_proxy(direct, note) as address:
        installation.engine_url = address
        assert counts(installation, producer, *(statement("S1", n, n) for n in range(2, 30))) == (28, 0, 0)
        installation.engine_url = direct
    assert len(asked_for) == most, asked_for
