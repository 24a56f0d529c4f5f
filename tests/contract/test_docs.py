"""The documentation says what is so: commands run, files exist, parameters and settings are those of the code."""

import inspect
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.settings import IndexerSettings
from mappings.variables import PREFIX
from search_app.base import errors
from search_app.base.settings import Settings
from search_app.census.labels import GAP_LABELS
from search_app.census.params import VOCABULARY
from search_app.documents.params import VOCABULARY as DOCUMENT_VOCABULARY
from search_app.pages.providers.gaps_page import MEANINGS
from search_app.search.params.__main__ import parameter_table

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMANDS = sorted(
    {
        command
        for document in DOCUMENTS
        for command in re.findall(r"-m (indexer|engine\.local) ([a-z]+)", document.read_text(encoding="utf-8"))
    }
)
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
SETTINGS = {PREFIX + name.upper() for model in (Settings, IndexerSettings) for name in model.model_fields}
# Read by the tests, the benchmark or the engine's container, not by the app or the indexer
OTHER_SETTINGS = {
    "BOUSSOLE_TEST_OPENSEARCH_URL",
    "BOUSSOLE_BENCH_FEED",
    "BOUSSOLE_BENCH_REFERENCE",
}
# A path below a folder of the tree: `folder/file.suffix` or `folder/`, also in a drawing.
FOLDERS = sorted(path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith("."))
TEST_FOLDERS = sorted(path.name for path in (ROOT / "tests").iterdir() if path.is_dir())
SUFFIXES = "py|toml|jsonl|json|lock|md|csv|js|css|html"
PATH = re.compile(
    rf"(?<![\w/.-])((?:{'|'.join(FOLDERS + TEST_FOLDERS)})/(?:[\w.-]+/)*(?:[\w-]+\.(?:{SUFFIXES}))?)(?![\w/*{{<…-])"
)
GENERATED = ("docs/pictures/",)  # made by make pictures


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_link_targets_an_existing_file(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


def missing_paths(text: str) -> list[str]:
    """Return the paths that a document names, in backticks or a drawing, and that do not exist."""
    bases = (ROOT, ROOT / "tests")  # docs/reliability.md names tests by their path below tests/
    named = [path.rstrip("/") for path in PATH.findall(text) if not path.startswith(GENERATED)]
    return [path for path in dict.fromkeys(named) if not any((base / path).exists() for base in bases)]


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if path.name != "CHANGELOG.md"], ids=ids)
def test_every_path_named_in_a_document_exists(document: Path) -> None:
    assert missing_paths(document.read_text(encoding="utf-8")) == []


def test_missing_path_is_found_in_backticks_and_drawings() -> None:
    text = "`seats/hub.py`, `seats/no_hub.py` and `search_app/nowhere/`:\n```\n  engine/drawn.py   a step\n```\n"
    assert missing_paths(text) == ["seats/no_hub.py", "search_app/nowhere", "engine/drawn.py"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_make_target_exists(document: Path) -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", document.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_setting_named_in_a_document_is_read(document: Path) -> None:
    named = set(re.findall(r"BOUSSOLE_[A-Z_]*[A-Z]", document.read_text(encoding="utf-8")))
    assert named <= SETTINGS | OTHER_SETTINGS


def test_readme_lists_every_setting() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in sorted(SETTINGS) if f"{name}`" not in text] == []


def test_parameter_reference_equals_table_of_code() -> None:
    assert parameter_table() in (ROOT / "docs/search.md").read_text(encoding="utf-8")


def test_reference_of_the_census_equals_its_tables() -> None:
    text = (ROOT / "docs/providers.md").read_text(encoding="utf-8")
    assert parameter_table(VOCABULARY) in text
    assert "".join(f"| `{code}` | {GAP_LABELS[code]} | {MEANINGS[code]} |\n" for code in GAP_LABELS) in text


def test_reference_of_the_documents_equals_its_table() -> None:
    assert parameter_table(DOCUMENT_VOCABULARY) in (ROOT / "docs/documents.md").read_text(encoding="utf-8")


def test_error_reference_equals_error_tree() -> None:
    text = (ROOT / "docs/search.md").read_text(encoding="utf-8")
    tree = [kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, errors.AppError)]
    rows = {code: int(status) for codes, status in re.findall(r"^\| (`[^|]+) \| (\d+) \|$", text, re.MULTILINE)
            for code in re.findall(r"`(\w+)`", codes)}  # fmt: skip
    assert rows == {kind.code: kind.status for kind in tree}


def test_tests_named_for_guarantees_exist() -> None:
    """By name of file and of function, as docs/reliability.md gives them."""
    text = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:\w+/)+test_\w+\.py)(?:::(\w+))?`", text)
    assert len(named) > 40
    missing = [
        (path, name)
        for path, name in named
        if not (file := ROOT / "tests" / path).exists() or (name and f"def {name}(" not in file.read_text("utf-8"))
    ]
    assert missing == []


def test_every_named_bench_is_a_module() -> None:
    named = {
        name for document in DOCUMENTS for name in re.findall(r"-m (bench(?:\.\w+)+)", document.read_text("utf-8"))
    }
    assert len(named) > 10
    files = {name: (f"{name.replace('.', '/')}.py", f"{name.replace('.', '/')}/__main__.py") for name in named}
    assert [name for name in sorted(files) if not any((ROOT / path).exists() for path in files[name])] == []


@pytest.mark.parametrize(("module", "command"), COMMANDS)
def test_every_command_line_is_accepted_by_its_program(
    module: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run as by ``python -m``, in this process: to start one for each takes longer than everything else here."""
    monkeypatch.setattr(sys, "argv", [module, command, "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    assert not ended.value.code


def test_tree_contains_no_package_registry_address() -> None:
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npm" + "js.org", "repo1.maven" + ".org")
    tracked = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, cwd=ROOT).stdout.split("\0")
    files = [
        ROOT / name
        for name in tracked
        if name and (ROOT / name).suffix in {".py", ".md", ".txt", ".toml", ".json", ".lock", ".yml"}
    ]
    named = [path for path in files if any(host in path.read_text(encoding="utf-8") for host in hosts)]
    assert named == []
