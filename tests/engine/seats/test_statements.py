"""Seat statements in a real engine: which figure stands, and what a search finds of it."""

import random
from pathlib import Path
from typing import Any

import pytest

from engine.blocking import Engine
from indexer.settings import IndexerSettings
from mappings.index_fields import FIELDS, index_fields
from mappings.keys import key_of
from seats.ledger.store import Figure
from seats.projection.write import FoundOffer, figures_to_capacity, figures_to_left, find_offers, merge_figures, project
from tests.engine.installation import Action, Installation, statement


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    made = Installation.with_rules(engine_url, index_prefix, tmp_path)
    made.load(
        Action("A1", sessions=("S1", "S2"), funders=("2", "4")),
        Action("A2", sessions=("S3",), funders=("4",)),
        Action("A3", sessions=("S4",)),
    )
    return made


def answer(**counts: Any) -> dict[str, Any]:
    return {"accepted": 0, "stale": 0, "unknown": 0, "rejected": []} | counts


def test_statements_are_told_apart_and_the_good_ones_are_in_the_offers(installation: Installation) -> None:
    run = installation.seats(
        statement("S1", 5), "not json", statement("S9", 1), statement("S3", -1), statement("S3", 0)
    )
    assert run.status == 1  # some lines were rejected
    reason = "un entier de 0 à 2147483647 ou null est attendu"
    rejected = [
        {"line": 2, "field": "", "value": "not json", "reason": "ligne illisible : un objet JSON est attendu"},
        {"line": 4, "field": "available", "value": -1, "reason": reason},
    ]
    assert run.json == answer(accepted=3, unknown=1, rejected=rejected)
    assert installation.left("S1") == {"2": 5, "any": 5}
    assert installation.left("S2") == {}
    assert installation.left("S3") == {"any": 0}  # funder 2 does not pay for it, and a statement adds no funder


def test_the_highest_sequence_wins_in_any_order_and_an_equal_one_is_stale(installation: Installation) -> None:
    assert installation.seats(statement("S1", 5, 2)).json == answer(accepted=1)
    late = installation.seats(statement("S1", 9, 1), statement("S1", 5, 2))
    assert (late.status, late.json) == (0, answer(stale=2))
    assert installation.left("S1") == {"2": 5, "any": 5}
    lines = [statement("S1", 7, 4), statement("S1", 6, 3), statement("S1", 8, 5)]
    assert installation.seats(*lines).json == answer(accepted=2, stale=1)
    assert installation.left("S1") == {"2": 8, "any": 8}


def test_a_withdrawn_figure_is_unknown_again_and_a_late_statement_does_not_bring_it_back(
    installation: Installation,
) -> None:
    installation.seats(statement("S1", 5, 1), statement("S1", 3, 1, funder="4"))
    installation.seats(statement("S1", None, 3))
    assert installation.left("S1") == {"4": 3, "any": 3}
    assert installation.seats(statement("S1", 4, 2)).json == answer(stale=1)
    assert installation.left("S1") == {"4": 3, "any": 3}


def test_a_statement_for_a_session_that_no_feed_has_told_of_waits_for_one(installation: Installation) -> None:
    assert installation.seats(statement("S8", 4), statement("S8", 6, funder="16")).json == answer(accepted=2, unknown=2)
    installation.load(Action("A8", sessions=("S8",), funders=("2",)), source="two")
    assert installation.left("S8") == {"2": 4, "any": 6}


def test_a_statement_that_a_crash_kept_out_of_the_offers_is_there_after_it_is_sent_again(
    installation: Installation,
) -> None:
    installation.seats(statement("S1", 5, 1))
    offer = installation.offers()["A1"]
    for session in offer["sessions"]:
        session.pop("seats", None), session.pop("left", None)
    installation.call("PUT", f"{installation.names.offers}/_doc/{key_of('A1')}?refresh=true", offer)
    assert installation.left("S1") == {}
    assert installation.seats(statement("S1", 5, 1)).json == answer(stale=1)
    assert installation.left("S1") == {"2": 5, "any": 5}


def test_a_table_with_carriage_returns_and_an_absurd_cell_costs_one_line(installation: Installation) -> None:
    path = installation.folder / "seats.csv"
    rows = ("sep=;", "session;financeur;places_restantes", "S1;2;5", f"S3;2;{'9' * 5_000}", "S2;2;4")
    path.write_bytes("\r".join(rows).encode())
    run = installation.run("seats", str(path))
    assert (run.status, run.json["accepted"], [row["line"] for row in run.json["rejected"]]) == (1, 2, [4])
    assert (installation.left("S1")["any"], installation.left("S2")["any"]) == (5, 4)


def test_more_statements_than_one_request_holds_are_all_taken(installation: Installation) -> None:
    statements = [statement(f"X{n}", n % 20) for n in range(2_500)]
    assert installation.seats(*statements, statement("S1", 1)).json == answer(accepted=2_501, unknown=2_500)
    assert installation.left("S1") == {"2": 1, "any": 1}


def test_seats_without_any_offers_index_are_kept(engine_url: str, index_prefix: str, tmp_path: Path) -> None:
    empty = Installation(engine_url, index_prefix, tmp_path)
    assert empty.seats(statement("S1", 5)).json == answer(accepted=1, unknown=1)
    empty.load(Action("A1", sessions=("S1",), funders=("2",)))
    assert empty.left("S1") == {"2": 5, "any": 5}


def test_the_script_in_the_engine_follows_the_same_rule_as_the_loader(installation: Installation) -> None:
    """Random figures, in random order and repeated: after each step the offer is what the functions say."""
    rng = random.Random(7)
    engine = Engine.connect(
        IndexerSettings(opensearch_url=installation.engine_url, index_prefix=installation.prefix).connection
    )
    present: dict[str, list[Figure]] = {"S1": [], "S2": []}
    for _ in range(40):
        figures = {session: [draw_figure(rng) for _ in range(rng.randint(0, 3))] for session in present}
        found = engine.run(find_offers(installation.names.offers, map(key_of, figures)))
        assert found == {key_of("A1"): FoundOffer("one", (key_of("S1"), key_of("S2")))}
        by_key = {key_of(each): rows for each, rows in figures.items()}
        engine.run(project(installation.names.offers, found, by_key, ""))
        for session, rows in figures.items():
            present[session] = merge_figures(present[session], rows)
        document = installation.call("GET", f"{installation.names.offers}/_doc/{key_of('A1')}")["_source"]
        for session in document["sessions"]:
            expected = present[session["id"]]
            assert session.get("seats", []) == expected
            assert session.get("left", {}) == figures_to_left(expected, ["2", "4"], "")
            assert session.get("capacity", {}) == figures_to_capacity(expected, ["2", "4"], "")
        assert {name: document[name] for name in FIELDS if name in document} == index_fields(document)
    engine.close()


def draw_figure(rng: random.Random) -> Figure:
    available = None if rng.random() < 0.3 else rng.choice([0, 1, 5, 40_000, 2**31 - 1])
    sequence = rng.randint(0, 8) if rng.random() < 0.98 else 2**53
    return {
        "funder": rng.choice(["2", "4", "16"]),
        "capacity": rng.choice([None, 0, 10, 2**31 - 1]),
        "available": available,
        "sequence": sequence,
        "observed_at": f"2026-11-22T18:25:{sequence % 60:02}Z",
    }
