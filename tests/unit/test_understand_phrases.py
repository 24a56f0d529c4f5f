"""Phrases of everyday searches: what is refused, how far, how much, and what no filter knows."""

from datetime import date

import pytest

from mappings.lexicon import Lexicon
from mappings.reference import Commune, Reference
from search_app.places import build_place_finder
from search_app.understand import Understander, Understanding

TODAY = date(2026, 11, 23)
TOWNS = {
    code: Commune(code, name, (), population, code[:2], "76", 43.6, 2.2)
    for code, name, population in (
        ("81004", "Albi", 51_290), ("81065", "Castres", 42_505), ("31555", "Toulouse", 504_078),
        ("12202", "Rodez", 23_981), ("30189", "Nîmes", 148_104),
    )
}  # fmt: skip
WORDS = "soudeur plombier electricien anglais cuisine conseiller emploi demandeur vente distance parcours rythme soin"
LEXICON = Lexicon(
    words=dict.fromkeys(WORDS.split(), 5),
    names=["rodez", "toulouse"],
    titles=[("Vente à distance", 3), ("Anglais", 2)],
)
UNDERSTANDER = Understander(LEXICON, build_place_finder(Reference(communes=TOWNS)))


def understand(typed: str, *verbatim: str, given: tuple[str, ...] = ()) -> Understanding:
    return UNDERSTANDER.understand(typed, TODAY, verbatim=verbatim, given=given)


def kinds(meant: Understanding) -> list[str]:
    return [each.kind for each in meant.filters]


@pytest.mark.parametrize(
    "refusal",
    [
        "sauf à distance", "pas à distance", "mais pas à distance", "sans distanciel", "hors distanciel",
        "non à distance", "pas en ligne", "sans cours à distance", "ni en ligne ni à distance", "pas 100 % à distance",
    ],
)  # fmt: skip
def test_who_refuses_what_is_at_a_distance_gets_none_of_it(refusal: str) -> None:
    meant = understand(f"anglais {refusal}")
    assert (meant.words, meant.parameters) == ("anglais", {"remote": "exclude"})
    assert [each.typed for each in meant.filters] == [refusal]
    assert understand(f"anglais {refusal}", "filters").parameters == {}


@pytest.mark.parametrize(
    ("typed", "mode"),
    [
        ("anglais à distance", "remote"), ("anglais 100 % à distance", "remote"), ("anglais tout en ligne", "remote"),
        ("anglais uniquement en présentiel", "onsite"), ("anglais en présentiel seulement", "onsite"),
    ],
)  # fmt: skip
def test_who_wants_one_mode_only_says_so_with_one_word_more(typed: str, mode: str) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters) == ("anglais", {"mode": (mode,)})


def test_a_title_that_has_such_words_is_a_title() -> None:
    assert understand("vente à distance").parameters == {}


@pytest.mark.parametrize(
    ("typed", "radius"),
    [
        ("soudeur à moins de 20 km de Castres", 20),
        ("soudeur dans un rayon de 20 km autour de Castres", 20),
        ("soudeur à 15 kilomètres de castres", 15),
        ("soudeur castres 20km", 20),
        ("soudeur castres rayon 50 km", 50),
        ("soudeur max 2,5 km castres", 2.5),
        ("soudeur dans les 30 km autour de Castres", 30),  # not the département 30
    ],
)
def test_a_distance_is_the_radius_around_the_town(typed: str, radius: float) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters) == ("soudeur", {"radius": radius, "place": "Castres (81)"})


def test_a_distance_without_a_town_waits_for_one() -> None:
    meant = understand("soudeur à moins de 20 km")
    assert (meant.words, meant.parameters, meant.corrections) == ("soudeur", {"radius": 20}, ())


@pytest.mark.parametrize("typed", ["soudeur 5000 km", "soudeur 0 km", "soudeur 90 km/h"])
def test_what_no_radius_may_be_is_none(typed: str) -> None:
    assert understand(typed).filters == ()


def test_a_distance_beside_a_radius_that_was_chosen_is_set_aside_and_told() -> None:
    meant = understand("soudeur 20 km", given=("radius",))
    assert (meant.words, meant.parameters, kinds(meant)) == ("soudeur", {}, ["aside"])
