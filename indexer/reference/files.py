"""Reads code tables and places from their official files, recognised by their columns."""

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from indexer.reference.labels import domain_labels, sentence_case
from mappings.codes import department_labels, region_by_department

Tables = dict[str, Any]  # table name of mappings.reference -> its data
# What of a job sheet tells how people speak of the job; its definition, the job in a sentence, counts twice.
SHEET_TEXTS: Final = ("definition", "definition", "access", "skills", "conditions")
MOST_BYTES: Final = 256_000_000  # of a file, if nobody says otherwise


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


def read_tables(kind: str, paths: Iterable[Path], most: int = MOST_BYTES) -> Tables:
    """Return the tables that the files of a ``reference`` option hold; of several files the later one adds and wins.

    A file of more than ``most`` bytes, decompressed, is refused. Raises ReferenceFileError.
    """
    tables: Tables = {}
    for path in paths:
        for name, data in _read_file(kind, path, most).items():
            if name in tables and isinstance(data, dict):
                tables[name] |= data
            elif name in tables:
                tables[name] = [*{row[0]: row for row in (*tables[name], *data)}.values()]
            else:
                tables[name] = data
    return tables


def _read_file(kind: str, path: Path, most: int) -> Tables:
    rows = _rows(path, _read_bytes(path, most))
    first = next(rows, None)
    if first is None:
        raise ReferenceFileError(f"{path}, line 1, column 1: the file holds no rows")
    for columns, read in READERS[kind].items():
        if columns <= set(first.values):
            return read(_chain(first, rows))
    known = " or ".join(", ".join(sorted(columns)) for columns in READERS[kind])
    found = ", ".join(map(str, first.values))
    raise ReferenceFileError(f"{path}, line 1, column {found[:100]!r}: columns {known} are expected")


