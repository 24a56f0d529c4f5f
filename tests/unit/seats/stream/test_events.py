"""What one event of the stream tells, and how it says it."""

from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from search_app.api.openapi import build_openapi
from search_app.base.settings import Settings
from search_app.seats.events import encode_event, to_event_data
from seats.ledger.follower import Change

NOW = datetime(2026, 11, 23, 18, 25, 40, tzinfo=UTC)
SETTINGS = Settings(today=date(2026, 11, 23))
STATEMENT: dict[str, Any] = {
    "session": "14_SE\n1", "session_key": "abcdefghijkl", "funder": "2", "capacity": 12, "available": 3, "sequence": 7,
    "observed_at": "2026-11-23T18:25:00Z", "received_at": "2026-11-23T18:25:01+00:00", "producer": "secret",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "tone", "text", "age"),
    [
        ({}, "some", "3\u00a0places restantes sur 12", "vu à l’instant"),
        ({"available": 1, "capacity": None}, "some", "1\u00a0place restante", "vu à l’instant"),
        ({"available": 0}, "none", "Complet, aucune place restante sur 12", "vu à l’instant"),
        ({"available": None}, "unknown", "Places\u00a0: à demander", "chiffre retiré à l’instant"),
        (
            {"observed_at": "2026-11-23T18:23:00Z"},
            "some",
            "3\u00a0places restantes sur 12",
            "vu aujourd’hui",
        ),
        ({"observed_at": "2026-11-22T18:25:00Z"}, "some", "3\u00a0places restantes sur 12", "vu hier"),
        (
            {"observed_at": "2026-11-23T18:26:30Z"},
            "some",
            "3\u00a0places restantes sur 12",
            "vu à l’instant",
        ),
    ],
)
def test_a_figure_is_told_as_pages_tell_it_and_its_age_is_that_of_the_observation(
    changes: dict[str, Any], tone: str, text: str, age: str
) -> None:
    told = to_event_data(Change(5, STATEMENT | changes), SETTINGS, NOW)
    assert (told["tone"], told["text"], told["age"]) == (tone, text, age)


def test_an_event_is_one_line_of_json_as_the_document_describes_it_and_tells_nothing_of_the_producer() -> None:
    encoded = encode_event(Change(5, STATEMENT), SETTINGS).decode()
    number, name, data, *rest = encoded.split("\n")
    assert (number, name, rest) == ("id: 5", "event: seats", ["", ""])
    told = orjson.loads(data.removeprefix("data: "))
    schema = build_openapi()["components"]["schemas"]["SeatsEvent"]
    assert [error.message for error in Draft202012Validator(schema).iter_errors(told)] == []
    assert told["session"] == "14_SE\n1"
    assert "secret" not in encoded


def test_a_figure_that_nobody_should_trust_any_more_says_so() -> None:
    moments = {"2026-11-16T18:25:00Z": False, "2026-11-15T18:25:00Z": True, "2026-10-01T18:25:00Z": True}
    for observed_at, old in moments.items():
        told = to_event_data(Change(5, STATEMENT | {"observed_at": observed_at}), SETTINGS, NOW)
        assert (told["old"], "ancien" in told["age"]) == (old, old), observed_at
    withdrawn = STATEMENT | {"observed_at": "2026-10-01T18:25:00Z", "available": None}
    assert not to_event_data(Change(5, withdrawn), SETTINGS, NOW)["old"]
