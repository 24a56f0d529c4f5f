"""Makes code tables and places from their official files, recognised by their columns."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from indexer.reference.labels import domain_labels, sentence_case
from indexer.reference.rows import ReferenceFileError, Row, read_rows
from mappings.codes import department_labels, region_by_department

Tables = dict[str, Any]  # table name of mappings.reference -> its data
# Texts of a job sheet with everyday words for the job; its definition, the job in a sentence, counts twice.
SHEET_TEXTS: Final = ("definition", "definition", "access", "skills", "conditions")
SHEET_PARTS: Final = ("definition", "access", "conditions")  # lists of sentences
MOST_BYTES: Final = 256_000_000  # default maximum size of a file


def read_tables(kind: str, paths: Iterable[Path], most: int = MOST_BYTES) -> Tables:
    """Return the tables in the files of a ``reference`` option; later files add to earlier ones and take precedence.

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
    rows = read_rows(path, most)
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


def _read_rome_titles(rows: Iterator[Row]) -> Tables:
    titles: dict[str, list[str]] = {}
    for row in rows:
        titles.setdefault(row.code("rome", (5,)), []).append(row.text("appellation"))
    return {"rome_titles": titles}


def _read_rome_official(rows: Iterator[Row]) -> Tables:
    """Read job titles under their new code and under the parent code, which feeds still use."""
    titles: dict[str, list[str]] = {}
    for row in rows:
        title = row.text("libelle_appellation_court")
        parent = row.text("code_rome_parent", required=False)
        for code in {row.code("code_rome", (5,)), row.code("code_rome_parent", (5,)) if parent else ""} - {""}:
            titles.setdefault(code, []).append(title)
    return {"rome_titles": titles}


def _read_rome_sheets(rows: Iterator[Row]) -> Tables:
    """Read labels by code (a sheet without one, as in the official file, adds none), texts that describe the job, and
    by themselves those parts that pages display.
    """
    labels: dict[str, str] = {}
    texts: dict[str, str] = {}
    sheets: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        code = row.code("code", (5,))
        labels[code] = row.text("label", required=False)
        texts[code] = " ".join(text for name in SHEET_TEXTS for text in _texts_in(row.values.get(name)))
        parts = {name: [*_texts_in(row.values.get(name))] for name in SHEET_PARTS}
        sheets[code] = {name: part for name, part in parts.items() if part}
    shown = {code: sheet for code, sheet in sheets.items() if sheet}
    told = {code: text for code, text in texts.items() if text}
    labelled = {code: label for code, label in labels.items() if label}
    more = {"rome_texts": told, "rome_sheets": shown}
    return {"rome": labelled, **{name: table for name, table in more.items() if table}}  # a file of labels keeps them


def _texts_in(value: Any) -> Iterator[str]:
    """Yield all texts of a JSON value, at any depth."""
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
    """Read labels of terms, and of whole domains from their capitals ("110 MATHEMATIQUES"), in sentence case.

    "Used for" terms of a thesaurus become synonyms.
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
    """Read the post's file: one row for each postal code of a commune, names in capitals, no population."""
    communes: dict[str, list[Any]] = {}
    for row in rows:
        insee = row.code("Code_commune_INSEE", (5,))
        department = insee[:3] if insee[:2] in ("97", "98") else insee[:2]
        if department not in department_labels():
            continue  # Monaco is in the file, too
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
    """Read codes and names of merged communes: "Vire" has kept its code under another name."""
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


# Option -> columns that identify a layout -> its reader.
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
