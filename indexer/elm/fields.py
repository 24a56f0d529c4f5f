"""ISCED-F fields of specialities, by the table ``mappings/tables/nsf_iscedf.csv``.

No official table was found. Ours compares the labels of both classifications: ``same`` names the same fields, one
speciality possibly several; ``nearest`` is the closest field where there is none that is the same.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).parents[2] / "mappings" / "tables" / "nsf_iscedf.csv"
UNKNOWN: Final = "9999"  # ISCED-F: field unknown
BASES: Final = ("same", "nearest")
_SPECIALITY: Final = re.compile(r"[1-4]\d\d", re.ASCII)
_FIELD: Final = re.compile(r"(0\d|10)\d\d", re.ASCII)


class BadTable(ValueError):
    """The table breaks a rule; names the rows."""


def read_fields(rows: Iterable[Mapping[str, str]]) -> dict[str, Sequence[str]]:
    """Return the fields of each speciality; raises BadTable unless each has one row with codes of the right form."""
    found: dict[str, Sequence[str]] = {}
    for row in rows:
        fields = row["iscedf"].split()
        right = _SPECIALITY.fullmatch(row["nsf"]) and fields and all(map(_FIELD.fullmatch, fields))
        if not right or row["basis"] not in BASES or row["nsf"] in found:
            raise BadTable(f"nsf_iscedf.csv: {row}")
        found[row["nsf"]] = fields
    return found


@cache
def fields_by_speciality() -> Mapping[str, Sequence[str]]:
    """Read the table once."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return read_fields(csv.DictReader(file))


def fields_of(specialities: Iterable[str]) -> Sequence[str]:
    """Return the fields of an offer's specialities, each once; UNKNOWN if there is none.

    >>> fields_of(["254", "251", "231"]), fields_of([])
    (['0715', '0724', '0732'], ['9999'])
    """
    known = fields_by_speciality()
    return list(dict.fromkeys(field for code in specialities for field in known.get(code, ()))) or [UNKNOWN]


def all_fields() -> Sequence[str]:
    """Return every field that an offer can have."""
    return [*sorted({field for fields in fields_by_speciality().values() for field in fields}), UNKNOWN]
