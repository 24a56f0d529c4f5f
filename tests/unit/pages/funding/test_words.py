"""What is said of a verdict: conditions met, to be checked, not met; never a promise, never a status."""

from dataclasses import replace

import pytest

from funding import Answer, Cost, Person, Verdict, judge
from search_app.pages.funding.dossier.payers import PayerRow, build_groups
from search_app.pages.funding.dossier.words import amount_text, cost_text, income_words, tone_of, verdict_words
from search_app.text.wording import typeset
from tests.unit.pages.funding.funding_samples import BOOK, EMPLOYEE, OFFER, ON, SEEKER, SESSION


def answer_of(person: Person = SEEKER) -> Answer:
    return judge(BOOK, person, OFFER, SESSION, ON)


def verdict_of(scheme: str, person: Person = SEEKER) -> Verdict:
    answer = answer_of(person)
    return next(each for each in (*answer.verdicts, *answer.income) if each.scheme == scheme)


MET = "conditions connues remplies"
LATE = f"Trop tard pour cette session (sinon : {MET} – décision : {{}})"
CHECKED = replace(verdict_of("prf"), result=None, missing=())


@pytest.mark.parametrize(
    ("verdict", "tone", "words"),
    [
        (verdict_of("prf"), "paid", f"Payée : {MET}"),
        (verdict_of("aif", SEEKER), "late", LATE.format("France Travail")),
        (replace(verdict_of("aif"), too_late=False), "possible", f"C{MET[1:]} – décision : France Travail"),
        (verdict_of("cpf"), "check", "À vérifier : combien y a-t-il sur votre compte CPF (euros) ?"),
        (verdict_of("cpf", replace(SEEKER, cpf_euros=1200.0)), "paid", f"Payée en partie : {MET}"),
        (verdict_of("cpf", replace(SEEKER, cpf_euros=5000.0)), "paid", f"Payée : {MET}"),
        (verdict_of("plan"), "no", "Non, parce qu’il faudrait « situation : salarié »"),
        (verdict_of("ptp", EMPLOYEE), "late", LATE.format("Transitions Pro")),
        (verdict_of("faf", Person(status="self_employed")), "check",
         "À vérifier : « la contribution à la formation professionnelle est payée »"),
        (replace(CHECKED, doubt="Règle à relire"), "check", "À vérifier : règle à relire"),
        (replace(verdict_of("csp"), result=True), "paid", f"C{MET[1:]}"),
        (replace(verdict_of("cpf"), result=True, remaining=None), "paid", f"Payée en tout ou en partie : {MET}"),
        (replace(verdict_of("prf"), remaining=Cost(10, 10)), "paid", f"Payée en partie : {MET}"),
    ],
)  # fmt: skip
def test_words_follow_verdict(verdict: Verdict, tone: str, words: str) -> None:
    assert tone_of(verdict) == tone
    assert verdict_words(verdict) == typeset(words)


def test_income_is_not_called_paid_fees() -> None:
    verdict = verdict_of("plan", Person(status="employee", employer="agrees"))
    assert verdict_words(verdict) == typeset(f"Payée : {MET}")
    assert income_words(verdict) == f"C{MET[1:]}"
    assert income_words(verdict_of("are")) == typeset(f"C{MET[1:]} – décision : France Travail")


def test_no_is_a_no_even_if_it_is_too_late() -> None:
    verdict = verdict_of("ptp")
    assert verdict.too_late
    assert tone_of(verdict) == "no"


@pytest.mark.parametrize("person", [Person(), SEEKER, EMPLOYEE, Person(status="student", age="16-17")])
def test_nobody_is_called_eligible(person: Person) -> None:
    answer = answer_of(person)
    for verdict in (*answer.verdicts, *answer.income):
        assert "ligible" not in verdict_words(verdict)


def test_groups_keep_order_of_rules_and_hold_each_payer_of_fees_once() -> None:
    answer = answer_of()
    groups = build_groups(answer.verdicts[::-1])
    shown = [row.scheme for group in groups for row in group.rows]
    assert sorted(shown) == sorted(each.scheme for each in answer.verdicts if "fees" in each.pays)
    order = {each.scheme: each.order for each in answer.verdicts}
    for group in groups:
        assert [order[row.scheme] for row in group.rows] == sorted(order[row.scheme] for row in group.rows)
    assert [group.id for group in groups] == ["payent", "a-verifier", "trop-tard", "ne-payent-pas"]
    assert [group.folded for group in groups] == [False, False, False, True]


def rows_of(person: Person) -> dict[str, PayerRow]:
    return {row.scheme: row for group in build_groups(answer_of(person).verdicts) for row in group.rows}


def test_row_says_what_remains_only_where_it_may_pay() -> None:
    rows = rows_of(SEEKER)
    assert rows["prf"].remaining == typeset("Reste à payer : 0 €")
    assert rows["plan"].remaining == ""
    assert rows["cpf"].remaining == ""
    assert rows["region_aid"].judged == typeset("Reste à juger : règlement de la Région du domicile")
    assert rows["prf"].counts == "2\xa0conditions remplies"
    assert rows["prf"].href == "/financements/prf"


def test_remedy_stands_beside_a_no() -> None:
    rows = {
        row.scheme: row
        for group in build_groups(answer_of(Person(status="unregistered")).verdicts)
        for row in group.rows
    }
    assert rows["aif"].remedy == "S’inscrire comme demandeur d’emploi à France Travail"


@pytest.mark.parametrize(
    ("cost", "text"),
    [(None, "non connu"), (Cost(0, 0), "0 €"), (Cost(0, 350.5), "de 0 € à 350,50 €"), (Cost(103.2, 103.2), "103,20 €")],
)
def test_cost_is_a_figure_or_a_range_or_not_known(cost: Cost | None, text: str) -> None:
    assert cost_text(cost) == typeset(text)


def test_amount_says_period_bound_and_whether_its_source_was_read() -> None:
    (rff,), (paid,) = BOOK.amounts["rff_most"], BOOK.amounts["regional_pay_adult"]
    assert amount_text(rff) == "jusqu’à 756,63\xa0€ par mois, à confirmer"
    assert amount_text(paid) == "685\xa0€ par mois"
