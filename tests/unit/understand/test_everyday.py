"""Everyday wordings: seats, who pays, levels, towns beside filters or misspelt, words that say nothing."""

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
        ("81004", "Albi", 49_714), ("81065", "Castres", 42_505), ("31555", "Toulouse", 504_078),
        ("82121", "Montauban", 62_945), ("37261", "Tours", 139_259), ("81099", "Gaillac", 15_820),
        ("12345", "Soudure", 90_000), ("12346", "Caces", 300),
    )
}  # fmt: skip
WORDS = (
    "soudeur plombier coiffure murs courts entree longueur rapide restauration tours gestion windows demandeur emploi"
)
LEXICON = Lexicon(
    words=dict.fromkeys(WORDS.split(), 5),
    names=["toulouse", "campus", "caces", "paye"],
    titles=[("Restauration rapide", 3), ("Tours et fraiseuses", 2), ("Windows 11", 1), ("Plombier", 4), ("Soudure", 2)],
)
UNDERSTANDER = Understander(LEXICON, build_place_finder(Reference(communes=TOWNS)))


def understand(typed: str, *verbatim: str) -> Understanding:
    return UNDERSTANDER.understand(typed, TODAY, verbatim=verbatim)


@pytest.mark.parametrize("typed", ["mars", "rentrée", "formation courte", "entre mars", "prochaines longues", "payé"])
@pytest.mark.parametrize("verbatim", [(), ("filters",)])
def test_ordinary_word_is_never_corrected(typed: str, verbatim: tuple[str, ...]) -> None:
    assert understand(typed, *verbatim).corrections == ()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("soudeur rentrée", "soudeur"),
        ("formation courte soudeur", "soudeur"),
        ("soudeur prochaine session", "soudeur"),
        ("plombier rapide", "plombier"),
        ("restauration rapide Albi", "restauration rapide"),
        ("rentrée", "rentrée"),
        ("soudeur 2027", "soudeur"),
        ("formation courte Albi", ""),
    ],
)
def test_insignificant_word_is_searched_only_if_title_has_it(typed: str, words: str) -> None:
    assert understand(typed).words == words


@pytest.mark.parametrize(
    "seats",
    [
        "places disponibles", "places restantes", "places libres", "avec places", "avec une place",
        "avec de la place", "avec des places encore libres", "il reste des places",
    ],
)  # fmt: skip
def test_seats_in_words_mean_at_least_one(seats: str) -> None:
    meant = understand(f"soudeur {seats}")
    assert (meant.words, meant.parameters) == ("soudeur", {"seats": 1})


@pytest.mark.parametrize("typed", ["gestion avec place de marché", "place", "gestion des places"])
def test_place_without_seat_meaning_is_a_word(typed: str) -> None:
    assert "seats" not in understand(typed).parameters


@pytest.mark.parametrize(
    "typed",
    [
        "formation gratuite pour demandeur d'emploi",
        "gratuit demandeuse d’emploi",
        "formations gratuites pour les demandeurs d'emploi",
        "formation gratuite chômeur",
        "financée pour demandeur d'emploi",
        "formation prise en charge pour les chômeurs",
    ],
)
def test_free_for_job_seekers_is_filter_free(typed: str) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters) == ("", {"free": True})


def test_job_seeker_alone_is_no_filter() -> None:
    assert understand("soudeur demandeur d'emploi").parameters == {}


@pytest.mark.parametrize(
    ("typed", "funder"),
    [
        ("soudeur financé opco", "16"),
        ("soudeur financé région", "2"),
        ("soudeur financement région", "2"),
        ("soudeur financement de la région", "2"),
        ("soudeur payé france travail", "4"),
        ("soudeur financé par l'Agefiph", "7"),
    ],
)
def test_funder_needs_no_preposition(typed: str, funder: str) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters) == ("soudeur", {"funder": (funder,)})


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ("bac pro", "14"), ("bac-pro", "14"), ("un bac professionnel", "14"), ("licence", "16"), ("licence pro", "16"),
        ("master", "17"), ("un doctorat", "18"), ("niveau bac pro", "14"), ("passer une licence", "16"),
    ],
)  # fmt: skip
def test_diploma_alone_is_a_level(typed: str, level: str) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters) == ("", {"level": (level,)})


@pytest.mark.parametrize("typed", ["master", "licence pro"])
def test_diploma_in_titles_is_a_word(typed: str) -> None:
    titles = [("Licence pro métiers du BTP", 1), ("Master droit", 2)]
    meant = Understander(Lexicon(titles=titles)).understand(typed, TODAY)
    assert (meant.words, meant.parameters) == (typed, {})


