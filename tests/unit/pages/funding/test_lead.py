"""The head of an answer: who pays, how much remains and what to do first, of one and the same scheme."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from funding import Cost, OfferFacts, Person, SessionFacts, judge
from search_app.pages.funding.dossier.entering import entering_text
from search_app.pages.funding.dossier.steps import StepRow, build_steps, that_matter
from search_app.pages.funding.dossier.summary import Summary, build_summary
from search_app.pages.funding.dossier.words import cost_text
from search_app.text.wording import euros, typeset
from tests.unit.pages.funding.funding_samples import BOOK, EMPLOYEE, OFFER, ON, SEEKER, SESSION

UNREGISTERED = Person(status="unregistered")
PRIVATE = replace(OFFER, funders=frozenset("5"))  # no place is bought by anybody
FAR = SessionFacts(date(2027, 6, 1), date(2027, 6, 1), date(2027, 8, 1), date(2027, 8, 1))
PERMANENT = SessionFacts(date(2026, 1, 1), date(2026, 1, 1), date(2027, 12, 31), date(2027, 12, 31), permanent=True)
REGISTER = "S’inscrire comme demandeur d’emploi à France Travail"


def asked(
    person: Person, offer: OfferFacts = OFFER, session: SessionFacts = SESSION
) -> tuple[Summary, tuple[StepRow, ...]]:
    answer = judge(BOOK, person, offer, session, ON)
    steps = build_steps(BOOK, that_matter(answer), session, None, ON)
    return build_summary(answer, steps, ON, entering_text(session, None, ON)), steps


def test_registering_comes_first_where_the_region_bought_the_place() -> None:
    for person in (UNREGISTERED, replace(UNREGISTERED, cpf_euros=1200.0)):
        head, steps = asked(person)
        assert head.payers == typeset("À vérifier : Programme régional de formation")
        assert head.following is not None
        assert head.following.what == REGISTER
        assert head.following.when == typeset("Avant le 14 décembre 2026, début de la session")
        assert steps[0].what == REGISTER
    assert head.why == typeset("Il manque : s’inscrire comme demandeur d’emploi à France Travail")
    assert "CPF" in head.otherwise[0]


def test_a_sure_payer_of_all_is_told_alone() -> None:
    head, _ = asked(replace(SEEKER, cpf_euros=1200.0))
    assert (head.payers, head.remaining) == ("Programme régional de formation", typeset("0 €"))
    assert (head.otherwise, head.why, head.then) == ((), "", None)


def test_amount_and_first_step_are_those_of_the_scheme_that_is_named() -> None:
    head, _ = asked(replace(SEEKER, cpf_euros=1200.0), PRIVATE, FAR)
    assert "CPF" in head.payers
    assert head.remaining == f"{cost_text(Cost(2300, 2300))}, sans autre aide"
    assert head.why == "Paie une partie des frais"
    assert head.following is not None
    assert "CPF" in head.following.who
    assert head.otherwise == (
        typeset("Pour le reste, à demander : Aide individuelle à la formation (AIF) ; Aide individuelle de la Région"),
    )
    assert head.then is not None
    assert "AIF" in head.then.who
    assert head.then.when == "Au plus tard le 17 mai 2027"


def test_the_step_with_the_earlier_day_comes_first() -> None:
    head, _ = asked(replace(SEEKER, cpf_euros=1200.0), PRIVATE, FAR)
    assert head.following is not None
    assert head.then is not None
    early, late = date(2027, 1, 5), date(2027, 1, 20)
    for first, rest, expected in (
        (late, early, True),
        (early, late, False),
        (late, late, False),
        (late, date.min, False),
        (date.min, early, True),
        (date.min, date.min, False),
    ):
        told = replace(head, following=replace(head.following, day=first), then=replace(head.then, day=rest))
        assert told.is_rest_first is expected
    assert not replace(head, then=None).is_rest_first
    assert (head.following.when, head.then.when) == (
        "Avant le 1er juin 2027, début de la session",
        "Au plus tard le 17 mai 2027",
    )
    assert head.is_rest_first


def test_what_somebody_decides_leaves_its_amount_only_if_granted() -> None:
    head, _ = asked(EMPLOYEE, PRIVATE, PERMANENT)
    assert head.payers == typeset("Possible : Projet de transition professionnelle")
    assert head.remaining == typeset("0 €, si le financement est accordé")
    assert head.following is not None
    assert head.following.when.startswith("60")
    assert head.why == typeset("Décision : Transitions Pro")


def test_nobody_who_pays_is_told_without_steps() -> None:
    answer = judge(BOOK, SEEKER, OFFER, SESSION, ON)
    nobody = replace(answer, verdicts=tuple(replace(each, result=False) for each in answer.verdicts))
    head = build_summary(nobody)
    assert (head.tone, head.otherwise, head.following) == ("no", (), None)


def test_scheme_with_fewest_open_conditions_is_told_first() -> None:
    answer = judge(BOOK, Person(), OFFER, SESSION, ON)
    head = build_summary(answer)
    assert head.payers == typeset("À vérifier : Programme régional de formation")
    assert head.otherwise[0].startswith(typeset("Sinon : "))


def test_without_a_day_the_rule_is_told_in_words() -> None:
    _, steps = asked(EMPLOYEE, PRIVATE, PERMANENT)
    told = {step.what: step.when for step in steps}
    leave = typeset("Demande de congé à l’employeur, puis dossier auprès de Transitions Pro.")
    assert told[leave] == typeset("60 jours (120 si l’absence dure six mois ou plus) avant l’entrée")
    _, dated = asked(EMPLOYEE, PRIVATE, FAR)
    assert {step.what: step.when for step in dated}[leave].startswith("Au plus tard le")


def test_no_step_is_told_twice() -> None:
    for person in (SEEKER, EMPLOYEE, UNREGISTERED, Person(), Person(status="csp")):
        for session in (FAR, PERMANENT, SESSION):
            _, steps = asked(person, PRIVATE, session)
            what = [step.what for step in steps]
            assert len(what) == len(set(what))
            assert not [(a, b) for a in what for b in what if a != b and b.startswith(a.rstrip("."))]


def test_one_step_of_several_schemes_names_them_all() -> None:
    verdicts = [each for each in judge(BOOK, SEEKER, OFFER, SESSION, ON).income if each.scheme in ("are", "rfft")]
    (row,) = build_steps(BOOK, verdicts, SESSION, None, ON)
    assert row.who == typeset(" ; ".join(each.label for each in verdicts))


def test_first_and_last_day_of_a_step_are_told_together() -> None:
    person = replace(EMPLOYEE, employer="agrees")
    for session, when in (
        (FAR, "À partir du 2 mai 2027, au plus tard le 1er juin 2027"),
        (PERMANENT, "À partir de 30 jours avant l’entrée"),
    ):
        verdicts = [
            each for each in judge(BOOK, person, PRIVATE, session, ON).verdicts if each.scheme == "reconversion"
        ]
        told = {step.what: step.when for step in build_steps(BOOK, verdicts, session, None, ON)}
        assert told["Dossier déposé par l’employeur auprès de l’OPCO"] == typeset(when)


def test_terms_that_nobody_told_come_after_what_the_person_can_settle() -> None:
    for person in (Person(status="employee"), replace(EMPLOYEE, employer="none"), Person(status="student")):
        head, _ = asked(person)
        assert "Programme régional" not in head.payers
    head, _ = asked(Person(status="self_employed", age="35-66"), PRIVATE)
    assert "FAF" in head.payers
    assert head.why == typeset("Reste à savoir : « la contribution à la formation professionnelle est payée »")


def test_apprentice_to_be_is_told_the_contract_before_an_account_of_unknown_rights() -> None:
    head, _ = asked(Person(status="student", age="16-17"), replace(PRIVATE, contract_types=None))
    assert head.payers == typeset("À vérifier : Contrat d’apprentissage")
    assert head.remaining == f"{euros(0)} si ce financement est obtenu, {euros(3500)} sinon"
    assert head.why == typeset("Reste à savoir : un employeur est-il trouvé ou d’accord ?")


def test_rule_that_changes_says_whom_to_ask() -> None:
    head, _ = asked(EMPLOYEE, PRIVATE, FAR)
    assert "Projet de transition professionnelle" in head.payers
    assert head.why.startswith(typeset("Demander à Transitions Pro : la règle (L. 6323-17-2) change"))
    assert head.following is not None
    assert head.following.when.startswith("Au plus tard le")


def test_unknown_amount_is_bounded_or_says_whom_to_ask_for_the_price() -> None:
    person = Person(status="unregistered", age="30-34", cpf_euros=800.0)
    known, _ = asked(person, PRIVATE, FAR)
    no_figure = " : les montants fixés par la loi à cette date ne sont pas encore connus"
    assert known.remaining == typeset(f"de {euros(2700)} à {euros(3500)}{no_figure}")
    without_rights, _ = asked(replace(person, cpf_euros=None), PRIVATE, FAR)
    assert euros(3500) in without_rights.remaining
    unknown, _ = asked(person, replace(PRIVATE, price=None), FAR)
    assert unknown.remaining == "non connu, prix à demander à l’organisme"


def test_beginning_is_told_before_a_later_step_and_with_its_date() -> None:
    head, _ = asked(Person(status="job_seeker", allowance="rsa", cpf_euros=0.0), PRIVATE, FAR)
    assert "AIF" in head.payers
    assert head.following is not None
    assert head.following.what.startswith("L’organisme dépose un devis dans Kairos")
    assert head.following.when == "Au plus tard le 17 mai 2027"
