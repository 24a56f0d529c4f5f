"""The mutation tool itself: what it changes, and that the changes that it lists can still be made."""

import ast
from pathlib import Path

import pytest

from tests.mutants.generate import Mutant, generate
from tests.mutants.listed import LISTED, Listed
from tests.mutants.run import importing_tests, run_all, stages

ROOT = Path(__file__).parents[3]

MODULE = '''"""Not 1 < 2, which is a docstring."""
from typing import Final
SIZE: Final = 20
ORDER = {"order": "asc", "é": "other"}
def first(rows: dict[str, "asc"], most: int = 3) -> list["asc"]:
    """Return what is asc."""
    if len(rows) < most and not rows or f"{1 < 2}":
        raise ValueError("asc")
    return min(rows) + [True]
'''


def test_changes_are_those_of_code_that_runs(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(MODULE, encoding="utf-8")
    mutants = list(generate(tmp_path, "module.py"))
    assert {mutant.shown(MODULE).removeprefix("module.py:") for mutant in mutants} == {
        "3: 20 → 21 (number)",
        "4: \"asc\" → 'desc' (word)",
        "5: 3 → 4 (number)",
        '7: len(rows) < most and not rows or f"{1 < 2}"'
        " → ((len(rows) < most and (not rows)) and f'{1 < 2}') (and/or)",
        "7: len(rows) < most and not rows → (len(rows) < most or not rows) (and/or)",
        "7: len(rows) < most → (len(rows) <= most) (comparison)",
        "7: not rows → rows (not)",
        "9: min(rows) + [True] → (min(rows) - [True]) (sum)",
        "9: min → max (call)",
        "9: True → False (boolean)",
    }
    for mutant in mutants:
        changed = mutant.of(MODULE)
        assert changed != MODULE
        ast.parse(changed)


@pytest.mark.parametrize("listed", LISTED, ids=lambda listed: listed.before[:40])
def test_listed_change_can_be_made_and_leaves_a_module(listed: Listed) -> None:
    mutant = listed.find(ROOT)
    source = (ROOT / mutant.path).read_text(encoding="utf-8")
    assert mutant.of(source) != source
    ast.parse(mutant.of(source))


def test_listed_text_that_is_gone_or_there_twice_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    assert Listed("", "x = 1", "x = 2", "").find(tmp_path).of("x = 1\n") == "x = 2\n"
    (tmp_path / "b.py").write_text("x = 1\n")
    for text in ("x = 1", "y"):
        with pytest.raises(LookupError):
            Listed("", text, "", "").find(tmp_path)


def test_module_is_tried_by_tests_that_import_it_first() -> None:
    assert "tests/unit/seats/test_projection.py" in importing_tests(ROOT, "seats/projection/scripts.py")
    (_, direct), *others = stages(ROOT, "seats/projection/scripts.py")
    assert "tests/unit/seats/test_projection.py" in direct
    assert others == [("subject", ["tests/unit/seats"]), ("unit", ["tests/unit"])]


STARTS_A_PROCESS = """
import multiprocessing
import product

def test_process_ends():
    process = multiprocessing.get_context("fork").Process(target=print)
    process.start()
    process.join()
    assert (process.exitcode, product.SIZE) in ((0, 1), (0, 2))
"""


def test_only_a_change_that_fails_a_test_is_killed_also_where_tests_start_processes(tmp_path: Path) -> None:
    (tmp_path / "tests/unit").mkdir(parents=True)
    (tmp_path / "tests/unit/test_product.py").write_text(STARTS_A_PROCESS)
    (tmp_path / "product.py").write_text("SIZE = 1\n")
    mutants = [Mutant("product.py", 7, 8, after, "") for after in ("2", "3")]
    fates = {outcome.mutant.after: outcome.fate for outcome in run_all([tmp_path], mutants, 60)}
    assert fates == {"2": "survived", "3": "killed"}