@pytest.mark.parametrize(
    ("typed", "parameters"),
    [
        ("Toulouse", {}),
        ("J1501 Toulouse", {"rome": ("J1501",)}),
        ("RNCP38565 Toulouse", {"rncp": ("38565",)}),
        ("gratuit toulouse", {"free": True}),
        ("niveau bac toulouse", {"level": ("14",)}),
    ],
)
def test_town_beside_filters_only_is_place_despite_provider_names(typed: str, parameters: dict[str, object]) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters) == ("", {"place": "Toulouse (31)", **parameters})


def test_town_in_title_is_a_place_if_alone_unless_it_is_a_whole_title() -> None:
    assert understand("tours").parameters == {"place": "Tours (37)"}
    meant = understand("soudure")
    assert (meant.words, meant.parameters, meant.other_places) == ("soudure", {}, ("Soudure (12)",))


@pytest.mark.parametrize(
    ("typed", "words"), [("soudeur 81", "soudeur"), ("soudeurr 81", "soudeur"), ("81", ""), ("gratuit 81", "")]
)
def test_two_digits_at_end_are_departement(typed: str, words: str) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters["place"]) == (words, "Tarn (département 81)")


@pytest.mark.parametrize("typed", ["soudeur albi 81", "soudeur Albi (81)"])
def test_town_with_departement_number_is_the_town(typed: str) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters) == ("soudeur", {"place": "Albi (81)"})


@pytest.mark.parametrize("typed", ["windows 11", "soudeur 3", "xyzzyx 81", "soudeur 81 heures"])
def test_number_belonging_to_word_is_no_departement(typed: str) -> None:
    assert "place" not in understand(typed).parameters


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("plombier Alby", "Albi (81)"),
        ("plombier castre", "Castres (81)"),
        ("coiffure Monteauban", "Montauban (82)"),
        ("soudeur tououse", "Toulouse (31)"),
        ("plombié castres", "Castres (81)"),
    ],
)
def test_misspelt_town_at_end_is_place_unless_verbatim(typed: str, place: str) -> None:
    meant = understand(typed)
    assert meant.parameters == {"place": place}
    assert len(meant.words.split()) == 1
    assert understand(typed, "filters").parameters == {}


@pytest.mark.parametrize(
    ("typed", "verbatim"),
    [
        ("plombier Alby", ("spelling",)),  # the spelling is right
        ("plombier soudeure", ()),  # as near to a word of the catalogue as to the town « Soudure »
        ("plombier gaillace", ("filters",)),
        ("plombier aulbie", ()),  # two slips
    ],
)
def test_unlikely_town_is_not_guessed(typed: str, verbatim: tuple[str, ...]) -> None:
    assert understand(typed, *verbatim).parameters == {}


def test_last_of_two_towns_is_place_and_other_is_reported() -> None:
    meant = understand("soudeur toulouse albi")
    assert (meant.words, meant.parameters, meant.other_places) == (
        "soudeur",
        {"place": "Albi (81)"},
        ("Toulouse (31)",),
    )
    assert understand("soudeur toulouse albi", "filters").other_places == ()


@pytest.mark.parametrize("typed", ["soudeur albi", "tours à albi", "gaillac albi"])
def test_word_beside_place_is_town_only_if_untitled_city(typed: str) -> None:
    meant = understand(typed)
    assert (meant.parameters, meant.other_places) == ({"place": "Albi (81)"}, ())


CODES = Understander(
    Lexicon(domains={"427": 3}, certifications=[("rs", "5801", "SST", 2), ("rncp", "5130", "Autre", 1)])
)


@pytest.mark.parametrize("typed", ["formacode 42752", "42752", "formacode n° 42752"])
def test_formacode_is_a_domain(typed: str) -> None:
    meant = CODES.understand(typed, TODAY)
    assert (meant.words, meant.parameters, meant.unknown_code) == ("", {"domain": ("42752",)}, "")


@pytest.mark.parametrize(("typed", "unknown"), [("RS5130", True), ("rs 5801", False), ("99123", True), ("rsa", False)])
def test_code_without_offers_is_reported(typed: str, unknown: bool) -> None:
    assert CODES.understand(typed, TODAY).unknown_code == (typed if unknown else "")


def test_postal_code_takes_precedence_over_formacode() -> None:
    places = build_place_finder(Reference(communes=TOWNS, by_postal_code={"42752": ("81004",)}))
    meant = Understander(Lexicon(domains={"427": 3}), places).understand("42752", TODAY)
    assert meant.parameters == {"place": "42752"}


def test_job_missing_in_catalogue_is_not_corrected() -> None:
    understander = Understander(Lexicon(words={"stage": 40, "femmes": 3}))
    assert understander.understand("sage-femme", TODAY).corrections == ()


