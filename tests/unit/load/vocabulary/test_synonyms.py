"""Rules of the vocabulary: what a file may say, what rules may say together, and what they find in a text."""

import re
from pathlib import Path

import pytest

from language.words import clean
from synonyms import (
    OWN_RULES,
    PROJECT,
    Kind,
    Rule,
    RuleBook,
    RuleFileError,
    StoredRules,
    find_faults,
    pack_rules,
    read_rules,
    strangers,
    unpack_rules,
)

HEADER = "words;kind;means;beside;jobs;example;comment\n"
GOOD = "FPA;equivalent;formateur d'adultes;;;formation fpa;Titre professionnel.\n"


def rule(
    words: str,
    means: str = "",
    kind: Kind = "one-way",
    *,
    beside: str = "",
    example: str = "",
    line: int = 2,
) -> Rule:
    left, right, company = [
        tuple(each.strip() for each in side.split("|") if each.strip()) for side in (words, means, beside)
    ]
    return Rule("theme", line, kind, left, right, company, True, example or left[0], "Pourquoi.")


def faults_of(folder: Path, text: str | bytes) -> list[str]:
    raw = text.encode() if isinstance(text, str) else text
    (folder / "care.csv").write_bytes(raw)
    with pytest.raises(RuleFileError) as told:
        read_rules(folder)
    return told.value.faults


def found(text: str, *rules: Rule) -> list[tuple[str, tuple[str, ...]]]:
    text = clean(text)
    return [(text[each.start : each.end], each.means + each.alike) for each in RuleBook(rules).find(text)]


def test_the_projects_own_rules_are_many_and_faultless() -> None:
    rules = read_rules(OWN_RULES)
    assert find_faults(rules) == []
    assert len(rules) >= 110
    assert {each.kind for each in rules} == {"equivalent", "one-way", "phrase"}


def test_a_line_becomes_a_rule_whatever_the_order_of_the_columns(tmp_path: Path) -> None:
    (tmp_path / "care.csv").write_text(
        "\ufeffkind;words;means;comment;example;beside;jobs\n"
        "\none-way;AS | IFAS;aide-soignant;Diplôme.;as;concours;none\n",
        encoding="utf-8",
    )
    assert read_rules(tmp_path) == [
        Rule("care", 3, "one-way", ("AS", "IFAS"), ("aide-soignant",), ("concours",), False, "as", "Diplôme.")
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("words;kind;means;beside;jobs;example\n", 1, "column comment is missing"),
        ("", 1, "is missing"),
        (HEADER.replace("beside", "beside;beside"), 1, "each once"),
        (HEADER + GOOD + "FPA;equivalent;formateur d'adultes;;;formation fpa\n", 3, "7 cells are expected, not 6"),
        (HEADER + GOOD.replace("equivalent", "same"), 2, "column kind: equivalent, one-way, phrase are expected"),
        (HEADER + GOOD.replace(";;;", ";;all;"), 2, "column jobs: none or nothing is expected, not 'all'"),
        (HEADER + GOOD.replace("Titre professionnel.", " "), 2, "column comment: a value is expected"),
        (HEADER + GOOD.replace("formation fpa", ""), 2, "column example: a value is expected"),
        (HEADER + GOOD.replace("formateur d'adultes", ""), 2, "column means: a value is expected"),
        (HEADER + GOOD.replace("FPA", "de la"), 2, "column words: words are expected, not 'de la'"),
        (HEADER + GOOD.replace("FPA", "FPA |"), 2, "column words: words are expected, not ''"),
        (HEADER + GOOD.replace("FPA;equivalent", "fin de vie;phrase"), 2, "a phrase means itself"),
        (HEADER + "ménage;phrase;;;;ménage;Un mot.\n", 2, "a phrase has several words"),
        (HEADER + GOOD + 'FPA;equivalent;"formateur" d\'adultes;;;fpa;Titre.\n', 3, "expected after"),
        ((HEADER + GOOD).encode() + "crèche;one-way;petite enfance;;;crèche;Lieu.\n".encode("latin-1"), 3, "not UTF-8"),
    ],
)
def test_a_bad_line_is_told_with_file_and_line(tmp_path: Path, text: str | bytes, line: int, said: str) -> None:
    (fault,) = faults_of(tmp_path, text)
    assert fault.startswith(f"{tmp_path / 'care.csv'}, line {line}")
    assert said in fault


