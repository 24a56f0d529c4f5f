"""``POST /api/v1/seats`` and the history, over HTTP on a real engine: what is taken, from whom, in bounded memory."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from search_app.api.openapi import build_openapi
from search_app.base.settings import Settings
from search_app.web.app import create_app
from tests.engine.installation import Action, Installation, statement

TOKEN = "0123456789abcdef-all"
OTHER = "0123456789abcdef-one"
CSV = "text/csv"
SESSIONS = [f"P{number}" for number in range(30)]


def load_catalogue(installation: Installation) -> Installation:
    """Load two sources of one offer each: S1 and the sessions to be given out are in the one, T1 in the other."""
    installation.load(Action("A1", sessions=("S1", *SESSIONS), funders=("2", "4")))
    installation.load(Action("B1", sessions=("T1",), funders=("2",)), source="two")
    return installation


@pytest.fixture
def own_installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    """One for tests that load."""
    return load_catalogue(Installation.with_rules(engine_url, index_prefix, tmp_path))


@pytest.fixture(scope="module")
def installation(engine_url: str, module_index_prefix: str, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One for tests that only state, each of sessions of its own: in a ledger sequences only rise."""
    return load_catalogue(Installation.with_rules(engine_url, module_index_prefix, tmp_path_factory.mktemp("api")))


@pytest.fixture(scope="module")
def sessions() -> Iterator[str]:
    """Sessions of source one that no other test states."""
    return iter(SESSIONS)


@pytest.fixture
def one(sessions: Iterator[str]) -> str:
    return next(sessions)


@pytest.fixture
def other(sessions: Iterator[str]) -> str:
    return next(sessions)


@pytest.fixture
def client(installation: Installation) -> Iterator[TestClient]:
    with served(installation) as client:
        yield client


@pytest.fixture
def own_client(own_installation: Installation) -> Iterator[TestClient]:
    with served(own_installation) as client:
        yield client


@contextmanager
def served(installation: Installation) -> Iterator[TestClient]:
    """An app of its own, also where the installation is shared: it counts wrong tokens."""
    tokens = {"BOUSSOLE_SEATS_TOKENS": f"all:{TOKEN}, region:{OTHER}:two"}
    with patch.dict("os.environ", installation.environment | tokens):
        app = create_app(Settings.from_environment())
    with TestClient(app) as client:
        yield client


def conforms(value: Any, name: str) -> list[str]:
    document = build_openapi()
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


def send(client: TestClient, *lines: dict[str, Any] | str | bytes, token: str = TOKEN, kind: str = "") -> Any:
    rows = [row if isinstance(row, bytes) else row.encode() if isinstance(row, str) else json.dumps(row).encode()
            for row in lines]  # fmt: skip
    headers = {"Authorization": f"Bearer {token}"} | ({"Content-Type": kind} if kind else {})
    return client.post("/api/v1/seats", content=b"\n".join(rows), headers=headers)


def test_statements_are_taken_line_by_line_and_searchable(
    client: TestClient, installation: Installation, one: str, other: str
) -> None:
    answer = send(client, statement(one, 5), "not json", statement("S9", 1), statement(other, -1), statement(one, 5))
    assert answer.status_code == 200
    told = answer.json()
    assert {name: told[name] for name in ("accepted", "stale", "unknown")} == {"accepted": 2, "stale": 1, "unknown": 1}
    assert conforms(told, "SeatsAnswer") == []
    assert [(row["line"], row["field"], row["value"]) for row in told["rejected"]] == [
        (2, "", "not json"), (4, "available", -1)
    ]  # fmt: skip
    assert installation.left(one) == {"2": 5, "any": 5}


