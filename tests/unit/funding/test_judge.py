"""The evaluator: three values, what it found, dates, costs, questions and contradictions."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from funding import (
    OWN_FUNDING,
    Answer,
    OfferFacts,
    Period,
    Person,
    SessionFacts,
    Verdict,
    check_folder,
    earliest_session,
    judge,
)
from funding.evaluation.contacts import find_contacts
from funding.evaluation.facet import facet_value
from funding.evaluation.verdict import Cost
from funding.facts.offer_facts import PUBLIC_FUNDERS
from funding.facts.values import Days, Span, Told
from funding.rule.condition import All, AnyOf, Compare, Condition, Has, In, Is, Not, Untold, Within

BOOK = check_folder(OWN_FUNDING).reading.book
ON = date(2026, 11, 29)
SESSION = SessionFacts(date(2026, 12, 14), date(2026, 12, 14), date(2027, 2, 26), date(2027, 2, 26))
REGION = OfferFacts(frozenset({"2"}), True, frozenset(), "training", frozenset({"rncp"}), True, (), frozenset(),
                    400.0, price=3000.0)  # fmt: skip
YES, NO, MAYBE = Is("a", True), Is("a", False), Is("b", True)


def ask(person: Person, offer: OfferFacts = REGION, session: SessionFacts | None = SESSION, on: date = ON) -> Answer:
    return judge(BOOK, person, offer, session, on)


def verdict(answer: Answer, scheme: str) -> Verdict:
    return next(each for each in (*answer.verdicts, *answer.income) if each.scheme == scheme)


@pytest.mark.parametrize(
    ("condition", "result"),
    [
        (All((YES, MAYBE)), None),
        (All((MAYBE, NO)), False),
        (All(()), True),
        (AnyOf((MAYBE, YES)), True),
        (AnyOf((NO, MAYBE)), None),
        (AnyOf((NO, NO)), False),
        (Not(MAYBE), None),
        (Not(YES), False),
        (Untold("?"), None),
        (In("code", frozenset({"x"})), True),
        (In("code", frozenset({"y"})), False),
        (Has("list", frozenset({"1", "9"})), True),
        (Has("list", frozenset({"2"})), None),
        (Has("list", frozenset({"3"})), False),
        (Has("nothing", frozenset({"3"})), None),
        (Compare("number", "at_least", 10), True),
        (Compare("number", "above", 10), None),
        (Compare("number", "at_most", 9), False),
        (Compare("number", "at_most", 15), None),
        (Compare("endless", "above", 4), True),
        (Compare("endless", "at_most", 4), False),
        (Compare("endless", "at_most", 6), None),
        (Within("start", 3, "since"), True),
        (Within("start", 2, "since"), None),
        (Within("start", 1, "since"), False),
        (Within("open", 2, "since"), None),
        (Within("open", 1, "since"), False),
    ],
)
def test_three_values(condition: Condition, result: bool | None) -> None:
    env: dict[str, Any] = {
        "a": True,
        "code": "x",
        "list": Told(frozenset({"1"}), frozenset({"2"})),
        "number": Span(10, 20),
        "endless": Span(5, None),
        "since": Days(date(2026, 1, 15), date(2026, 1, 15)),
        "start": Days(date(2026, 2, 15), date(2026, 3, 15)),
        "open": Days(date(2026, 2, 15), None),
    }
    assert condition.result(env) is result


def test_job_seeker_on_a_place_of_the_region() -> None:
    answer = ask(Person(status="job_seeker"))
    prf = verdict(answer, "prf")
    assert (prf.result, prf.is_sure, prf.too_late, prf.missing, prf.remedy) == (True, True, False, (), None)
    assert next((met.text, met.result, met.found) for met in prf.conditions) == (
        "place achetée par la Région", True, "financeurs de l’offre : Région"
    )  # fmt: skip
    assert prf.conditions[0].source == "Code du travail, L. 6121-2"
    assert answer.to_json()["remaining"] == {"min": 0.0, "max": 0.0}


def test_json_has_the_form_of_the_contract() -> None:
    answer = ask(Person()).to_json()
    assert list(answer) == ["verdicts", "income", "remaining", "questions", "contradictions", "rules_version"]
    for each in (*answer["verdicts"], *answer["income"]):
        assert list(each) == [
            "scheme", "label", "verdict", "judged", "too_late", "decides", "conditions", "missing", "remedy",
            "remaining", "pays", "documents", "deadlines",
        ]  # fmt: skip
        assert each["verdict"] in ("yes", "no", "unknown")
        assert not (each["missing"] and each["verdict"] != "unknown")
        for condition in each["conditions"]:
            assert list(condition) == ["text", "result", "source"]
    assert [each["scheme"] for each in answer["income"]] == ["are", "rff", "rfft", "regional_pay", "age"]
    assert json.loads(json.dumps(answer)) == answer


def test_answer_repeats_no_sensitive_fact() -> None:
    person = Person(status="job_seeker", cpf_euros=4321.0, csp_since=date(2025, 7, 13))
    told = json.dumps(ask(person, replace(REGION, price=None)).to_json(), ensure_ascii=False)
    assert "4321" not in told.replace(" ", "")
    assert "2025-07-13" not in told


def test_session_date_chooses_the_version() -> None:
    employee = Person(status="employee", seniority_24_months=True)
    later = replace(SESSION, start=date(2027, 1, 4), start_last=date(2027, 1, 4))
    assert verdict(ask(employee), "ptp").result is True
    ptp = verdict(ask(employee, session=later), "ptp")
    assert (ptp.result, ptp.missing) == (None, ())
    assert "L. 6323-17-2" in ptp.conditions[-1].text
    assert verdict(ask(Person(status="student"), session=later), "ptp").result is False


def test_session_of_two_versions_is_unknown_unless_both_agree() -> None:
    both = replace(SESSION, start=date(2026, 12, 20), start_last=date(2027, 1, 10))
    assert verdict(ask(Person(status="employee", seniority_24_months=True), session=both), "ptp").result is None
    assert verdict(ask(Person(status="student"), session=both), "ptp").result is False
    assert verdict(ask(Person(status="csp", csp_since=ON), session=both), "csp").result is None


def test_without_session_the_day_of_the_question_chooses_the_version() -> None:
    employee = Person(status="employee", seniority_24_months=True)
    assert verdict(ask(employee, session=None), "ptp").result is True
    ptp = verdict(ask(employee, session=None, on=date(2027, 1, 1)), "ptp")
    assert (ptp.result, ptp.deadlines[0].day, ptp.too_late) == (None, None, False)


def test_verify_by_is_compared_with_the_day_of_the_question() -> None:
    later = SessionFacts(date(2027, 9, 1), date(2027, 9, 1))
    seeker = Person(status="job_seeker")
    assert verdict(ask(seeker, session=later, on=date(2027, 3, 31)), "prf").result is True
    prf = verdict(ask(seeker, session=later, on=date(2027, 4, 1)), "prf")
    assert (prf.result, prf.doubt) == (None, "Règle à relire : ses sources devaient être vérifiées avant le 31/03/2027")
    told = replace(REGION, funders=frozenset({"5"}))
    assert verdict(ask(seeker, told, later, date(2027, 4, 1)), "prf").result is False


@pytest.mark.parametrize("funder", sorted(PUBLIC_FUNDERS))
def test_public_funder_of_an_action_that_is_not_funded_is_a_contradiction(funder: str) -> None:
    offer = replace(REGION, funders=frozenset({funder, "5"}), state_funded=False)
    answer = ask(Person(status="job_seeker"), offer)
    assert len(answer.contradictions) == 1
    for scheme, codes in (("prf", "2"), ("afc", "4"), ("state", "11")):
        assert verdict(answer, scheme).result is (None if funder == codes else False) or funder == "13"


def test_facts_that_cannot_go_together_are_answered_and_said() -> None:
    person = Person(status="student", contract="cdi", csp_since=ON, allowance="rsa", allowance_outlasts=True)
    answer = ask(person)
    assert len(answer.contradictions) == 3
    assert len(answer.verdicts) == 20
    assert ask(Person(status="employee", contract="cdi", allowance="are", allowance_outlasts=True)).contradictions == ()
    assert len(ask(Person(status="csp", age="15")).contradictions) == 1


def test_questions_come_by_how_many_verdicts_they_settle() -> None:
    answer = ask(Person())
    assert answer.questions[0] == "status"
    assert "allowance_outlasts" not in answer.questions
    assert "csp_since" not in answer.questions
    assert "holds_licence" not in answer.questions
    assert "allowance_outlasts" in ask(Person(status="job_seeker", allowance="are")).questions
    assert "csp_since" in ask(Person(status="csp")).questions
    licence = replace(REGION, kind="licence_light")
    assert "holds_licence" in ask(Person(), licence).questions


def test_earliest_session_that_can_still_be_joined() -> None:
    over, later = SessionFacts(date(2026, 11, 2), date(2026, 11, 2)), SessionFacts(date(2027, 3, 1), date(2027, 3, 1))
    permanent = SessionFacts(date(2026, 1, 5), date(2026, 1, 5), date(2027, 6, 30), permanent=True)
    ended = replace(permanent, end=date(2026, 11, 28))
    month, unknown = SessionFacts(date(2026, 11, 1), date(2026, 11, 30)), SessionFacts()
    assert earliest_session([over, ended, unknown, later], ON) == later
    assert earliest_session([unknown, later, permanent], ON) == permanent
    assert earliest_session([later, permanent, month], ON) == month
    assert earliest_session([over, unknown], ON) == unknown
    assert earliest_session([over, ended], ON) is None


def test_nothing_known_gives_vae_only() -> None:
    vae = replace(REGION, kind="vae")
    said = [each.scheme for each in (*ask(Person(), vae).verdicts, *ask(Person(), vae).income) if each.result]
    assert said == ["vae"]


def test_facet_is_the_best_of_the_payers_of_fees() -> None:
    own = replace(REGION, funders=frozenset(), programmes=frozenset(), certifications=frozenset(), certifying=False)
    assert facet_value(ask(Person(status="job_seeker")).verdicts) == "paid"
    assert facet_value(ask(Person(status="job_seeker"), own).verdicts) == "possible"
    student = ask(Person(status="student", cpf_euros=0.0), own)
    assert facet_value(student.verdicts) == "unknown"
    regional = tuple(each for each in student.verdicts if each.scheme not in ("region_aid", "prf"))
    assert facet_value(regional) == "no"
    resigning = ask(Person(status="employee", contract="cdi", employer="none", cpf_euros=0.0), own)
    income_only = [each for each in resigning.verdicts if each.result or each.scheme == "afc"]
    assert [each.scheme for each in income_only] == ["afc", "demissionnaire"]
    assert facet_value(income_only) == "no"


def test_contacts_name_the_territory_of_the_person() -> None:
    answer = ask(Person(status="job_seeker", department="81"))
    found = {
        each.contact.id: each.where for each in find_contacts(BOOK, verdict(answer, "prf"), Person(department="81"))
    }
    assert found == {"region": "Occitanie", "france_travail": "Tarn", "mission_locale": "Tarn", "cap_emploi": "Tarn"}
    cpf = next(find_contacts(BOOK, verdict(answer, "cpf"), Person(department="81")))
    assert (cpf.contact.label, cpf.where) == ("Mon Compte Formation", "")
    assert next(find_contacts(BOOK, verdict(answer, "prf"), Person())).where == ""


@pytest.mark.parametrize(("age", "is_told"), [("15", True), ("18-25", True), ("26-29", False), (None, True)])
def test_a_contact_for_the_young_is_told_to_nobody_who_is_older(age: str | None, is_told: bool) -> None:
    answer = ask(Person(status="job_seeker", age=age))
    found = {each.contact.id for each in find_contacts(BOOK, verdict(answer, "prf"), Person(age=age))}
    assert ("mission_locale" in found) is is_told
    assert "france_travail" in found


def test_what_was_found_is_in_no_representation() -> None:
    answer = ask(Person(status="job_seeker", cpf_euros=4321.0))
    assert "4 321" in verdict(answer, "cpf").conditions[0].found
    assert "4\u202f321" not in repr(answer)


def test_remaining_in_all_is_what_a_sure_payer_leaves_at_most() -> None:
    offer = replace(REGION, funders=frozenset(), price=2000.0)
    cpf = ask(Person(status="job_seeker", cpf_euros=500.0), offer)
    assert cpf.remaining is not None
    assert (cpf.remaining.least, cpf.remaining.most) == (0.0, 1500.0)  # an AIF, judged, may leave nothing
    nobody = ask(Person(status="student", cpf_euros=0.0, age="15"), offer)
    assert nobody.remaining is not None
    assert (nobody.remaining.least, nobody.remaining.most) == (0.0, 2000.0)  # the Region's terms are not known
    assert ask(Person(status="job_seeker", cpf_euros=500.0), replace(offer, price=None)).remaining is None


def test_scheme_that_comes_too_late_leaves_everything_to_pay() -> None:
    started = replace(SESSION, start=date(2026, 11, 2), start_last=date(2026, 11, 2))
    answer = ask(Person(status="job_seeker"), session=started)
    prf = verdict(answer, "prf")
    assert (prf.result, prf.too_late) == (True, True)
    assert answer.remaining is not None
    assert (answer.remaining.least, answer.remaining.most) == (3000.0, 3000.0)


def test_figure_of_last_year_is_never_used() -> None:
    offer = replace(REGION, funders=frozenset(), price=2000.0)
    later = replace(SESSION, start=date(2027, 1, 4), start_last=date(2027, 1, 4))
    student = Person(status="student", cpf_euros=5000.0)
    assert verdict(ask(student, offer), "cpf").remaining is not None
    assert verdict(ask(student, offer, later), "cpf").remaining == Cost(0.0, 2000.0, lacks_figure=True)
    # Of a price below the person's share all of it may remain, although the share is known.
    cheap = verdict(ask(Person(cpf_euros=5000.0), replace(offer, price=100.0)), "cpf").remaining
    assert cheap == Cost(0.0, 100.0)


@pytest.mark.parametrize(
    ("periods", "start", "last", "result"),
    [
        ((Period(None, None),), date(2026, 12, 1), date(2026, 12, 31), True),
        ((Period(date(2026, 12, 1), date(2026, 12, 31)),), date(2026, 12, 1), date(2026, 12, 31), True),
        ((Period(date(2026, 12, 2), None),), date(2026, 12, 1), date(2026, 12, 31), None),
        ((Period(None, date(2026, 12, 30)),), date(2026, 12, 1), date(2026, 12, 31), None),
        ((Period(None, date(2026, 11, 30)),), date(2026, 12, 1), date(2026, 12, 31), False),
        ((Period(date(2027, 1, 1), None),), date(2026, 12, 1), date(2026, 12, 31), False),
        ((), date(2026, 12, 1), date(2026, 12, 1), False),
        (None, date(2026, 12, 1), date(2026, 12, 1), None),
        ((Period(date(2020, 1, 1), None),), None, None, True),
        ((Period(None, date(2027, 1, 1)),), None, None, None),
    ],
)
def test_cpf_period_must_cover_the_start(
    periods: tuple[Period, ...] | None, start: date | None, last: date | None, result: bool | None
) -> None:
    env = SessionFacts(start, last).env(OfferFacts(cpf_periods=periods), ON)
    assert env.get("session.cpf_open") is result
