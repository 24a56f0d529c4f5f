"""Suggestions: what begins as typed first, most offers first, and one slip forgiven where little is found."""

import pytest

from language.lexicon import Lexicon
from mappings.reference import Reference
from search_app.search.params import parse_params
from search_app.search.suggest import Suggester, Suggestion
from search_app.search.suggest.entries import GROUPS
from synonyms import Rule, RuleBook

LEXICON = Lexicon(
    codes=[("H2913", 40), ("K1304", 25), ("M1601", 60), ("Z9999", 3)],
    titles=[
        ("Management commercial opérationnel", 90), ("CAP Cuisine", 50), ("Accompagnant éducatif et social", 45),
        ("Titre professionnel cuisinier", 30), ("BTS Communication", 20), ("Manager de proximité", 12),
        ("Commerce et management", 11), ("L’œuvre d’art à l’école", 8), ("Conduite d'engins", 7), ("Coordonnateur", 2),
        ("Permis C", 2), ("Anglais", 1),
    ],
    certifications=[("rncp", "38565", "CUISINE (CAP)", 44), ("rncp", "37379", "Boucher (CAP)", 3),
                    ("rs", "5080", "Habilitation électrique", 9),
                    ("certifinfo", "91", "Certificat de cuisine", 2)],
    domains={"230": 33, "423": 12, "999": 4},
    acronyms={"mco": ["management commercial operationnel"], "cap": ["certificat d'aptitude professionnelle"]},
    providers={"130002850": 70, "123456789": 8, "999999999": 5},
)  # fmt: skip
REFERENCE = Reference(
    rome={"H2913": "Soudage manuel", "K1304": "Services domestiques", "M1601": "Accueil et renseignements"},
    rome_titles={
        "H2913": ["Soudeur / Soudeuse à l'arc", "Soudeur / Soudeuse"],
        "K1304": ["Aide à domicile", "Garde d''enfants"],
        "M1601": ["Agent / Agente d'accueil", "Hôte / Hôtesse d'accueil (banque)"],
    },
    formacode={"230": "Génie civil, soudage", "423": "Services"},
    providers={"130002850": "GRETA du Tarn", "123456789": "Centre Soudure d’Albi"},
)


@pytest.fixture(scope="module")
def suggester() -> Suggester:
    return Suggester(LEXICON, REFERENCE)


def labels(suggester: Suggester, typed: str, size: int = 5) -> list[str]:
    """Everything that is suggested, group by group."""
    return [each.label for each in everything(suggester, typed, size)]


def everything(suggester: Suggester, typed: str, size: int = 5) -> list[Suggestion]:
    found = suggester.suggest(typed, size)
    return [each for group in GROUPS for each in found.of(group)]


@pytest.mark.parametrize("typed", ["", "s", "é", "l'", "?!", "à", "溶接", "😀"])
def test_nothing_is_suggested_before_the_second_letter(suggester: Suggester, typed: str) -> None:
    assert labels(suggester, typed) == []


def test_each_group_says_what_it_filters_on_and_how_many_offers_that_has(suggester: Suggester) -> None:
    found = suggester.suggest("so", 5)
    assert found.jobs == [Suggestion("jobs", "Soudage manuel", "", "rome", "H2913", 40)]
    assert found.domains == [Suggestion("domains", "Génie civil, soudage", "", "domain", "230", 33)]
    assert found.providers == [Suggestion("providers", "Centre Soudure d’Albi", "", "provider", "123456789", 8)]
    assert suggester.suggest("cap", 5).titles == [Suggestion("titles", "CAP Cuisine", "", "q", "CAP Cuisine", 50)]
    assert suggester.suggest("cap", 5).certifications == [
        Suggestion("certifications", "Boucher (CAP)", "RNCP 37379", "rncp", "37379", 3)
    ]


def test_a_provider_in_capitals_is_shown_cased_and_found_by_the_name_as_stated() -> None:
    stated = Reference(providers={"123456789": "ASS ENSEIGNEMENT PRIVE ST-BENIGNE"})
    suggester = Suggester(Lexicon(providers={"123456789": 8}), stated)
    for typed in ("ass ens", "st be", "privé", "123456"):
        (found,) = suggester.suggest(typed, 5).providers
        assert found.label == "Ass enseignement privé Saint-Bénigne"


def test_a_diploma_of_two_names_stands_once(suggester: Suggester) -> None:
    assert "38565" not in [each.value for each in everything(suggester, "cuisine cap")]
    two = [("rncp", "1", "CAP Maçon", 5), ("rncp", "2", "MACON (CAP)", 9)]
    (found,) = Suggester(Lexicon(certifications=two)).suggest("maçon", 5).certifications
    assert found.value == "2"


def test_an_acronym_is_not_a_slip_of_another_word() -> None:
    lexicon = Lexicon(titles=[("Accès aux droits", 3)], words={"acces": 1})
    caces = Rule("x", 1, "one-way", ("CACES",), ("conduite",), (), jobs=True, example="", comment="")
    assert labels(Suggester(lexicon), "acces") == ["Accès aux droits"]
    assert labels(Suggester(lexicon), "caces") == ["Accès aux droits"]
    assert labels(Suggester(lexicon).with_book(RuleBook([caces])), "caces") == []


