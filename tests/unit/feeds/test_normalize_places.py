"""Where a place is, by each of the ways in which a feed can say it."""

import pytest

from indexer.normalize.places import Located, Locator, Stated
from mappings.reference import Commune, Reference

COMMUNES = (
    Commune("81004", "Albi", ("81000",), 50_000, "81", "76", 43.9289, 2.1464),
    Commune("81060", "Carmaux", ("81400",), 9_000, "81", "76", 44.05, 2.16),
    Commune("81999", "Rosières", ("81400",), 900, "81", "76", None, None),
    Commune("13001", "Aix-en-Provence", ("13090", "13100"), 147_000, "13", "93", 43.53, 5.45),
    Commune("13201", "Marseille 1er Arrondissement", ("13001",), 40_000, "13", "93", 43.30, 5.38),
    Commune("13055", "Marseille", ("13001", "13002"), 860_000, "13", "93", 43.28, 5.38),
    Commune("97411", "Saint-Denis", ("97400",), 150_000, "974", "04", -20.88, 55.45),
    Commune("2A004", "Ajaccio", ("20000",), 70_000, "2A", "94", 41.92, 8.74),
)
LOCATOR = Locator(
    Reference(
        communes={commune.insee: commune for commune in COMMUNES},
        by_postal_code={
            "81000": ("81004",),
            "81400": ("81060", "81999"),
            "13001": ("13201", "13055"),
            "13090": ("13001",),
            "97400": ("97411",),
            "20000": ("2A004",),
        },
        former_communes={"81250": ("81060", "Carmaux")},
        cedex={"81030": ("81004",), "97492": ("97411",)},
    )
)


def kinds(located: Located) -> list[str]:
    return [finding.kind for finding in located.findings]


@pytest.mark.parametrize(
    ("stated", "insee", "department", "region"),
    [
        (Stated(insee="81004", postal_code="81000"), "81004", "81", "76"),
        (Stated(insee="81250", postal_code="81400"), "81060", "81", "76"),
        (Stated(postal_code="81000", town="ALBI"), "81004", "81", "76"),
        (Stated(postal_code="81030", town="ALBI CEDEX 9"), "81004", "81", "76"),
        (Stated(postal_code="97492", town="ST DENIS CEDEX"), "97411", "974", "04"),
        (Stated(postal_code="97400", town="St-Denis"), "97411", "974", "04"),
        (Stated(postal_code="81400", town="Rosieres"), "81999", "81", "76"),
        (Stated(postal_code="81400", town="Ailleurs"), None, "81", "76"),
        (Stated(postal_code="81400"), None, "81", "76"),
        (Stated(postal_code="20200"), None, "2B", "94"),
        (Stated(postal_code="97489"), None, "974", "04"),
        (Stated(postal_code="13001", town="Marseille"), "13201", "13", "93"),
        (Stated(insee="13055", postal_code="13001", town="Marseille"), "13055", "13", "93"),
        (Stated(region="73"), None, None, "76"),
        (Stated(region="76"), None, None, "76"),
        (Stated(postal_code="00000", region="4"), None, None, "04"),
        (Stated(), None, None, None),
    ],
)
def test_commune_departement_and_region_follow_from_what_is_stated(
    stated: Stated, insee: str | None, department: str | None, region: str | None
) -> None:
    located = LOCATOR.locate(stated)
    assert (located.insee, located.department, located.region) == (insee, department, region)


def test_a_postal_code_in_the_place_of_the_insee_code_is_told_by_the_towns_name() -> None:
    marseille = LOCATOR.locate(Stated(insee="13001", postal_code="13001", town="Marseille"))
    assert (marseille.insee, kinds(marseille)) == ("13201", ["postal-code-as-insee"])
    aix = LOCATOR.locate(Stated(insee="13001", postal_code="13090", town="AIX EN PROVENCE"))
    assert (aix.insee, kinds(aix)) == ("13001", [])
    quarter = LOCATOR.locate(Stated(insee="13001", postal_code="13090", town="Les Milles"))
    assert (quarter.insee, kinds(quarter)) == ("13001", [])


def test_a_place_abroad_has_no_departement() -> None:
    located = LOCATOR.locate(Stated(postal_code="81000", town="München", country="DE"))
    assert (located.insee, located.department, located.region, located.postal_code) == (None, None, None, "81000")
    assert kinds(located) == []


@pytest.mark.parametrize(
    ("latitude", "longitude", "point", "found"),
    [
        ("43.93", "2.15", (43.93, 2.15, "feed"), []),
        ("43,9312345678", "2,15", (43.931235, 2.15, "feed"), []),
        ("2.15", "43.93", (43.93, 2.15, "feed"), ["swapped-coordinates"]),
        ("48.85", "2.35", (48.85, 2.35, "feed"), ["far-from-commune"]),
        ("43", "2", (43.9289, 2.1464, "commune"), ["whole-degree-coordinates"]),
        ("0", "0", (43.9289, 2.1464, "commune"), ["bad-coordinates"]),
        ("943.9", "2.15", (43.9289, 2.1464, "commune"), ["bad-coordinates"]),
        ("43.9", None, (43.9289, 2.1464, "commune"), ["bad-coordinates"]),
        ("9" * 300, "2", (43.9289, 2.1464, "commune"), ["bad-coordinates"]),
        (None, None, (43.9289, 2.1464, "commune"), []),
    ],
)
def test_coordinates_in_range_are_believed_and_the_rest_is_the_communes_centre(
    latitude: str | None, longitude: str | None, point: tuple[float, float, str], found: list[str]
) -> None:
    stated = Stated(insee="81004", postal_code="81000", latitude=latitude, longitude=longitude)
    located = LOCATOR.locate(stated)
    assert (located.lat, located.lon, located.by) == point
    assert kinds(located) == found


def test_overseas_coordinates_are_not_taken_for_swapped_ones() -> None:
    stated = Stated(insee="97411", postal_code="97400", latitude="-20.9", longitude="55.4")
    assert kinds(LOCATOR.locate(stated)) == []
    swapped = LOCATOR.locate(stated._replace(latitude="55.4", longitude="-20.9"))
    assert (swapped.lat, swapped.lon, kinds(swapped)) == (-20.9, 55.4, ["swapped-coordinates"])


def test_without_tables_the_digits_of_the_codes_decide_and_nothing_is_called_wrong() -> None:
    bare = Locator(Reference())
    located = bare.locate(Stated(insee="2B033", postal_code="20200", town="Bastia", latitude="42.7", longitude="9.45"))
    assert (located.insee, located.department, located.region, located.by) == ("2B033", "2B", "94", "feed")
    assert kinds(located) == []
