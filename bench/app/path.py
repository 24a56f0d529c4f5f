"""``python -m bench.app.path /offres?q=soudeur``: how many functions and files of the project one request passes.

The request is sent to an app in this process, once as warm-up, then once more while every call of a Python function is
recorded. Counted are distinct functions and files of the project (not of packages, nor of templates, which Jinja
compiles). BOUSSOLE_OPENSEARCH_URL and BOUSSOLE_INDEX_PREFIX name the loaded catalogue, BOUSSOLE_TODAY the day.
"""

import argparse
import asyncio
import sys
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from bench.app.cost import ask
from bench.tables import table
from search_app.base.settings import Settings
from search_app.search.engine.offers import OffersEngine
from search_app.web.app import create_app

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("bench/", "tests/", ".venv/")  # below the root, but not part of the product


class Calls:
    """Counts the calls of the project's functions in one task, without those of background tasks."""

    def __init__(self) -> None:
        self.task = asyncio.current_task()
        self.of: Counter[CodeType] = Counter()

    def note(self, frame: FrameType, event: str, _: Any) -> None:
        """Record an event of ``sys.setprofile``."""
        if event == "call" and asyncio.current_task() is self.task and is_ours(frame.f_code):
            self.of[frame.f_code] += 1

    def by_file(self) -> dict[str, list[tuple[str, int]]]:
        """Return the functions of each file with their numbers of calls."""
        files: dict[str, list[tuple[str, int]]] = {}
        for code, number in self.of.items():
            files.setdefault(name_of(code), []).append((code.co_qualname, number))
        return {name: sorted(files[name]) for name in sorted(files)}


def name_of(code: CodeType) -> str:
    """Return the file of a function, relative to the root of the project; an empty text for others."""
    path = Path(code.co_filename)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else ""


def is_ours(code: CodeType) -> bool:
    """Tell whether a function is a named one of the product: no comprehension, no lambda."""
    name = name_of(code)
    return name.endswith(".py") and not name.startswith(PACKAGES) and not code.co_name.startswith("<")


async def follow(address: str) -> Calls:
    """Return the calls of one request to an address, after a warm-up."""
    parts, settings, calls = urlsplit(address), Settings.from_environment(), Calls()
    app = create_app(settings, OffersEngine.connect(settings))
    async with app.router.lifespan_context(app):
        await ask(app, parts.path, dict(parse_qsl(parts.query)))
        sys.setprofile(calls.note)
        try:
            await ask(app, parts.path, dict(parse_qsl(parts.query)))
        finally:
            sys.setprofile(None)
    return calls


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", nargs="+", help="path and query of a request that is answered with 200")
    parser.add_argument("--list", action="store_true", help="name each function and how often it was called")
    options = parser.parse_args()
    rows = []
    for address in options.address:
        files = asyncio.run(follow(address)).by_file()
        functions = [row for found in files.values() for row in found]
        rows.append((address, len(files), len(functions), sum(number for _, number in functions)))
        if options.list:
            for name, found in files.items():
                print(name, *(f"    {number:>5} {function}" for function, number in found), sep="\n")
    print(table(["request", "files", "functions", "calls"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
