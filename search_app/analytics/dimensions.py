"""The dimensions of a pivot, one row each: where their values are, and the search parameter that each replaces."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from mappings.codes import (
    BOOLEAN_LABELS,
    ENTRY_LABELS,
    FUNDER_LABELS,
    LEVEL_LABELS,
    MODE_LABELS,
    OBSOLETE_FUNDER,
    RECRUITING_LABELS,
    department_labels,
    region_labels,
)

UNTOLD: Final = "unknown"  # value of a parameter that finds what has no value


class Kind(Enum):
    """What has the values of a dimension."""

    OFFER = "the offer, in a field of its own"
    FUNDER = "the funders of the offer; seats are those under the funder"
    LINE = "the funder lines of the offer"
    STATE = "the recruitment state of a session"
    PERIOD = "the days on which a session can start"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension. ``param`` is the parameter that a value replaces; two dimensions on one parameter exclude each
    other.

    ``closed`` are the values of a closed table. ``untold`` labels what has no value; empty where there is always one.
    """

    name: str
    label: str  # French
    param: str
    kind: Kind = Kind.OFFER
    field: str = ""
    closed: tuple[str, ...] = ()
    untold: str = ""

    @property
    def is_period(self) -> bool:
        """Tell whether the rows are ordered by time."""
        return self.kind is Kind.PERIOD

    @property
    def is_of_sessions(self) -> bool:
        """Tell whether an offer is in a row by one of its sessions."""
        return self.kind in (Kind.STATE, Kind.PERIOD)

    @property
    def may_have_many(self) -> bool:
        """Tell whether a catalogue may have more rows than one answer can carry."""
        return not self.closed and self.name in _LONG


_LONG: Final = frozenset(("formacode", "rome", "provider", "trainer", "rncp", "training", "programme", "market"))
START: Final = "start_from"  # the parameter that names a period in faults; both ends are replaced
_FUNDERS: Final = tuple(code for code in FUNDER_LABELS if code != OBSOLETE_FUNDER)
_ROWS: Final = (
    Dimension("region", "Région", "region", field="region", closed=tuple(region_labels()),
              untold="Région non connue"),
    Dimension("department", "Département", "department", field="department", closed=tuple(department_labels()),
              untold="Département non connu"),
    Dimension("employment_zone", "Zone d’emploi", "employment_zone", field="employment_zone",
              untold="Zone d’emploi non connue"),
    Dimension("domain", "Domaine", "domain", field="domain", untold="Domaine non précisé"),
    Dimension("formacode", "Formacode", "domain", field="formacode", untold="Formacode non précisé"),
    Dimension("rome", "Métier (ROME)", "rome", field="rome", untold="Métier non précisé"),
    Dimension("level", "Niveau de sortie", "level", field="level", closed=tuple(LEVEL_LABELS),
              untold="Niveau non précisé"),
    Dimension("funder", "Financeur", "funder", Kind.FUNDER, "funder", _FUNDERS, "Financeur non précisé"),
    Dimension("programme", "Programme", "programme", Kind.LINE, "programme", untold="Programme non précisé"),
    Dimension("market", "Marché", "market", Kind.LINE, "market", untold="Marché non précisé"),
    Dimension("provider", "Organisme responsable", "provider", field="provider.siren", untold="SIREN non connu"),
    Dimension("trainer", "Organisme formateur", "trainer", field="trainer", untold="Organisme formateur non précisé"),
    Dimension("audience", "Public", "audience", field="audience", untold="Public non précisé"),
    Dimension("mode", "Modalité", "mode", field="mode", closed=tuple(MODE_LABELS), untold="Modalité non précisée"),
    Dimension("entry", "Entrées", "entry", field="entry", closed=tuple(ENTRY_LABELS), untold="Entrées non précisées"),
    Dimension("state_funded", "Conventionnée", "state_funded", field="state_funded", closed=tuple(BOOLEAN_LABELS),
              untold="Conventionnement non précisé"),
    Dimension("recruiting", "Inscriptions", "recruiting", Kind.STATE, closed=tuple(RECRUITING_LABELS)),
    Dimension("rncp", "Certification (RNCP)", "rncp", field="rncp", untold="Sans certification RNCP"),
    Dimension("training", "Formation", "training", field="training_key"),
    Dimension("month", "Mois de début", START, Kind.PERIOD),
    Dimension("quarter", "Trimestre de début", START, Kind.PERIOD),
    Dimension("year", "Année de début", START, Kind.PERIOD),
)  # fmt: skip
DIMENSIONS: Final[Mapping[str, Dimension]] = {row.name: row for row in _ROWS}
LABELS: Final[Mapping[str, str]] = {name: row.label for name, row in DIMENSIONS.items()}
