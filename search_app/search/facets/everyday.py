"""Everyday names of the domains (the first three digits of a Formacode), in groups of everyday words.

The official labels are those of a thesaurus (« Commercialisation »); somebody who does not know what to do browses by
words in use (« Vente et magasin »). They also label domains that the loaded table of Formacodes lacks. The table is
validated when it is read.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).with_name("everyday_domains.csv")
FIRST_OF_NO_DOMAIN: Final = "5"  # Formacodes from 500 on are diplomas, sectors, countries, audiences: no domains


class BadTable(ValueError):
    """The table of everyday names breaks a rule; names the rows."""


@dataclass(frozen=True, slots=True)
class Everyday:
    """Groups in the order of the table, each with its codes; everyday names by code."""

    groups: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]


def read_everyday(rows: Iterable[Mapping[str, str]]) -> Everyday:
    """Return the table of these rows; raises BadTable unless every code has three digits and is in one group only, and
    every name is unique.
    """
    groups: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    rows = list(rows)
    counts = Counter(row["code"] for row in rows) + Counter(row["name"] for row in rows)
    wrong = [
        row for row in rows
        if not (len(row["code"]) == 3 and row["code"].isdigit() and row["code"] < FIRST_OF_NO_DOMAIN)
        or not row["name"] or not row["group"] or counts[row["code"]] > 1 or counts[row["name"]] > 1
    ]  # fmt: skip
    if wrong:
        raise BadTable(f"everyday_domains.csv: {wrong}")
    for row in rows:
        groups.setdefault(row["group"], []).append(row["code"])
        names[row["code"]] = row["name"]
    return Everyday({group: tuple(codes) for group, codes in groups.items()}, names)


@cache
def everyday() -> Everyday:
    """Read the table once."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return read_everyday(csv.DictReader(file, delimiter=";"))
