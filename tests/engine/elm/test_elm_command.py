"""The command over the fixtures: one whole file, valid by the shapes; nothing is left behind where it fails."""

import gzip
import json
import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest

from indexer.cli import run
from tests.unit.elm.checked import SITE, TODAY, to_graph, violations

CHECKED = 120  # opportunities whose graph the shapes judge: all of them would take minutes


def export(engine_url: str, prefix: str, path: Path, **settings: str) -> int:
    environment = {
        "BOUSSOLE_OPENSEARCH_URL": engine_url, "BOUSSOLE_INDEX_PREFIX": prefix, "BOUSSOLE_PUBLIC_URL": f"{SITE}/",
        "BOUSSOLE_TODAY": TODAY.isoformat(),
    } | settings  # fmt: skip
    with patch.dict(os.environ, environment):
        return run(["elm", str(path)])


def test_catalogue_is_exported_whole_and_conforms(
    engine_url: str, loaded_prefix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "elm.jsonld"
    assert export(engine_url, loaded_prefix, path) == 0
    total = httpx.get(f"{engine_url}/{loaded_prefix}offers/_count").json()["count"]
    whole = json.loads(path.read_bytes())
    nodes: list[Any] = whole["@graph"]
    offers = [node for node in nodes if node["type"] == "LearningOpportunity"]
    told = capsys.readouterr().out
    left_out = int(told.partition("left out: ")[2].split()[0])
    assert f"{len(offers)} offers of " in told
    assert len(offers) + left_out == total
    assert len(offers) > total * 0.9
    assert len({node["id"] for node in nodes}) == len(nodes)
    bodies = {node["id"]: node["legalName"] for node in nodes if node["type"] == "Organisation"}
    census = httpx.get(f"{engine_url}/{loaded_prefix}providers/_search?size=1000&q=responsible:true").json()
    legal = {row["siren"]: row["name"] for hit in census["hits"]["hits"] if (row := hit["_source"]).get("name")}
    assert len(legal) > 20
    assert bodies.items() >= {f"{SITE}/organismes/{siren}#organisme": name for siren, name in legal.items()}.items()
    step = len(offers) // CHECKED
    kept = [node for node in nodes if node["type"] != "LearningOpportunity"] + offers[::step]
    assert violations(to_graph(json.dumps(whole | {"@graph": kept}).encode())) == ""
    assert [each.name for each in tmp_path.iterdir()] == ["elm.jsonld"]


def test_each_line_is_one_node(engine_url: str, loaded_prefix: str, tmp_path: Path) -> None:
    path = tmp_path / "elm.jsonld.gz"
    assert export(engine_url, loaded_prefix, path) == 0
    with gzip.open(path, "rt", encoding="utf-8") as file:
        first, *lines, last = file.read().splitlines()
    assert first.startswith('{"@context":')
    assert last == "]}"
    assert all("id" in json.loads(line.removesuffix(",")) for line in lines)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"BOUSSOLE_PUBLIC_URL": ""}, "BOUSSOLE_PUBLIC_URL"),
        ({"BOUSSOLE_PUBLIC_URL": "formations.example"}, "BOUSSOLE_PUBLIC_URL"),
        ({"BOUSSOLE_INDEX_PREFIX": "test-nothing-here-"}, "no offers index is live"),
        ({"BOUSSOLE_OPENSEARCH_URL": "http://127.0.0.1:9"}, "127.0.0.1:9"),
    ],
)
def test_failure_is_one_line_and_leaves_the_older_file(
    engine_url: str,
    loaded_prefix: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    settings: dict[str, str],
    told: str,
) -> None:
    path = tmp_path / "elm.jsonld"
    path.write_text("older")
    assert export(engine_url, loaded_prefix, path, **settings) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line
    assert path.read_text() == "older"
    assert [each.name for each in tmp_path.iterdir()] == ["elm.jsonld"]


def test_folder_that_does_not_exist_is_named(
    engine_url: str, loaded_prefix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(engine_url, loaded_prefix, tmp_path / "missing" / "elm.jsonld") == 2
    assert "missing" in capsys.readouterr().err
