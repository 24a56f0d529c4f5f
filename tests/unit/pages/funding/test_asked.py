"""What is asked: at most twelve questions, the best first, a dependent one after its answer only."""

from dataclasses import replace
from datetime import date

import pytest

from funding import Answer, Person, judge
from funding.facts.table import PERSON
from search_app.pages.funding.asked.facts import MOST_AT_ONCE, answered_facts, facts_of_fees, open_facts
from search_app.pages.funding.asked.questions import PREFIX, UNKNOWN, build_question
from tests.unit.pages.funding.funding_samples import BOOK, EMPLOYEE, OFFER, ON, SEEKER, SESSION


def asked(person: Person) -> tuple[tuple[str, ...], Answer]:
    answer = judge(BOOK, person, OFFER, SESSION, ON)
    return open_facts(BOOK, answer, person), answer


@pytest.mark.parametrize("person", [Person(), SEEKER, EMPLOYEE])
def test_questions_keep_the_order_of_the_answer(person: Person) -> None:
    found, answer = asked(person)
    assert found[: len(answer.questions)] == answer.questions
    assert len(found) <= MOST_AT_ONCE
    assert len(set(found)) == len(found)
    assert not set(found) & set(answered_facts(person))


def test_dependent_question_comes_after_its_answer() -> None:
    assert not {"allowance_outlasts", "csp_since"} & set(asked(Person())[0])
    assert "allowance_outlasts" in asked(SEEKER)[0]
    assert "allowance_outlasts" not in asked(replace(SEEKER, allowance="rsa"))[0]
    assert "csp_since" in asked(Person(status="csp"))[0]


def test_question_that_only_some_offers_make_matter_is_asked_for_those() -> None:
    assert "holds_licence" not in asked(Person())[0]
    answer = judge(BOOK, SEEKER, replace(OFFER, kind="licence_light"), SESSION, ON)
    assert "holds_licence" in open_facts(BOOK, answer, replace(SEEKER, cpf_euros=500.0))


def test_age_is_asked_where_an_amount_depends_on_it_and_department_last() -> None:
    found, answer = asked(Person(status="job_seeker", allowance="rsa"))
    assert "age" not in answer.questions
    assert "age" in found
    assert found[-1] == "department"
    assert "department" not in asked(SEEKER)[0]


def test_without_an_offer_facts_that_fees_depend_on_are_asked() -> None:
    found = facts_of_fees(BOOK)
    assert found[0] == "status"
    assert len(found) <= MOST_AT_ONCE
    assert not {"allowance_outlasts", "csp_since", "child_under_12", "department"} & set(found)


@pytest.mark.parametrize("short", PERSON)
def test_each_question_may_stay_unanswered(short: str) -> None:
    question = build_question(short, {})
    assert question.value == ""
    if question.kind in ("radio", "select"):
        assert [option.label for option in question.options if option.value == ""] == [UNKNOWN]
        codes = PERSON[short].values
        assert [option.value for option in question.options if option.value] == list(codes)
    else:
        assert not question.options
        assert "Laissez vide" in question.hint


def test_given_answer_is_chosen_and_a_wrong_one_is_not_repeated() -> None:
    assert build_question("status", {"status": "csp"}).value == "csp"
    wrong = build_question("cpf_euros", {"cpf_euros": "beaucoup"}, frozenset(("cpf_euros",)))
    assert (wrong.value, bool(wrong.error)) == ("", True)
    assert "beaucoup" not in repr(wrong) + str(wrong.error)
    assert build_question("level", {}, prefix=PREFIX).name == "person.level"


def test_departments_are_named_with_their_numbers() -> None:
    labels = [option.label for option in build_question("department", {}).options]
    assert labels[:2] == [UNKNOWN, "01 – Ain"]


def test_answers_are_in_no_repr() -> None:
    question = build_question("csp_since", {"csp_since": "2026-09-01"})
    assert question.value == date(2026, 9, 1).isoformat()
    assert "2026" not in repr(question)
