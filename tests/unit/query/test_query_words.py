"""The clauses for plain words, and what is told of them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mappings.keys import key_of
from search_app.search.params import parse_params
from search_app.search.present.understood import to_understood
from search_app.search.present.why import to_whys
from search_app.search.query import Circle, SearchRequest, build_search_body
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


def test_the_title_by_which_meaning_found_a_job_is_told() -> None:
    meant = replace(MEANT, jobs=(Job("D1502", 0.7, "Responsable de rayon"),))
    (told,) = to_whys([Hit(FOUND, 3.1, ["job:D1502"])], meant, Snapshot())
    assert told["why"] == [
        "« Code D1502 (libellé inconnu) » (D1502) est un de ses métiers, et un métier reconnu dans les mots "
        "(vraisemblance 0.7 ; proche de : « Responsable de rayon »)."
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
    assert {"term": {"session_keys": key_of("76_SE_0000002024")}} in clause["bool"]["should"]


def test_a_number_of_the_specific_register_is_searched_as_such() -> None:
    for typed in ("RS5801", "rs 5801"):
        assert any(
            {"term": {"rs": "5801"}} in each["bool"]["should"]
            for each in words_filter(understanding(typed))["bool"]["should"]
            if "bool" in each
        )


Clause = dict[str, Any]
TODAY = date(2026, 11, 23)


def query_of(meant: Understanding, area: Circle | None = None) -> dict[str, Any]:
    """Return the query of the body for these words."""
    request = SearchRequest(parse_params([("q", meant.typed), ("remote", "include")]), area, TODAY, meant=meant)
    query: dict[str, Any] = build_search_body(request)["query"]["bool"]
    return query


def worth(boost: float, clause: Clause) -> Clause:
    return {"constant_score": {"filter": clause, "boost": boost}}


def title_is(text: str) -> Clause:
    return {"term": {"title.exact": text}}


def all_in(field: str, text: str) -> Clause:
    return {"match": {field: {"query": text, "operator": "and"}}}


def phrase_in(field: str, text: str) -> Clause:
    return {"match_phrase": {field: {"query": text, "slop": 2}}}


def enough_of(text: str) -> Clause:
    return {"match": {"words": {"query": text, "minimum_should_match": "2<75%"}}}


def ordinary(text: str) -> list[Clause]:
    return [{"match": {field: {"query": text, "boost": 0.01}}} for field in ("title", "subjects", "words")]


FIRST_COPY = {"rank_feature": {"field": "copy_number", "saturation": {"pivot": 1.0}, "boost": 0.3}}
HELD_THERE = worth(0.2, {"bool": {"must_not": {"term": {"mode": "remote"}}}})
ALBI = Circle(43.93, 2.15, 30.0)


def test_boosts_of_one_wording_are_exactly_these() -> None:
    text = "soudeur"
    scores = [
        worth(5.0, title_is(text)), worth(4.5, title_is(text)), worth(3.0, all_in("title", text)),
        worth(1.0, phrase_in("subjects", text)), *ordinary(text), FIRST_COPY,
    ]  # fmt: skip
    assert query_of(understanding(text))["should"] == scores
    assert query_of(understanding(text), ALBI)["should"] == [*scores, HELD_THERE]


def test_boosts_of_another_wording_a_phrase_and_a_job_are_exactly_these() -> None:
    one, other = "soudeur tig", "soudage tig"
    meant = Understanding(one, one, one, one, variants=(other,), phrases=("petite enfance",), jobs=(Job("H2913", 0.8),))
    together = [phrase_in("title", "petite enfance"), phrase_in("subjects", "petite enfance")]
    assert query_of(meant)["should"] == [
        worth(5.0, title_is(one)),
        {"dis_max": {"queries": [worth(4.5, title_is(one)), worth(4.05, title_is(other))]}},
        {"dis_max": {"queries": [worth(3.0, all_in("title", one)), worth(2.7, all_in("title", other))]}},
        {"dis_max": {"queries": [worth(1.0, phrase_in("subjects", one)), worth(0.9, phrase_in("subjects", other))]}},
        worth(1.0, {"bool": {"should": together}}),
        worth(0.8, {"term": {"rome": "H2913"}}),
        worth(0.8, {"term": {"rome_main": "H2913"}}),
        *ordinary(one),
        FIRST_COPY,
    ]


def test_number_is_worth_more_than_everything_else() -> None:
    session = {"term": {"session_keys": key_of("14_AF_1")}}
    numbers = [{"term": {"id": "14_AF_1"}}, {"term": {"key": "14_af_1"}}, {"term": {"training_id": "14_AF_1"}}, session]
    assert worth(10.0, {"bool": {"should": numbers}}) in query_of(understanding("14_AF_1"))["should"]


def word(text: str) -> Clause:
    return {"match": {"words": {"query": text, "zero_terms_query": "all"}}}


@pytest.mark.parametrize(
    ("meant", "clause"),
    [
        (understanding("soudeur"), {"bool": {"should": [enough_of("soudeur")]}}),
        (MEANT, {"bool": {"should": [enough_of("bts mco"), enough_of("bts management commercial operationnel"),
                                     {"terms": {"rome": ["D1502", "D1401"]}}]}}),
        (Understanding("x", "x", "petite enfance", "x", phrases=("petite enfance",)),
         {"bool": {"should": [all_in("words", "petite enfance")]}}),
        (Understanding("x", "x", "petite enfance jour", "x", phrases=("petite enfance",)),
         {"bool": {"should": [{"bool": {"minimum_should_match": "2<75%", "should": [
             all_in("words", "petite enfance"), all_in("words", "petite enfance"), word("jour")]}}]}}),
        (Understanding("x", "x", "sodeur bois", "x", loose=True),
         {"match": {"words": {"query": "sodeur bois", "fuzziness": "AUTO:5,9"}}}),
        (Understanding("x", "x", "y" * 40, "x", loose=True),
         {"match": {"words": {"query": "y" * 40, "fuzziness": "AUTO:5,9"}}}),
        (Understanding("x", "x", "y" * 41, "x", loose=True), {"match": {"words": {"query": "y" * 41}}}),
    ],
)  # fmt: skip
def test_words_are_found_by_exactly_this_clause(meant: Understanding, clause: Clause) -> None:
    assert query_of(meant)["filter"] == [clause]
