"""Which commune a feed means that states no code of it: one where it can be told, none where it cannot."""

from typing import Any

import pytest

from indexer.normalize.places import Locator, Stated
from mappings.reference import Commune, Reference, build_reference, pack_table


def commune(insee: str, name: str, *postal_codes: str, population: int = 1_000) -> Commune:
    department = insee[:3] if insee.startswith("97") else insee[:2]
    return Commune(insee, name, postal_codes, population, department, "11", 48.0, 2.0)


COMMUNES = (
    commune("75056", "Paris", "75001", "75012", population=2_100_000),
    commune("75101", "Paris 1er Arrondissement", "75001"),
    commune("75112", "Paris 12e Arrondissement", "75012"),
    commune("69123", "Lyon", "69001", "69003", population=520_000),
    commune("69381", "Lyon 1er Arrondissement", "69001"),
    commune("69383", "Lyon 3e Arrondissement", "69003"),
    commune("94058", "Le Perreux-sur-Marne", "94170", population=34_000),
    commune("94059", "Nogent-sur-Marne", "94130"),
    commune("50129", "Cherbourg-en-Cotentin", "50100", "50110", population=78_000),
    commune("50384", "Octeville-l'Avenel", "50630"),
    commune("13001", "Aix-en-Provence", "13090", "13290", population=147_000),
    commune("37139", "Luynes", "37230", population=5_000),
    commune("81060", "Carmaux", "81400"),
    commune("81999", "Rosières", "81400"),
    commune("81900", "Rosières-Haute", "81400"),
    commune("33281", "Mérignac", "33700", population=70_000),
    commune("33063", "Bordeaux", "33000", population=260_000),
    commune("71263", "Louhans-Châteaurenaud", "71500"),
    commune("71303", "Montagny-près-Louhans", "71500"),
    commune("91228", "Évry-Courcouronnes", "91000", population=66_000),
    commune("62588", "Saint-Josse", "62170"),
    commune("62589", "Saint-Aubin", "62170"),
    commune("97411", "Saint-Denis", "97400", population=150_000),
    commune("93066", "Saint-Denis", "93200", population=110_000),
    commune("93031", "L'Île-Saint-Denis", "93450"),
    commune("27001", "Villers-sur-Eure", "27400"),
    commune("27002", "Villers-sous-Eure", "27400"),
)


def tables() -> dict[str, Any]:
    return {
        "communes": [list(each) for each in COMMUNES],
        "former_communes": {
            "50129": ["50129", "Cherbourg-Octeville"],
            "50602": ["50129", "Tourlaville"],
            "62999": ["62588", "Montreuil"],
        },
        "cedex": {"81030": ["81060", "81999"]},
    }


REFERENCE: Reference = build_reference(pack_table(name, data, "2026-11-23") for name, data in tables().items())
LOCATOR = Locator(REFERENCE)

FOUND = [
    # the name in the département, though nobody has the postal code
    ("75000", "PARIS", "75056"),
    ("75000", "PARIS 12", "75112"),
    ("75000", "Paris 12ème arrondissement", "75112"),
    ("69000", "LYON 3EME", "69383"),
    ("69424", "LYON CEDEX 03", "69383"),
    ("75012", "PARIS", "75112"),
    ("75012", "75012 PARIS", "75112"),
    ("75012", "PARIS 1", "75056"),
    ("91025", "EVRY CEDEX", "91228"),
    ("33000", "MERIGNAC", "33281"),
    # abbreviations, articles, hyphens, accents
    ("94170", "LE PERREUX S/MARNE", "94058"),
    ("94170", "PERREUX SUR MARNE (LE)", "94058"),
    ("94000", "Le Perreux/Marne", "94058"),
    ("94000", "NOGENT S MARNE", "94059"),
    ("93000", "ÎLE ST-DENIS", "93031"),
    ("93000", "L’ILE SAINT DENIS", "93031"),
    # former names
    ("50100", "CHERBOURG OCTEVILLE", "50129"),
    ("50000", "Tourlaville", "50129"),
    (None, "Cherbourg-Octeville", "50129"),
    ("62170", "MONTREUIL", "62588"),
    # a postal code of one commune, whatever quarter is named
    ("13290", "LES MILLES", "13001"),
    ("13090", "Luynes", "13001"),
    ("94170", None, "94058"),
    # beginnings, slips
    ("71500", "LOUHANS", "71263"),
    ("81400", "CARMEAUX", "81060"),
    ("33700", "MERIGNAC / BORDEAUX", "33281"),
    # nothing but a name that one commune in France has
    (None, "Octeville l'Avenel", "50384"),
]


@pytest.mark.parametrize(("postal_code", "town", "insee"), FOUND)
def test_one_commune_can_be_meant(postal_code: str | None, town: str | None, insee: str) -> None:
    located = LOCATOR.locate(Stated(postal_code=postal_code, town=town))
    assert (located.insee, located.by) == (insee, "commune")
    assert "place-not-found" not in [finding.kind for finding in located.findings]


UNCLEAR = [
    ("81400", None),
    ("81400", "Ailleurs"),
    ("81030", "Quelque part"),
    ("27400", "VILLERS S/EURE"),
    ("94170", "BORDEAUX"),
    ("62170", "SAINT"),
    ("99999", "Nulle part"),
    (None, "Saint-Denis"),
    (None, "Atlantide"),
    ("00000", "Atlantide"),
]


@pytest.mark.parametrize(("postal_code", "town"), UNCLEAR)
def test_where_two_can_be_meant_none_is_and_it_is_told(postal_code: str | None, town: str | None) -> None:
    located = LOCATOR.locate(Stated(postal_code=postal_code, town=town))
    assert (located.insee, located.by) == (None, None)
    (finding,) = [finding for finding in located.findings if finding.kind == "place-not-found"]
    assert finding.value == " ".join(part for part in (postal_code, town) if part)


def test_the_departement_tells_homonyms_apart() -> None:
    for told, insee in (("974", "97411"), ("93", "93066"), ("Seine-Saint-Denis", "93066")):
        assert LOCATOR.locate(Stated(town="Saint-Denis", department=told)).insee == insee


def test_a_name_that_goes_before_another_communes_postal_code_is_told() -> None:
    kinds = [finding.kind for finding in LOCATOR.locate(Stated(postal_code="33000", town="MERIGNAC")).findings]
    assert kinds == ["postal-code-elsewhere"]
    assert LOCATOR.locate(Stated(postal_code="75012", town="PARIS 1")).findings == ()


def test_a_place_with_coordinates_or_abroad_needs_no_commune() -> None:
    there = LOCATOR.locate(Stated(postal_code="99999", town="Nulle part", latitude="48.1", longitude="2.1"))
    assert (there.by, there.findings) == ("feed", ())
    assert LOCATOR.locate(Stated(town="Genève", country="CH")).findings == ()


def test_without_tables_nothing_is_missing() -> None:
    assert Locator(Reference()).locate(Stated(postal_code="75000", town="PARIS")).findings == ()
