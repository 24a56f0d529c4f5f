"""Closed code tables: LHEO's own, INSEE's regions and départements, and the short French labels for users."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

TABLES: Final = Path(__file__).parent / "tables"

Mode = Literal["onsite", "blended", "remote"]
Entry = Literal["fixed", "permanent"]
Recruiting = Literal["open", "closed", "suspended", "unknown"]
NOT_OPEN: Final[tuple[Recruiting, ...]] = ("closed", "suspended")  # states in which a session takes no registrations
Rhythm = Literal["full_time", "part_time", "evening", "weekend", "alternating", "unknown"]
SeatsRow = Literal["1", "5", "10", "full", "unknown"]
Precision = Literal["day", "month", "year", "unknown"]
Contradiction = Literal["open_full", "closed_left"]
Kind = Literal["training", "vae", "bilan", "licence_light", "licence_heavy"]

MODE_BY_LHEO: Final[dict[str, Mode]] = {"0": "onsite", "1": "blended", "2": "remote"}
ENTRY_BY_LHEO: Final[dict[str, Entry]] = {"0": "fixed", "1": "permanent"}
RECRUITING_BY_LHEO: Final[dict[str, Recruiting]] = {"1": "open", "2": "closed", "3": "suspended"}

MODE_LABELS: Final[dict[str, str]] = {
    "onsite": "En présentiel",
    "blended": "Mixte (présentiel et distance)",
    "remote": "À distance",
}
ENTRY_LABELS: Final[dict[str, str]] = {"fixed": "À dates fixes", "permanent": "Entrée toute l’année"}
RECRUITING_LABELS: Final[dict[str, str]] = {
    "open": "Inscriptions ouvertes",
    "closed": "Inscriptions closes",
    "suspended": "Inscriptions suspendues",
    "unknown": "Inscriptions non précisées",
}
RHYTHM_LABELS: Final[dict[str, str]] = {
    "full_time": "Temps plein",
    "part_time": "Temps partiel",
    "evening": "Le soir",
    "weekend": "Le week-end",
    "alternating": "En alternance",
    "unknown": "Rythme non précisé",
}
SEATS_AT_LEAST: Final = (1, 5, 10)  # lower bounds of the rows of the seats facet
SEATS_ROWS: Final[tuple[SeatsRow, ...]] = ("1", "5", "10", "full", "unknown")
BOOLEAN_LABELS: Final[dict[str, str]] = {"true": "Oui", "false": "Non"}

FUNDER_LABELS: Final[dict[str, str]] = {
    "0": "Autre financeur",
    "1": "Code de financeur obsolète",
    "2": "Région",
    "3": "Fonds social européen (FSE)",
    "4": "France Travail",
    "5": "Entreprise",
    "6": "ACSÉ (anciennement FASILD)",
    "7": "Agefiph",
    "8": "Département",
    "9": "Commune",
    "10": "Vous-même",
    "11": "État – ministère chargé de l’emploi",
    "12": "État – ministère de l’éducation nationale",
    "13": "État – autre",
    "14": "Fonds européens – autre",
    "15": "Autre collectivité territoriale",
    "16": "OPCO",
    "17": "Transitions Pro",
    "18": "LADOM",
    "19": "État – ministère de l’intérieur",
    "20": "OFII",
}
OBSOLETE_FUNDER: Final = "1"  # still present in feeds; not offered as a choice
# Rule of the former national site: one of these funders is enough for the training to be free for a job seeker.
FREE_FUNDERS: Final = ("2", "3", "4", "6", "7", "8", "9", "11", "12", "13", "14", "15", "16")

LEVEL_LABELS: Final[dict[str, str]] = {
    "11": "Niveau 1 (savoirs de base)",
    "12": "Niveau 2 (préqualification)",
    "13": "Niveau 3 (CAP, BEP)",
    "14": "Niveau 4 (bac)",
    "15": "Niveau 5 (bac + 2)",
    "16": "Niveau 6 (bac + 3 ou 4)",
    "17": "Niveau 7 (bac + 5)",
    "18": "Niveau 8 (doctorat)",
}
LEVEL_NAMES: Final[dict[str, str]] = {
    "11": "Savoirs de base",
    "12": "Préqualification",
    "13": "CAP ou BEP",
    "14": "Bac",
    "15": "Bac + 2",
    "16": "Bac + 3 ou 4",
    "17": "Bac + 5",
    "18": "Doctorat",
}  # short, as one names them without a scale
# dict-niveaux holds two scales: 2-8 is the French one of 1969, 11-18 the European 1-8; 0 and 1 are not levels.
LEVEL_BY_LHEO: Final[dict[str, str]] = {
    **{"2": "11", "3": "12", "4": "13", "5": "14", "6": "15", "7": "16", "8": "17"},
    **{code: code for code in LEVEL_LABELS},
}


@cache
def lheo_table(name: str) -> dict[str, str]:
    """Return code -> official label of one table of LHEO 2.3, e.g. ``dict-financeurs``; KeyError if there is none."""
    codes: dict[str, str] = _read("lheo.json")[name]["codes"]
    return codes


@cache
def region_labels() -> dict[str, str]:
    """Return INSEE region code -> name, overseas collectivities included."""
    labels: dict[str, str] = _read("territories.json")["regions"]
    return labels


@cache
def department_labels() -> dict[str, str]:
    """Return INSEE département code -> name, overseas collectivities included."""
    return {code: row["label"] for code, row in _read("territories.json")["departments"].items()}


@cache
def region_by_department() -> dict[str, str]:
    """Return INSEE département code -> code of its region."""
    return {code: row["region"] for code, row in _read("territories.json")["departments"].items()}


@cache
def region_by_former_region() -> dict[str, str]:
    """Return region code before 2016 -> today's code, only where they differ (82 Rhône-Alpes -> 84)."""
    regions: dict[str, str] = _read("territories.json")["former_regions"]
    return regions


@cache
def _read(name: str) -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = json.loads((TABLES / name).read_text(encoding="utf-8"))
    return tables
