"""Results for a person: the situation is posted with every step, and is in no address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from funding import StoredFunding
from search_app.base.errors import Fault
from search_app.pages.funding.asked.posted import Asked
from search_app.pages.search.page import SearchPage, build_search_page
from search_app.pages.search.place_note import PlaceNote
from search_app.pages.search.shown import Shown
from search_app.pages.search.understood_note import UnderstoodNote
from search_app.pages.shared.layout import Link
from search_app.pages.shared.render import render
from search_app.search.params import parse_params
from search_app.search.query import SearchRequest
from search_app.search.reference_data import Snapshot
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import FacetRow
from tests.faces import check_page
from tests.funded import funded_browser
from tests.stored_offers import named
from tests.unit.pages.funding.funding_samples import BOOK, stored_offer
from tests.unit.pages.funding.page_reading import of, of_class, said, tree
from tests.unit.pages.pages_samples import TODAY, card, results

GIVEN = {"status": "job_seeker", "cpf_euros": "1200", "holds_licence": "true"}
QUERY = [("q", "maçon"), ("upcoming", "true"), ("sort", "seats"), ("domain", "223")]
ROWS = [FacetRow("paid", "Payée", 12, True), FacetRow("possible", "Possible", 3, False),
        FacetRow("unknown", "À vérifier", 2, False), FacetRow("no", "Non payée", 1, False)]  # fmt: skip
OFFERS = [named(stored_offer(), f"number {number}") for number in range(3)]


def page_of(asked: Asked | None = None, rows: list[FacetRow] | None = None, *, whole: bool = True) -> SearchPage:
    params = parse_params(QUERY)
    search = ResolvedSearch(params, SearchRequest(params, None, TODAY), (), Snapshot(funding=StoredFunding(book=BOOK)))
    told: dict[str, Any] = {"funding": "paid", "funding_whole": whole} if asked else {}
    answer = results(card(**told), total=60, pages=3)
    if rows:
        answer.facets["funding"] = rows
    shown = Shown(asked=asked, funding=(("funding", "paid"),)) if asked else Shown()
    return build_search_page(search, answer, shown=shown)


def html_of(page: SearchPage) -> Any:
    class Answer:
        content = render("search.html", page)

    return tree(Answer)


def test_page_without_a_person_asks_in_a_form_that_posts_and_sends_nothing_with_the_search() -> None:
    page = html_of(page_of())
    form = page.get_element_by_id("situation")
    assert form.get("method") == "post"
    assert parse_qs(urlsplit(form.get("action")).query)["q"] == ["maçon"]
    (search,) = of_class(page, "search")
    assert search.get("method") == "get"
    names = [str(name) for name in page.xpath("//*[starts-with(@name, 'person.')]/@name")]
    assert "person.status" in names
    assert {str(owner) for owner in page.xpath("//*[starts-with(@name, 'person.')]/@form")} == {"situation"}
    assert not page.xpath("//button[@formaction]")
    assert not of_class(page, "paid-tally")


def test_questions_propose_sessions_to_come_where_no_time_is_asked_for(browser: TestClient) -> None:
    (box,) = tree(browser.get("/offres?q=maçon")).xpath("//input[@name='upcoming'][@form='situation']")
    assert (box.get("type"), box.get("value"), "checked" in box.attrib) == ("checkbox", "true", True)
    for query in ("upcoming=true", "start_from=2027-01-01", "start_to=2027-01-01"):
        assert not tree(browser.get(f"/offres?{query}")).xpath("//input[@name='upcoming'][@form='situation']")


def test_questions_propose_open_sessions_where_no_state_is_asked_for(browser: TestClient) -> None:
    boxes = "//input[@name='recruiting'][@value='open'][@form='situation']"
    (box,) = tree(browser.get("/offres?q=maçon")).xpath(boxes)
    assert "checked" not in box.attrib
    assert not tree(browser.get("/offres?recruiting=closed")).xpath(boxes)
    page = tree(browser.post("/offres?q=maçon", data={"person.status": "job_seeker", "recruiting": "open"}))
    assert not page.xpath(boxes)
    assert "recruiting=open" in page.get_element_by_id("situation").get("action")


def test_sessions_to_come_are_a_condition_that_can_be_taken_off(browser: TestClient) -> None:
    page = tree(browser.post("/offres?q=maçon", data={"person.status": "job_seeker", "upcoming": "true"}))
    assert not page.xpath("//input[@name='upcoming'][@form='situation']")
    (chip,) = [each for each in of_class(page, "chip") if "venir" in said([each])]
    assert "upcoming" not in chip.get("formaction")
    assert "upcoming=true" in page.get_element_by_id("situation").get("action")


def test_every_way_of_a_page_for_a_person_sends_the_answers_along() -> None:
    page = html_of(page_of(Asked(GIVEN), ROWS))
    ways = page.xpath("//button[@formaction]")
    assert {way.get("form") for way in ways} == {"situation"}
    places = ("chips", "sorts", "paging", "presets", "grouping-other")
    assert all(of_class(page, place)[0].xpath(".//button[@formaction]") for place in places)
    searches = [way.get("formaction") for way in ways if way.get("formaction").startswith("/offres?")]
    assert all("maçon" in parse_qs(urlsplit(address).query).get("q", ["maçon"]) for address in searches)
    assert not [address for address in page.xpath("//@formaction | //@href | //@action") if "job_seeker" in address]
    kept = {"person.status": "job_seeker", "person.cpf_euros": "1200", "person.holds_licence": "true"}
    (search,) = of_class(page, "search")
    assert search.get("method") == "post"
    hidden = {field.get("name"): field.get("value") for field in search.xpath(".//input[@type='hidden']")}
    assert hidden.items() >= kept.items()
    form = page.get_element_by_id("situation")
    assert [field.get("name") for field in form] == ["person.holds_licence"]  # the panel does not ask it
    assert "data-answered" in form.attrib


def test_notes_on_words_and_place_lead_to_results_for_the_same_person() -> None:
    way = Link("autrement", "/offres?q=maçon")
    note = UnderstoodNote(
        corrected="maçon", as_typed=way, certification=way, filters=("un lieu",), without_filters=way,
        other_places=(way,), also=("maçonnerie",), without_also=way,
    )  # fmt: skip
    around = PlaceNote("Albi (81)", (way,), "Alby")
    for asked, ways in ((Asked(GIVEN), ".//button[@form='situation']"), (None, ".//a")):
        page = html_of(replace(page_of(asked, ROWS), understood=note, place_note=around))
        told = [*of_class(page, "understood"), *of_class(page, "why"), *of_class(page, "place-note")]
        assert [len(each.xpath(ways)) for each in told] == [4, 1, 1]
        assert [len(each.xpath(".//a | .//button")) for each in told] == [4, 1, 1]


def test_links_between_pages_and_orders_keep_search_and_values() -> None:
    page = html_of(page_of(Asked(GIVEN), ROWS))
    following = of_class(page, "paging-step")[-1].get("formaction")
    assert parse_qs(urlsplit(following).query) == {
        "q": ["maçon"], "upcoming": ["true"], "sort": ["seats"], "domain": ["223"], "funding": ["paid"], "page": ["2"]
    }  # fmt: skip


def test_facet_chips_and_counts_have_the_values() -> None:
    page = html_of(page_of(Asked(GIVEN), ROWS))
    boxes = page.xpath("//input[@name='funding']")
    assert [(box.get("value"), box.get("checked") is not None) for box in boxes] == [
        ("paid", True), ("possible", False), ("unknown", False), ("no", False)
    ]  # fmt: skip
    assert of(page, "paid-tally") == "Payée 12 Possible 3 À vérifier 2 Non payée 1"
    first, second = (button.get("formaction") for button in of_class(page, "paid-tally")[0].xpath(".//button")[:2])
    assert "funding" not in parse_qs(urlsplit(first).query)
    assert parse_qs(urlsplit(second).query)["funding"] == ["paid", "possible"]
    person, value = of_class(page, "chip")[:2]
    assert said([person]) == "Retirer le filtre Selon ma situation : Selon ma situation 3 réponses"
    assert (person.tag, "funding" in person.get("href")) == ("a", False)
    assert said([value]).endswith("Pour ma situation Payée")
    assert "funding" not in value.get("formaction")


def test_card_says_who_pays_and_leads_to_the_dossier() -> None:
    page = html_of(page_of(Asked(GIVEN), ROWS))
    (mark,) = of_class(page, "card-paid")[0]
    assert said([mark]).startswith("Payée pour ma situation, conditions et démarches : CAP maçon")
    assert mark.get("formaction") == "/offres/abcdefghijkl/financement?session=s1"
    assert not of_class(html_of(page_of()), "card-paid")
    in_part = of_class(html_of(page_of(Asked(GIVEN), ROWS, whole=False)), "card-paid")
    assert said(in_part).startswith("Payée au moins en partie pour ma situation")


def test_page_for_a_person_has_neither_map_nor_files_and_is_not_indexed() -> None:
    page = page_of(Asked(GIVEN), ROWS)
    assert (page.views, page.exports, page.json_href, page.layout.indexed) == ((), None, "", False)
    assert page_of().exports


def test_wrong_answer_is_told_in_the_panel_and_results_are_for_nobody() -> None:
    fault = Fault("status", "", "", "status : valeur non reçue.")
    page = page_of(Asked({"status": "canari"}, faults=(fault,)))
    shown = html_of(page)
    assert not page.posted
    assert shown.xpath("//*[@class='error-summary']//a/@href") == ["#reponse-status"]
    (search,) = of_class(shown, "search")
    assert search.get("method") == "get"
    assert b"canari" not in render("search.html", page)


def test_answers_are_in_no_repr() -> None:
    page = page_of(Asked(GIVEN), ROWS)
    assert "job_seeker" not in repr(page)
    assert "job_seeker" not in repr(Shown(asked=Asked(GIVEN)))


@pytest.fixture(scope="module")
def browser() -> Iterator[TestClient]:
    with funded_browser(OFFERS) as client:
        yield client


def post(browser: TestClient, address: str, **fields: str | list[str]) -> Any:
    return browser.post(address, data={name.replace("__", "."): value for name, value in fields.items()})


def test_posted_search_is_answered_for_the_person_and_kept_nowhere(browser: TestClient) -> None:
    answer = post(browser, "/offres", q="maçon", upcoming="true", person__status="job_seeker", funding=["paid", "x"])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "etag" not in answer.headers
    page = tree(answer)
    assert page.xpath("//input[@id='champ-q']/@value") == ["maçon"]
    assert page.xpath("//input[@name='funding'][@checked]/@value") == ["paid"]
    assert len(of_class(page, "card-paid")) == len(of_class(page, "card"))
    assert [*check_page(answer.content)] == []


def test_search_of_a_post_may_be_in_its_address(browser: TestClient) -> None:
    answer = post(browser, "/offres?q=ma%C3%A7on&domain=223&funding=no", person__status="job_seeker")
    page = tree(answer)
    assert page.xpath("//input[@id='champ-q']/@value") == ["maçon"]
    assert page.xpath("//input[@name='funding'][@checked]/@value") == ["no"]


def test_facts_with_the_name_of_a_parameter_are_told_apart(browser: TestClient) -> None:
    answer = post(browser, "/offres", level="13", department="81", person__level="15", person__department="75")
    page = tree(answer)
    chips = of(page, "chips")
    assert "Tarn" in chips or "81" in chips
    hidden = page.xpath("//form[@class='search']//input[@type='hidden'][starts-with(@name, 'person.')]")
    assert {(field.get("name"), field.get("value")) for field in hidden} == {
        ("person.level", "15"), ("person.department", "75")
    }  # fmt: skip


def test_wrong_answer_and_wrong_search_are_refused(browser: TestClient) -> None:
    wrong = post(browser, "/offres", person__status="canari")
    assert wrong.status_code == 400
    assert "canari" not in wrong.text
    assert of_class(tree(wrong), "card")
    faulty = post(browser, "/offres", q="maçon", price_max="canari", person__status="job_seeker")
    assert faulty.status_code == 400
    assert faulty.headers["cache-control"] == "no-store"
    assert faulty.headers["referrer-policy"] == "no-referrer"
    assert "canari" not in faulty.text
    page = tree(faulty)
    (search,) = of_class(page, "search")
    assert search.get("method") == "post"
    (kept,) = search.xpath(".//input[@type='hidden'][@name='person.status']/@value")
    assert kept == "job_seeker"
    assert not [address for address in page.xpath("//@formaction | //@href | //@action") if "job_seeker" in address]
    assert tree(faulty).xpath("//input[@id='champ-q']/@value") == ["maçon"]


def test_values_in_the_address_of_a_page_without_a_person_are_ignored(browser: TestClient) -> None:
    answer = browser.get("/offres?funding=paid")
    assert answer.status_code == 200
    assert not tree(answer).xpath("//input[@name='funding']")
