"""Phrases of everyday searches: what is refused, how far, how much, and what no filter knows."""

from datetime import date

import pytest

from language.lexicon import Lexicon
from mappings.reference import Commune, Reference
from search_app.search.places.build import build_place_finder
from search_app.search.understand import Understander, Understanding

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
def test_refused_remote_offers_are_excluded(refusal: str) -> None:
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
def test_only_before_mode_excludes_other_modes(typed: str, mode: str) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters) == ("anglais", {"mode": (mode,)})


def test_title_with_mode_words_is_a_title() -> None:
    assert understand("vente à distance").parameters == {}


@pytest.mark.parametrize(
    ("typed", "radius"),
    [
        ("soudeur à moins de 20 km de Castres", 20),
        ("soudeur dans un rayon de 20 km autour de Castres", 20),
        ("soudeur à 15 kilomètres de castres", 15),
        ("soudeur castres 20km", 20),
        ("soudeur castres rayon 50 km", 50),
        ("soudeur castres rayon 30", 30),
        ("soudeur max 2,5 km castres", 2.5),
        ("soudeur dans les 30 km autour de Castres", 30),  # not the département 30
    ],
)
def test_distance_is_radius_around_town(typed: str, radius: float) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters) == ("soudeur", {"radius": radius, "place": "Castres (81)"})


def test_distance_without_town_is_kept_for_one() -> None:
    meant = understand("soudeur à moins de 20 km")
    assert (meant.words, meant.parameters, meant.corrections) == ("soudeur", {"radius": 20}, ())


@pytest.mark.parametrize("typed", ["soudeur 5000 km", "soudeur 0 km", "soudeur 90 km/h"])
def test_invalid_distance_is_no_radius(typed: str) -> None:
    assert understand(typed).filters == ()


def test_distance_beside_explicit_radius_is_set_aside() -> None:
    meant = understand("soudeur 20 km", given=("radius",))
    assert (meant.words, meant.parameters, kinds(meant)) == ("soudeur", {}, ["aside"])


@pytest.mark.parametrize(
    "aside",
    [
        "cpf", "avec mon CPF", "éligible au CPF", "financé par mon compte formation", "pour demandeur d'emploi",
        "je suis au chômage", "inscrit à Pôle emploi", "rémunérée", "certifiante", "pas cher", "à temps plein",
        "en journée", "pendant 3 mois", "en 1 an", "2,5 jours", "H/F", "dès que possible",
    ],
)  # fmt: skip
def test_condition_without_filter_is_set_aside(aside: str) -> None:
    meant = understand(f"soudeur {aside}")
    assert (meant.words, meant.parameters, kinds(meant)) == ("soudeur", {}, ["aside"])
    assert aside in meant.filters[0].typed
    assert understand(f"soudeur {aside}", "filters").filters == ()


@pytest.mark.parametrize(
    ("typed", "rhythm"),
    [
        ("cuisine le soir", "evening"), ("cours du soir cuisine", "evening"), ("cuisine en soirée", "evening"),
        ("cuisine le week-end", "weekend"), ("cuisine weekend", "weekend"), ("cuisine à temps partiel", "part_time"),
    ],
)  # fmt: skip
def test_a_rhythm_is_a_filter(typed: str, rhythm: str) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters, kinds(meant)) == ("cuisine", {"rhythm": (rhythm,)}, ["rhythm"])


def test_condition_without_filter_hides_no_town() -> None:
    for typed in ("castres cpf", "cpf castres", "formation éligible cpf castres"):
        meant = understand(typed)
        assert (meant.words, meant.parameters) == ("", {"place": "Castres (81)"}), typed


def test_condition_alone_is_searched_if_catalogue_has_it() -> None:
    assert understand("demandeur d'emploi").words == "demandeur d'emploi"
    assert (understand("cpf").words, kinds(understand("cpf"))) == ("", ["aside"])


def test_condition_within_title_is_not_set_aside() -> None:
    lexicon = Lexicon(titles=[("Gestion du temps partiel au bureau", 1)], words={"gestion": 2})
    assert Understander(lexicon).understand("gestion temps partiel rennes", TODAY).filters == ()


