"""What one lives on: what somebody still decides about it, and nothing that is for others whatever the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from funding import Person, judge
from search_app.pages.funding.dossier.income import IncomeRow, build_income
from search_app.text.wording import typeset
from tests.unit.pages.funding.funding_samples import BOOK, EMPLOYEE, OFFER, ON, SEEKER, SESSION

NEXT_YEAR = replace(SESSION, start=date(2027, 2, 1), start_last=date(2027, 2, 1))


def incomes(person: Person) -> dict[str, IncomeRow]:
    answer = judge(BOOK, person, OFFER, NEXT_YEAR, ON)
    return {row.href.rpartition("/")[2]: row for row in build_income(BOOK, answer, person)}


def test_resignation_says_what_is_still_decided_and_not_to_resign_before() -> None:
    row = incomes(EMPLOYEE)["demissionnaire"]
    assert row.words.startswith("Conditions connues remplies")
    assert row.judged == typeset(
        "Reste à juger : 1 300 jours de travail en 60 mois, projet réel et sérieux, attesté par Transitions Pro"
        " (ne pas démissionner avant l’attestation)"
    )


def test_income_after_unemployment_benefit_says_what_is_still_decided() -> None:
    row = incomes(replace(SEEKER, allowance_outlasts=False))["rff"]
    assert row.judged == typeset("Reste à juger : métier de la liste en tension, prescription par France Travail")


@pytest.mark.parametrize(("status", "shown"), [(None, True), ("csp", True), ("job_seeker", False), ("employee", False)])
def test_csp_outside_its_versions_is_shown_to_those_it_may_be_for(status: str | None, shown: bool) -> None:
    assert ("csp" in incomes(Person(status=status))) is shown
