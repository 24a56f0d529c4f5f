"""Reads the rows of an official file: CSV, JSON or JSON lines, plain or compressed."""

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson


class ReferenceFileError(Exception):
    """A reference file cannot be used; names file, line, column and what was expected."""


class Row:
    """One row of a file: values by column, and where it stands."""

    __slots__ = ("file", "line", "values")

    def __init__(self, file: Path, line: int, values: Mapping[str, Any]) -> None:
        self.file, self.line, self.values = file, line, values

    def text(self, column: str, required: bool = True) -> str:
        """Return a value without blanks around it; raises ReferenceFileError if it is missing though required."""
        value = self.values.get(column)
        if value is not None and not isinstance(value, str | int | float):
            raise self.fault(column, "a text")
        text = "" if value is None else str(value).strip()
        if required and not text:
            raise self.fault(column, "a value")
        return text

    def code(self, column: str, lengths: tuple[int, ...]) -> str:
        """Return a code of letters and digits that has one of the lengths."""
        text = self.text(column)
        if len(text) not in lengths or not text.isalnum():
            raise self.fault(column, f"a code of {' or '.join(map(str, lengths))} characters, not {text[:40]!r}")
        return text

    def number(self, column: str, low: float, high: float) -> float | None:
        """Return a number, None if there is no value."""
        text = self.text(column, required=False).replace(",", ".")
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise self.fault(column, f"a number from {low:g} to {high:g}, not {text[:40]!r}")
        return value

    def fault(self, column: str, expected: str) -> ReferenceFileError:
        """Return the error that names this row and a column."""
        return ReferenceFileError(f"{self.file}, line {self.line}, column {column}: {expected} is expected")


def read_rows(path: Path, most: int) -> Iterator[Row]:
    """Yield the rows of a file of at most that many bytes, decompressed; raises ReferenceFileError."""
    return _rows(path, _read_bytes(path, most))


def _read_bytes(path: Path, most: int) -> bytes:
    """Return what a file holds, decompressed, and never more of it in memory than is allowed."""
    try:
        with path.open("rb") as file:
            is_packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            with gzip.GzipFile(fileobj=file) if is_packed else file as stream:
                data = stream.read(most + 1)
    except Exception as error:  # whatever a damaged file makes the library raise
        cause = str(error) or type(error).__name__
        raise ReferenceFileError(f"{path}, line 1, column 1: the file cannot be read ({cause})") from error
    if len(data) > most:
        told = f"more than {most} bytes, decompressed, are not allowed (BOUSSOLE_REFERENCE_MAX_MB)"
        raise ReferenceFileError(f"{path}, line 1, column 1: {told}")
    return data


def _rows(path: Path, data: bytes) -> Iterator[Row]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise ReferenceFileError(f"{path}, line {line}, column {column}: the file is not UTF-8") from error
    start = text.lstrip()[:1]
    if start == "[" or (start == "{" and not _is_lines(text)):
        yield from _json_rows(path, text)
    elif start == "{":
        yield from _json_lines(path, text)
    else:
        yield from _csv_rows(path, text)


def _is_lines(text: str) -> bool:
    """Tell whether the first line is a JSON object by itself, and others follow."""
    first, _, rest = text.lstrip().partition("\n")
    try:
        orjson.loads(first)
    except orjson.JSONDecodeError:
        return False
    return bool(rest.strip())


def _parse(path: Path, text: str, line: int) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        place = f"line {line + error.lineno - 1}, column {error.colno}"
        raise ReferenceFileError(f"{path}, {place}: the JSON cannot be read ({error.msg})") from error


def _json_rows(path: Path, text: str) -> Iterator[Row]:
    data = _parse(path, text, 1)
    rows = data if isinstance(data, list) else [{"code": key, **_object(value)} for key, value in data.items()]
    for number, values in enumerate(rows, 1):
        if not isinstance(values, dict):
            raise ReferenceFileError(f"{path}, entry {number}, column 1: a JSON object is expected")
        yield Row(path, number, values)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"label": value}


def _json_lines(path: Path, text: str) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            values = _parse(path, line, number)
            if not isinstance(values, dict):
                raise ReferenceFileError(f"{path}, line {number}, column 1: a JSON object is expected")
            yield Row(path, number, values)


def _csv_rows(path: Path, text: str) -> Iterator[Row]:
    header = text.partition("\n")[0]
    delimiter = max(";,\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        for fields in reader:
            if not any(fields):
                continue
            if len(fields) != len(names):
                place = f"line {reader.line_num}, column {min(len(fields), len(names)) + 1}"
                raise ReferenceFileError(f"{path}, {place}: {len(names)} fields are expected, {len(fields)} are there")
            yield Row(path, reader.line_num, dict(zip(names, fields, strict=True)))
    except csv.Error as error:
        raise ReferenceFileError(
            f"{path}, line {reader.line_num}, column 1: the CSV cannot be read ({error})"
        ) from error
