"""The census of the fixtures, body by body, against the gaps that their plan expects and against the truth."""

import gzip
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mappings.census.name_index import FIELDS as INDEX_ONLY
from mappings.census.provider import GAP_CODES, Provider
from mappings.names import IndexNames

DATA = Path(__file__).parents[3] / "fixtures" / "data"
EXPECTED = json.loads((DATA / "gaps.expected.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def bodies(engine_url: str, loaded_prefix: str) -> dict[str, dict[str, Any]]:
    path = f"{engine_url}/{IndexNames(loaded_prefix).providers}/_search"
    answer = httpx.post(path, json={"size": 1_000}, timeout=60).raise_for_status().json()
    return {hit["_id"]: hit["_source"] for hit in answer["hits"]["hits"]}


@pytest.fixture(scope="module")
def truth() -> list[dict[str, Any]]:
    lines = gzip.decompress((DATA / "truth.jsonl.gz").read_bytes()).splitlines()
    return [json.loads(line) for line in lines]


def test_gaps_of_every_body_are_those_of_the_plan(bodies: dict[str, dict[str, Any]]) -> None:
    found = {siren: sorted(body["gap_codes"]) for siren, body in bodies.items() if body.get("gap_codes")}
    assert found == EXPECTED
    assert set(GAP_CODES) - {code for codes in found.values() for code in codes} == {"no-siren"}


def test_documents_are_those_of_the_model(bodies: dict[str, dict[str, Any]]) -> None:
    for body in bodies.values():
        Provider.model_validate({name: value for name, value in body.items() if name not in INDEX_ONLY})


def test_census_has_every_body_of_the_offers_in_its_roles(
    bodies: dict[str, dict[str, Any]], truth: list[dict[str, Any]]
) -> None:
    responsible = {row["provider_siren"] for row in truth if row["provider_siren"]}
    delivering = {siren for row in truth for siren in row["trainers"]}
    assert {siren for siren, body in bodies.items() if body["responsible"]} == responsible
    assert {siren for siren, body in bodies.items() if body["trainer"]} == delivering


def test_no_street_of_a_person_is_stored(bodies: dict[str, dict[str, Any]]) -> None:
    persons = [body for body in bodies.values() if body.get("natural_person")]
    streets = [body for body in bodies.values() if any("address" in site for site in body["sites"])]
    assert len(persons) == 2
    assert all("address" not in json.dumps(body) for body in persons)
    assert len(streets) > 40
