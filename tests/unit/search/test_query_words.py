"""The clauses for plain words, and what is told of them."""

from typing import Any

from search_app.search.present.understood import to_understood
from search_app.search.present.why import to_whys
from search_app.search.query.words import words_filter, words_scores
from search_app.search.reference_data import Snapshot
from search_app.search.stored import Hit, StoredOffer, StoredProvider
from search_app.search.understand import FilterWords, Understanding
from search_app.search.understand.jobs import Job
from search_app.search.understand.spelling import Correction

FOUND = StoredOffer("14_AF_1", "k", "t", "BTS MCO", "occitanie", StoredProvider())
MEANT = Understanding(
    typed="bts mcoo à Albi",
    kept="bts mcoo",
    words="bts mco",
    title="bts mco à Albi",
    filters=(FilterWords("place", "à Albi", (("place", "Albi (81)"),)),),
    corrections=(Correction("mcoo", "mco"),),
    variants=("bts management commercial operationnel",),
    jobs=(Job("D1502", 0.7), Job("D1401", 0.2)),
)


def names_in(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for each in value for name in names_in(each)]
    if not isinstance(value, dict):
        return []
    own = [value["_name"]] if "_name" in value else []
    return own + [name for each in value.values() for name in names_in(each)]


def understanding(words: str) -> Understanding:
    return Understanding(words, words, words, words)


def test_an_offer_is_found_by_enough_words_of_any_wording_or_by_a_job() -> None:
    clauses = words_filter(MEANT)["bool"]["should"]
    assert [clause["match"]["words"]["query"] for clause in clauses[:-1]] == list(MEANT.texts)
    assert clauses[-1] == {"terms": {"rome": ["D1502", "D1401"]}}


def test_the_first_job_of_an_offer_counts_twice() -> None:
    boosts = [
        (clause["constant_score"]["filter"]["term"], clause["constant_score"]["boost"])
        for clause in words_scores(MEANT)
        if {"rome", "rome_main"} & set(clause.get("constant_score", {}).get("filter", {}).get("term", ()))
    ]
    assert boosts == [
        ({"rome": "D1502"}, 0.7),
        ({"rome_main": "D1502"}, 0.7),
        ({"rome": "D1401"}, 0.2),
        ({"rome_main": "D1401"}, 0.2),
    ]


def test_a_licence_whose_letter_the_engine_loses_is_not_looked_for_without_it() -> None:
    for words in ("permis C", "permis d", "permis-c marchandises", "permis CE"):
        meant = Understanding(words, words, words, words, variants=("conducteur routier",), phrases=(words,))
        names = set(names_in(words_scores(meant, named=True)))
        assert not names & {"all:0", "label:0", "together"}
        assert {"all:1", "label:1", "same:0"} <= names
    for words in ("permis b", "permis d'exploitation"):
        assert "all:0" in names_in(words_scores(understanding(words), named=True))


def test_clauses_have_names_only_where_somebody_asks_why() -> None:
    assert names_in(words_scores(MEANT)) == []
    assert set(names_in(words_scores(MEANT, named=True))) == {
        *("same:typed", "same:0", "same:1", "all:0", "all:1", "label:0", "label:1"),
        *("job:D1502", "main:D1502", "job:D1401", "main:D1401"),
        *("words:title", "words:subjects", "words:words"),
    }


def test_why_an_offer_is_there_is_told_in_words() -> None:
    names = ["all:1", "job:D1502", "main:D1502", "words:words"]
    (told,) = to_whys([Hit(FOUND, 3.1, names)], MEANT, Snapshot())
    assert (told["key"], told["score"]) == ("k", 3.1)
    assert told["why"] == [
        "L’intitulé contient tous les mots de « bts management commercial operationnel ».",
        "« Code D1502 (libellé inconnu) » (D1502) est son premier métier, et un métier reconnu dans les mots "
        "(vraisemblance 0.7).",
        "Des mots sont dans la fiche.",
    ]


def test_one_word_with_a_digit_may_be_a_number_of_an_offer() -> None:
    meant = understanding("14_AF_0000011179")
    (numbered,) = words_filter(meant)["bool"]["should"][1:]
    assert {"term": {"id": "14_AF_0000011179"}} in numbered["bool"]["should"]
    assert len(words_filter(understanding("soudeur"))["bool"]["should"]) == 1
    assert len(words_filter(understanding("permis 3"))["bool"]["should"]) == 1


def test_without_words_there_is_nothing_to_tell_of_them() -> None:
    assert to_whys([Hit(FOUND)], None, Snapshot()) == [{"key": "k", "score": None, "why": []}]


def test_what_was_understood_is_told_with_parameters_as_an_address_takes_them() -> None:
    told = to_understood(MEANT, Snapshot())
    assert (told.typed, told.words) == ("bts mcoo à Albi", "bts mco")
    assert [(each.typed, each.parameters) for each in told.filters] == [("à Albi", {"place": "Albi (81)"})]
    assert [(each.typed, each.word) for each in told.corrections] == [("mcoo", "mco")]
    assert [job.code for job in told.jobs] == ["D1502", "D1401"]


def test_a_number_may_be_that_of_a_session() -> None:
    (clause,) = [each for each in words_filter(understanding("76_SE_0000002024"))["bool"]["should"] if "bool" in each]
    nested = [each["nested"] for each in clause["bool"]["should"] if "nested" in each]
    assert [(each["path"], each["query"]) for each in nested] == [
        ("sessions", {"term": {"sessions.id": "76_SE_0000002024"}})
    ]


def test_a_number_of_the_specific_register_is_searched_as_such() -> None:
    for typed in ("RS5801", "rs 5801"):
        assert any(
            {"term": {"rs": "5801"}} in each["bool"]["should"]
            for each in words_filter(understanding(typed))["bool"]["should"]
            if "bool" in each
        )
