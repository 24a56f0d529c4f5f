"""A place is found as people write it; a name is a town first."""

import pytest

from mappings.reference import Commune, Reference
from search_app.search.places.atlas import Box
from search_app.search.places.build import build_place_finder
from search_app.search.places.finder import PlaceFinder
from search_app.search.query import Circle, Territory

COMMUNES = [
    Commune("81004", "Albi", ("81000",), 49714, "81", "76", 43.93, 2.15),
    Commune("93066", "Saint-Denis", ("93200", "93210"), 149077, "93", "11", 48.94, 2.36),
    Commune("97411", "Saint-Denis", ("97400", "97490"), 155634, "974", "04", -20.92, 55.45),
    Commune("11339", "Saint-Denis", ("11310",), 523, "11", "76", 43.36, 2.22),
    Commune("75056", "Paris", ("75001", "75012"), 2103778, "75", "11", 48.86, 2.35),
    Commune("75112", "Paris 12e Arrondissement", ("75012",), 140000, "75", "11", 48.84, 2.39),
    Commune("47222", "La Réunion", ("47700",), 500, "47", "75", 44.28, 0.12),
    Commune("01033", "Valserhône", ("01200",), 16000, "01", "84", None, None),
    Commune("81065", "Castres", ("81100",), 42000, "81", "76", 43.61, 2.24),
    Commune("81273", "Saïx", ("81100",), 3500, "81", "76", None, None),
    Commune("81099", "Gaillac", ("81600",), 15800, "81", "76", None, None),
    Commune("72181", "Le Mans", ("72000",), 146000, "72", "52", 48.0, 0.2),
    Commune("81037", "Brassac", ("81260",), 1300, "12", "76", 43.63, 2.5),
    Commune("81038", "Brasacq", ("81261",), 1100, "12", "76", 43.63, 2.5),
    Commune("02723", "Soize", ("02340",), 95, "02", "32", 49.70, 4.08),
    Commune("28018", "Authon-du-Perche", ("28330",), 1480, "28", "24", 48.18, 0.89),
]
FORMER = {"01033F": ("01033", "Bellegarde-sur-Valserine"), "28376": ("28018", "Soizé")}


@pytest.fixture(scope="module")
def finder() -> PlaceFinder:
    by_postal_code: dict[str, tuple[str, ...]] = {}
    for commune in COMMUNES:
        for code in commune.postal_codes:
            by_postal_code[code] = (*by_postal_code.get(code, ()), commune.insee)
    reference = Reference(
        communes={commune.insee: commune for commune in COMMUNES},
        by_postal_code=by_postal_code,
        former_communes=FORMER,
        cedex={"81013": ("81004",)},
    )
    return build_place_finder(reference)


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("Albi", "town", "81004"), ("ALBI", "town", "81004"), ("albi (81)", "town", "81004"),
        ("Albi (Tarn)", "town", "81004"), ("Albi 81000", "town", "81004"), ("81000", "postal_code", "81004"),
        ("81013", "postal_code", "81004"), ("81", "department", "81"), ("2a", "department", "2A"),
        ("974", "department", "974"), ("Tarn", "department", "81"), ("Occitanie", "region", "76"),
        ("ile de france", "region", "11"), ("st denis", "town", "97411"), ("Saint-Denis (93)", "town", "93066"),
        ("Saint-Denis (La Réunion)", "town", "97411"), ("Paris", "town", "75056"), ("Paris 12e", "town", "75112"),
        ("paris 12", "town", "75112"), ("75012", "postal_code", "75056"), ("La Réunion", "department", "974"),
        ("La Réunion (47)", "town", "47222"),
        ("La Réunion (974)", "department", "974"),
        ("Paris (75)", "town", "75056"), ("Paris (département 75)", "department", "75"),
        ("La Réunion (région)", "region", "04"),
        ("Bellegarde sur Valserine", "town", "01033"), ("Corse", "region", "94"),
    ],
)  # fmt: skip
def test_a_place_is_found_as_people_write_it(finder: PlaceFinder, text: str, kind: str, code: str) -> None:
    found = finder.find(text)
    assert (found[0].kind, found[0].code) == (kind, code)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("IDF", ["11"]), ("paca", ["93"]), ("Midi-Pyrénées", ["76"]), ("région Occitanie", ["76"]),
        ("département du Tarn", ["81"]), ("Albi 81", ["81004"]), ("Albi, 81", ["81004"]), ("81000, Albi", ["81004"]),
        ("Albi 93", []), ("PARIS CEDEX 12", ["75112"]), ("75012 PARIS CEDEX", ["75056"]), ("Paris12", ["75112"]),
        ("Albi, France", ["81004"]), ("Albi France", ["81004"]), ("75000", ["75056"]), ("75000 Paris", ["75056"]),
        ("81 000", ["81004"]), ("Mans", ["72181"]), ("Le Mans", ["72181"]),
        ("Saint", []), ("près d'Albi", ["81004"]), ("Albi et alentours", ["81004"]),
        ("Albi, Tarn", ["81004"]), ("le Tarn", ["81"]), ("ville de Castres", ["81065"]), ("castres centre", ["81065"]),
        ("Albi (Tarn), France", ["81004"]),
    ],
)  # fmt: skip
def test_a_place_is_found_with_what_people_add_and_leave_out(finder: PlaceFinder, text: str, codes: list[str]) -> None:
    assert [place.code for place in finder.find(text)] == codes


