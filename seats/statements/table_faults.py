"""Faults of a table in the table's own terms: the column's head, the cell's text, the allowed cell contents."""

from collections.abc import Mapping
from typing import Final

from seats.statements.parse import (
    FIELD_EXPECTED,
    FUNDER_EXPECTED,
    MOMENT_EXPECTED,
    SEATS_EXPECTED,
    SEATS_LIMIT,
    ZONE_EXPECTED,
    Rejection,
    shown,
)

# Phrases of faults for JSON, and their replacements for tables.
REASONS: Final = {
    FIELD_EXPECTED: "cellule absente",
    FUNDER_EXPECTED: "code de financeur inconnu : un code LHEO de 0 à 20 est attendu",
    SEATS_EXPECTED: f"un nombre entier de 0 à {SEATS_LIMIT} est attendu, ou une cellule vide",
    MOMENT_EXPECTED: (
        "une date du calendrier est attendue : JJ/MM/AAAA, JJ/MM/AAAA HH:MM, JJ/MM/AAAA HH:MM:SS, "
        "ou une date et une heure ISO 8601"
    ),
    ZONE_EXPECTED: f"{ZONE_EXPECTED}, ou 23/11/2026 19:25",
}


def as_of_table(fault: Rejection, heads: Mapping[str, str], row: Mapping[str, str]) -> Rejection:
    """Return the fault of a table line, given its column heads by field and its cells."""
    if fault.field not in heads:
        return fault
    head, cell = heads[fault.field], row.get(fault.field)
    return Rejection(fault.line, head, shown(cell), REASONS.get(fault.reason, fault.reason))