def test_all_that_is_wrong_in_all_files_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "food.csv").write_text("words;kind\n", encoding="utf-8")
    faults = faults_of(tmp_path, HEADER + GOOD + ";same;;;;;\n")
    assert len([fault for fault in faults if "care.csv, line 3" in fault]) == 5
    assert len([fault for fault in faults if "food.csv, line 1" in fault]) == 1


def test_a_folder_without_rules_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match=re.escape(str(tmp_path))):
        read_rules(tmp_path)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([rule("nounou", "assistant maternel"), rule("nounous", "garde d'enfants")], "same words already (nounou)"),
        ([rule("FPA", "formateur d'adultes", "equivalent"), rule("formateur d'adultes", "CIP")], "formateur adult"),
        ([rule("AS | as", "aide-soignant", beside="concours"), rule("AS", "asp", beside="concours")], "same words"),
        ([rule("poids lourd", "permis C"), rule("permis C", "camion"), rule("camion", "poids lourd")], "circle"),
        ([rule("ménage", "gestion")], "'gestion' alone stands in too many titles"),
        ([rule("formations", "petite enfance")], "'formations' alone stands in too many titles"),
        ([rule("que faire", "bilan de compétences")], "'que faire' alone stands in too many titles"),
        ([rule("vin", "a1 | b1 | c1 | d1 | e1")], "5 other wordings, 4 are allowed"),
        ([rule("a1 | b1 | c1", "d1 | e1 | f1", "equivalent")], "5 other wordings, 4 are allowed"),
        ([rule("vin", "zéro deux trois quatre cinq six sept huit neuf")], "words, 8 are allowed"),
        ([rule("vin", "vigne", example="bière")], "its example 'bière' is not touched by it"),
        ([rule("TP", "travaux publics", beside="engin", example="tp cuisine")], "is not touched by it"),
    ],
)
def test_what_rules_may_not_say_together(rules: list[Rule], said: str) -> None:
    faults = find_faults(rules)
    assert faults
    assert all("theme.csv, line 2" in fault for fault in faults)
    assert any(said in fault for fault in faults)


@pytest.mark.parametrize(
    "rules",
    [
        [rule("TP", "travaux publics", beside="engin", example="engin tp"), rule("TP", "titre professionnel")],
        [rule("TP", "aa", beside="engin", example="engin tp"), rule("TP", "bb", beside="titre", example="titre tp")],
        [rule("cariste | fenwick", "cariste | CACES")],
        [rule("poids lourd", "permis C"), rule("permis C", "camion")],
        [rule("petite enfance", kind="phrase"), rule("AEPE", "petite enfance", "equivalent")],
        [rule("AS", "aide-soignant", beside="concours", example="concours as"), rule("GESTION", "autre chose")],
    ],
)
def test_what_rules_may_say_together(rules: list[Rule]) -> None:
    assert find_faults(rules) == []


def test_the_longest_wording_is_found_and_none_overlaps_another() -> None:
    rules = rule("garde", "x"), rule("garde d'enfants", "nounou"), rule("enfants malades", "hôpital")
    assert found("La garde d'enfants malades", *rules) == [("garde d'enfants", ("nounou",))]


def test_gender_number_accents_and_small_words_make_no_difference() -> None:
    assert found("Assistantes de direction", rule("assistant direction", "x")) == [("Assistantes de direction", ("x",))]
    assert found("PATISSIERES", rule("pâtissier", "x")) == [("PATISSIERES", ("x",))]


def test_an_acronym_is_exact_and_typed_in_either_case() -> None:
    acronym = rule("DEAS", "aide-soignant")
    assert found("formation deas", acronym) == [("deas", ("aide-soignant",))]
    assert found("DEA de droit", acronym) == []


