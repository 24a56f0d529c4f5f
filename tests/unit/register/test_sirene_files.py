"""Sirene's files: the rows of bodies of the census."""

from contextlib import closing
from pathlib import Path

import pytest

from indexer.progress import show_progress
from indexer.register.read import read_sites, read_units
from indexer.register.report import RegisterReport
from indexer.register.spool import Spool
from indexer.register.table import UnusableRegister
from tests.register_files import ONE, SITES, THREE, TWO, UNITS, siret_of, to_csv, write

UNIT = {
    "siren": ONE,
    "statutDiffusionUniteLegale": "O",
    "sigleUniteLegale": "ADP",
    "denominationUniteLegale": "ATELIERS DU PASTEL",
    "denominationUsuelle1UniteLegale": "Le Pastel",
    "categorieJuridiqueUniteLegale": "5499",
    "etatAdministratifUniteLegale": "A",
}
PERSON = {
    "siren": TWO,
    "statutDiffusionUniteLegale": "P",
    "denominationUniteLegale": "[ND]",
    "nomUniteLegale": "[ND]",
    "categorieJuridiqueUniteLegale": "1000",
    "etatAdministratifUniteLegale": "C",
}


def report() -> RegisterReport:
    return RegisterReport("2026-11-23", "--edition", "2026-11-23T10:00:00Z", [])


@pytest.mark.parametrize("separator", [",", ";"])
def test_units_of_the_census_are_taken_and_no_others(separator: str, tmp_path: Path) -> None:
    path = write(tmp_path / "units.csv", to_csv(UNITS, [UNIT, PERSON, {**UNIT, "siren": THREE}], separator))
    told = report()
    with closing(Spool(tmp_path / "db")) as spool, show_progress("", quiet=True) as progress:
        read_units(path, spool, {ONE, TWO}, told, progress)
        one, two, three = (spool.unit(siren) for siren in (ONE, TWO, THREE))
    assert (told.units, three) == (2, None)
    assert one is not None
    assert two is not None
    assert (one.legal_name, one.state, one.natural, one.diffusible) == ("ATELIERS DU PASTEL", "active", False, True)
    assert one.names == [("usual", "Le Pastel"), ("acronym", "ADP")]
    assert (two.legal_name, two.state, two.natural, two.diffusible) == (None, "ceased", True, False)


def test_unit_without_denomination_is_a_person_where_the_file_has_no_legal_form(tmp_path: Path) -> None:
    columns = [name for name in UNITS if name != "categorieJuridiqueUniteLegale"]
    rows = [UNIT, {**PERSON, "denominationUniteLegale": "", "nomUniteLegale": "Roux", "prenomUsuelUniteLegale": "Ana"}]
    path = write(tmp_path / "units.csv", to_csv(columns, [*rows, {**PERSON, "siren": THREE}]))
    with closing(Spool(tmp_path / "db")) as spool, show_progress("", quiet=True) as progress:
        read_units(path, spool, {ONE, TWO, THREE}, report(), progress)
        told = [unit and (unit.natural, unit.legal_name) for unit in map(spool.unit, (ONE, TWO, THREE))]
    assert told == [(False, "ATELIERS DU PASTEL"), (True, "Ana Roux"), (None, None)]


def test_establishments_of_the_census_tell_whether_they_are_closed(tmp_path: Path) -> None:
    rows = [
        {"siret": siret_of(ONE), "etatAdministratifEtablissement": "A", "etablissementSiege": "true"},
        {"siret": siret_of(ONE, 2), "etatAdministratifEtablissement": "F", "enseigne1Etablissement": "CFA"},
        {"siret": siret_of(ONE, 3), "etatAdministratifEtablissement": "A"},
    ]
    path = write(tmp_path / "sites.csv.gz", to_csv(SITES, rows, ","))
    with closing(Spool(tmp_path / "db")) as spool, show_progress("", quiet=True) as progress:
        read_sites(path, spool, {siret_of(ONE), siret_of(ONE, 2)}, report(), progress)
        told = [(site.siret, site.closed, site.head, site.name) for site in spool.sites(ONE)]
    assert told == [(siret_of(ONE), False, True, None), (siret_of(ONE, 2), True, False, "CFA")]


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "sites.csv", to_csv(UNITS, [UNIT]))
    with (
        closing(Spool(tmp_path / "db")) as spool,
        show_progress("", quiet=True) as progress,
        pytest.raises(UnusableRegister, match=r"line 1, field siret: the column is missing \(separator , or ;"),
    ):
        read_sites(path, spool, set(), report(), progress)
