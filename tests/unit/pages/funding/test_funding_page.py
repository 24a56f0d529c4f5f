"""The page of an offer's funding: questions without a person, the dossier with one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.faces import check_page
from tests.funded import funded_browser
from tests.hostile_offers import hostile_offers
from tests.stored_offers import Document, least_offer, named, whole_offer
from tests.unit.pages.funding.funding_samples import FIRST, SECOND, stored_offer, stored_session
from tests.unit.pages.funding.page_reading import of, of_class, said, tree

OFFER = stored_offer()
BEGUN = stored_session("begun", "2026-11-02", "2027-03-12")
PATH = f"/offres/{OFFER['key']}/financement"
SEEKER = {"status": "job_seeker", "allowance": "are", "department": "81", "cpf_euros": "1 200,50", "disabled": ""}


@pytest.fixture(scope="module")
def browser() -> Iterator[TestClient]:
    with funded_browser([OFFER]) as client:
        yield client


def names_of(page: Any) -> list[str]:
    return list(dict.fromkeys(map(str, page.xpath("//form[@id='questions']//*[self::input or self::select]/@name"))))


def test_page_asks_without_a_person(browser: TestClient) -> None:
    answer = browser.get(PATH)
    assert answer.status_code == 200
    page = tree(answer)
    assert said(page.xpath("//h1")) == "Qui paie pour moi ?"
    names = names_of(page)
    assert names[0] == "status"
    assert names[-1] == "session"
    assert len(names) <= 13
    assert not of_class(page, "dossier")
    (form,) = of_class(page, "situation")
    assert (form.get("method"), form.get("action"), form.get("autocomplete")) == ("post", PATH, "off")
    assert not form.xpath(".//*[@type='hidden']")
    assert 'name="robots" content="noindex"' in answer.text


def test_person_gets_the_dossier(browser: TestClient) -> None:
    answer = browser.post(PATH, data=SEEKER)
    assert answer.status_code == 200
    page = tree(answer)
    assert of(page, "answer-payers") == "Qui paie Programme régional de formation"
    assert "Reste à payer 0 €" in of(page, "answer-brief")
    assert "Prescription par un conseiller" in of(page, "answer-next")
    rows = said([page.get_element_by_id("cpf")])
    assert "Payée en partie : conditions connues remplies" in rows
    assert "Reste à payer : 2 299,50 €" in rows
    offer = of(page, "dossier-offer")
    assert "14_SE_near" in offer
    assert "Région : 5 places restantes sur 12 (vu il y a 2 jours)" in offer
    assert "(Occitanie)" in of(page, "roles")
    assert "Lu le 29 novembre 2026" in of(page, "dossier-basis")
    assert "Question posée le 30 novembre 2026" in of(page, "dossier-basis")
    assert len(of_class(page, "dossier-sign")[0]) == 4
    assert [*check_page(answer.content)] == []


def test_what_to_do_is_told_before_what_does_not_pay(browser: TestClient) -> None:
    page = tree(browser.post(PATH, data=SEEKER))
    titles = [said([heading]) for heading in page.xpath("//article//h2")]
    assert titles.index("Qui paie, dans l’ordre") < titles.index("Que faire, et pour quand")
    (refused,) = [title for title in titles if title.startswith("Ce qui ne paie pas (")]
    assert titles.index("Que faire, et pour quand") < titles.index(refused)
    assert not page.xpath("//section[contains(@class, 'dossier-payers')]//*[contains(@class, 'payer-no')]")
    levels = [int(heading.tag[1]) for heading in page.xpath("//article//*[self::h2 or self::h3 or self::h4]")]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_answer_to_a_post_is_kept_nowhere(browser: TestClient) -> None:
    for data in (SEEKER, {"status": "x"}):
        answer = browser.post(PATH, data=data, follow_redirects=False)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert not {"etag", "set-cookie", "location"} & set(answer.headers)


def test_answers_stay_in_the_form_and_in_nothing_that_leads_elsewhere(browser: TestClient) -> None:
    page = tree(browser.post(PATH, data=SEEKER))
    chosen = {each.getparent().get("name"): each.get("value") for each in page.xpath("//option[@selected]")}
    assert {name: value for name, value in chosen.items() if value} == {
        "status": "job_seeker", "allowance": "are", "department": "81"
    }  # fmt: skip
    assert page.xpath("//input[@name='cpf_euros']/@value")[0] == "1 200,50"
    assert not [link for link in page.xpath("//@href | //@action") if "job_seeker" in link or "1 200" in link]
    assert not re.search("job_seeker|demandeur", said(page.xpath("//title")))


def test_best_question_stands_open_and_a_dependent_one_follows_its_answer(browser: TestClient) -> None:
    page = tree(browser.post(PATH, data=SEEKER))
    assert len(page.xpath("//form[@id='questions']/div[@class='questions']/*")) == 1
    assert "allowance_outlasts" in names_of(page)
    assert "csp_since" not in names_of(page)


def test_chosen_session_is_judged(browser: TestClient) -> None:
    page = tree(browser.post(PATH, data=SEEKER | {"session": SECOND["key"]}))
    assert "14_SE_far" in of(page, "dossier-offer")
    assert page.xpath(f"//option[@value='{SECOND['key']}'][@selected]")


def test_session_of_the_address_is_judged_and_kept_by_the_form(browser: TestClient) -> None:
    path = f"{PATH}?session={SECOND['key']}"
    for answer in (browser.get(path), browser.post(path, data={"person.status": "job_seeker"})):
        page = tree(answer)
        assert page.xpath(f"//select[@name='session']/option[@value='{SECOND['key']}'][@selected]")
        assert "1er février 2027" in of(page, "funding-where")
    assert "14_SE_far" in of(page, "dossier-offer")
    first = browser.post(path, data=SEEKER | {"session": ""})
    assert "14_SE_near" in of(tree(first), "dossier-offer")


def test_session_that_is_no_choice_is_kept_unseen() -> None:
    with funded_browser([stored_offer(sessions=[FIRST, BEGUN])]) as browser:
        page = tree(browser.get(f"{PATH}?session={BEGUN['key']}"))
    assert page.xpath("//input[@name='session']/@value") == [BEGUN["key"]]


@pytest.mark.parametrize(
    ("sessions", "notice"),
    [
        ([], "Aucune session à rejoindre n’est connue : demandez les dates"),
        ([FIRST | {"recruiting": "closed"}], "Inscriptions closes"),
        ([FIRST | {"recruiting": "suspended"}], "Inscriptions suspendues"),
        ([FIRST | {"seats": [FIRST["seats"][0] | {"available": 0}]}], "Complet : aucune place restante"),
        ([FIRST], ""),
        ([FIRST | {"seats": []}], ""),
    ],
)
def test_session_that_nobody_can_enter_is_told_before_the_verdicts(sessions: list[Document], notice: str) -> None:
    with funded_browser([stored_offer(sessions=sessions)]) as browser:
        page = tree(browser.post(PATH, data=SEEKER))
    assert of(page, "funding-notice").startswith(notice)
    assert bool(of_class(page, "funding-notice")) is bool(notice)


def test_session_that_has_begun_is_told_before_the_verdicts() -> None:
    with funded_browser([stored_offer(sessions=[FIRST, BEGUN])]) as browser:
        page = tree(browser.post(PATH, data=SEEKER | {"session": BEGUN["key"]}))
    assert of(page, "funding-notice") == "Session déjà commencée"


def test_each_session_to_come_leads_to_who_pays_for_it(browser: TestClient) -> None:
    page = tree(browser.get(f"/offres/{OFFER['key']}"))
    links = page.xpath("//*[@class='session-details']//a[contains(@href, '/financement')]")
    assert [link.get("href") for link in links] == [f"{PATH}?session={each['key']}" for each in (FIRST, SECOND)]
    assert all("nofollow" in link.get("rel") for link in links)


ENTERED = stored_session("all-year", "2026-01-01", "2027-12-31") | {"open_until": "2027-12-31"}
ALL_YEAR = stored_offer(entry="permanent", sessions=[ENTERED], funder=["5"], state_funded=None)
EMPLOYEE = {"status": "employee", "seniority_24_months": "true", "contract": "cdi"}


def test_day_of_entry_dates_the_steps_of_a_session_that_can_be_entered_at_any_time() -> None:
    with funded_browser([ALL_YEAR]) as browser:
        asked = tree(browser.get(PATH))
        assert asked.get_element_by_id("reponse-begin").get("type") == "date"
        without = tree(browser.post(PATH, data=EMPLOYEE))
        entered = tree(browser.post(PATH, data=EMPLOYEE | {"begin": "15/06/2027"}))
    assert "60 jours (120 si l’absence dure six mois ou plus) avant l’entrée" in of(without, "steps")
    assert "Au plus tard le 15 février 2027 Demande de congé" in of(entered, "steps")
    assert of(entered, "funding-where").endswith("pour commencer le 15 juin 2027")
    assert entered.get_element_by_id("reponse-begin").get("value") == "2027-06-15"


@pytest.mark.parametrize("day", ["2026-11-29", "2028-01-01", "canari", "31/02/2027"])
def test_day_on_which_nobody_can_enter_is_told_at_its_field(day: str) -> None:
    with funded_browser([ALL_YEAR]) as browser:
        answer = browser.post(PATH, data=EMPLOYEE | {"begin": day})
    assert answer.status_code == 400
    assert "canari" not in answer.text
    page = tree(answer)
    assert of_class(page, "error-summary")[0].xpath(".//a/@href") == ["#reponse-begin"]
    assert page.get_element_by_id("reponse-begin").get("aria-invalid") == "true"
    assert not of_class(page, "dossier")


def test_session_with_its_own_day_asks_for_none(browser: TestClient) -> None:
    page = tree(browser.post(PATH, data=SEEKER | {"begin": "canari"}))
    assert of_class(page, "dossier")
    assert not page.xpath("//*[@name='begin']")


def test_session_of_another_offer_is_not_found(browser: TestClient) -> None:
    for answer in (browser.post(PATH, data=SEEKER | {"session": "nulle"}), browser.get(f"{PATH}?session=nulle")):
        assert answer.status_code == 404
        page = tree(answer)
        told = of(page, "funding-notice")
        assert told == "Cette session n’est plus connue, ou elle n’est pas de cette offre. Choisissez-en une autre."
        (form,) = of_class(page, "situation")
        assert (form.get("action"), names_of(page)[0]) == (PATH, "session")
        assert form.xpath(".//select[@name='session']/option/@value") == ["", FIRST["key"], SECOND["key"]]
        assert not of_class(page, "dossier")
        assert "nulle" not in answer.text
    answer = browser.post(PATH, data=SEEKER | {"session": "nulle"})
    assert answer.headers["cache-control"] == "no-store"
    assert tree(answer).xpath("//select[@name='status']/option[@selected]/@value") == ["job_seeker"]


def test_unknown_session_names_the_only_other_one() -> None:
    with funded_browser([stored_offer(sessions=[FIRST])]) as client:
        told = of(tree(client.post(PATH, data={"session": "nulle"})), "funding-notice")
    assert told.endswith("L’offre en a une autre : du 14 décembre 2026 au 12 mars 2027.")


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (
            "20261210",
            "Avant le 14 décembre 2026, début de la session ; inscription à la session jusqu’au 10 décembre 2026",
        ),
        ("20261101", "Pour une autre session, dates à demander à l’organisme"),
    ],
)
def test_what_to_do_first_has_a_by_when_while_one_can_enrol(until: str, told: str) -> None:
    with funded_browser([stored_offer(sessions=[FIRST | {"registration": {"end_text": until}}])]) as client:
        page = tree(client.post(PATH, data=SEEKER))
    assert said(page.xpath("//*[contains(@class, 'answer-next')]//strong")) == told


def test_unknown_offer_is_not_found(browser: TestClient) -> None:
    assert browser.get("/offres/nulle/financement").status_code == 404


def test_steps_are_dated_for_the_session() -> None:
    with funded_browser([stored_offer(funder=["5"], state_funded=None)]) as browser:
        answers = {"status": "job_seeker", "cpf_euros": "0", "session": SECOND["key"]}
        text = of(tree(browser.post(PATH, data=answers)), "steps")
    assert "Au plus tard le 17 janvier 2027 Devis déposé dans Kairos" in text
    assert "L’organisme dépose un devis dans Kairos" in text


def test_wrong_answer_is_told_at_its_field_and_not_repeated(browser: TestClient) -> None:
    answer = browser.post(
        PATH, data={"status": "job_seeker", "cpf_euros": "beaucoup-canari", "csp_since": "31/02/2026"}
    )
    assert answer.status_code == 400
    assert "canari" not in answer.text
    page = tree(answer)
    (summary,) = of_class(page, "error-summary")
    targets = [str(link).removeprefix("#") for link in summary.xpath(".//a/@href")]
    assert targets == ["reponse-cpf_euros", "reponse-csp_since"]
    for target in targets:
        field = page.get_element_by_id(target)
        assert field.get("aria-invalid") == "true"
        assert said([page.get_element_by_id(field.get("aria-describedby"))])
    assert page.xpath("//option[@value='job_seeker'][@selected]")
    assert not of_class(page, "dossier")


def test_french_date_and_prefixed_names_are_read(browser: TestClient) -> None:
    page = tree(browser.post(PATH, data={"person.status": "csp", "csp_since": "1/9/2026", "level": "13", "q": "x"}))
    assert "début du CSP : 01/09/2026" in of(page, "told")
    assert "niveau de formation : Niveau 3 (CAP, BEP)" in of(page, "told")


def test_without_rules_the_page_says_so() -> None:
    with funded_browser([OFFER], with_rules=False) as browser:
        for answer in (browser.get(PATH), browser.post(PATH, data=SEEKER)):
            assert "Aucune règle de financement" in answer.text
            assert not of_class(tree(answer), "situation")
        assert PATH not in browser.get(f"/offres/{OFFER['key']}").text


def test_offer_leads_to_its_funding(browser: TestClient) -> None:
    page = tree(browser.get(f"/offres/{OFFER['key']}"))
    links = [link for link in page.xpath("//main//a") if link.get("href") == PATH]
    assert [link.text_content() for link in links] == ["Qui paie pour moi\xa0?"] * 2
    assert all("nofollow" in (link.get("rel") or "") for link in links[1:])


def offers() -> list[Document]:
    plain = [whole_offer(), least_offer(), least_offer() | {"sessions": []}]
    return [named(each, f"funded {number}") for number, each in enumerate([*plain, *hostile_offers()])]


def test_any_offer_has_a_page_and_a_dossier() -> None:
    documents = offers()
    with funded_browser(documents) as browser:
        for each in documents:
            path = f"/offres/{each['key']}/financement"
            for answer in (
                browser.get(path),
                browser.post(path, data=SEEKER),
                browser.post(path, data={"session": ""}),
            ):
                assert answer.status_code == 200
                assert [*check_page(answer.content)] == []
