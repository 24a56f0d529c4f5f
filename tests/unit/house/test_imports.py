"""Imports run one way: indexer -> seats -> mappings <- seats <- search_app; both ends read synonyms -> mappings."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

# What each package may import of ours, beside itself.
ALLOWED: dict[str, set[str]] = {
    "mappings": set(),
    "synonyms": {"mappings"},
    "seats": {"mappings"},
    "indexer": {"mappings", "seats", "synonyms"},
    "search_app": {"mappings", "seats", "synonyms"},
    "engine": set(),
    "fixtures": set(),
}


def imports_of(source: str) -> Iterator[str]:
    """The top-level package of each absolute import in a module, wherever in it the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("package", ALLOWED)
def test_a_package_imports_only_what_stands_before_it(package: str) -> None:
    ours = {*ALLOWED, "tests", "bench"}
    modules = sorted((ROOT / package).rglob("*.py"))
    assert modules, f"{package} holds no module"
    forbidden = ours - ALLOWED[package] - {package}
    wrong = [
        f"{module.relative_to(ROOT)} imports {name}"
        for module in modules
        for name in imports_of(module.read_text("utf-8"))
        if name in forbidden
    ]
    assert wrong == []


def test_every_package_is_named_here_and_in_the_project_file() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages == set(ALLOWED)


def test_an_import_inside_a_function_is_seen() -> None:
    assert list(imports_of("def f():\n    from indexer.records import Record\n    import seats.ledger.store")) == [
        "indexer",
        "seats",
    ]