@pytest.mark.parametrize("near", ["près de chez moi", "autour de moi", "proche domicile", "pas loin d'ici"])
def test_unknown_own_position_is_reported(near: str) -> None:
    meant = understand(f"soudeur {near}")
    assert (meant.words, meant.parameters, kinds(meant)) == ("soudeur", {}, ["near_me"])


@pytest.mark.parametrize(
    "place",
    [
        "pas loin de Castres", "aux alentours de castres", "secteur castres", "du côté de Castres",
        "castres et alentours", "sur castres ou environs", "castres centre", "castres et sa région",
        "tout près de castres", "proximité castres",
    ],
)  # fmt: skip
def test_words_around_town_are_part_of_place(place: str) -> None:
    meant = understand(f"soudeur {place}")
    assert (meant.words, meant.parameters) == ("soudeur", {"place": "Castres (81)"})
    assert [each.typed for each in meant.filters] == [place]


@pytest.mark.parametrize("typed", ["rodez en mars", "rodez région", "formation rodez", "rodez gratuit"])
def test_town_in_provider_names_is_place_without_job(typed: str) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters["place"]) == ("", "Rodez (12)")


def test_job_spelt_like_town_is_a_job() -> None:
    macon = {"71270": Commune("71270", "Mâcon", (), 34_000, "71", "27", 46.3, 4.8)}
    lexicon = Lexicon(words={"macon": 3}, titles=[("CAP maçon", 3)])
    understander = Understander(lexicon, build_place_finder(Reference(communes=macon)))
    for typed, told in (("formation maçon", ("Mâcon (71)",)), ("CAP maçon", ()), ("plombier maçon", ("Mâcon (71)",))):
        meant = understander.understand(typed, TODAY)
        assert ("place" not in meant.parameters, meant.other_places) == (True, told), typed
    assert understander.understand("plombier à Macon", TODAY).parameters == {"place": "Mâcon (71)"}


def test_large_town_in_provider_names_is_place_beside_job() -> None:
    assert understand("soudeur rodez").parameters == {"place": "Rodez (12)"}


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("soudeur midi-pyrénées", "Occitanie (région)"),
        ("soudeur paca", "Provence-Alpes-Côte d'Azur (région)"),
        ("soudeur en IDF", "Île-de-France (région)"),
        ("soudeur dans le sud du Tarn", "Tarn (département 81)"),
        ("soudeur ds le tarn", "Tarn (département 81)"),
    ],
)
def test_region_by_common_name_is_place(typed: str, place: str) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters) == ("soudeur", {"place": place})


def test_licence_letter_is_no_article() -> None:
    assert understand("permis d guadeloupe").words == "permis d"


@pytest.mark.parametrize("typed", ["soudeur tarn 81", "soudeur Tarn (81)"])
def test_departement_with_number_is_departement(typed: str) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters) == ("soudeur", {"place": "Tarn (département 81)"})


def test_small_town_joined_by_or_is_reported() -> None:
    for typed in ("soudeur à Castres ou Rodez", "soudeur rodez ou castres"):
        meant = understand(typed)
        assert (meant.words, meant.parameters, meant.other_places) == (
            "soudeur",
            {"place": "Castres (81)"},
            ("Rodez (12)",),
        )


def test_transitions_pro_pays() -> None:
    assert understand("soudeur projet de transition professionnelle").parameters == {"funder": ("17",)}


@pytest.mark.parametrize("typed", ["soudeur albi ou castres", "soudeur entre albi et castres"])
def test_second_town_after_a_word_is_reported(typed: str) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters, meant.other_places) == (
        "soudeur",
        {"place": "Castres (81)"},
        ("Albi (81)",),
    )


@pytest.mark.parametrize(
    ("condition", "parameters"),
    [
        ("conventionné", {"state_funded": ("true",)}),
        ("conventionnée par la Région", {"state_funded": ("true",), "funder": ("2",)}),
        ("inscriptions ouvertes", {"recruiting": ("open",)}),
        ("recrutement en cours", {"recruiting": ("open",)}),
        ("entrées et sorties permanentes", {"entry": ("permanent",)}),
        ("moins de 500 €", {"price_max": 500}),
        ("budget 1 500 euros", {"price_max": 1500}),
        ("moins de 40 h", {"hours_max": 40}),
        ("en hybride", {"mode": ("blended",)}),
        ("entièrement financée", {"free": True}),
        ("0 €", {"free": True}),
        ("pas de diplôme", {"entry_level": 0}),
        ("j'ai pas le bac", {"entry_level": 0}),
        ("sans avoir le bac", {"entry_level": 0}),
        ("je n'ai aucun diplôme", {"entry_level": 0}),
        ("j'ai un bac pro", {"entry_level": 14}),
        ("titulaire d’un BTS", {"entry_level": 15}),
    ],
)
def test_condition_in_words_is_a_parameter(condition: str, parameters: dict[str, object]) -> None:
    meant = understand(f"soudeur {condition}")
    assert (meant.words, meant.parameters) == ("soudeur", parameters)