def test_an_equivalent_is_heard_from_both_sides_and_a_one_way_rule_from_the_left() -> None:
    assert found("aide soignante", rule("DEAS", "aide-soignant", "equivalent")) == [("aide soignante", ("DEAS",))]
    assert found("aide soignante", rule("DEAS", "aide-soignant")) == []


def test_a_rule_that_asks_for_company_comes_first_and_only_in_it() -> None:
    site, title = rule("TP", "travaux publics", beside="engins"), rule("TP", "titre professionnel")
    assert found("engin TP", title, site) == [("TP", ("travaux publics",))]
    assert found("TP cuisine", title, site) == [("TP", ("titre professionnel",))]
    assert found("TP cuisine", site) == []


def test_a_phrase_takes_no_words_from_other_rules() -> None:
    rules = rule("petite enfance", kind="phrase"), rule("AEPE", "petite enfance", "equivalent")
    assert found("petite enfance", *rules) == [("petite enfance", ()), ("petite enfance", ("AEPE",))]


def test_a_longer_phrase_keeps_its_words_from_other_rules() -> None:
    rules = rule("transport routier", kind="phrase"), rule("routier", "permis C")
    assert found("transport routier", *rules) == [("transport routier", ())]
    assert found("devenir routier", *rules) == [("routier", ("permis C",))]


def test_what_the_text_says_already_is_not_brought_again() -> None:
    fibre = rule("fibre", "fibre optique | installateur de réseaux")
    assert found("fibre optique", fibre) == []
    assert found("technicien fibre", fibre) == [("fibre", fibre.means)]


def test_a_text_of_any_length_costs_no_more_than_its_first_words() -> None:
    book = RuleBook([rule("vin", "vigne")])
    assert len(book.find("vin " * 40)) == 40
    assert len(book.find("vin " * 5_000)) == 40


def test_rules_come_back_from_the_engine_as_they_were_and_any_change_changes_the_version() -> None:
    stored = StoredRules(PROJECT, (rule("TP", "travaux publics", beside="engin"),))
    document = pack_rules(stored, "2026-11-23T10:00:00+00:00")
    assert (document["name"], document["count"]) == ("synonyms", 1)
    assert unpack_rules(document) == stored
    other = StoredRules(PROJECT, (rule("TP", "travaux publics", beside="chantier"),))
    assert pack_rules(other, "2026-11-23T10:00:00+00:00")["version"] != document["version"]


def test_damaged_rules_are_told() -> None:
    document = pack_rules(StoredRules(), "2026-11-23T10:00:00+00:00")
    with pytest.raises(ValueError, match="damaged"):
        unpack_rules(document | {"data": "AAAA"})


def test_rules_whose_meaning_stands_nowhere_are_listed() -> None:
    known = {"infirmier", "vigne"}
    rules = [rule("IDE", "infirmier"), rule("IBODE", "infirmier de bloc"), rule("petite vigne", kind="phrase")]
    assert strangers(rules, known) == rules[1:]


@pytest.mark.parametrize("typed", ["arc-en-ciel", "l'Arc-en-Ciel", "licorne arc-en-ciel", "bien-poids lourd"])
def test_a_part_of_a_word_with_hyphens_is_no_rules_word(typed: str) -> None:
    assert found(typed, rule("CIEL", "cybersécurité"), rule("poids lourd", "conducteur routier")) == []


@pytest.mark.parametrize(
    ("typed", "stretch"),
    [
        ("CAP-AEPE", "AEPE"), ("bac-pro-AEPE", "AEPE"), ("aepe-2027", "aepe"), ("chauffeur-routier", "routier"),
        ("Poids-lourds", "Poids-lourds"), ("arc en aepe", "aepe"), ("semi-remorque", "semi-remorque"),
    ],
)  # fmt: skip
def test_words_that_people_join_by_hyphens_are_words(typed: str, stretch: str) -> None:
    rules = [
        rule("AEPE", "petite enfance"), rule("routier", "permis C"), rule("poids lourd", "permis C"),
        rule("chauffeur de bus", "permis D"), rule("semi-remorque", "permis CE"),
    ]  # fmt: skip
    assert [words for words, _ in found(typed, *rules)] == [stretch]
