"""What ``status`` says of the ledger and the offers: what waits, what differs, and since when."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mappings.keys import key_of
from seats.ledger.store import PAGE, ledger_id
from tests.engine.fault_proxy import Asked, fault_proxy
from tests.engine.installation import Action, Installation, statement


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    made = Installation.with_rules(engine_url, index_prefix, tmp_path)
    made.load(
        Action("A1", sessions=("S1", "S2"), funders=("2", "4")),
        Action("A2", sessions=("S3",), funders=("4",)),
    )
    made.seats(statement("S1", 5), statement("S1", 3, funder="4"), statement("S3", None), statement("S9", 1))
    return made


def seats_of(installation: Installation) -> dict[str, Any]:
    run = installation.run("status", "--json")
    assert run.status == 0
    seats: dict[str, Any] = run.json["seats"]
    return seats


def write_to_ledger(installation: Installation, session: str, sequence: int, age: float = 0.0, **fields: Any) -> None:
    """Put a statement into the ledger alone, as a process does that dies right after."""
    received_at = datetime.now(UTC) - timedelta(seconds=age)
    document = statement(session, 4, sequence) | {
        "session_key": key_of(session),
        "received_at": received_at.isoformat(timespec="milliseconds"),
        "producer": "test",
    }
    version = f"version={sequence}&version_type=external"
    path = f"{installation.names.ledger}/_doc/{ledger_id(session, '2')}?{version}"
    installation.call("PUT", path, document | fields)


def test_ledger_and_offers_that_agree_do_not_differ(installation: Installation) -> None:
    assert seats_of(installation) == {"statements": 4, "waiting": 1, "differ": 0, "lag_seconds": 0.0}
    lines = installation.run("status").out.splitlines()
    assert "  seats: 0 differ between ledger and offers, lag 0.0 s, 1 wait for a feed" in lines


def test_what_never_came_into_the_offers_differs_and_the_oldest_tells_the_lag(installation: Installation) -> None:
    write_to_ledger(installation, "S1", 2, age=100)
    write_to_ledger(installation, "S2", 1, age=40)
    found = seats_of(installation)
    assert 100 <= found.pop("lag_seconds") < 160
    assert found == {"statements": 5, "waiting": 1, "differ": 2}
    installation.seats(statement("S1", 4, 2), statement("S2", 4, 1))  # repeats: what the ledger has is projected
    assert seats_of(installation) == {"statements": 5, "waiting": 1, "differ": 0, "lag_seconds": 0.0}


def test_a_statement_that_is_projected_this_very_second_is_no_difference(installation: Installation) -> None:
    write_to_ledger(installation, "S2", 1)
    direct, path = installation.engine_url, f"/{installation.names.offers}/_refresh"
    stating = Installation(direct, installation.prefix, installation.folder / "other")
    stating.folder.mkdir()
    seen: list[int] = []

    def project_now(asked: Asked) -> None:
        if asked.path == path:
            seen.append(stating.seats(statement("S2", 4)).json["stale"])

    with fault_proxy(direct, project_now) as address:
        installation.engine_url = address
        found = seats_of(installation)
    assert seen == [1]
    assert found == {"statements": 5, "waiting": 1, "differ": 0, "lag_seconds": 0.0}


def test_an_offer_that_is_ahead_of_the_ledger_differs(installation: Installation) -> None:
    offer = installation.offers()["A1"]
    offer["sessions"][0]["seats"][0]["sequence"] = 99
    installation.call("PUT", f"{installation.names.offers}/_doc/{key_of('A1')}?refresh=true", offer)
    assert seats_of(installation)["differ"] == 1


def test_a_producer_without_the_right_to_speak_for_the_source_is_waited_for(installation: Installation) -> None:
    write_to_ledger(installation, "S2", 1, sources=["two", "three"])
    assert seats_of(installation) == {"statements": 5, "waiting": 2, "differ": 0, "lag_seconds": 0.0}
    write_to_ledger(installation, "S2", 2, sources=["one"])
    assert seats_of(installation)["differ"] == 1


def test_many_pages_are_counted_once_each(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seats.ledger.compare.SUSPECTS_AT_ONCE", 2)
    monkeypatch.setattr("seats.ledger.compare.GRACE", 0.0)
    installation.seats(*(statement(f"X{number}", 1) for number in range(2 * PAGE)))
    installation.load(*(Action(f"B{n}", sessions=(f"T{n}",)) for n in range(5)), source="two")
    for number in range(5):
        write_to_ledger(installation, f"T{number}", 1)
    found = seats_of(installation)
    assert (found["statements"], found["waiting"], found["differ"]) == (2 * PAGE + 9, 2 * PAGE + 1, 5)


def test_seats_before_any_catalogue_all_wait(engine_url: str, index_prefix: str, tmp_path: Path) -> None:
    empty = Installation(engine_url, index_prefix, tmp_path)
    assert seats_of(empty) == {"statements": 0, "waiting": 0, "differ": 0, "lag_seconds": 0.0}
    empty.seats(statement("S1", 1))
    assert json.loads(empty.run("status", "--json").out)["seats"]["waiting"] == 1


def test_the_state_is_told_as_metrics(installation: Installation) -> None:
    told = installation.run("status", "--json").json
    metrics = installation.run("status", "--metrics").out
    assert f"boussole_offers {float(told['offers'])}" in metrics
    assert f"boussole_seat_statements {float(told['seats']['statements'])}" in metrics
    assert told["index"].keys() == {"bytes", "deleted_documents", "copies_missing"}
    assert told["index"]["bytes"] > 0