def test_a_large_town_comes_before_areas_and_a_small_one_after_them(finder: PlaceFinder) -> None:
    assert [(place.kind, place.code) for place in finder.find("La Réunion")] == [
        ("department", "974"), ("region", "04"), ("town", "47222"),
    ]  # fmt: skip
    assert [place.kind for place in finder.find("Paris")] == ["town", "department"]


def test_an_unknown_name_means_the_one_place_that_is_a_slip_away(finder: PlaceFinder) -> None:
    assert [place.code for place in finder.only_near("castre")] == ["81065"]
    assert [place.code for place in finder.only_near("Castres-sur-Mer")] == []
    assert [place.code for place in finder.only_near("Brasac")] == []  # two villages of nearly one size
    assert [place.code for place in finder.only_near("albl")] == ["81004"]  # short, but a far larger town
    assert finder.only_near("bi") == []


@pytest.mark.parametrize("text", ["Nulleparville", "99999", "20", "1", "", "()", "Albi (93)"])
def test_what_is_no_place_is_not_guessed(finder: PlaceFinder, text: str) -> None:
    assert finder.find(text) == []


def test_an_ambiguous_town_takes_the_most_populous_and_tells_the_others(finder: PlaceFinder) -> None:
    assert [place.code for place in finder.find("Saint-Denis")] == ["97411", "93066", "11339"]
    assert [place.label for place in finder.find("Saint-Denis")][:2] == ["Saint-Denis (974)", "Saint-Denis (93)"]


def test_a_town_of_today_comes_before_a_larger_one_that_took_in_its_namesake(finder: PlaceFinder) -> None:
    assert [place.code for place in finder.find("Soize")] == ["02723", "28018"]


def test_the_label_of_every_place_finds_that_place(finder: PlaceFinder) -> None:
    for places in (*finder.by_name.values(), *finder.by_postal_code.values()):
        for place in places:
            assert finder.find(place.label)[0] == place, place.label


def test_a_town_is_a_circle_and_a_department_an_area(finder: PlaceFinder) -> None:
    assert finder.find("Albi")[0].to_area(30) == Circle(43.93, 2.15, 30, "81004")
    assert finder.find("81")[0].to_area(30) == Territory("department", "81")
    assert finder.find("Occitanie")[0].to_area(30) == Territory("region", "76")


def test_a_town_without_a_centre_has_that_of_its_neighbours_or_none(finder: PlaceFinder) -> None:
    assert finder.find("Saïx")[0].to_area(30) == Circle(43.61, 2.24, 30, "81273")  # shares its code with Castres
    assert finder.find("Gaillac")[0].to_area(30) == Circle(43.77, 2.195, 30, "81099")  # between Albi and Castres
    assert finder.find("Valserhône")[0].to_area(30) == Territory("commune", "01033")
    assert finder.atlas.name_of(Box(2.19, 43.76, 2.2, 43.78)) is None  # no name for a place between them
