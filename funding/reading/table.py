"""Reads the values of one TOML table: each fault names file and line, and all are collected."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar

from funding.reading.lines import Path, find_lines

T = TypeVar("T")
_AT_LINE: Final = re.compile(r" \(at line (\d+), column \d+\)")


class FundingFileError(Exception):
    """Funding rules cannot be used; the message has a line for each fault, naming file and line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Document:
    """One file: its values, and the faults found in it so far."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.faults: list[str] = []
        self.data: dict[str, Any] = {}
        self._lines: dict[Path, int] = {}
        try:
            self.data = tomllib.loads(text)
            self._lines = find_lines(text)
        except tomllib.TOMLDecodeError as error:
            told = str(error)
            found = _AT_LINE.search(told)
            self.faults.append(f"{name}, line {found[1]}: {_AT_LINE.sub('', told)}" if found else f"{name}: {told}")

    def place(self, path: Path) -> str:
        """Return file and line of a value, of the nearest table around it if the value is missing."""
        while path and path not in self._lines:
            path = path[:-1]
        return f"{self.name}, line {self._lines.get(path, 1)}"

    def fault(self, path: Path, message: str) -> None:
        """Note a fault."""
        self.faults.append(f"{self.place(path)}: {message}")


class Table:
    """A table of a document at a path; every read that fails notes a fault and returns a harmless value."""

    def __init__(self, document: Document, path: Path, data: Any) -> None:
        self.document = document
        self.path = path
        if not isinstance(data, Mapping):
            document.fault(path, "a table is expected")
            data = {}
        self.data: Mapping[str, Any] = data

    def allow(self, keys: Collection[str]) -> None:
        """Report the keys that are not among these."""
        for key in self.data:
            if key not in keys:
                self.fault(f"unknown key {key!r}; known are {', '.join(keys)}", key)

    def fault(self, message: str, *below: str | int) -> None:
        """Note a fault of this table, or of something in it."""
        self.document.fault((*self.path, *below), message)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text that is not empty; required unless it has a default."""
        value = self.data.get(key, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            self.fault(f"{key}: a text is expected", key)
            return ""
        if "éligible" in value.casefold():
            self.fault(f"{key}: « éligible » is not said to users; say which conditions are met", key)
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """Return a number."""
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(f"{key}: a number is expected", key)
            return 0
        return value

    def whole(self, key: str, default: int | None = None) -> int:
        """Return a whole number that is not negative."""
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.fault(f"{key}: a whole number is expected", key)
            return 0
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            self.fault(f"{key}: true or false is expected", key)
            return default
        return value

    def day(self, key: str) -> date | None:
        """Return a date, None if there is none."""
        value = self.data.get(key)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            self.fault(f"{key}: a date such as 2026-11-28 is expected", key)
            return None
        return value

    def required_day(self, key: str) -> date:
        """Return a date that must be there."""
        value = self.day(key)
        if value is None and key not in self.data:
            self.fault(f"{key}: a date is expected", key)
        return value or date.min

    def choice(self, key: str, allowed: Sequence[T], default: T | None = None) -> T:
        """Return one of some values."""
        value = self.data.get(key, default)
        if value not in allowed:
            self.fault(f"{key}: {', '.join(map(str, allowed))} are known, not {str(value)[:40]!r}", key)
            return allowed[0]
        return next(each for each in allowed if each == value)

    def texts(self, key: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts, each once, all of them among the allowed ones; empty if there is none."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            self.fault(f"{key}: a list of texts is expected", key)
            return ()
        for number, each in enumerate(value):
            if allowed is not None and each not in allowed:
                known = f"; known are {', '.join(allowed)}" if len(allowed) <= 30 else ""
                self.fault(f"{key}: unknown value {each[:40]!r}{known}", key, number)
            if each in value[:number]:
                self.fault(f"{key}: {each[:40]!r} is there twice", key, number)
            if "éligible" in each.casefold():
                self.fault(f"{key}: « éligible » is not said to users", key, number)
        return tuple(value)

    def tables(self, key: str) -> "list[Table]":
        """Return the tables of a list; empty if there is none."""
        value = self.data.get(key, [])
        if not isinstance(value, list):
            self.fault(f"{key}: a list of tables is expected", key)
            return []
        return [Table(self.document, (*self.path, key, number), each) for number, each in enumerate(value)]
