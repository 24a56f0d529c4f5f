"""What the indexer tells the search of words."""

import pytest

from indexer.lexicon.build import build_lexicon
from indexer.lexicon.catalogue import Catalogue, Training
from language.lexicon import Lexicon, pack_lexicon, unpack_lexicon
from language.roots import root_of
from mappings.reference import Reference

REFERENCE = Reference(
    rome={"H2913": "Soudage manuel", "D1102": "Boulangerie - viennoiserie"},
    rome_titles={"H2913": ["Soudeur / Soudeuse à l'arc"], "D1102": ["Boulanger / Boulangère"], "Z9999": ["Personne"]},
    rome_texts={"H2913": "Assemble des éléments de tôle par fusion."},
    formacode={"23026": "Soudage TIG"},
    formacode_synonyms={"23026": ["tungstène inert gas"]},
    providers={"123456789": "AFPA Tarn"},
)
CATALOGUE = Catalogue(
    trainings=(
        Training("Soudeur TIG", ("H2913",), ("23026",), ({"rncp": "1234", "label": "Titre de soudeur (TPS)"},), 3),
        Training("SOUDEUR TIG", ("H2913",), ("23026",), (), 2),
        Training("Boulanger", ("D1102",), (), (), 7),
    ),
    rome={"H2913": 5, "D1102": 7},
    domain={"230": 5},
    provider={"123456789": 12},
)


def lexicon() -> Lexicon:
    return build_lexicon(CATALOGUE, REFERENCE)


def test_only_jobs_with_offers_are_known() -> None:
    assert [code for code, _ in lexicon().codes] == ["D1102", "H2913"]
    assert {title for _, title in lexicon().job_titles} == {
        "Soudage manuel", "Soudeur à l'arc", "Boulangerie - viennoiserie", "Boulanger"
    }  # fmt: skip


@pytest.mark.parametrize(("word", "job"), [("soudure", 1), ("boulangerie", 0), ("tole", 1)])
def test_words_of_a_job_speak_for_it_wherever_they_stand(word: str, job: int) -> None:
    row = lexicon().weights[root_of(word)]
    assert max(zip(row[1::2], row[::2], strict=True))[1] == job


def test_a_title_is_suggested_as_most_offers_write_it() -> None:
    assert lexicon().titles == [("Boulanger", 7), ("Soudeur TIG", 5)]


def test_everything_that_is_written_is_known_as_a_word_and_names_apart() -> None:
    built = lexicon()
    assert {"soudeur", "soudeuse", "viennoiserie", "tole", "tungstene", "titre"} <= set(built.words)
    assert "afpa" not in built.words
    assert {"afpa", "tarn"} <= set(built.names)


def test_what_is_written_in_short_capitals_is_no_word_and_is_not_corrected() -> None:
    built = lexicon()
    assert not {"tig", "tps"} & set(built.words)
    assert {"tig", "tps"} <= set(built.names)


def test_certifications_domains_and_providers_have_their_offers() -> None:
    built = lexicon()
    assert built.certifications == [("rncp", "1234", "Titre de soudeur (TPS)", 3)]
    assert (built.domains, built.providers) == ({"230": 5}, {"123456789": 12})


def test_what_is_stored_comes_back() -> None:
    stored = pack_lexicon("offers-1", lexicon(), "2026-11-23T10:00:00Z")
    assert stored["name"] == "offers-1"
    assert unpack_lexicon(stored).weights == lexicon().weights


def test_a_damaged_lexicon_is_said_to_be_damaged() -> None:
    stored = pack_lexicon("offers-1", lexicon(), "2026-11-23T10:00:00Z")
    with pytest.raises(ValueError, match="damaged"):
        unpack_lexicon(stored | {"data": "x" + stored["data"]})
