"""Whatever is typed is understood without a fault, in bounded work, and nothing is made up."""

import time
from datetime import date
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from language.lexicon import Lexicon
from language.words import clean, fold, words_of
from mappings.reference import Commune, Reference
from search_app.search.params.table import LONGEST_QUERY
from search_app.search.places.build import build_place_finder
from search_app.search.understand import Understander, Understanding
from search_app.search.understand.jobs import MOST_JOBS
from search_app.search.understand.rules import MOST_VARIANTS
from tests.hostile_words import BAD_INPUT, WORDS

TODAY: Final = date(2026, 11, 23)
BOUND_SECONDS: Final = 1.0  # 0.2 on a quiet machine; beside other programs and under coverage the same work took 0.54
MEANINGS: Final = ("diplome d'etat d'aide-soignant", "dispositif ephemere")
LEXICON: Final = Lexicon(
    codes=[("H2913", 5), ("J1501", 3)],
    weights={"soud": [0, 2.5], "soign": [1, 2.0], "aide": [1, 0.5]},
    job_titles=[(0, "Soudeur"), (1, "Aide-soignant")],
    words={"soudeur": 9, "soudage": 4, "aide": 7, "soignant": 6, "anglais": 8, "distance": 2, "cap": 9, "cuisine": 9},
    names=["garance"],
    acronyms={"deas": MEANINGS, "mars": ("machines arretees",)},
    titles=[("CAP cuisine", 4), ("Soudage à l'arc", 3), ("Anglais à distance", 1)],
)
REFERENCE: Final = Reference(
    communes={
        code: Commune(code, name, (postal,), population, code[:2], "76", 43.6, 2.2)
        for code, name, postal, population in (
            ("81004", "Albi", "81000", 49_714), ("81065", "Castres", "81100", 42_505),
            ("37261", "Tours", "37000", 139_259), ("81999", "L'Isle", "81998", 10),
        )
    }
)  # fmt: skip
UNDERSTANDER: Final = Understander(LEXICON, build_place_finder(REFERENCE))
PIECES: Final = (
    "soudeur", "soudeurre", "DEAS", "deas", "mars", "en mars", "à", "À Albi", "castrs", "dans le", "81", "81100",
    "RNCP38565", "A1203", "041427865", "niveau bac", "bac+2", "cap", "CAP cuisine", "gratuit", "sans diplôme",
    "France Travail", "avant mars 2020", "l'", "d’", "œuvre", "e\u0301", "·e", "(ère)", "İ", "ß", "ﬁ", "٣", "²", "\0",
    "je cherche une formation", "pas à distance", "20 km", "5000 km",
    "dans un rayon de",
    "cet été", "2027", "d'ici 99 mois", "01/2027", "fin", "qui commence", "entre", "et",
    "rentrée", "ou", "soudeur ou aide", ", ", " ", "\n", "-", "+", "%", "100 %", "🏠", "溶接工", "مهندس", "сварщик",
)  # fmt: skip
HOSTILE: Final = (*BAD_INPUT.values(), *WORDS)
TYPED: Final = st.one_of(
    st.text(max_size=LONGEST_QUERY),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=30).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
)


def understand(typed: str, *verbatim: str) -> Understanding:
    return UNDERSTANDER.understand(typed, TODAY, verbatim=verbatim)


def timed(typed: str) -> float:
    """Return the seconds of CPU, which a busy machine does not change."""
    began = time.process_time()
    understand(typed)
    return time.process_time() - began


@given(TYPED)
@settings(max_examples=150, deadline=None)
@example("")
@example("œe\u0301" * 20 + " à Albi en mars")
def test_searched_words_are_typed_or_reported_corrections(typed: str) -> None:
    meant = understand(typed)
    assert meant.typed == typed
    told = {word for each in meant.corrections for word in words_of(each.word)}
    assert set(words_of(meant.words)) <= set(words_of(typed)) | told
    assert set(words_of(meant.kept)) <= set(words_of(typed))


@given(TYPED)
@settings(deadline=None)
def test_correction_maps_typed_word_to_known_word(typed: str) -> None:
    for each in understand(typed).corrections:
        assert each.typed in words_of(typed)
        assert each.word in LEXICON.words


