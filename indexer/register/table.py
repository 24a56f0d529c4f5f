"""Rows of a file of the register, one at a time: CSV or JSON in UTF-8, plain, ``.gz`` or ``.zip``.

Memory does not grow with the file, except for JSON that is one array. Every fault of the file as a whole is an
UnusableRegister that names file, line and field.
"""

import csv
import gzip
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Protocol

import orjson

from language.words import fold

LONGEST_LINE: Final = 1_000_000  # bytes
MOST_BYTES: Final = 40_000_000_000  # of a file, decompressed
MOST_JSON: Final = 1_000_000_000  # of a JSON array, which is read whole
RATIO: Final = 200  # decompressed bytes per byte of the file, counted beyond RATIO_FROM
RATIO_FROM: Final = 50_000_000
LISTS: Final = ("results", "records", "data")  # where answers of web services have their rows
BOM: Final = "\ufeff"


class UnusableRegister(Exception):
    """A file of the register cannot be used; the message is one line that names file, line and field."""


class Digest(Protocol):
    """Takes the decompressed bytes of a file, to tell one edition from another."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes."""


@dataclass(frozen=True, slots=True)
class Row:
    """Values of a row by comparable column name, all as text; ``fields`` is how many values the line has."""

    file: str
    line: int
    values: Mapping[str, str]
    is_whole: bool = True

    def text(self, column: str) -> str:
        """Return a value without blanks around it, "" if there is none."""
        return self.values.get(column, "").strip()


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a file under their comparable names, each with the name that the file has; and its rows."""

    file: str
    columns: Mapping[str, str]
    rows: Iterator[Row]

    def demand(self, wanted: Sequence[str], separators: str) -> None:
        """Raise UnusableRegister if a column is missing, of those under their published names."""
        missing = [name for name in wanted if comparable(name) not in self.columns]
        if missing:
            found = ", ".join(self.columns.values())[:200]
            raise UnusableRegister(
                f"{self.file}, line 1, field {missing[0]}: the column is missing"
                f" (separator {' or '.join(separators)}; columns found: {found})"
            )


def comparable(name: str) -> str:
    """Return a column's name in the form in which both shapes of the list have it.

    >>> comparable("certifications.actionsDeFormation"), comparable("certifications_actionsdeformation")
    ('certificationsactionsdeformation', 'certificationsactionsdeformation')
    """
    return "".join(letter for letter in fold(name) if letter.isalnum())


@contextmanager
def open_table(path: Path, digest: Digest, separators: str) -> Iterator[Table]:
    """Open a file whose CSV has one of the separators; raises UnusableRegister."""
    with _open_bytes(path) as stream:
        lines = _lines(path, stream, digest)
        first = next(lines, "")
        if first.lstrip()[:1] in ("{", "["):
            yield _json_table(path, first, lines)
        else:
            yield _csv_table(path, first, lines, separators)


@contextmanager
def _open_bytes(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        if magic.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=file) as stream:
                yield stream  # type: ignore[misc]
        elif magic.startswith(b"PK\x03\x04"):
            try:
                with zipfile.ZipFile(file) as archive, archive.open(_only_member(path, archive)) as member:
                    yield member
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
                raise UnusableRegister(f"{path}, line 1, field -: the archive cannot be read ({error})") from error
        else:
            yield file


def _only_member(path: Path, archive: zipfile.ZipFile) -> str:
    names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX/")]
    if len(names) != 1:
        raise UnusableRegister(f"{path}, line 1, field -: the archive has {len(names)} files, one is expected")
    return names[0]


def _lines(path: Path, stream: IO[bytes], digest: Digest) -> Iterator[str]:
    """Yield decoded lines with their ends; raises UnusableRegister for other encodings, damage and bombs."""
    number, count, size = 0, 0, max(path.stat().st_size, 1)
    while True:
        number += 1
        try:
            line = stream.readline(LONGEST_LINE + 1)
        except (OSError, EOFError, zipfile.BadZipFile, ValueError) as error:
            raise UnusableRegister(f"{path}, line {number}, field -: unreadable from here on ({error})") from error
        except Exception as error:  # zlib.error, struct.error: whatever a damaged archive makes the library raise
            raise UnusableRegister(f"{path}, line {number}, field -: unreadable from here on ({error})") from error
        if not line:
            return
        count += len(line)
        if len(line) > LONGEST_LINE or count > MOST_BYTES or (count > RATIO_FROM and count > RATIO * size):
            raise UnusableRegister(f"{path}, line {number}, field -: more bytes than a register has")
        digest.update(line)
        yield _decoded(path, number, line)


def _decoded(path: Path, number: int, line: bytes) -> str:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        field = max(line.count(b";", 0, error.start), line.count(b",", 0, error.start)) + 1
        raise UnusableRegister(f"{path}, line {number}, field {field}: the file is not UTF-8") from error
    if "\x00" in text:
        raise UnusableRegister(f"{path}, line {number}, field 1: a text is expected, the file has zero bytes")
    return text.removeprefix(BOM) if number == 1 else text


def _csv_table(path: Path, first: str, lines: Iterator[str], separators: str) -> Table:
    separator = max(separators, key=first.count)
    names = next(csv.reader([first], delimiter=separator), [])
    columns = {comparable(name): name.strip() for name in names}
    if len(columns) != len(names):
        raise UnusableRegister(f"{path}, line 1, field {len(names)}: a column without a name, or with that of another")
    return Table(str(path), columns, _csv_rows(path, list(columns), lines, separator))


def _csv_rows(path: Path, names: list[str], lines: Iterator[str], separator: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line = 2
    try:
        for fields in reader:
            if any(fields):
                yield Row(str(path), line, dict(zip(names, fields, strict=False)), len(fields) == len(names))
            line = reader.line_num + 2
    except csv.Error as error:
        raise UnusableRegister(f"{path}, line {line}, field 1: the CSV cannot be read ({error})") from error


def _json_table(path: Path, first: str, lines: Iterator[str]) -> Table:
    objects = _json_objects(path, first, lines)
    number, head = next(objects, (1, {}))
    columns = {comparable(name): name for name in head}
    return Table(str(path), columns, _json_rows(path, (number, head), objects))


def _json_rows(path: Path, first: tuple[int, Any], rest: Iterator[tuple[int, Any]]) -> Iterator[Row]:
    yield _json_row(path, *first)
    for number, values in rest:
        yield _json_row(path, number, values)


def _json_row(path: Path, line: int, values: Mapping[str, Any]) -> Row:
    return Row(str(path), line, {comparable(name): _as_text(value) for name, value in values.items()})


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(_as_text(each) for each in value)
    return str(value)


def _json_objects(path: Path, first: str, lines: Iterator[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each object with its line, or with its place in an array."""
    head = _parsed(path, 1, first, quiet=True)
    if isinstance(head, dict) and not any(isinstance(head.get(name), list) for name in LISTS):
        yield 1, head
        for number, line in enumerate(lines, 2):
            if line.strip():
                yield number, _object(path, number, _parsed(path, number, line))
        return
    data = head if head is not None else _parsed(path, 1, _whole(path, first, lines))
    if isinstance(data, dict):
        data = next((data[name] for name in LISTS if isinstance(data.get(name), list)), [data])
    for number, each in enumerate(data if isinstance(data, list) else [data], 1):
        yield number, _object(path, number, each)


def _whole(path: Path, first: str, lines: Iterator[str]) -> str:
    parts, size = [first], 0
    for line in lines:
        parts.append(line)
        size += len(line)
        if size > MOST_JSON:
            raise UnusableRegister(f"{path}, line {len(parts)}, field -: JSON of this size needs one object a line")
    return "".join(parts)


def _parsed(path: Path, number: int, text: str, quiet: bool = False) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if quiet:
            return None
        line = number + error.lineno - 1
        raise UnusableRegister(f"{path}, line {line}, field {error.colno}: the JSON cannot be read") from error


def _object(path: Path, number: int, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UnusableRegister(f"{path}, line {number}, field 1: a JSON object is expected")
    return value
