"""What rules of the vocabulary make of a query: other wordings, jobs, words that are one thing."""

from datetime import date

import pytest

from language.lexicon import Lexicon
from language.roots import root_of
from search_app.search.query.words import words_filter
from search_app.search.understand import Understander, Understanding
from search_app.search.understand.rules import MOST_VARIANTS
from synonyms import OWN_RULES, Kind, Rule, read_rules

TODAY = date(2026, 11, 23)
LEXICON = Lexicon(
    codes=[("I1604", 3), ("K1303", 5), ("N4101", 4), ("K2111", 2)],
    job_titles=[
        (0, "Mécanicien de maintenance"), (1, "Assistant maternel"), (1, "Garde d'enfants"), (2, "Conducteur routier"),
        (3, "Formateur d'adultes"),
    ],
    weights={root_of(word): [job, 9.0] for word, job in (("mecanicien", 0), ("maintenance", 0), ("conducteur", 2))},
    words=dict.fromkeys(["mecanicien", "maintenance", "assistant", "maternel", "conducteur", "routier", "nouveau"], 5),
    acronyms={"fpa": ["fabrication de pieces automobiles"], "cip": ["conseiller insertion", "chargé ip", "cip trois"]},
    titles=[("Mécanicien poids lourds", 4)],
)  # fmt: skip


def rule(words: str, means: str = "", kind: Kind = "one-way", beside: str = "", *, jobs: bool = True) -> Rule:
    left, right, company = [
        tuple(each.strip() for each in side.split("|") if each.strip()) for side in (words, means, beside)
    ]
    return Rule("theme", 2, kind, left, right, company, jobs, words, "Pourquoi.")


NOUNOU = rule("nounou", "assistant maternel | garde d'enfants")
TRUCK = rule("poids lourd", "conducteur routier")
TRAINER = rule("FPA", "formateur d'adultes", "equivalent")


def understand(typed: str, *rules: Rule, verbatim: tuple[str, ...] = ()) -> Understanding:
    return Understander(LEXICON, rules=rules).understand(typed, TODAY, verbatim=verbatim)


def jobs(meant: Understanding) -> list[str]:
    return [job.code for job in meant.jobs]


def test_each_meaning_is_a_wording_and_names_its_rule() -> None:
    meant = understand("nounous", NOUNOU)
    assert meant.texts == ("nounous", "assistant maternel", "garde d'enfants")
    assert (meant.rules, jobs(meant)) == ((NOUNOU,), ["K1303"])


def test_word_without_rule_has_no_meaning() -> None:
    meant = understand("nounous", verbatim=("spelling",))
    assert (meant.variants, meant.rules, meant.jobs) == ((), (), ())


def test_new_rules_do_not_change_existing_understander() -> None:
    before = Understander(LEXICON, rules=[TRAINER])
    after = before.with_rules([NOUNOU])
    assert before.understand("fpa nounou", TODAY).rules == (TRAINER,)
    assert after.understand("fpa nounou", TODAY).rules == (NOUNOU,)


def test_surrounding_words_stay_and_opening_is_removed() -> None:
    children = rule("travailler avec des enfants", "petite enfance")
    meant = understand("je veux travailler avec les enfants malades", children)
    assert (meant.words, meant.variants) == ("enfants malades", ("petite enfance malades",))


def test_rule_takes_precedence_over_catalogue_acronym() -> None:
    assert understand("fpa").variants == ("fabrication de pieces automobiles",)
    assert understand("fpa", TRAINER).variants == ("formateur d'adultes",)
    assert understand("fpa cip", TRAINER).variants[0] == "formateur d'adultes conseiller insertion"


def test_equivalent_is_searched_both_ways_and_keeps_jobs() -> None:
    meant = understand("formateur d'adultes", TRAINER)
    assert (meant.variants, jobs(meant)[0]) == (("FPA",), "K2111")