def test_a_title_that_is_too_long_for_a_search_is_searched_by_its_beginning() -> None:
    title = "Installation thermique et sanitaire " * 12
    (found,) = Suggester(Lexicon(titles=[(title, 3)])).suggest("insta", 5).titles
    assert found.label == title
    assert title.startswith(found.value)
    assert parse_params([("q", found.value)])


def test_every_suggestion_is_a_search_that_the_api_takes(suggester: Suggester) -> None:
    found = [
        each for typed in ("so", "ac", "cu", "ha", "gr", "se", "man", "bou") for each in everything(suggester, typed)
    ]
    assert {each.parameter for each in found} == {"q", "rome", "domain", "rncp", "provider"}
    for each in found:
        assert parse_params([(each.parameter, each.value)])


def test_what_begins_so_comes_first_and_then_what_has_most_offers(suggester: Suggester) -> None:
    assert [(each.label, each.offers) for each in suggester.suggest("co", 9).titles] == [
        ("Commerce et management", 11), ("Conduite d'engins", 7), ("Coordonnateur", 2),
        ("Management commercial opérationnel", 90), ("BTS Communication", 20),
    ]  # fmt: skip


def test_no_group_is_longer_than_was_asked_for(suggester: Suggester) -> None:
    assert [each.label for each in suggester.suggest("co", 2).titles] == ["Commerce et management", "Conduite d'engins"]


FOUND_FIRST = {
    "Management commercial opérationnel": ("manag comm", "comm manag", "oper man", "mco", "MCO"),
    "Accompagnant éducatif et social": ("ACCOMPAGNANT EDUC", "accompagnant social", "social accompagnant"),
    "L’œuvre d’art à l’école": ("oeuvre", "l'œuv", "art ecole", "Œuvre d'art"),
    "Conduite d'engins": ("conduite engins", "conduite d'", "conduite d", "conduite d engins", "conduite de"),
    "Agent / Agente d’accueil": ("agent accueil", "agente d'accueil"),
    "Soudeur / Soudeuse à l’arc": ("soudeuse a l’arc", "soudeur arc"),
    "Hôte / Hôtesse d’accueil (banque)": ("hotesse", "banque"),
    "Permis C": ("permis c",),
    "CUISINE (CAP)": ("38565", "rncp38565", "rncp 385"),
    "Habilitation électrique": ("rs50", "HABILITATION-ÉLECTRIQUE"),
    "Soudage manuel": ("h2913", "manuel"),
    "GRETA du Tarn": ("greta", "greta tarn", "130002850"),
    "Services": ("423",),
}


@pytest.mark.parametrize(
    ("label", "typed"), [(label, typed) for label, all_of in FOUND_FIRST.items() for typed in all_of]
)
def test_letters_case_and_order_do_not_matter(suggester: Suggester, label: str, typed: str) -> None:
    assert labels(suggester, typed)[:1] == [label]


def test_all_words_must_be_there(suggester: Suggester) -> None:
    assert labels(suggester, "cuisine albi") == []


def test_a_job_is_told_once_by_its_plainest_title_that_begins_so(suggester: Suggester) -> None:
    assert suggester.suggest("soudeu", 5).jobs == [
        Suggestion("jobs", "Soudeur / Soudeuse", "Soudage manuel", "rome", "H2913", 40)
    ]


def test_codes_without_a_label_and_labels_without_offers_are_not_suggested(suggester: Suggester) -> None:
    assert labels(suggester, "z9999") == labels(suggester, "999999999") == labels(suggester, "999") == []


ONE_SLIP = {
    "Soudage manuel": ("soduage", "soudge", "soydage", "souddage", "oudage"),
    "Anglais": ("angalis", "nglai"),
    "Management commercial opérationnel": ("managemnet com", "com managemnet"),
    "CAP Cuisine": ("cuizine", "cuiz"),
}


@pytest.mark.parametrize(("label", "typed"), [(label, typed) for label, all_of in ONE_SLIP.items() for typed in all_of])
def test_one_slip_is_forgiven_from_the_fourth_letter(suggester: Suggester, label: str, typed: str) -> None:
    assert label in labels(suggester, typed)


@pytest.mark.parametrize("typed", ["cuz", "xuis", "ucis", "managemnet comxercial", "rncp38566", "38566", "soydzge"])
def test_no_more_than_one_slip_is_forgiven_nor_the_first_of_four_letters_nor_any_of_a_code(
    suggester: Suggester, typed: str
) -> None:
    assert labels(suggester, typed) == []


def test_nothing_is_forgiven_where_enough_is_found(suggester: Suggester) -> None:
    common = Lexicon(titles=[("Manager", 3), ("Manageur", 2), ("Management", 1), ("Menage", 9)])
    assert labels(Suggester(common), "manag") == ["Manager", "Manageur", "Management"]
    rare = Lexicon(titles=[("Manager", 3), ("Menage", 9)])
    assert labels(Suggester(rare), "manag") == ["Manager", "Menage"]


def test_whatever_is_typed_is_answered(suggester: Suggester) -> None:
    for typed in (
        "a " * 150,
        "x" * 300,
        "'; DROP TABLE offers; --",
        "<script>",
        "((((",
        "c++",
        "\u202esoud",
        "é" * 300,
    ):
        everything(suggester, typed)
