"""Prints the mutants that the unit tests let pass: ``python -m tests.mutants [--generated N] [--seed N] [FOLDER…]``."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.mutants.generate import Mutant, generate
from tests.mutants.listed import LISTED
from tests.mutants.run import UNIT, Outcome, copy_tree, preload, run_all, run_tests, stages

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = ("search_app/search/query", "seats", "indexer/load", "indexer/offers")


def main() -> int:
    """Run the listed mutants and a sample of generated ones; status 1 if a listed one survives."""
    options = _parse()
    generated = [mutant for folder in options.folders for mutant in _of_folder(folder)]
    sample = random.Random(options.seed).sample(generated, min(options.generated, len(generated)))
    listed = [each.find(ROOT) for each in LISTED] if not options.only_generated else []
    print(f"{len(listed)} listed mutants, {len(sample)} of {len(generated)} generated ones (seed {options.seed})")
    preload()
    with tempfile.TemporaryDirectory(prefix="boussole-mutants-") as folder:
        copies = [Path(folder) / str(number) for number in range(options.processes)]
        for copy in copies:
            copy_tree(ROOT, copy)
        mutants, began = [*listed, *sample], time.monotonic()
        if run_tests(copies[0], _first_tests(mutants) if options.quick else [UNIT]) != 0:
            print("the unit tests fail without any change: make test-unit", file=sys.stderr)
            return 2
        outcomes = run_all(copies, mutants, time.monotonic() - began, whole=not options.quick)
        return _report(outcomes, set(listed), verbose=options.verbose)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("folders", nargs="*", default=FOLDERS, help="what is changed (default: %(default)s)")
    parser.add_argument("--generated", type=int, default=60, help="how many generated mutants (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="which of them (default: %(default)s)")
    parser.add_argument("--only-generated", action="store_true", help="leave the listed ones out")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--quick", action="store_true", help="run only the tests that import a changed module, or those of its subject"
    )
    parser.add_argument("--verbose", action="store_true", help="tell of those that were killed, too")
    return parser.parse_args()


def _of_folder(folder: str) -> list[Mutant]:
    top = ROOT / folder
    paths = [top] if top.is_file() else sorted(top.rglob("*.py"))
    return [mutant for path in paths for mutant in generate(ROOT, path.relative_to(ROOT).as_posix())]


def _first_tests(mutants: list[Mutant]) -> list[str]:
    return sorted({test for mutant in mutants for test in next(stages(ROOT, mutant.path))[1]})


def _report(outcomes: Iterator[Outcome], listed: set[Mutant], *, verbose: bool) -> int:
    began, fates, by_stage, missed = time.monotonic(), Counter[str](), Counter[str](), 0
    for outcome in outcomes:
        fates[outcome.fate] += 1
        if outcome.fate == "survived":
            missed += outcome.mutant in listed
        else:
            by_stage[outcome.stage] += 1
        if verbose or outcome.fate == "survived":
            source = (ROOT / outcome.mutant.path).read_text(encoding="utf-8")
            print(
                f"{outcome.fate} {outcome.stage} {outcome.seconds:5.1f} s  {outcome.mutant.shown(source)}", flush=True
            )
    told = ", ".join(f"{count} {fate}" for fate, count in fates.most_common())
    by = ", ".join(f"{count} {stage}" for stage, count in by_stage.most_common())
    print(f"{told}; killed by {by}; {time.monotonic() - began:.0f} s")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
