"""docker-compose.yml and the Dockerfile: valid, and in step with the code."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from indexer.settings import IndexerSettings
from local_engine.jars import OPENSEARCH_VERSION
from mappings.settings import PREFIX, EngineSettings
from search_app.settings import Settings

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((Path(__file__).parent / "compose_spec" / "compose-spec.json").read_text("utf-8"))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
READERS: dict[str, type[EngineSettings]] = {"app": Settings, "load": IndexerSettings}


def test_the_compose_file_is_valid() -> None:
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(SCHEMA).iter_errors(COMPOSE)]
    assert errors == []


@pytest.mark.parametrize("service", READERS)
def test_each_setting_is_one_that_its_service_reads(service: str) -> None:
    known = {PREFIX + field.upper() for field in READERS[service].model_fields}
    given = {name for name in SERVICES[service]["environment"] if name.startswith("BOUSSOLE")}
    assert given <= known
    assert PREFIX + "OPENSEARCH_URL" in given


def test_the_engine_is_the_version_that_the_local_one_is() -> None:
    assert SERVICES["engine"]["image"] == f"opensearchproject/opensearch:{OPENSEARCH_VERSION}"


def test_the_engine_is_reached_from_inside_only() -> None:
    assert "ports" not in SERVICES["engine"]
    assert SERVICES["engine"]["networks"] == ["engine"]
    assert COMPOSE["networks"]["engine"]["internal"] is True


def test_the_app_waits_for_a_healthy_engine_and_its_data_outlive_the_container() -> None:
    assert SERVICES["app"]["depends_on"]["engine"]["condition"] == "service_healthy"
    assert "healthcheck" in SERVICES["engine"]
    assert "healthcheck" in SERVICES["app"]
    assert SERVICES["engine"]["volumes"] == ["engine-data:/usr/share/opensearch/data"]


def test_the_image_is_built_from_what_exists_and_does_not_run_as_root() -> None:
    lines = [line.split() for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines() if line]
    copied = {line[1].rstrip("/") for line in lines if line[0] == "COPY" and not line[1].startswith("--from")}
    assert {path for path in copied if not (ROOT / path).exists()} == set()
    assert {"mappings", "seats", "indexer", "search_app", "fixtures", "local_engine"} <= copied
    admitted = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert copied == admitted
    users = [line[1] for line in lines if line[0] == "USER"]
    assert users
    assert users[-1] not in ("0", "root")