def test_a_producer_speaks_for_its_own_sources_only(own_client: TestClient, own_installation: Installation) -> None:
    client, installation = own_client, own_installation
    answer = send(client, statement("S1", 5), statement("T1", 3), statement("N1", 2), statement("N2", 2), token=OTHER)
    assert answer.json()["accepted"] == 3
    (rejected,) = answer.json()["rejected"]
    assert (rejected["line"], rejected["field"], rejected["value"]) == (1, "session", "S1")
    assert "two" in rejected["reason"]
    assert installation.left("S1") == {}
    assert installation.left("T1") == {"2": 3, "any": 3}
    installation.load(Action("A2", sessions=("N1",)), source="three")
    installation.load(Action("B1", sessions=("T1",)), Action("B2", sessions=("N2",), funders=("2",)), source="two")
    assert installation.left("N1") == {}  # it may not speak for the source that brought this session later
    assert installation.left("N2") == {"2": 2, "any": 2}


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong-wrong-wrong-wrong", f"Basic {TOKEN}"])
def test_without_a_valid_token_nothing_is_read(client: TestClient, header: str | None) -> None:
    answer = client.post("/api/v1/seats", content=b"{}", headers={} if header is None else {"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"]["code"] == "unauthorized"


def test_many_wrong_tokens_are_slowed_down_and_a_right_one_still_gets_in(client: TestClient, one: str) -> None:
    answers = [send(client, statement(one, 1), token=f"wrong-token-number-{n}") for n in range(40)]
    assert {answer.status_code for answer in answers} == {401, 429}
    # Not the last one: an attempt is allowed again after a moment, which 40 requests take on a busy machine.
    refused = [answer for answer in answers if answer.status_code == 429]
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    assert send(client, statement(one, 1)).json()["accepted"] == 1


def test_a_table_from_a_french_spreadsheet_is_taken(
    client: TestClient, installation: Installation, one: str, other: str
) -> None:
    rows = (
        "numero_session;financeur;capacité;places_restantes;relevé_le".encode("windows-1252"),
        f"{one};2;12;7;22/11/2026 14:05".encode(),
        f"{other};4;10;douze;".encode(),
        b";;;;",
        f"{other};4;10;;".encode(),
    )
    told = send(client, *rows, kind=CSV).json()
    assert (told["accepted"], [row["line"] for row in told["rejected"]]) == (2, [3])
    assert installation.left(one) == {"2": 7, "any": 7}
    installation.call("POST", f"{installation.prefix}seats-history-*/_refresh")
    history = client.get(f"/api/v1/seats/{one}/history").json()["statements"]
    assert [row["observed_at"] for row in history] == ["2026-11-22T13:05:00Z"]
    missing = send(client, b"session;places", f"{one};3".encode(), kind=CSV)
    assert missing.status_code == 400
    assert "financeur, places_restantes" in missing.json()["error"]["message"]


def test_a_body_of_another_kind_is_refused(client: TestClient) -> None:
    assert send(client, b"<seats/>", kind="application/xml").status_code == 415


def test_a_line_of_a_megabyte_costs_only_itself(client: TestClient, one: str, other: str) -> None:
    told = send(client, statement(one, 1), b'{"session": "' + b"x" * 1_000_000 + b'"}', statement(other, 2)).json()
    assert told["accepted"] == 2
    (rejected,) = told["rejected"]
    assert rejected["line"] == 2
    assert len(rejected["value"]) < 1_000


def test_every_one_of_very_many_rejected_lines_is_told(client: TestClient) -> None:
    told = send(client, *[b"no"] * 12_000).json()
    assert [row["line"] for row in told["rejected"]] == list(range(1, 12_001))


def test_the_history_tells_every_statement_once_the_highest_sequence_first(
    client: TestClient, installation: Installation, one: str
) -> None:
    for figure, sequence in ((5, 1), (4, 3), (6, 2), (4, 3)):
        send(client, statement(one, figure, sequence))
    installation.call("POST", f"{installation.prefix}seats-history-*/_refresh")
    told = client.get(f"/api/v1/seats/{one}/history").json()
    assert [(row["available"], row["sequence"]) for row in told["statements"]] == [(4, 3), (6, 2), (5, 1)]
    assert conforms(told, "SeatsHistory") == []
    assert client.get(f"/api/v1/seats/{told['key']}/history").json() == told
    assert client.get("/api/v1/seats/nowhere/history").json()["statements"] == []


def test_who_stated_what_is_told_to_producers_of_the_source_alone(
    own_client: TestClient, own_installation: Installation
) -> None:
    client, installation = own_client, own_installation
    for session in ("S1", "T1", "N1"):
        send(client, statement(session, 5, 1))
    send(client, statement("T1", 4, 2), statement("N1", 4, 9), token=OTHER)
    installation.call("POST", f"{installation.prefix}seats-history-*/_refresh")

    def seen(session: str, token: str | None = None) -> list[tuple[int, str | None]]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = client.get(f"/api/v1/seats/{session}/history", headers=headers)
        assert conforms(answer.json(), "SeatsHistory") == []
        assert "Authorization" in answer.headers["vary"]
        assert answer.headers["cache-control"] == ("private, no-store" if token else "no-cache")
        return [(row["sequence"], row.get("producer")) for row in answer.json()["statements"]]

    assert [seen(session) for session in ("S1", "T1", "N1")] == [[(1, None)], [(2, None), (1, None)], [(1, None)]]
    assert [seen(session, OTHER) for session in ("S1", "T1", "N1")] == [
        [(1, None)], [(2, "region"), (1, "all")], [(9, "region"), (1, None)],
    ]  # fmt: skip
    assert [seen(session, TOKEN) for session in ("S1", "T1", "N1")] == [
        [(1, "all")], [(2, "region"), (1, "all")], [(9, "region"), (1, "all")],
    ]  # fmt: skip
    assert client.get("/api/v1/seats/T1/history", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/api/v1/seats/T1/history", headers={"Authorization": "Basic eDp5"}).status_code == 200
    installation.load(Action("B1", sessions=("T1",)), Action("B2", sessions=("N1",)), source="two")
    assert seen("N1") == [(9, None), (1, None)]


def test_a_stale_line_is_told_why_unless_it_is_repeated_or_came_late(client: TestClient, one: str, other: str) -> None:
    ahead = int((datetime.now(UTC) + timedelta(hours=1)).timestamp() * 1000)
    send(client, statement(one, 5, ahead), statement(other, 5, 4))
    told = send(
        client, b"session;financeur;places_restantes", f"{one};2;3".encode(), f"{other};2;5".encode(), kind=CSV
    ).json()
    assert (told["accepted"], told["stale"]) == (1, 1)
    (reason,) = told["stale_reasons"]
    assert (reason["line"], reason["session"], reason["known_sequence"]) == (2, one, ahead)
    assert "numero_ordre" in reason["reason"]
    assert "horloge" in reason["reason"]
    assert conforms(told, "SeatsAnswer") == []
    repeat = send(client, statement(one, 5, ahead)).json()
    assert repeat == {"accepted": 0, "stale": 1, "unknown": 0, "rejected": []}
    told = send(client, *(statement(one, n, ahead) for n in range(6, 206))).json()
    assert (told["stale"], len(told["stale_reasons"])) == (200, 100)
    assert "autre contenu" in told["stale_reasons"][0]["reason"]
    assert "stale_reasons" not in send(client, statement(one, 1, ahead - 1)).json()


@pytest.mark.parametrize("kind", ["", CSV])
def test_a_sequence_beyond_tomorrow_is_a_rejected_line(client: TestClient, kind: str, one: str) -> None:
    now = int(datetime.now(UTC).timestamp() * 1_000_000)
    rows: list[str] = [json.dumps(statement(one, 1, number)) for number in (now, now + 90_000_000_000, 2**53)]
    if kind:
        table = [f"{one};2;1;{number}" for number in (now, now + 90_000_000_000, 2**53)]
        rows = ["session;financeur;places_restantes;numero_ordre", *table]
    told = send(client, *rows, kind=kind).json()
    assert told["accepted"] == 1
    assert {row["field"] for row in told["rejected"]} == {"numero_ordre" if kind else "sequence"}
    assert all("trop grand" in row["reason"] for row in told["rejected"])
    assert len(told["rejected"]) == 2


def test_a_table_of_any_shape_is_an_answer_and_not_a_fault(client: TestClient, one: str, other: str) -> None:
    head = "session;financeur;places_restantes"
    bodies = {
        f"sep=;\r{head}\r{one};2;3\r{other};2;4".encode(): (2, 0),
        f"{head}\n{one};2;{'9' * 5_000}\n{other};2;4\n".encode("utf-16"): (1, 1),
        f'{head}\n{one};2;"3\n{other};2;5\n'.encode(): (1, 1),
    }
    for body, (accepted, rejected) in bodies.items():
        told = send(client, body, kind=CSV).json()
        assert (told["accepted"] + told["stale"], len(told["rejected"])) == (accepted, rejected), body
    assert send(client, b"\xff\xfe\0\0", kind=CSV).status_code == 200
    assert send(client, b'session;"x', b"S1", kind=CSV).status_code == 400


def test_whatever_is_sound_is_stored_too(client: TestClient, one: str) -> None:
    """A statement that the engine refused would cost the others of its request."""
    sessions = ["𐍈" * 8_000, "a\0b", "x" * 8_000, "\u202e\ufeff.", "\n".join("ab"), "é" * 8_000]
    rows = [statement(session, 2**31 - 1, number) for number, session in enumerate(sessions)]
    rows += [statement(one, 1, 0) | {"observed_at": moment} for moment in ("0001-01-01T00:00:00Z", "1582-10-10T00:00Z")]
    told = send(client, *(json.dumps(row, ensure_ascii=False) for row in rows)).json()
    assert (told["accepted"], told["stale"], told["rejected"]) == (len(sessions) + 1, 1, [])
