"""Sessions whose state and seats contradict each other: the list is what a look at every session gives."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from jsonschema import Draft202012Validator

from search_app.api.openapi import build_openapi
from tests.engine.loaded import LoadedApp

DOCUMENT = build_openapi()
PATH = "/api/v1/seats/contradictions"


def ask(loaded_app: LoadedApp, **parameters: object) -> Any:
    answer = loaded_app.get(f"{PATH}?{urlencode(parameters)}")
    assert answer.status == 200, answer.text
    return answer.json()


def kind_of(session: Mapping[str, Any]) -> str | None:
    known = [figure["available"] for figure in session["seats"] if figure["available"] is not None]
    if session["recruiting"] == "open" and known and max(known) == 0:
        return "open_full"
    return "closed_left" if session["recruiting"] == "closed" and known and max(known) > 0 else None


@pytest.fixture(scope="module")
def expected(loaded_app: LoadedApp) -> dict[str, tuple[str, str]]:
    """Return source and kind of every session that contradicts itself, by its number, from all offers."""
    offers = [json.loads(line) for line in loaded_app.get("/api/v1/offers.ndjson").content.splitlines()]
    return {
        session["id"]: (offer["source"], kind)
        for offer in offers
        for session in offer["sessions"]
        if (kind := kind_of(session))
    }


def test_every_contradiction_is_listed_once_with_its_source_and_kind(
    loaded_app: LoadedApp, expected: dict[str, tuple[str, str]]
) -> None:
    first = ask(loaded_app, size=7)
    rows = [row for page in range(1, first["pages"] + 1) for row in ask(loaded_app, size=7, page=page)["results"]]
    assert {kind for _, kind in expected.values()} == {"open_full", "closed_left"}
    assert first["total"] == len(rows) == len(expected) > 14
    assert {row["session_id"]: (row["source"], row["kind"]) for row in rows} == expected
    assert [(row["source"], row["offer_key"]) for row in rows] == sorted(
        (row["source"], row["offer_key"]) for row in rows
    )


def test_a_source_has_its_own_list_beside_the_counts_of_all(
    loaded_app: LoadedApp, expected: dict[str, tuple[str, str]]
) -> None:
    counted = Counter(expected.values())
    by_source = ask(loaded_app, size=1)["sources"]
    told = {(row["source"], kind): row[kind] for row in by_source for kind in ("open_full", "closed_left")}
    assert {key: count for key, count in told.items() if count} == counted
    for row in by_source:
        answer = ask(loaded_app, source=row["source"], size=100)
        assert answer["total"] == row["total"]
        assert len(answer["results"]) == min(row["total"], 100)
        assert {found["source"] for found in answer["results"]} == {row["source"]}
        assert answer["sources"] == by_source


def test_a_row_is_as_the_document_says_and_as_the_offer_shows_it(loaded_app: LoadedApp) -> None:
    answer = ask(loaded_app, size=5)
    schema = {"$ref": "#/components/schemas/Contradictions", "components": DOCUMENT["components"]}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(answer)] == []
    for row in answer["results"]:
        offer = loaded_app.get(f"/api/v1/offers/{row['offer_key']}").json()["offer"]
        (session,) = [each for each in offer["sessions"] if each["id"] == row["session_id"]]
        shown = (row["message"], row["seats"], row["when"], row["recruiting"], row["session_key"])
        assert shown == tuple(session[name] for name in ("contradiction", "seats", "when", "recruiting", "key"))


def test_a_page_beyond_the_last_is_empty_and_says_the_total(loaded_app: LoadedApp) -> None:
    answer = ask(loaded_app, page=100, size=100)
    assert answer["results"] == []
    assert answer["total"] > 0


def test_every_wrong_parameter_is_named(loaded_app: LoadedApp) -> None:
    answer = loaded_app.get(f"{PATH}?source=nobody&page=0&size=101&colour=red")
    assert answer.status == 400
    faults = {fault["parameter"]: fault for fault in answer.json()["error"]["faults"]}
    assert set(faults) == {"source", "page", "size", "colour"}
    assert "occitanie" in faults["source"]["allowed"]
    assert loaded_app.get(f"{PATH}?page=101&size=100").status == 400


def test_the_page_of_the_sources_counts_them_and_leads_to_the_list(loaded_app: LoadedApp) -> None:
    page = loaded_app.get("/sources").text
    for row in ask(loaded_app, size=1)["sources"]:
        assert f'href="{PATH}?source={row["source"]}">{row["total"]}\u00a0session' in page
