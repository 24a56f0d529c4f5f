"""No function and no file of the product is longer than a reader holds at once, but for those listed with a reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
PRODUCT = ("alerts", "engine", "funding", "indexer", "language", "mappings", "seats", "search_app", "synonyms")
MOST_LINES_OF_FUNCTION = 40
MOST_LINES_OF_FILE = 250

LONG_FUNCTIONS: dict[str, str] = {}
LONG_FILES: dict[str, str] = {
    "indexer/sources/scanner.py": "one state machine, whose methods share where they are in the text",
    "mappings/offer.py": "a table: the model of all that is stored of an offer",
    "search_app/api/openapi.py": "one document: an operation for each route",
    "search_app/base/errors.py": "a table: one class for each code of the API",
    "search_app/web/server/protocol.py": "one state machine: the callbacks of one connection",
}


def modules() -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each module of the product."""
    for path in sorted(path for package in PRODUCT for path in (ROOT / package).rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def functions(text: str) -> Iterator[tuple[str, int]]:
    """Yield the name and the lines of each function, those within others and within classes too."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def unlisted(found: set[str], listed: dict[str, str]) -> tuple[set[str], set[str]]:
    """Return what is too long and not listed, and what is listed and not too long any more."""
    return found - listed.keys(), listed.keys() - found


def test_functions_are_short_enough_to_be_read_at_once() -> None:
    long = {
        f"{path}:{name}"
        for path, text in modules()
        for name, lines in functions(text)
        if lines > MOST_LINES_OF_FUNCTION
    }
    assert unlisted(long, LONG_FUNCTIONS) == (set(), set())


def test_files_are_short_enough_to_be_read_at_once() -> None:
    long = {path for path, text in modules() if len(text.splitlines()) > MOST_LINES_OF_FILE}
    assert unlisted(long, LONG_FILES) == (set(), set())


def test_long_function_inside_class_is_found() -> None:
    body = "\n".join(f"        a{number} = 1" for number in range(40))
    assert dict(functions(f"class A:\n    async def f(self):\n{body}\n\n    def g(self): ...\n")) == {"f": 41, "g": 1}
    assert unlisted({"a", "b"}, {"b": "one class", "d": "a table"}) == ({"a"}, {"d"})
