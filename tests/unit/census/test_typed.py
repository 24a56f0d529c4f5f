"""A typed text is a number, or words of a name with or without a town."""

from collections.abc import Iterable

import pytest

from search_app.census.typed import read_typed, split_town, to_number
from search_app.search.places.found_place import FoundPlace

ALBI = FoundPlace("town", "81004", "Albi", "Albi (81)", 49_000, 43.93, 2.15)
SPORT = FoundPlace("town", "1", "Sport", "Sport (1)", 300)
TARN = FoundPlace("department", "81", "Tarn", "Tarn")


def find(name: str) -> Iterable[FoundPlace]:
    return {"albi": [ALBI], "sport": [SPORT], "tarn": [TARN], "le mans": [ALBI]}.get(name, [])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("130002850", "130002850"),
        (" 130 002 850 ", "130002850"),
        ("130-002-850", "130002850"),
        ("SIREN : 130002850", "130002850"),
        ("SIRET13000285000019", "13000285000019"),
        ("n° 11754185275", "11754185275"),
        ("8363p000863", "8363P000863"),
        ("NDA 41 54 P00 1454", "4154P001454"),
        ("00000000000", ""),
        ("12formation", ""),
        ("11 75 41852 75", "11754185275"),
        ("13000285", ""),
        ("1300028500", ""),
        ("١٣٠٠٠٢٨٥٠", ""),
        ("afpa 130002850", ""),
        ("", ""),
    ],
)
def test_numbers_are_read_with_separators(text: str, number: str) -> None:
    assert to_number(text) == number


def test_legal_forms_articles_and_apostrophes_are_no_words() -> None:
    typed = read_typed("S.A.R.L. L'Étoile-du-Sud")
    assert typed.words == ("etoile", "sud")
    assert typed.forms == ("sarlletoiledusud", "letoiledusud")


def test_text_of_nothing_but_a_legal_form_keeps_it() -> None:
    assert read_typed("association").words == ("association",)
    assert read_typed("  –  ").words == ()


def test_town_at_the_end_is_split_off() -> None:
    assert split_town("Maison familiale rurale d’Albi", find) == ("maison familiale rurale d", ALBI)
    assert split_town("CFA du Le Mans", find) == ("cfa du", ALBI)


@pytest.mark.parametrize("text", ["Albi", "école de sport", "cma tarn", "albi formation"])
def test_text_that_is_a_town_or_ends_with_none_is_not_split(text: str) -> None:
    assert split_town(text, find) is None
