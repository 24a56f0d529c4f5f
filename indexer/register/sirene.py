"""Sirene's files of legal units and establishments: the rows of bodies of the census."""

from collections.abc import Iterator
from typing import Final

from indexer.census.facts import Named, SiteFacts, UnitFacts
from indexer.register.row import NO_NAME
from indexer.register.shapes import INDIVIDUAL
from indexer.register.table import Row, Table

SEPARATORS: Final = ",;"
UNIT: Final = "unitelegale"
SITE: Final = "etablissement"
UNIT_COLUMNS: Final = (
    *("siren", "etatAdministratifUniteLegale", "denominationUniteLegale", "sigleUniteLegale"),
    "statutDiffusionUniteLegale",
)
SITE_COLUMNS: Final = ("siret", "etatAdministratifEtablissement", "enseigne1Etablissement")
HIDDEN: Final = "[ND]"  # what partial diffusion puts in the place of a value


def read_unit(row: Row, table: Table) -> UnitFacts:
    """Return what a row of the file of legal units says."""
    state, shown = row.text(f"etatadministratif{UNIT}"), row.text(f"statutdiffusion{UNIT}")
    legal = _name(row, f"denomination{UNIT}")
    person = " ".join(filter(None, (_name(row, f"prenomusuel{UNIT}"), _name(row, f"nom{UNIT}"))))
    return UnitFacts(
        legal_name=legal or person or None,
        names=list(_names(row)),
        state="active" if state == "A" else "ceased" if state == "C" else None,
        natural=_is_natural(row, table),
        diffusible=shown == "O" if shown else None,
    )


def _names(row: Row) -> Iterator[Named]:
    for number in (1, 2, 3):
        if name := _name(row, f"denominationusuelle{number}{UNIT}"):
            yield "usual", name
    if name := _name(row, f"sigle{UNIT}"):
        yield "acronym", name


def _is_natural(row: Row, table: Table) -> bool | None:
    """Tell whether a unit is a natural person: by its legal form, else because it has no denomination."""
    if f"categoriejuridique{UNIT}" in table.columns:
        form = row.text(f"categoriejuridique{UNIT}")
        return form == INDIVIDUAL if form else None
    denomination = row.text(f"denomination{UNIT}")
    return None if denomination == HIDDEN else not denomination


def read_site(row: Row) -> SiteFacts:
    """Return what a row of the file of establishments says."""
    state, shown = row.text(f"etatadministratif{SITE}"), row.text(f"statutdiffusion{SITE}")
    street = (_name(row, f"{part}{SITE}") for part in ("numerovoie", "typevoie", "libellevoie"))
    return SiteFacts(
        row.text("siret"),
        name=_name(row, f"enseigne1{SITE}"),
        address=" ".join(filter(None, street)) or None,
        postal_code=_name(row, f"codepostal{SITE}"),
        town=_name(row, f"libellecommune{SITE}"),
        insee=_name(row, f"codecommune{SITE}"),
        closed=state == "F" if state in ("A", "F") else None,
        head=row.text(f"{SITE}siege").lower() in ("true", "1"),
        diffusible=shown == "O" if shown else None,
    )


def _name(row: Row, column: str) -> str | None:
    text = " ".join(row.text(column).split())
    return None if text.lower() in NO_NAME else text
