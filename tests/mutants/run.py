"""Runs unit tests against mutants, each in a copy of the tree and in a process forked from one that has the libraries.

The first tests are those that import the changed module, then those of its subject, then all unit tests: most mutants
fail within a second or two.
"""

from __future__ import annotations

import ast
import compileall
import contextlib
import importlib
import multiprocessing
import os
import py_compile
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from tests.mutants.generate import Mutant

UNIT: Final = "tests/unit"
SUBJECTS: Final = {  # the tests of what lies in a folder; the longest name counts
    "search_app/search/query": ("query", "facets"), "search_app/search": ("search", "api"), "search_app/api": ("api",),
    "seats": ("seats",), "engine": ("engine",), "indexer": ("load",), "mappings": ("search", "load"),
}  # fmt: skip
LIBRARIES: Final = (
    "pytest", "_pytest.assertion.rewrite", "hypothesis", "hypothesis.strategies", "httpx", "starlette.testclient",
    "starlette.applications", "opensearchpy", "aiohttp", "pydantic", "orjson", "msgspec", "lxml.html", "jinja2",
    "icalendar", "rapidfuzz", "jsonschema", "openapi_spec_validator", "uvicorn", "prometheus_client", "anyio", "yaml",
)  # fmt: skip
# The libraries with plugins are imported by now, which pytest warns of.
OPTIONS: Final = (
    "-x",
    "-q",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
)
AS_LONG: Final = 4.0  # as the unchanged program takes, and a minute: whatever takes longer never ends
Fate = Literal["killed", "timeout", "survived"]


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant, after how long, and by which tests."""

    mutant: Mutant
    fate: Fate
    seconds: float
    stage: str


def preload() -> None:
    """Import the libraries, so that forked processes need not; of ours nothing may be imported before the change."""
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def copy_tree(root: Path, to: Path) -> None:
    """Copy what git knows of the tree or would add, compiled so that a changed file is noticed whatever its time."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        source, target = root / name, to / name
        if source.is_file() and not source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    mode = py_compile.PycInvalidationMode.CHECKED_HASH
    compileall.compile_dir(to, quiet=2, invalidation_mode=mode)


def stages(root: Path, path: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the tests that are run against a module, one stage after the other, each under its name."""
    direct = importing_tests(root, path)
    if direct:
        yield "direct", direct
    subject = next((tests for where, tests in sorted(SUBJECTS.items(), reverse=True) if path.startswith(where)), ())
    if subject:
        yield "subject", [f"{UNIT}/{each}" for each in subject]
    yield "unit", [UNIT]


def importing_tests(root: Path, path: str) -> list[str]:
    """Return the unit tests that import a module, or its package where that names what it has of it."""
    module = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    names = {module, module.rpartition(".")[0]}
    tests = sorted((root / UNIT).rglob("test_*.py"))
    return [test.relative_to(root).as_posix() for test in tests if names & set(_imported(test.read_text("utf-8")))]


def _imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def run_mutant(copy: Path, mutant: Mutant, seconds: float, *, whole: bool = True) -> Outcome:
    """Change the copy, run the tests stage by stage until one fails, and change it back.

    ``seconds`` is what all unit tests take of the unchanged program.
    """
    target = copy / mutant.path
    source = target.read_text(encoding="utf-8")
    began = time.monotonic()
    target.write_text(mutant.of(source), encoding="utf-8")
    try:
        tried = list(stages(copy, mutant.path))
        for stage, tests in tried if whole else tried[:1]:
            status = run_tests(copy, tests, AS_LONG * seconds + 60)
            if status != 0:
                fate: Fate = "timeout" if status is None else "killed"
                return Outcome(mutant, fate, time.monotonic() - began, stage)
        return Outcome(mutant, "survived", time.monotonic() - began, stage)
    finally:
        target.write_text(source, encoding="utf-8")


def run_tests(copy: Path, tests: Sequence[str], seconds: float = 3600) -> int | None:
    """Run tests in a forked process; returns the status of pytest, None if they did not end in time."""
    child = os.fork()
    if child == 0:
        _run_in_child(copy, tests)
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _run_in_child(copy: Path, tests: Sequence[str]) -> None:
    status = 99
    try:
        os.setpgrp()
        os.chdir(copy)
        # Two changes of one length within a second: the second would be run by the bytecode of the first.
        sys.dont_write_bytecode, os.environ["PYTHONDONTWRITEBYTECODE"] = True, "1"
        sys.path[:] = [str(copy), *(each for each in sys.path if each not in ("", os.environ.get("PWD", "")))]
        for name in [name for name in sys.modules if name.partition(".")[0] in _packages(copy)]:
            del sys.modules[name]
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        import pytest

        status = int(pytest.main([*OPTIONS, *tests]))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _packages(copy: Path) -> set[str]:
    return {path.parent.name for path in copy.glob("*/__init__.py")} | {"fixtures", "bench", "tests"}


def run_all(
    copies: Sequence[Path], mutants: Iterable[Mutant], seconds: float, *, whole: bool = True
) -> Iterator[Outcome]:
    """Run mutants, as many at once as there are copies, and yield each outcome as it comes."""
    context = multiprocessing.get_context("fork")
    free = context.Queue()
    for copy in copies:
        free.put(copy)
    # Not multiprocessing.Pool: its processes may have no children, so that tests of worker processes fail in them.
    with ProcessPoolExecutor(len(copies), context, _take, (free,)) as pool:
        for done in as_completed([pool.submit(_run_here, (mutant, seconds, whole)) for mutant in mutants]):
            yield done.result()


_own: list[Path] = []


def _take(free: object) -> None:
    _own.append(free.get())  # type: ignore[attr-defined]


def _run_here(work: tuple[Mutant, float, bool]) -> Outcome:
    mutant, seconds, whole = work
    return run_mutant(_own[0], mutant, seconds, whole=whole)
