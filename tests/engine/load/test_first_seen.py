"""When an offer and its sessions came stays what it was, whatever is written again."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from mappings.keys import key_of
from mappings.loader import load_index_body
from tests.engine.installation import Action, Installation

PLAIN = Action("A1", sessions=("S1",))


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    return Installation.with_rules(engine_url, index_prefix, tmp_path)


def offer(installation: Installation) -> dict[str, Any]:
    found = installation.call("GET", f"{installation.names.offers}/_doc/{key_of('A1')}")
    stored: dict[str, Any] = found["_source"]
    return stored


def seen(stored: dict[str, Any]) -> dict[str, str]:
    return {session["id"]: session["first_seen"] for session in stored["sessions"]}


def test_arrivals_are_kept_over_loads_statements_and_rebuilds(installation: Installation) -> None:
    assert installation.load(PLAIN).status == 0
    first = offer(installation)
    assert first["first_seen"] == first["news_at"] == first["written_at"] == seen(first)["S1"]

    assert installation.load(Action("A1", title="Soudure au gaz", sessions=("S1",))).status == 0
    changed = offer(installation)
    assert changed["written_at"] > first["written_at"]
    assert (changed["first_seen"], changed["news_at"], seen(changed)) == (
        first["first_seen"], first["news_at"], seen(first),
    )  # fmt: skip

    assert installation.load(Action("A1", title="Soudure au gaz", sessions=("S1", "S2"))).status == 0
    grown = offer(installation)
    assert grown["first_seen"] == first["first_seen"]
    assert seen(grown) == {"S1": first["first_seen"], "S2": grown["written_at"]}
    assert grown["news_at"] == grown["written_at"] > first["news_at"]

    assert installation.run("rebuild").status == 0
    assert offer(installation) == grown


def test_an_index_that_was_made_before_arrivals_were_kept_takes_them(installation: Installation) -> None:
    assert installation.load(PLAIN).status == 0
    index, old = next(iter(installation.call("GET", f"_alias/{installation.names.offers}"))), load_index_body("offers")
    stored = offer(installation)
    for name in ("first_seen", "news_at", "session_seen"):
        del old["mappings"]["properties"][name], stored[name]
    for session in stored["sessions"]:
        del session["first_seen"]
    stored["written_at"] = "2026-01-01T00:00:00+00:00"
    address = f"{installation.engine_url}/{index}"
    httpx.delete(address).raise_for_status()
    alias = {installation.names.offers: {"is_write_index": True}}
    httpx.put(address, json=old | {"aliases": alias}, timeout=60).raise_for_status()
    document = f"{address}/_doc/{stored['key']}?refresh=true"
    httpx.put(document, json=stored, timeout=60).raise_for_status()

    assert installation.load(Action("A1", title="Soudure au gaz", sessions=("S1", "S2"))).status == 0
    written = offer(installation)
    assert written["title"] == "Soudure au gaz"
    assert written["first_seen"] == seen(written)["S1"] == "2026-01-01T00:00:00+00:00"
    assert seen(written)["S2"] == written["news_at"] == written["written_at"]