@given(TYPED)
@settings(deadline=None)
def test_filter_is_stretch_of_typed_text(typed: str) -> None:
    for each in understand(typed).filters:
        assert fold(each.typed) in fold(clean(typed))
        assert bool(each.parameters) != (each.kind in ("aside", "near_me"))


@given(TYPED)
@settings(deadline=None)
def test_wordings_and_jobs_are_limited_and_probabilities_valid(typed: str) -> None:
    meant = understand(typed)
    assert len(meant.variants) <= MOST_VARIANTS
    assert len(meant.jobs) <= MOST_JOBS
    assert sum(job.probability for job in meant.jobs) <= 1 + 1e-9


@given(TYPED)
@settings(deadline=None)
def test_verbatim_text_is_neither_corrected_nor_filtered(typed: str) -> None:
    meant = understand(typed, "spelling", "filters")
    assert (meant.corrections, meant.filters, meant.kept) == ((), (), clean(typed))


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_work_is_bounded_for_any_text_length(typed: str) -> None:
    assert timed(typed) <= BOUND_SECONDS


def test_conjunctions_of_removed_filters_are_removed() -> None:
    assert understand("soudeur, aide de l'OPCO").words == "soudeur, aide"
    assert understand("0:J'FIN").words == "0"
    assert understand("et soudeur en mars et à Albi").words == "soudeur"
    assert understand("l'OPCO").words == ""


def test_digits_inside_word_are_no_siren() -> None:
    assert understand("AF_041427865").filters == ()
    (found,) = understand("siren 041427865").filters
    assert found.parameters == (("provider", ("041427865",)),)


@pytest.mark.parametrize(
    ("typed", "window"),
    [
        ("soudeur en mars", ("2027-03-01", "2027-03-31")),
        ("en mars ou en avril", ("2027-03-01", "2027-04-30")),
        ("à partir de septembre", ("2027-09-01", None)),
        ("avant juin", ("2026-11-23", "2027-05-31")),
        ("à partir de septembre et avant juin", ("2027-09-01", "2028-05-31")),
        ("avant mars 2020", (None, "2020-02-29")),
        ("à partir de septembre, avant mars 2020", ("2027-09-01", None)),
    ],
)
def test_months_form_one_window_that_is_not_inverted(typed: str, window: tuple[str | None, ...]) -> None:
    parameters = understand(typed).parameters
    found = [parameters.get(name) for name in ("start_from", "start_to")]
    assert tuple(each and each.isoformat() for each in found) == window


@given(TYPED)
@settings(deadline=None)
def test_no_window_is_inverted(typed: str) -> None:
    parameters = understand(typed).parameters
    assert parameters.get("start_from", date.min) <= parameters.get("start_to", date.max)


def test_words_do_not_close_explicit_open_window() -> None:
    for chosen in ("start_from", "start_to"):
        meant = UNDERSTANDER.understand("soudeur en mars", TODAY, given=[chosen])
        assert meant.parameters == {}


def test_several_codes_match_any_of_them() -> None:
    assert understand("RNCP38565 RNCP 38430").parameters == {"rncp": ("38565", "38430")}
    assert understand("A1203, code ROME J1501").parameters == {"rome": ("A1203", "J1501")}


@pytest.mark.parametrize(
    "typed", ["ROME A1203", "code rome a1203", "fiche ROME : A1203", "siren 041427865", "RNCP n° 38565"]
)
def test_register_name_is_part_of_code(typed: str) -> None:
    meant = understand(typed)
    assert (meant.kept, len(meant.filters)) == ("", 1)


def test_pictographs_are_no_words() -> None:
    assert understand("soudeur 👩\u200d🏭").words == "soudeur"
    assert understand("👩\u200d🏭🔥").words == ""


@pytest.mark.parametrize("typed", ["Formation à Albi", "je cherche une formation à distance", "je n'ai aucun diplôme"])
def test_insignificant_words_beside_filter_are_not_searched(typed: str) -> None:
    meant = understand(typed)
    assert meant.filters
    assert (meant.kept, meant.words) == ("", "")


def test_words_of_other_alphabets_are_significant() -> None:
    assert understand("溶接工 à Albi").words == "溶接工"


def test_inflected_known_word_is_not_corrected() -> None:
    understander = Understander(Lexicon(words={"reseaux": 3, "coiffeuse": 2}))
    assert understander.understand("réseau coiffeur", TODAY).corrections == ()
