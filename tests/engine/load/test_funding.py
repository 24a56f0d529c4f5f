"""Funding rules on a real engine: stored whole or not at all, kept by loads, and reported by ``status``."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from funding import (
    DOCUMENT,
    OWN_FUNDING,
    PROJECT,
    StoredFunding,
    check_folder,
    pack_funding,
    unpack_files,
    unpack_funding,
    without_scenarios,
)
from funding.check import Checked
from indexer.funding import store
from tests.engine.installation import Action, Installation

OWN = check_folder(OWN_FUNDING)


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    return Installation(engine_url, index_prefix, tmp_path)


def stored(installation: Installation) -> StoredFunding:
    return unpack_funding(installation.call("GET", f"{installation.names.lexicon}/_doc/{DOCUMENT}")["_source"])


def copy_of_rules(folder: Path) -> Path:
    target = folder / "funding"
    for name in ("rules", "scenarios"):
        shutil.copytree(OWN_FUNDING / name, target / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name in ("amounts.toml", "contacts.toml"):
        shutil.copy(OWN_FUNDING / name, target / name)
    return target


def status_of(installation: Installation) -> Any:
    return json.loads(installation.run("status", "--json").out)["funding"]


def test_rules_are_stored_replaced_and_kept_by_loads(installation: Installation) -> None:
    assert installation.load(Action("A1")).status == 0
    assert (stored(installation).origin, stored(installation).book) == (PROJECT, OWN.reading.book)

    folder = copy_of_rules(installation.folder)
    (folder / "rules/ladom.toml").unlink()
    run = installation.run("funding", str(folder))
    assert run.status == 0
    assert f"31 schemes, {len(OWN.reading.scenarios)} scenarios" in run.out
    assert (stored(installation).origin, len(stored(installation).book.schemes)) == (str(folder), 31)
    assert installation.load(Action("A1"), Action("A2")).status == 0  # which removes lexicons of former indices
    assert stored(installation).origin == str(folder)

    assert installation.run("funding").status == 0
    assert stored(installation).book == OWN.reading.book
    told = status_of(installation)
    assert (told["rules_version"], told["schemes"], told["origin"]) == (OWN.reading.book.version, 32, PROJECT)
    assert f"funding rules {OWN.reading.book.version}: 32 schemes" in installation.run("status").out


def test_loads_check_the_rules_only_if_they_have_to_store_them(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[Path] = []

    def check(folder: Path) -> Checked:
        checked.append(folder)
        return OWN

    monkeypatch.setattr(store, "check_folder", check)
    installation.load(Action("A1"))
    assert checked == [OWN_FUNDING]
    installation.load(Action("A1"), Action("A2"))
    assert checked == [OWN_FUNDING]

    document = installation.call("GET", f"{installation.names.lexicon}/_doc/{DOCUMENT}")["_source"]
    former = unpack_files(document).files
    former["rules/ladom.toml"] += "# a former version\n"
    packed = pack_funding(former, PROJECT, document["loaded_at"])
    installation.call("PUT", f"{installation.names.lexicon}/_doc/{DOCUMENT}?refresh=true", packed)
    installation.load(Action("A1"), Action("A3"))
    assert checked == [OWN_FUNDING, OWN_FUNDING]
    document = installation.call("GET", f"{installation.names.lexicon}/_doc/{DOCUMENT}")["_source"]
    assert unpack_files(document).files == without_scenarios(OWN.texts)


def test_bad_rule_changes_nothing_and_is_told_with_file_and_line(installation: Installation) -> None:
    assert installation.run("funding").status == 0
    folder = copy_of_rules(installation.folder)
    rule = folder / "rules/ptp.toml"
    rule.write_text(rule.read_text("utf-8").replace('"employee"', '"worker"', 1), encoding="utf-8")
    run = installation.run("funding", str(folder))
    line = rule.read_text("utf-8")[: rule.read_text("utf-8").index('"worker"')].count("\n") + 1
    assert (run.status, run.out) == (2, "")
    assert f"{rule}, line {line}: in: unknown value 'worker'" in run.err
    assert stored(installation).book == OWN.reading.book


def test_status_without_rules_says_so(installation: Installation) -> None:
    assert status_of(installation) is None
    assert "funding rules: none" in installation.run("status").out