def test_other_words_still_count_for_jobs() -> None:
    assert jobs(understand("poids lourd", TRUCK)) == ["N4101"]
    assert set(jobs(understand("maintenance poids lourds", TRUCK))) == {"I1604", "N4101"}


def test_existing_title_decides_its_jobs() -> None:
    assert jobs(understand("mécanicien poids lourds", TRUCK)) == ["I1604"]


def test_words_without_job_do_not_affect_other_jobs() -> None:
    title = rule("TP", "assistant de titre", jobs=False)
    assert jobs(understand("tp", title)) == []
    assert jobs(understand("tp mécanicien", title)) == ["I1604"]
    assert jobs(understand("assistant maternel", rule("assistant maternel", kind="phrase", jobs=False))) == []


def test_number_of_wordings_is_limited() -> None:
    rules = [rule(f"mot{number}", "aa | bb | cc | dd", "equivalent") for number in range(9)]
    meant = understand(" ".join(f"mot{number}" for number in range(9)) + " cip", *rules)
    assert len(meant.variants) == MOST_VARIANTS


def test_words_of_rules_are_known_and_correction_candidates() -> None:
    assert understand("nounou", NOUNOU).corrections == ()
    assert [each.word for each in understand("nounnou", NOUNOU).corrections] == ["nounou"]
    assert understand("nounnou", NOUNOU).rules == (NOUNOU,)


def test_verbatim_words_get_no_rules_or_acronyms() -> None:
    meant = understand("nounou cip", NOUNOU, verbatim=("synonyms",))
    assert (meant.variants, meant.rules, meant.phrases) == ((), (), ())


@pytest.mark.parametrize("typed", ["", "'", "de la", "nounou " * 40, "œuvre nounou", "🙂 nounou", "ⅷ İ nounou"])
def test_any_text_is_understood_without_error(typed: str) -> None:
    meant = understand(typed, NOUNOU, TRAINER)
    assert len(meant.variants) <= MOST_VARIANTS


def test_ligature_does_not_shift_other_positions() -> None:
    assert understand("gros œuvre nounou", NOUNOU).variants[0] == "gros oeuvre assistant maternel"


def test_phrase_words_match_together_and_count_each() -> None:
    meant = understand("aide à domicile nuit", rule("aide à domicile", kind="phrase"), verbatim=("spelling",))
    assert (meant.phrases, meant.variants) == (("aide à domicile",), ())
    (clause,) = words_filter(meant)["bool"]["should"]
    both = {"match": {"words": {"query": "aide à domicile", "operator": "and"}}}
    night = {"match": {"words": {"query": "nuit", "zero_terms_query": "all"}}}
    assert clause == {"bool": {"should": [both, both, night], "minimum_should_match": "2<75%"}}


def test_meaning_of_several_words_matches_whole() -> None:
    clauses = words_filter(understand("fpa", TRAINER))["bool"]["should"]
    assert {"match": {"words": {"query": "formateur d'adultes", "operator": "and"}}} in clauses


def test_acronym_inside_hyphenated_word_is_not_expanded() -> None:
    assert understand("arc-en-fpa", verbatim=("spelling",)).variants == ()
    assert understand("titre-fpa").variants == ("titre-fabrication de pieces automobiles",)


@pytest.mark.parametrize(
    "typed",
    ["permis poids lourd", "permis poids lourds", "permis PL", "permis camion", "permis-pl"],
)
def test_lorry_licence_is_licence_c(typed: str) -> None:
    meant = understand(typed, *read_rules(OWN_RULES), verbatim=("spelling",))
    assert meant.variants == ("permis C", "transport routier de marchandises", "conducteur routier")


@pytest.mark.parametrize("typed", ["permis super lourd", "permis SPL", "permis semi-remorque"])
def test_heavy_lorry_licence_is_licence_ce(typed: str) -> None:
    assert understand(typed, *read_rules(OWN_RULES), verbatim=("spelling",)).variants[0] == "permis CE"
