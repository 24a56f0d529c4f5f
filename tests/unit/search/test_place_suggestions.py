"""Places are completed from their first letters, and each suggestion means what it says."""

from pathlib import Path

import pytest

from indexer.reference.files import read_tables
from mappings.reference import Reference, build_reference, pack_table
from search_app.search.places.build import build_place_finder
from search_app.search.places.finder import PlaceFinder
from search_app.search.places.suggestions import PlaceSuggester

FILES = Path(__file__).parents[3] / "fixtures/reference"


@pytest.fixture(scope="module")
def reference() -> Reference:
    tables = {
        **read_tables("communes", [FILES / "communes.csv"]),
        **read_tables("former_communes", [FILES / "former-communes.csv"]),
        **read_tables("cedex", [FILES / "cedex.csv"]),
    }
    return build_reference(pack_table(name, data, "") for name, data in tables.items())


@pytest.fixture(scope="module")
def finder(reference: Reference) -> PlaceFinder:
    return build_place_finder(reference)


@pytest.fixture(scope="module")
def suggester(finder: PlaceFinder) -> PlaceSuggester:
    return PlaceSuggester(finder)


def labels(suggester: PlaceSuggester, text: str, size: int = 20) -> list[str]:
    return [place.label for place in suggester.suggest(text, size)]


def test_every_suggestion_is_understood_as_the_same_place(
    reference: Reference, finder: PlaceFinder, suggester: PlaceSuggester
) -> None:
    names = [commune.name for commune in reference.communes.values()]
    names += [name for _, name in reference.former_communes.values()]
    typed = {name[:length] for name in names for length in (1, 2, 3, 4, 6, 9, 14)}
    typed |= {code[:length] for code in finder.by_postal_code for length in (1, 2, 3, 4, 5)}
    seen = {place for text in typed for place in suggester.suggest(text, 20)}
    assert {place.kind for place in seen} == {"town", "postal_code", "department", "region"}
    assert [place.label for place in seen if finder.find(place.label)[:1] != [place]] == []
    assert [place.label for place in seen if place.to_area(30) is None] == []


FOUND_FIRST = {
    "Castres (81)": ("cast", "CASTR", "castres"),
    "Saint-Denis (974)": ("st d", "saint-d", "st-d", "Saint Denis"),
    "Paris (75)": ("paris", "par"),
    "Paris 12e Arrondissement (75)": ("paris 12", "paris 12e", "paris 12eme", "paris 12e arr"),
    "Tarn-et-Garonne (département 82)": ("tarn et", "82"),
    "Tarn (département 81)": ("81", "tarn"),
    "Corse-du-Sud (département 2A)": ("2a", "corse du"),
    "Occitanie (région)": ("occ",),
    "Île-de-France (région)": ("ile de f", "ÎLE-DE-FRANCE"),
    "81000 Albi": ("810", "81 000", "81000 al"),
    "01001 Bourg-en-Bresse CEDEX": ("01001", "01001 bourg en bresse cedex"),
    "Valserhône (01)": ("bellegarde sur", "Bellegarde-sur-Valserine"),
    "La Rochelle (17)": ("rochelle", "la roch", "larochelle"),
}


@pytest.mark.parametrize(("first", "text"), [(first, text) for first, all_of in FOUND_FIRST.items() for text in all_of])
def test_a_place_is_completed_as_people_write_it(suggester: PlaceSuggester, first: str, text: str) -> None:
    assert labels(suggester, text)[:1] == [first]


def test_a_former_name_is_told_beside_the_name_of_today(suggester: PlaceSuggester) -> None:
    (found,) = suggester.suggest("bellegarde-sur-v", 5)
    assert (found.label, found.formerly) == ("Valserhône (01)", "Bellegarde-sur-Valserine")
    assert suggester.suggest("valserh", 5)[0].formerly == ""
    assert len(set(suggester.suggest("v", 20))) == 20


def test_the_most_populous_come_first_after_exact_names(suggester: PlaceSuggester) -> None:
    found = suggester.suggest("a", 20)
    assert [place.population for place in found] == sorted((place.population for place in found), reverse=True)
    exact, *others = suggester.suggest("tarn", 20)
    assert exact.label == "Tarn (département 81)"
    assert all(other.name != "Tarn" for other in others)


def test_codes_of_letters_in_bulk_come_after_those_of_addresses(suggester: PlaceSuggester) -> None:
    cedex = [label.endswith("CEDEX") for label in labels(suggester, "0100")]
    assert True in cedex
    assert cedex == sorted(cedex)


def test_saint_may_be_the_beginning_of_another_name(suggester: PlaceSuggester) -> None:
    found = labels(suggester, "st", 200)
    assert any(label.startswith("Saint-") for label in found)
    assert any(label.startswith("St") for label in found)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("tolouse", "Toulouse (31)"), ("toulose", "Toulouse (31)"), ("catsres", "Castres (81)"),
        ("xastres", "Castres (81)"), ("saintdenis", "Saint-Denis (974)"), ("montpelleir", "Montpellier (34)"),
        ("clerment ferand", "Clermont-Ferrand (63)"), ("clermon ferand", "Clermont-Ferrand (63)"),
    ],
)  # fmt: skip
def test_a_slip_is_forgiven_and_two_in_a_long_name(suggester: PlaceSuggester, text: str, first: str) -> None:
    assert labels(suggester, text)[:1] == [first]


@pytest.mark.parametrize("text", ["xast", "tuolsoue", "99999", "8100x", "?", "", "nulleparville", "日本"])
def test_what_is_no_place_is_not_guessed(suggester: PlaceSuggester, text: str) -> None:
    assert labels(suggester, text) == []


def test_nothing_is_forgiven_where_something_begins_so(suggester: PlaceSuggester) -> None:
    begun_so = labels(suggester, "albi")
    assert begun_so
    assert all(label.lower().startswith("albi") for label in begun_so)