def test_diploma_of_other_trade_is_no_level() -> None:
    assert "entry_level" not in understand("j'ai un CAP cuisine").parameters


def test_enrolment_at_france_travail_is_no_funder() -> None:
    assert understand("soudeur inscrit à France Travail").parameters == {}


@pytest.mark.parametrize(
    "typed",
    [
        "slt je cherche 1 formation soudeur svp", "jveux etre soudeur", "bjr formation soudeur urgent",
        "quelle formation pour devenir soudeur", "comment devenir soudeur",
        "je suis interessé par le métier de soudeur", "est-ce qu'il y a une formation de soudeur ?",
        "y a-t-il des formations de soudeur", "avez-vous une formation de soudeur", "prix formation soudeur",
        "inscription formation soudeur", "mon fils cherche une formation de soudeur",
        "j'ai travaillé en usine et je voudrais devenir soudeur", "soudeur, je cherche une formation",
        "je veut etre soudeur", "je veu devenir soudeur", "veut travailler comme soudeur",
        "je voudrai faire une formation de soudeur", "j'ai travaillé en usine et je veut devenir soudeur",
    ],
)  # fmt: skip
def test_polite_openings_are_not_searched(typed: str) -> None:
    assert understand(typed).words.strip(" ?") == "soudeur"


@pytest.mark.parametrize("typed", ["vente e-commerce", "porte-avions", "sur mesure", "prix de vente"])
def test_subject_beginning_like_opening_is_kept(typed: str) -> None:
    assert understand(typed, "spelling").words == typed


@pytest.mark.parametrize(
    "typed",
    [
        "ce qui commence en mars près d'Albi payé par la Région avec une place pour quelqu'un sans diplôme",
        "qu'est-ce qui commence en mars près d'Albi, payé par la Région, avec une place, pour quelqu'un sans diplôme",
        "pour quelqu'un sans diplôme, ce qui commence en mars, payé par la Région, avec une place à Albi",
    ],
)
def test_query_of_filters_only_leaves_no_word(typed: str) -> None:
    meant = understand(typed)
    assert meant.words == ""
    assert set(meant.parameters) == {"start_from", "start_to", "place", "funder", "seats", "entry_level"}


@pytest.mark.parametrize("typed", ["soudeur pour quelqu'un sans diplôme", "soudeur sans diplôme, pour quelqu'un"])
def test_words_about_the_person_are_not_searched(typed: str) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters) == ("soudeur", {"entry_level": 0})


NAMESAKES = Understander(
    LEXICON,
    build_place_finder(
        Reference(
            communes={
                code: Commune(code, "Saint-Denis", (), population, code[:-3], "11", 43.6, 2.2)
                for code, population in (("974411", 153_000), ("93066", 112_000), ("11339", 500))
            }
        )
    ),
)


@pytest.mark.parametrize("place", ["saint denis", "Saint-Denis", "à st denis", "près de Saint-Denis et alentours"])
def test_large_namesake_of_town_is_reported(place: str) -> None:
    meant = NAMESAKES.understand(f"plombier {place}", TODAY)
    assert (meant.words, meant.parameters["place"], meant.other_places) == (
        "plombier",
        "Saint-Denis (974)",
        ("Saint-Denis (93)",),
    )


@pytest.mark.parametrize(("place", "label"), [("93", "Saint-Denis (93)"), ("(974)", "Saint-Denis (974)")])
def test_unambiguous_town_reports_no_namesake(place: str, label: str) -> None:
    meant = NAMESAKES.understand(f"plombier saint denis {place}", TODAY)
    assert (meant.parameters, meant.other_places) == ({"place": label}, ())
