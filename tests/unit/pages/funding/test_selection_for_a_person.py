"""The selection for a person: the situation is posted, the address stays that of the selection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from search_app.pages.funding.asked.facts import facts_of_fees
from tests.faces import check_page
from tests.funded import funded_browser
from tests.stored_offers import named
from tests.unit.pages.funding.funding_samples import BOOK, stored_offer
from tests.unit.pages.funding.page_reading import said, tree

PAID = named(stored_offer(), "paid")
OTHER = named(stored_offer(funder=["5"], state_funded=None, price=1000.0), "other")
PATH = f"/selection?o={PAID['key']}~appeler~.{OTHER['key']}.aaaaaaaaaaaa"
SEEKER = {"status": "job_seeker", "cpf_euros": "0", "holds_licence": "true"}


@pytest.fixture(scope="module")
def browser() -> Iterator[TestClient]:
    with funded_browser([PAID, OTHER]) as client:
        yield client


def rows_of(answer: Any) -> dict[str, list[str]]:
    rows = tree(answer).xpath("//table[contains(@class, 'compare')]/tbody/tr")
    return {said([row[0]]): [said([cell]) for cell in row[1:]] for row in rows}


def form_of(answer: Any) -> Any:
    (form,) = tree(answer).xpath("//form[@id='situation']")
    return form


def test_page_asks_and_has_no_row_without_a_person(browser: TestClient) -> None:
    answer = browser.get(PATH)
    assert "Qui paie pour moi" not in rows_of(answer)
    form = form_of(answer)
    assert (form.get("method"), form.get("action")) == ("post", PATH)
    assert [*dict.fromkeys(form.xpath(".//*[self::input or self::select]/@name"))] == list(facts_of_fees(BOOK))
    assert "no-store" not in answer.headers["cache-control"]


def test_row_tells_who_pays_at_each_offer_and_leads_to_its_dossier(browser: TestClient) -> None:
    answer = browser.post(PATH, data=SEEKER)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    paid, other, gone = rows_of(answer)["Qui paie pour moi"]
    assert paid == "Programme régional de formation Reste à payer : 0 € Conditions et démarches"
    assert other.startswith("Possible : ")
    assert "Reste à payer : de 0 € à 1 000 €" in other
    assert gone.endswith("Offre retirée du catalogue")
    links = tree(answer).xpath("//td//a/@href")
    assert {f"/offres/{each['key']}/financement" for each in (PAID, OTHER)} <= set(links)
    assert [*check_page(answer.content)] == []


def test_answers_that_the_panel_does_not_ask_for_go_along(browser: TestClient) -> None:
    form = form_of(browser.post(PATH, data=SEEKER))
    assert form.xpath(".//input[@type='hidden']/@name") == ["holds_licence"]
    assert form.xpath(".//option[@value='job_seeker'][@selected]")
    assert "data-answered" in form.attrib


def test_wrong_answer_is_told_in_the_open_panel_and_not_repeated(browser: TestClient) -> None:
    answer = browser.post(PATH, data={"status": "canari", "age": "15"})
    assert answer.status_code == 400
    assert "canari" not in answer.text
    assert "Qui paie pour moi" not in rows_of(answer)
    page = tree(answer)
    assert page.xpath("//details[contains(@class, 'situation-panel')][@open]")
    assert page.xpath("//*[@class='error-summary']//a/@href") == ["#reponse-status"]


def test_empty_selection_and_site_without_rules_have_no_panel(browser: TestClient) -> None:
    assert "situation-panel" not in browser.get("/selection?o=").text
    with funded_browser([PAID], with_rules=False) as plain:
        assert "situation-panel" not in plain.get(PATH).text
        assert plain.post(PATH, data=SEEKER).status_code == 200
