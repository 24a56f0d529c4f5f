"""What plain words are understood as, told over a small lexicon."""

from datetime import date

import pytest

from language.lexicon import Lexicon
from mappings.reference import Commune, Reference
from search_app.search.places.build import build_place_finder
from search_app.search.understand import Understander

TODAY = date(2026, 11, 23)
TOWNS = {
    "81004": Commune("81004", "Albi", ("81000",), 51_290, "81", "76", 43.9, 2.1),
    "81065": Commune("81065", "Castres", ("81100",), 42_900, "81", "76", 43.6, 2.2),
    "37261": Commune("37261", "Tours", ("37000",), 138_000, "37", "24", 47.4, 0.7),
    "06032": Commune("06032", "Cap-d'Ail", ("06320",), 4_700, "06", "93", 43.7, 7.4),
    "17300": Commune("17300", "La Rochelle", ("17000",), 78_000, "17", "75", 46.2, -1.1),
    "32999": Commune("32999", "Cuisine", ("32000",), 300, "32", "76", 43.6, 0.5),
}
KNOWN = (
    "soudeur soudage plombier anglais enfants petite enfance cuisine aide soignant tours domicile distance niveau cap "
    "bts tourisme formation travailler boulanger comptable coiffure management commercial operationnel region"
)
LEXICON = Lexicon(
    codes=[("H2913", 40), ("F1603", 30), ("J1501", 20)],
    weights={"soud": [0, 5.0], "plomb": [1, 5.0], "soign": [2, 5.0], "aid": [2, 2.0]},
    job_titles=[(0, "Soudeur"), (1, "Plombier"), (2, "Aide-soignant")],
    words=dict.fromkeys(KNOWN.split(), 4),
    names=["castrum"],
    acronyms={"mco": ["management commercial operationnel"]},
    titles=[("CAP Petite enfance", 3), ("Aide à domicile", 3), ("Anglais à distance", 1), ("BTS Tourisme", 1)],
)


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander(LEXICON, build_place_finder(Reference(communes=TOWNS, by_postal_code={"81000": ("81004",)})))


@pytest.mark.parametrize(
    ("typed", "words", "parameters"),
    [
        ("soudeur à Albi", "soudeur", {"place": "Albi (81)"}),
        ("plombier castres", "plombier", {"place": "Castres (81)"}),
        ("Formation à Tours", "", {"place": "Tours (37)"}),
        ("soudeur pres de castre", "soudeur", {"place": "Castres (81)"}),
        ("soudeur à la Rochelle", "soudeur", {"place": "La Rochelle (17)"}),
        ("soudeur dans le Tarn", "soudeur", {"place": "Tarn (département 81)"}),
        ("soudeur en Occitanie", "soudeur", {"place": "Occitanie (région)"}),
        ("soudeur 81000", "soudeur", {"place": "81000"}),
        ("soudeur à distance", "soudeur", {"mode": ("remote",)}),
        ("soudeur en mars", "soudeur", {"start_from": date(2027, 3, 1), "start_to": date(2027, 3, 31)}),
        ("soudeur en février 2028", "soudeur", {"start_from": date(2028, 2, 1), "start_to": date(2028, 2, 29)}),
        ("soudeur à partir de décembre", "soudeur", {"start_from": date(2026, 12, 1)}),
        ("soudeur avant mars", "soudeur", {"start_from": TODAY, "start_to": date(2027, 2, 28)}),
        ("soudeur sans diplôme", "soudeur", {"entry_level": 0}),
        ("soudeur gratuit", "soudeur", {"free": True}),
        ("soudeur niveau bac", "soudeur", {"level": ("14",)}),
        ("soudeur bac +2", "soudeur", {"level": ("15",)}),
        ("soudeur financé par la région", "soudeur", {"funder": ("2",)}),
        ("soudeur France Travail", "soudeur", {"funder": ("4",)}),
        ("RNCP 38565", "", {"rncp": ("38565",)}),
        ("f1603", "", {"rome": ("F1603",)}),
        ("130 002 850", "", {"provider": ("130002850",)}),
        ("CAP", "", {"level": ("13",)}),
        ("je cherche une formation de soudeur", "soudeur", {}),
    ],
)  # fmt: skip
def test_filter_words_are_removed(
    understander: Understander, typed: str, words: str, parameters: dict[str, object]
) -> None:
    meant = understander.understand(typed, TODAY)
    assert meant.words == words
    assert {name: value for each in meant.filters for name, value in each.parameters} == parameters


@pytest.mark.parametrize(
    "title", ["CAP Petite enfance", "Aide à domicile", "anglais à distance", "cap petite enfance", "BTS tourisme"]
)
def test_existing_title_keeps_all_its_words(understander: Understander, title: str) -> None:
    meant = understander.understand(title, TODAY)
    assert (meant.words, meant.filters) == (title, ())


def test_small_town_that_is_catalogue_word_is_a_word(understander: Understander) -> None:
    assert understander.understand("cuisine", TODAY).filters == ()
    assert understander.understand("anglais cuisine", TODAY).filters == ()


def test_misspelt_title_keeps_its_words(understander: Understander) -> None:
    meant = understander.understand("anglias à distance", TODAY)
    assert (meant.words, meant.filters) == ("anglais à distance", ())


def test_explicit_parameter_is_not_changed_by_words(understander: Understander) -> None:
    meant = understander.understand("soudeur à Albi niveau bac", TODAY, given=("place",))
    assert [each.kind for each in meant.filters] == ["level"]


def test_every_step_can_be_switched_off_by_verbatim(understander: Understander) -> None:
    typed = "soudeurre à Albi"
    assert understander.understand(typed, TODAY, verbatim=("filters", "spelling")).words == typed
    assert understander.understand(typed, TODAY, verbatim=("filters",)).words == "soudeur à Albi"
    assert understander.understand(typed, TODAY, verbatim=("spelling",)).words == "soudeurre"


@pytest.mark.parametrize(
    ("typed", "words"),
    [("soudeurre", "soudeur"), ("plombié", "plombier"), ("anglai", "anglais"), ("aide soignnat", "aide soignant")],
)
def test_misspelt_word_is_corrected_and_reported(understander: Understander, typed: str, words: str) -> None:
    meant = understander.understand(typed, TODAY)
    assert meant.words == words
    assert [each.word for each in meant.corrections] == [words.split()[-1]]


@pytest.mark.parametrize("typed", ["castrum", "albi", "soudeuse", "mco", "xyzzy", "bts"])
def test_names_places_inflections_and_acronyms_are_not_corrected(understander: Understander, typed: str) -> None:
    assert understander.understand(typed, TODAY).corrections == ()


def test_acronym_is_expanded_in_a_second_wording(understander: Understander) -> None:
    assert understander.understand("bts mco", TODAY).texts == ("bts mco", "bts management commercial operationnel")


def test_job_is_found_by_any_inflection(understander: Understander) -> None:
    for typed in ("soudeuse", "soudure", "Soudeur(se)", "soudeur·se"):
        assert [job.code for job in understander.understand(typed, TODAY).jobs] == ["H2913"], typed
