"""docs/adding-a-facet.md, done in a copy of the tree: the facet is everywhere, and each forgotten place is named."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent, indent
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[3]
PACKAGES: Final = ("search_app", "mappings", "engine", "language", "seats", "synonyms", "funding", "alerts")
DOCUMENT: Final = (ROOT / "docs/adding-a-facet.md").read_text("utf-8")
PROBE: Final = Path(__file__).with_name("facet_probe.py")
TABLE: Final = Path("search_app/search/facets/table.py")
END_OF_TABLE: Final = "))  # fmt: skip\n"
MODEL: Final = Path("mappings/offer.py")
A_FIELD: Final = "    title: str\n"
INSIDE: Final = "    "
MAPPING: Final = Path("mappings/offers.json")


def code_of(name: str) -> str:
    """Return the block of code below ``<!-- NAME -->``."""
    (block,) = re.findall(rf"<!-- {name} -->\n *```\w+\n(.*?)\n *```", DOCUMENT, re.DOTALL)
    return dedent(block)


@pytest.fixture(name="tree")
def copy_of_the_tree(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def insert(path: Path, text: str, before: str) -> None:
    content = path.read_text("utf-8")
    assert content.count(before) == 1, f"{path} has not just one {before!r}"
    path.write_text(content.replace(before, text + before), "utf-8")


def add_row(tree: Path, name: str) -> None:
    insert(tree / TABLE, indent(code_of(f"row: {name}"), INSIDE) + ",\n", END_OF_TABLE)


def add_field(tree: Path, name: str) -> None:
    insert(tree / MODEL, indent(code_of(f"field: {name}"), INSIDE) + "\n", A_FIELD)


def add_property(tree: Path, name: str) -> None:
    body = json.loads((tree / MAPPING).read_text("utf-8"))
    body["mappings"]["properties"] |= json.loads(f"{{{code_of(f'property: {name}')}}}")
    (tree / MAPPING).write_text(json.dumps(body), "utf-8")


def probe(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": f"{tree}{os.pathsep}{ROOT}"}
    return subprocess.run([sys.executable, PROBE, *arguments], env=environment, capture_output=True, text=True)


def seen(tree: Path, *arguments: str) -> dict[str, Any]:
    done = probe(tree, *arguments)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_facet_over_stored_field_is_one_row(tree: Path) -> None:
    add_row(tree, "certifying")
    found = seen(tree, "certifying", "true")
    assert found["filter"] == [{"terms": {"certifying": ["true"]}}]
    assert found["counted"] == "certifying"
    assert found["rows"] == [["true", "Oui", 3, True]]
    assert found["form"] == ["true"]
    assert found["proposed"] == ["Oui", "Non"]
    assert any("Certifiante" in chip and "Oui" in chip for chip in found["chips"])
    assert found["links"] == [["certifying", "true"]]
    assert found["openapi"] == ["Formation certifiante. Valeurs : true, false."]
    assert found["answers"]["title"] == "Certifiante"
    assert found["docs"] == ["| `certifying` | yes | Formation certifiante. | true, false |"]


def test_facet_over_new_field_is_row_property_and_model_field(tree: Path) -> None:
    add_row(tree, "canteen")
    add_property(tree, "canteen")
    add_field(tree, "canteen")
    found = seen(tree, "canteen", "nearby")
    assert found["filter"] == [{"terms": {"canteen": ["nearby"]}}]
    assert found["rows"] == [["nearby", "À proximité", 3, True]]
    assert found["form"] == ["nearby"]
    assert any("À proximité" in chip for chip in found["chips"])
    assert found["openapi"]


@pytest.mark.parametrize(
    ("done", "named"),
    [
        ((add_row, add_field), "facet 'canteen' lacks its property: there is no 'canteen' in mappings/offers.json"),
        ((add_row, add_property), "facet 'canteen' lacks its field: there is no 'canteen' in mappings.offer.Offer"),
    ],
)
def test_forgotten_place_is_named_when_the_app_is_imported(tree: Path, done: Any, named: str) -> None:
    for step in done:
        step(tree, "canteen")
    failed = probe(tree, "canteen", "nearby")
    assert failed.returncode != 0
    assert f"IncompleteFacet: {named}" in failed.stderr


def test_without_a_row_the_name_is_no_parameter(tree: Path) -> None:
    add_property(tree, "canteen")
    add_field(tree, "canteen")
    assert "BadParameters" in probe(tree, "canteen", "nearby").stderr
