"""What of a text its features depend on."""

import numpy as np
import pytest

from language.meaning.features import BUCKETS, MOST_LETTERS, accents_in, features_of, letters_of, sentences_of, spelt
from tests.unit.meaning.fake_encoder import FakeEncoder

ACCENTS = accents_in(["Ingénieur qualité", "Chauffeur"])


@pytest.mark.parametrize("text", ["ingénieur qualité", "INGENIEUR QUALITE", "inge\u0301nieur  qualite"])
def test_accents_and_capitals_change_nothing(text: str) -> None:
    assert spelt(text, ACCENTS) == "ingénieur qualité"
    assert np.array_equal(letters_of(text), letters_of("Ingénieur qualité"))


def test_an_unknown_word_loses_its_accents() -> None:
    assert spelt("Métallier", ACCENTS) == spelt("metallier", ACCENTS) == "metallier"


def test_words_that_share_letters_are_nearer() -> None:
    carpenter, carpentry, welder = map(letters_of, ("charpentier", "charpente", "soudeur"))
    assert carpenter @ carpentry > carpenter @ welder + 0.3


def test_features_are_both_side_by_side() -> None:
    texts = ["Soudeur", "de la"]
    features = features_of(sentences_of(FakeEncoder(), texts, {}), texts)
    assert features.shape == (2, 4 + BUCKETS)
    assert features[0, 0] == 1.0
    assert np.linalg.norm(features[:, 4:], axis=1) == pytest.approx([1.0, 0.0])


def test_a_text_without_end_costs_no_more_than_a_long_one() -> None:
    assert np.array_equal(letters_of("soudeur " * 25), letters_of("soudeur " * 5_000))
    assert len(spelt("soudeur " * 5_000, {})) == MOST_LETTERS
