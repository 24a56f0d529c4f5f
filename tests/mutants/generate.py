"""Small changes of a module, found in its syntax tree: comparisons, constants, directions, booleans."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

COMPARISONS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
OPERATORS: Final[dict[type[ast.operator], type[ast.operator]]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}
# Words of the engine's requests that turn an answer round; each stands for one meaning alone.
WORDS: Final = {
    "asc": "desc", "desc": "asc", "gte": "lte", "lte": "gte", "gt": "lt", "lt": "gt", "min": "max", "max": "min",
    "_last": "_first", "external": "external_gte", "external_gte": "external", "must_not": "filter", "filter": "should",
    "should": "filter", "create": "index", "and": "or", "include": "exclude", "only": "exclude", "exclude": "only",
}  # fmt: skip
LEAST_BATCH: Final = 1_000  # from here on a number is the size of a batch or a page, and one more is no fault
NAMES: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """A replacement of one text of a file; ``why`` is its consequence, or the kind of mutation."""

    path: str
    start: int
    end: int
    after: str
    why: str

    def of(self, source: str) -> str:
        """Return the source with the change."""
        return source[: self.start] + self.after + source[self.end :]

    def shown(self, source: str) -> str:
        """Return where it is and what it does, as one line."""
        line = source.count("\n", 0, self.start) + 1
        before = source[self.start : self.end]
        return f"{self.path}:{line}: {' '.join(before.split())} → {' '.join(self.after.split())} ({self.why})"


def generate(root: Path, path: str) -> Iterator[Mutant]:
    """Yield the mutants of a module."""
    source = (root / path).read_text(encoding="utf-8")
    starts = _line_starts(source)
    lines = source.splitlines(keepends=True)

    def at(line: int, column: int) -> int:
        # Columns of a syntax tree count bytes.
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    for node, new, why in _changes(ast.parse(source)):
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start, end = at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset)
        text = ast.unparse(new)
        yield Mutant(path, start, end, text if isinstance(new, ast.Constant | ast.Name) else f"({text})", why)


def _line_starts(source: str) -> list[int]:
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


Changed = tuple[ast.expr, ast.expr, str]


def _changes(tree: ast.AST) -> Iterator[Changed]:
    """Yield each expression that is changed, and what becomes of it."""
    for node in _code(tree):
        if isinstance(node, ast.Compare):
            yield from _of_compare(node)
        elif isinstance(node, ast.Constant):
            yield from _of_constant(node)
        elif isinstance(node, ast.BoolOp):
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield node, ast.BoolOp(other, node.values), "and/or"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node, node.operand, "not"
        elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            yield node, ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right), "sum"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
            yield node.func, ast.Name(NAMES[node.func.id]), "call"


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run: not types, decorators, docstrings, nor what is inside f-strings (no positions)."""
    if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom):
        return
    yield node
    skipped = _skipped(node)
    for child in ast.iter_child_nodes(node):
        if child not in skipped:
            yield from _code(child)


def _skipped(node: ast.AST) -> list[ast.AST]:
    skipped: list[ast.AST | None] = []
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        skipped += [each for each in node.body if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)]
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        skipped += node.decorator_list
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        skipped.append(node.returns)
    if isinstance(node, ast.AnnAssign | ast.arg):
        skipped.append(node.annotation)
    if isinstance(node, ast.Raise | ast.Assert):  # the words of an error
        skipped += list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript) and _is_type(node.value):
        skipped.append(node.value)  # an alias of a type
    return [each for each in skipped if each is not None]


def _is_type(node: ast.Subscript) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in ("dict", "list", "tuple", "Literal", "Callable")


def _of_compare(node: ast.Compare) -> Iterator[Changed]:
    for number, op in enumerate(node.ops):
        ops = [*node.ops[:number], COMPARISONS[type(op)](), *node.ops[number + 1 :]]
        yield node, ast.Compare(node.left, ops, node.comparators), "comparison"


def _of_constant(node: ast.Constant) -> Iterator[Changed]:
    value = node.value
    if isinstance(value, bool):
        yield node, ast.Constant(not value), "boolean"
    elif isinstance(value, int | float) and value < LEAST_BATCH:
        yield node, ast.Constant(value + 1), "number"
    elif isinstance(value, str) and value in WORDS:
        yield node, ast.Constant(WORDS[value]), "word"
