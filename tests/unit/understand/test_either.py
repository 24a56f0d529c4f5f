"""« plombier ou électricien » finds either, and « ou » elsewhere is a word like others."""

from datetime import date

import pytest

from language.lexicon import Lexicon
from search_app.search.query.words import words_filter
from search_app.search.understand import Understander, Understanding

LEXICON = Lexicon(
    codes=[("F1603", 30), ("F1602", 20), ("H2913", 9)],
    weights={"plomb": [0, 15.0], "electr": [1, 15.0], "soud": [2, 15.0]},
    job_titles=[(0, "Plombier"), (1, "Électricien"), (2, "Soudeur")],
    words=dict.fromkeys(["plombier", "electricien", "soudeur", "entreprise", "creer", "reprendre", "cuisine"], 4),
    acronyms={"ndrc": ["negociation client"]},
    titles=[("Créer ou reprendre une entreprise", 2), ("BEP cuisine", 2), ("Permis D", 1), ("BTS NDRC", 3)],
)
UNDERSTANDER = Understander(LEXICON)


def understand(typed: str, *verbatim: str) -> Understanding:
    return UNDERSTANDER.understand(typed, date(2026, 11, 23), verbatim=verbatim)


@pytest.mark.parametrize(
    "typed", ["plombier ou électricien", "je veux être plombier ou bien électricien", "plombier OU électricien"]
)
def test_each_side_of_or_is_searched_with_its_jobs(typed: str) -> None:
    meant = understand(typed)
    assert meant.variants == ("plombier", "électricien")
    assert {job.code for job in meant.jobs} == {"F1603", "F1602"}
    wanted = [
        clause["match"]["words"]["query"] for clause in words_filter(meant)["bool"]["should"] if "match" in clause
    ]
    assert wanted[1:] == ["plombier", "électricien"]


def test_or_list_has_up_to_four_sides() -> None:
    assert understand("plombier, soudeur ou électricien").variants == ("plombier", "soudeur", "électricien")
    assert understand("plombier, soudeur, électricien").variants == ()
    assert understand("plombier ou soudeur ou électricien ou plombier ou soudeur").variants == ()


def test_sides_are_expanded_after_all_sides_are_listed() -> None:
    assert understand("ndrc ou plombier").variants == ("ndrc", "plombier", "negociation client")


@pytest.mark.parametrize(
    ("typed", "variants"),
    [
        ("créer ou reprendre une entreprise", ()),  # a title
        ("permis c ou d", ()),
        ("ou trouver du travail", ()),
        ("cap ou bep cuisine", ("bep cuisine",)),
        ("soudeur ou autre métier", ("soudeur",)),
    ],
)
def test_insignificant_side_is_ignored(typed: str, variants: tuple[str, ...]) -> None:
    assert understand(typed).variants == variants


def test_verbatim_words_have_no_sides() -> None:
    assert understand("plombier ou électricien", "synonyms").variants == ()
