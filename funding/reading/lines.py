"""The line on which each value of a TOML file begins: ``tomllib`` returns values without their places."""

import re
from typing import Final

Path = tuple[str | int, ...]

_TOKEN: Final = re.compile(
    r'(?P<space>[ \t\r]+|\#[^\n]*)|(?P<newline>\n)|(?P<text>"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*')|(?P<mark>\[\[|\]\]|[\[\]{},=.])|(?P<word>[^\s\[\]{},=#.\"']+)",
    re.DOTALL,
)


def find_lines(text: str) -> dict[Path, int]:
    """Return path -> line of every table, key and array element of a valid TOML text.

    >>> lines = find_lines('a = 1\\n[[v]]\\nall = [\\n  {fact = "x", in = ["y"]},\\n]\\n')
    >>> lines[("a",)], lines[("v", 0)], lines[("v", 0, "all", 0)], lines[("v", 0, "all", 0, "in", 0)]
    (1, 2, 4, 4)
    """
    return _Finder(text).find()


class _Finder:
    """One pass over the tokens of a text."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str, int]] = []
        line = 1
        for found in _TOKEN.finditer(text):
            kind = found.lastgroup or ""
            if kind != "space":
                self._tokens.append((kind, found.group(), line))
            line += found.group().count("\n")
        self._at = 0
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}

    def find(self) -> dict[Path, int]:
        table: Path = ()
        while self._at < len(self._tokens):
            kind, text, line = self._tokens[self._at]
            if kind == "newline":
                self._at += 1
            elif text in ("[", "[["):
                self._at += 1
                table = self._open(self._keys(), is_list=text == "[[")
                self._lines[table] = line
                self._at += 1
            else:
                self._pair(table)
        return self._lines

    def _open(self, keys: Path, *, is_list: bool) -> Path:
        """Return the path of a table's header: a list named in it means its last table so far."""
        path: Path = ()
        for number, key in enumerate(keys):
            path = (*path, key)
            if is_list and number == len(keys) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        return path

    def _keys(self) -> Path:
        keys: list[str | int] = []
        while True:
            kind, text, _ = self._tokens[self._at]
            self._at += 1
            if kind == "text":
                keys.append(text[1:-1])
            elif kind == "word":
                keys.append(text)
            elif text != ".":
                self._at -= 1
                return tuple(keys)

    def _pair(self, table: Path) -> None:
        line = self._tokens[self._at][2]
        path = (*table, *self._keys())
        self._lines[path] = line
        self._at += 1  # the equals sign
        self._value(path)

    def _value(self, path: Path) -> None:
        kind, text, _ = self._tokens[self._at]
        if text in ("[", "[["):
            self._array(path)
        elif text == "{" and kind == "mark":
            self._at += 1
            while self._tokens[self._at][1] != "}":
                if self._tokens[self._at][1] == ",":
                    self._at += 1
                else:
                    self._pair(path)
            self._at += 1
        else:
            while self._at < len(self._tokens) and not self._is_end(self._tokens[self._at]):
                self._at += 1

    def _array(self, path: Path) -> None:
        """Read an array; two brackets in a row are one token, taken apart here."""
        self._split()
        self._at += 1
        number = 0
        while True:
            self._split()
            kind, text, line = self._tokens[self._at]
            if kind == "newline" or text == ",":
                self._at += 1
            elif text == "]":
                self._at += 1
                return
            else:
                self._lines[(*path, number)] = line
                self._value((*path, number))
                number += 1

    def _split(self) -> None:
        kind, text, line = self._tokens[self._at]
        if kind == "mark" and text in ("[[", "]]"):
            self._tokens[self._at : self._at + 1] = [("mark", text[0], line)] * 2

    @staticmethod
    def _is_end(token: tuple[str, str, int]) -> bool:
        return token[0] == "newline" or (token[0] == "mark" and token[1] in (",", "]", "]]", "}"))
