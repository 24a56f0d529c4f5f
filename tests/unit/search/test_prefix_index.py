"""What begins as typed is found; what is one slip away is what RapidFuzz says is one slip away."""

import itertools

import pytest
from rapidfuzz.distance import OSA

from search_app.search.places.prefix_index import PrefixIndex, slips_of

WORDS = (
    "soudage", "soudeur", "soudure", "souder", "sondage", "maconnerie", "macon", "management", "manager", "commerce",
    "comptable", "comptabilite", "coiffure", "coiffeur", "cuisine", "cuisinier", "aide", "soignant", "sociologie",
    "saint etienne", "saintes", "toulouse", "toulon",
)  # fmt: skip
TYPED = (
    "osudeur", "sodeur", "soudeut", "souddeur", "xoudeur", "amcon", "mqcon", "maco", "cuiz", "auis", "uisi", "cuin",
    "managemnet", "saintetienne", "tolouse", "comtable", "comptablee", "abcd", "soudeurxy",
)  # fmt: skip


@pytest.fixture(scope="module")
def prefix_index() -> PrefixIndex:
    return PrefixIndex({word: [number] for number, word in enumerate(WORDS)})


def test_everything_that_begins_so_is_found_and_nothing_else(prefix_index: PrefixIndex) -> None:
    for beginning in {word[:length] for word in WORDS for length in range(1, len(word) + 1)} | {"", "x", "soudx"}:
        expected = {number for number, word in enumerate(WORDS) if word.startswith(beginning)}
        assert set(prefix_index.numbers(beginning)) == expected
        assert prefix_index.has(beginning) == bool(expected)


def test_numbers_are_told_once_and_in_order(prefix_index: PrefixIndex) -> None:
    assert prefix_index.in_order(["mac", "soud", "soude"]) == [0, 1, 2, 3, 5, 6]


@pytest.mark.parametrize("typed", TYPED)
def test_one_slip_is_what_the_distance_says(prefix_index: PrefixIndex, typed: str) -> None:
    every = {word[:length] for word, length in itertools.product(WORDS, range(1, 16))}
    near = {text for text in every if OSA.distance(typed, text) == 1}
    if len(typed) == 4:
        near = {text for text in near if text[0] == typed[0]}
    found = set(slips_of(typed, prefix_index.has))
    # A letter that is missing at the end is none: the word is still being typed.
    assert found == {text for text in near if not text.startswith(typed)}


def test_fewer_than_four_letters_are_never_misspelt(prefix_index: PrefixIndex) -> None:
    assert not prefix_index.has("mqc")
    assert list(slips_of("mqc", prefix_index.has)) == []
