"""What a fresh clone stands on: lock files and the Makefile."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = [*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "engine" / "local" / "jars.lock"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_file_names_no_registry(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert "://" not in text
    assert "--index-url" not in text


@pytest.mark.parametrize("lock", [lock for lock in LOCKS if lock.suffix == ".txt"], ids=lambda lock: lock.name)
def test_packages_are_pinned_with_hashes(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text("utf-8").strip())
    assert len(entries) > 10
    loose = [entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
    assert loose == []


def test_image_installs_tested_versions() -> None:
    pins = [
        set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / name).read_text(), re.M))
        for name in ("base.txt", "dev.txt")
    ]
    assert pins[0] < pins[1]


@pytest.mark.parametrize("file", ["Makefile", "Dockerfile"])
def test_only_locked_packages_are_installed(file: str) -> None:
    """Some versions of pip look for `coverage[toml]` anew and refuse the one that came out after the lock."""
    installs = [line for line in (ROOT / file).read_text("utf-8").splitlines() if re.search(r"pip install .*-r ", line)]
    assert len(installs) == 1
    assert "--require-hashes --no-deps" in installs[0]


def test_lock_contains_all_dependencies() -> None:
    """`pip install --no-deps` relies on it."""
    checked = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    assert checked.stdout.strip() == "No broken requirements found."


def test_make_lists_every_documented_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.M)
    assert phony
    listed = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {target for target in phony[1].split() if f"make {target} " not in listed} == {"browser", "harvester"}


@pytest.mark.parametrize("python", ["no-such-python", "false"])
def test_missing_or_old_python_is_reported_in_one_line(tmp_path: Path, python: str) -> None:
    made = subprocess.run(
        ["make", "-s", "setup", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    told = [line for line in made.stderr.splitlines() if not line.startswith("make")]
    assert made.returncode != 0
    assert len(told) == 1
    assert "Python 3.11 or later is needed" in told[0]