def _chain(first: Row, rest: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rest


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


def _read_rome_titles(rows: Iterator[Row]) -> Tables:
    titles: dict[str, list[str]] = {}
    for row in rows:
        titles.setdefault(row.code("rome", (5,)), []).append(row.text("appellation"))
    return {"rome_titles": titles}


def _read_rome_official(rows: Iterator[Row]) -> Tables:
    """Job titles under their new code and under the parent code, which feeds still carry."""
    titles: dict[str, list[str]] = {}
    for row in rows:
        title = row.text("libelle_appellation_court")
        parent = row.text("code_rome_parent", required=False)
        for code in {row.code("code_rome", (5,)), row.code("code_rome_parent", (5,)) if parent else ""} - {""}:
            titles.setdefault(code, []).append(title)
    return {"rome_titles": titles}


def _read_rome_sheets(rows: Iterator[Row]) -> Tables:
    """Labels by code (a sheet without one, as the official file has, leaves it without), and what describes the job."""
    labels: dict[str, str] = {}
    texts: dict[str, str] = {}
    for row in rows:
        code = row.code("code", (5,))
        labels[code] = row.text("label", required=False)
        texts[code] = " ".join(text for name in SHEET_TEXTS for text in _texts_in(row.values.get(name)))
    told = {code: text for code, text in texts.items() if text}
    labelled = {code: label for code, label in labels.items() if label}
    return {"rome": labelled, **({"rome_texts": told} if told else {})}  # a file of labels leaves the texts there are


def _texts_in(value: Any) -> Iterator[str]:
    """Yield all texts of a value of JSON, however deep its lists and objects go."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(each)


def _labels(table: str, lengths: tuple[int, ...], label: str = "libelle") -> Callable[[Iterator[Row]], Tables]:
    def read(rows: Iterator[Row]) -> Tables:
        return {table: {row.code("code", lengths): row.text(label) for row in rows}}

    return read


def _read_thesaurus(rows: Iterator[Row]) -> Tables:
    """Labels of the terms, and of whole domains from their capitals ("110 MATHEMATIQUES"), all in sentence case.

    What a thesaurus gives as "used for" becomes synonyms.
    """
    terms: dict[str, str] = {}
    domains: dict[str, str] = {}
    synonyms: dict[str, list[str]] = {}
    for row in rows:
        terms[row.code("code", (5,))] = row.text("libelle")
        if others := list(_texts_in(row.values.get("synonymes"))):
            synonyms[row.code("code", (5,))] = others
        code, _, name = row.text("domaine", required=False).partition(" ")
        if name:
            domains[code] = name
    labels = {code: sentence_case(label) for code, label in terms.items()}
    tables = {"formacode": labels | domain_labels(domains, terms.values())}
    return {**tables, **({"formacode_synonyms": synonyms} if synonyms else {})}


def _read_gazetteer(rows: Iterator[Row]) -> Tables:
    return {"communes": [_commune(row) for row in rows]}


def _commune(row: Row) -> list[Any]:
    return [
        row.code("code", (5,)),
        row.text("nom"),
        row.text("codes_postaux", required=False).split(),
        int(row.number("population", 0, 1e8) or 0),
        row.text("departement"),
        row.text("region"),
        row.number("lat", -90, 90),
        row.number("lon", -180, 180),
    ]


def _read_postal_file(rows: Iterator[Row]) -> Tables:
    """The post's file: one row for each postal code of a commune, names in capitals, no population."""
    communes: dict[str, list[Any]] = {}
    for row in rows:
        insee = row.code("Code_commune_INSEE", (5,))
        department = insee[:3] if insee[:2] in ("97", "98") else insee[:2]
        if department not in department_labels():
            continue  # Monaco stands in the file, too
        lat, _, lon = row.text("coordonnees_gps", required=False).partition(",")
        place = Row(row.file, row.line, {"lat": lat, "lon": lon})
        region = region_by_department()[department]
        point = [place.number("lat", -90, 90), place.number("lon", -180, 180)]
        commune = communes.setdefault(insee, [insee, row.text("Nom_commune"), [], 0, department, region, *point])
        postal_code = row.text("Code_postal")
        if postal_code not in commune[2]:
            commune[2].append(postal_code)
    return {"communes": list(communes.values())}


def _read_former_communes(rows: Iterator[Row]) -> Tables:
    """Codes and names of communes that were merged: "Vire" lives on under its own code and another name."""
    former: dict[str, list[str]] = {}
    for row in rows:
        code, live = row.code("code", (5,)), row.code("code_commune_actuelle", (5,))
        name = row.text("nom")
        if code != live or name != row.text("nom_commune_actuelle", required=False):
            former[code] = [live, name]
    return {"former_communes": former}


def _read_cedex(rows: Iterator[Row]) -> Tables:
    codes: dict[str, list[str]] = {}
    for row in rows:
        of_code = codes.setdefault(row.code("cedex", (5,)), [])
        insee = row.code("insee", (5,))
        if insee not in of_code:
            of_code.append(insee)
    return {"cedex": codes}


def _read_employment_zones(rows: Iterator[Row]) -> Tables:
    return {"employment_zones": {row.code("code_commune", (5,)): row.text("code_zone_emploi") for row in rows}}


# Option -> columns that tell a layout -> its reader.
READERS: Final[dict[str, dict[frozenset[str], Callable[[Iterator[Row]], Tables]]]] = {
    "rome": {
        frozenset({"rome", "appellation"}): _read_rome_titles,
        frozenset({"code_rome", "libelle_appellation_court"}): _read_rome_official,
        frozenset({"code", "label"}): _read_rome_sheets,
        frozenset({"code", "libelle"}): _labels("rome", (5,)),
    },
    "formacode": {
        frozenset({"code", "libelle", "domaine"}): _read_thesaurus,
        frozenset({"code", "libelle"}): _labels("formacode", (3, 5)),
    },
    "audiences": {frozenset({"code", "libelle"}): _labels("audience", (5,))},
    "nsf": {frozenset({"code", "libelle"}): _labels("nsf", (2, 3, 4))},
    "communes": {
        frozenset({"code", "nom", "codes_postaux", "departement", "region"}): _read_gazetteer,
        frozenset({"Code_commune_INSEE", "Nom_commune", "Code_postal"}): _read_postal_file,
    },
    "former_communes": {frozenset({"code", "nom", "code_commune_actuelle"}): _read_former_communes},
    "employment_zones": {frozenset({"code_commune", "code_zone_emploi"}): _read_employment_zones},
    "cedex": {frozenset({"cedex", "insee"}): _read_cedex},
}
READERS["rome_sheets"] = READERS["rome"]
