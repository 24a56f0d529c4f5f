"""Imports run one way: between the packages, and between the layers inside app and indexer."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).parents[3]

# What each package may import of ours, beside itself.
PACKAGES: dict[str, set[str]] = {
    "engine": set(),
    "language": {"mappings"},
    "mappings": {"engine", "language"},
    "synonyms": {"language", "mappings"},
    "funding": {"mappings"},
    "seats": {"engine", "language", "mappings"},
    "alerts": {"engine", "mappings"},
    "indexer": {"alerts", "engine", "funding", "language", "mappings", "seats", "synonyms"},
    "search_app": {"alerts", "engine", "funding", "language", "mappings", "seats", "synonyms"},
    "fixtures": set(),
}
# What each layer of the app may import of the others. `__main__` starts the app and stands above them.
APP: dict[str, set[str]] = {
    "base": set(),
    "text": {"base"},
    "search": {"base", "text"},
    "analytics": {"base", "text", "search"},
    "census": {"base", "text", "search"},
    "funding": {"base", "text", "search"},
    "documents": {"base", "text", "search"},
    "exports": {"base", "text", "search", "analytics", "census", "funding", "documents"},
    "seats": {"base", "text", "search"},
    "api": {"base", "text", "search", "analytics", "census", "funding", "documents", "exports", "seats"},
    "pages": {"base", "text", "search", "analytics", "census", "funding", "documents", "exports", "seats"},
    "assistants": {"base", "text", "search", "documents", "pages"},
    "alerts": {"base", "text", "search", "pages"},
    "web": {
        *("base", "text", "search", "analytics", "census", "funding", "documents", "exports", "seats", "api", "pages"),
        *("assistants", "alerts"),
    },
}
# The same for the folders of the indexer; its modules outside folders are below them or, like `cli`, above.
INDEXER: dict[str, set[str]] = {
    "normalize": set(),
    "reference": set(),
    "work_files": set(),
    "installation": set(),
    "sources": {"work_files"},
    "transform": {"normalize", "sources"},
    "offers": {"installation", "transform"},
    "lexicon": {"installation"},
    "harvest": {"normalize", "work_files", "installation", "offers"},
    "funding": {"work_files", "installation", "harvest"},
    "census": {"normalize", "installation", "offers"},
    "register": {"work_files", "installation", "census"},
    "history": {"installation"},
    "alerts": {"installation"},
    "lifecycle": {"installation", "lexicon", "offers", "census", "harvest", "funding", "history"},
    "seats": {"installation", "lifecycle"},
    "elm": {"work_files", "installation", "lifecycle"},
    "load": {
        *("normalize", "work_files", "installation", "sources", "transform", "offers"),
        *("lexicon", "census", "history", "lifecycle"),
    },
}
# The one exception: what came is found by the app's own search, and told in its words (decision 0036).
SENDER: Final = ROOT / "indexer" / "alerts"
OF_APP: Final = {"base", "search", "alerts"}
BELOW = ("gates", "interruption", "progress", "records", "settings", "stages")
ABOVE = ("__main__", "arguments", "cli", "series")


def imported(source: str) -> Iterator[str]:
    """Yield the dotted name of each absolute import in a module, wherever in it the import is."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def wrong_imports(folder: Path, depth: int, name: str, allowed: Mapping[str, set[str]]) -> list[str]:
    """Return the imports in a folder that name another part than those allowed; parts are cut at a depth."""
    forbidden = allowed.keys() - allowed[name] - {name}
    prefix = folder.relative_to(ROOT).parts[:depth]
    modules = sorted(folder.rglob("*.py"))
    assert modules, f"{folder} holds no module"
    return [
        f"{module.relative_to(ROOT)} imports {dotted}"
        for module in modules
        for dotted in imported(module.read_text("utf-8"))
        if tuple(dotted.split(".")[:depth]) == prefix and dotted.split(".")[depth] in forbidden
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_package_imports_only_allowed_packages(package: str) -> None:
    allowed = {**PACKAGES, "tests": set[str](), "bench": set[str]()}
    wrong = wrong_imports(ROOT / package, 0, package, allowed)
    assert [each for each in wrong if not each.startswith("indexer/alerts/")] == []


def test_sender_of_alerts_imports_the_search_of_the_app_and_nothing_above_it() -> None:
    found = {
        dotted
        for module in SENDER.glob("*.py")
        for dotted in imported(module.read_text("utf-8"))
        if dotted.split(".")[0] in PACKAGES
    }
    assert {dotted.split(".")[1] for dotted in found if dotted.startswith("search_app.")} == OF_APP
    assert {dotted.split(".")[0] for dotted in found} == {"alerts", "engine", "indexer", "mappings", "search_app"}


@pytest.mark.parametrize("layer", APP)
def test_layer_of_app_imports_only_allowed_layers(layer: str) -> None:
    assert wrong_imports(ROOT / "search_app" / layer, 1, layer, APP) == []


@pytest.mark.parametrize("layer", INDEXER)
def test_layer_of_indexer_imports_only_allowed_layers(layer: str) -> None:
    above = {name: set[str]() for name in ABOVE}
    assert wrong_imports(ROOT / "indexer" / layer, 1, layer, {**INDEXER, **above}) == []


@pytest.mark.parametrize("module", BELOW)
def test_module_below_layers_of_indexer_imports_none(module: str) -> None:
    found = set(imported((ROOT / "indexer" / f"{module}.py").read_text("utf-8")))
    assert {name for name in found if name.startswith("indexer.") and name.split(".")[1] not in BELOW} == set()


def test_every_package_and_layer_is_listed() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages == set(PACKAGES)
    assert {path.parent.name for path in (ROOT / "search_app").glob("*/__init__.py")} == set(APP)
    assert {path.stem for path in (ROOT / "search_app").glob("*.py")} == {"__init__", "__main__"}
    assert {path.parent.name for path in (ROOT / "indexer").glob("*/__init__.py")} == set(INDEXER)
    assert {path.stem for path in (ROOT / "indexer").glob("*.py")} == {"__init__", *BELOW, *ABOVE}


def test_wrong_import_inside_function_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    text = tmp_path / "search_app" / "text"
    text.mkdir(parents=True)
    (text / "dates.py").write_text("def f():\n    from search_app.pages.shared import layout\n    import indexer.cli\n")
    assert wrong_imports(text, 1, "text", APP) == ["search_app/text/dates.py imports search_app.pages.shared.layout"]
    assert wrong_imports(tmp_path / "search_app", 0, "search_app", PACKAGES) == [
        "search_app/text/dates.py imports indexer.cli"
    ]


# Folders with more modules than a reader can scan, and why.
LARGE_FOLDERS: dict[str, str] = {}
MOST_MODULES = 15


def test_folders_stay_small_enough_to_scan() -> None:
    folders = {path.parent for path in ROOT.rglob("*.py") if not path.is_relative_to(ROOT / ".venv")}
    large = {
        folder.relative_to(ROOT).as_posix()
        for folder in folders
        if len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) > MOST_MODULES
        and not folder.relative_to(ROOT).as_posix().startswith(".")
    }
    assert large == LARGE_FOLDERS.keys()