WRITTEN = (
    "aide", "soignant", "soignante", "auto", "ecole", "cap", "bts", "cuisine", "soudeur", "quai", "sans",
)  # fmt: skip
WRITING = Understander(
    Lexicon(
        words=dict.fromkeys(
            [
                "aide",
                "soignant",
                "soignante",
                "auto",
                "ecole",
                "cap",
                "bts",
                "cuisine",
                "soudeur",
                "quai",
                "sans",
                "entrepreneur",
            ],
            3,
        ),
        titles=[("Diplôme d'État d'aide-soignante", 9), ("Enseignant d'auto-école", 2), ("CAP cuisine", 4)],
        certifications=[("rncp", "4495", "Aide-soignante", 9), ("rs", "99", "Autre", 1)],
    )
)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("c.a.p. cuisine", "cap cuisine"), ("C.A.P cuisine", "CAP cuisine"), ("aidesoignante", "aide soignante"),
        ("autoecole", "auto ecole"), ("quelle formation pour devenir soudeur", "soudeur"),
        ("soudeur\u200bauto", "soudeur auto"),
    ],
)  # fmt: skip
def test_everyday_spelling_is_read(typed: str, words: str) -> None:
    assert WRITING.understand(typed, TODAY).words == words


@pytest.mark.parametrize("typed", ["quoi sais quai", "je sais rien", "souder quoi", "aimer soudeurcuisine"])
def test_words_of_any_sentence_are_not_corrected(typed: str) -> None:
    corrected = {each.typed for each in WRITING.understand(typed, TODAY).corrections}
    assert corrected.isdisjoint({"quoi", "sais", "rien", "aimer", "soudeurcuisine"})


def test_several_short_unknown_words_are_a_sentence() -> None:
    assert WRITING.understand("quia cuisine", TODAY).words == "quai cuisine"
    assert WRITING.understand("quia snas cuisine", TODAY).corrections == ()


@pytest.mark.parametrize(
    "typed",
    ["je sais pas quoi faire", "Je ne sais plus trop quoi faire de ma vie", "quoi faire après le bac", "je sais pas",
     "quelles formations ?", "aucune idée", "je n'ai pas d'idée", "quelle formation choisir", "que faire comme métier"],
)  # fmt: skip
def test_who_does_not_know_what_to_search_for_is_not_searched_for(typed: str) -> None:
    meant = WRITING.understand(typed, TODAY)
    assert (meant.words, meant.parameters, [each.kind for each in meant.filters]) == ("", {}, ["undecided"])


@pytest.mark.parametrize("typed", ["savoir quoi dire", "je ne sais pas souder", "quel métier choisir", "perdue de vue"])
def test_other_sentences_are_searched_for(typed: str) -> None:
    assert "undecided" not in [each.kind for each in WRITING.understand(typed, TODAY).filters]


@pytest.mark.parametrize(
    ("typed", "window"),
    [
        ("soudeur janvier 27", ("2027-01-01", "2027-01-31")), ("soudeur 2027-03-01", ("2027-03-01", "2027-03-01")),
        ("soudeur à partir du 2027-03-01", ("2027-03-01", None)), ("soudeur mars 2028", ("2028-03-01", "2028-03-31")),
        ("soudeur 15 mars 28", ("2028-03-15", "2028-03-15")),
    ],
)  # fmt: skip
def test_dates_as_they_are_copied_and_shortened(typed: str, window: tuple[str, str | None]) -> None:
    meant = WRITING.understand(typed, TODAY)
    start, end = (meant.parameters.get(name) for name in ("start_from", "start_to"))
    assert (meant.words, str(start), str(end) if end else None) == ("soudeur", *window)


def test_number_after_month_that_is_no_year_to_come_is_departement() -> None:
    assert understand("soudeur mars 31").parameters["place"] == "Haute-Garonne (département 31)"


@pytest.mark.parametrize(("typed", "code"), [("4495", "4495"), ("04495", "4495"), ("99", ""), ("cap 4495", "")])
def test_number_of_a_certification_is_proposed(typed: str, code: str) -> None:
    meant = WRITING.understand(typed, TODAY)
    assert (meant.rncp_like, meant.parameters) == (code, {})


@pytest.mark.parametrize(("typed", "unknown"), [("rncp 4495", ""), ("RNCP 1234", "RNCP 1234")])
def test_code_of_no_offer_is_told(typed: str, unknown: str) -> None:
    assert WRITING.understand(typed, TODAY).unknown_code == unknown


@pytest.mark.parametrize(
    ("typed", "unknown"), [("soudeur zzzqq", ("zzzqq",)), ("zzzqq", ()), ("soudeur", ()), ("soudeur 12 x", ())]
)
def test_unknown_word_beside_known_ones_is_told(typed: str, unknown: tuple[str, ...]) -> None:
    assert WRITING.understand(typed, TODAY).unknown_words == unknown
