"""The list of results: which session a card shows, what it says, parts around a place, trainings."""

import re
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import html
from msgspec.structs import replace as changed

from search_app.pages.search.answer import may_group
from search_app.pages.search.results.card import ResultCard, build_result_card
from search_app.pages.search.results.trainings import UNGROUPED, keys_to_detail, repeats_titles
from search_app.pages.search.shown import Shown
from search_app.pages.shared.render import render
from search_app.search.params import parse_params
from search_app.search.results import (
    CodeView,
    OfferCard,
    PlaceView,
    Presence,
    ProviderView,
    SearchResults,
    TrainingView,
)
from tests.unit.pages.pages_samples import TODAY, Query, albi, card, results, search_html, search_page, seats, session

NBSP = "\u00a0"


def shown(offer: OfferCard, query: Query | None = None) -> ResultCard:
    return build_result_card(offer, parse_params(query or []), TODAY)


def text_of(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", str(element.text_content())).strip()


def query_of(href: str) -> Query:
    return parse_qsl(urlsplit(href).query)


def page_of(query: Query, *cards: OfferCard, **changes: Any) -> html.HtmlElement:
    return html.fromstring(search_html(query, results(*cards, **changes)))


def several(*sessions: Any, **changes: Any) -> OfferCard:
    return card(sessions=list(sessions), matching_sessions=len(sessions), **changes)


OPEN = session(id="open", start="2027-03-01")
CLOSED = session(id="closed", start="2027-01-04", recruiting="closed")
SUSPENDED = session(id="suspended", start="2027-01-05", recruiting="suspended")
FULL = session(id="full", start="2027-02-01", seats=[seats(0)])
OVER = session(id="over", start="2026-10-01")


@pytest.mark.parametrize(
    ("sessions", "when"),
    [
        ((OVER, CLOSED, FULL, OPEN), "1er mars 2027"),  # the first that can be joined
        ((OVER, CLOSED, FULL), "1er févr. 2027"),  # registration is open, though it is full
        ((OVER, CLOSED, SUSPENDED), "4 janv. 2027"),  # none is open: the first to come
        ((OVER,), "1er oct. 2026"),
    ],
)
def test_a_card_shows_the_first_session_that_one_can_join(sessions: tuple[Any, ...], when: str) -> None:
    told = shown(several(*sessions)).session
    assert told is not None
    assert told.when.replace(NBSP, " ") == when


def test_the_state_is_told_only_where_registration_is_not_open() -> None:
    def state_of(each: Any) -> str | None:
        told = shown(several(each)).session
        assert told is not None
        return told.state.label if told.state else None

    assert [state_of(each) for each in (OPEN, CLOSED, SUSPENDED)] == [
        None, "Inscriptions closes", "Inscriptions suspendues"
    ]  # fmt: skip


def test_other_dates_are_those_that_match_and_are_not_over() -> None:
    offer = card(sessions=[OVER, OPEN, FULL, session(id="other", matches=False)], matching_sessions=3)
    assert shown(offer).more_dates == f"+ 1{NBSP}autre date"
    assert shown(several(OPEN)).more_dates is None
    assert shown(several(OPEN, FULL, CLOSED)).more_dates == f"+ 2{NBSP}autres dates"


@pytest.mark.parametrize(
    ("entry", "changes", "query", "when"),
    [
        ("fixed", {"precision": "month"}, [], "mars 2027"),
        ("fixed", {"start": None, "precision": "unknown"}, [], "Date à demander"),
        ("permanent", {"start": "2026-09-01", "end": None}, [], "Entrée toute l’année"),
        ("permanent", {"start": "2026-09-01"}, [], "Entrée toute l’année, jusqu’au 30 juin 2027"),
        ("permanent", {}, [], "Entrée toute l’année dès le 1er mars 2027"),
        ("permanent", {"start": "2026-11-01", "precision": "month"}, [], "Entrée toute l’année dès nov. 2026"),
        ("permanent", {"start": "2026-09-01", "end": None},
         [("start_from", "2027-03-01"), ("start_to", "2027-03-31")], "Entrée toute l’année, aussi en mars 2027"),
    ],
)  # fmt: skip
def test_a_start_is_told_shortly_and_no_more_precisely_than_it_is_known(
    entry: str, changes: dict[str, Any], query: Query, when: str
) -> None:
    told = shown(several(session(**changes), entry=entry), query).session
    assert told is not None
    assert told.when.replace(NBSP, " ") == when


@pytest.mark.parametrize(
    ("figures", "words", "tone"),
    [
        ([seats(4)], "4 places", "some"),
        ([seats(1, age_days=0)], "1 place", "some"),
        ([seats(0, age_days=1)], "Complet", "none"),
        ([seats(4, age_days=12)], "4 places chiffre ancien, vu il y a 12 jours", "some"),
        ([seats(4), seats(9, funder="4")], "9 places", "some"),
        ([seats(None)], "Places : à demander", "unknown"),
        ([], "Places : à demander", "unknown"),
    ],
)
def test_seats_left_none_left_and_not_known_are_three_answers(figures: list[Any], words: str, tone: str) -> None:
    page = page_of([], card(sessions=[session(seats=figures)]))
    (line,) = page.xpath('//li[contains(@class, "seat-")]')
    assert text_of(line) == words
    assert line.get("class") == f"seat seat-{tone}"


def test_the_figure_is_that_of_the_funder_that_was_asked_for() -> None:
    figures = [seats(1, funder="4", label="France Travail"), seats(3)]
    page = page_of([("seats", "1"), ("funder", "4")], card(sessions=[session(seats=figures)]))
    (line,) = page.xpath('//li[contains(@class, "seat-")]')
    assert text_of(line) == "1 place"
    (listed,) = page.xpath('//ul[@class="seats"]')
    assert (listed.get("data-figures"), listed.get("data-chosen")) == ("4:1 2:3", "4")


def test_a_contradiction_is_told_instead_of_the_state() -> None:
    told = "Inscriptions closes, mais 8 places affichées : appelez"
    page = page_of([], card(sessions=[session(seats=[seats(8)], recruiting="closed", contradiction=told)]))
    assert told in text_of(page)
    assert page.xpath('//ol[@class="cards"]//*[contains(@class, "tag")]') == []


def test_a_contradiction_names_the_figure_that_the_card_shows() -> None:
    figures = [seats(1), seats(23, funder="4")]
    told = "Inscriptions closes, mais 23 places affichées : appelez"
    closed = several(session(seats=figures, recruiting="closed", contradiction=told))

    def sentence(query: Query) -> str | None:
        one = shown(closed, query).session
        return one.contradiction.replace(NBSP, " ") if one and one.contradiction else None

    assert sentence([("funder", "2")]) == "Inscriptions closes, mais 1 place affichée : appelez"
    assert sentence([]) == sentence([("funder", "16")]) == told


def test_a_remote_offer_is_told_so_with_the_town_of_its_provider() -> None:
    strasbourg = PlaceView("STRASBOURG", "67000", "67", "44", 48.6, 7.7)
    assert (
        shown(card(mode="remote", place=strasbourg, distance_km=None)).place
        == f"À distance (organisme{NBSP}: Strasbourg)"
    )
    assert shown(card(mode="remote", place=None, distance_km=None)).place == "À distance"


def test_a_town_is_told_with_its_distance_or_else_with_its_department() -> None:
    assert (shown(card()).place, shown(card()).distance) == ("Albi", f"12{NBSP}km")
    assert shown(card(distance_km=None)).place == "Albi (81)"
    elsewhere = changed(card().place or PlaceView(*6 * (None,)), others=2)
    assert shown(card(place=elsewhere)).place == f"Albi et 2{NBSP}autres lieux"


def test_a_provider_without_a_name_is_told_by_the_delivering_one_and_else_as_unnamed() -> None:
    assert shown(card(provider=ProviderView("041427865", None))).provider == "Organisme non nommé"
    assert shown(card(provider=ProviderView("041427865", None), trainer="GRETA DU TARN")).provider == "GRETA du Tarn"


def test_what_one_must_have_to_enter_and_what_it_leads_to_are_told() -> None:
    assert (shown(card()).entry, shown(card()).leads_to) == ("Sans diplôme exigé", "→ CAP ou BEP")
    assert shown(card(entry_level_required=14, level=None)).entry == "Bac exigé"
    assert shown(card(level=None)).leads_to is None


def test_a_card_promises_nothing_to_job_seekers_where_employees_only_are_let_in() -> None:
    employees = shown(card(audience=[CodeView("82044", "Salarié")]))
    assert employees.price == f"Payée par un financeur public{NBSP}; offre annoncée pour{NBSP}: Salarié"
    assert not employees.conditional
    both = shown(card(audience=[CodeView("82044", "Salarié"), CodeView("80006", "Demandeur d’emploi")]))
    assert (both.price, both.conditional) == ("Gratuite si demandeur d’emploi", True)


def test_the_conditions_of_free_offers_are_stated_once_below_the_list() -> None:
    assert len(page_of([], card(), card(key="b")).xpath('//p[@id="note-gratuite"]')) == 1
    assert page_of([], card(free=False)).xpath('//p[@id="note-gratuite"]') == []


def test_results_for_a_situation_say_nothing_of_what_is_free_for_others() -> None:
    assert (shown(card(funding="no")).price, shown(card(funding="no")).conditional) == ("", False)
    priced = shown(card(funding="no", price=1234.5)).price
    assert priced.replace("\u202f", " ") == f"1 234,50{NBSP}€"
    assert shown(card(funding="no", free=False, price=None, funders=[])).price == f"Prix{NBSP}: à demander"


def test_a_price_is_told_or_to_be_asked_for() -> None:
    assert shown(card(free=False, price=1234.5)).price.replace("\u202f", " ") == f"1 234,50{NBSP}€"
    assert shown(card(free=False, price=None, funders=[])).price == f"Prix{NBSP}: à demander"


REMOTE = card(key="remote", mode="remote", distance_km=None)


def test_around_a_place_the_list_has_two_counted_parts() -> None:
    page = page_of([("place", "Albi")], card(), REMOTE, place=albi(), total=30, presence=Presence(2, 28))
    assert [text_of(title) for title in page.xpath('//h2[@class="part-title"]')] == ["Sur place (2)", "À distance (28)"]
    assert text_of(page.xpath('//span[@class="count"]')[0]) == "2 sur place, 28 à distance"
    lists = page.xpath('//ol[@class="cards"]')
    assert [each.xpath("./li/@id") for each in lists] == [["offre-abcdefghijkl"], ["offre-remote"]]
    assert [text_of(title) for title in page.xpath("//h3")] == ["CAP maçon", "CAP maçon"]


def test_a_later_page_has_only_the_part_that_it_is_in() -> None:
    page = page_of([("place", "Albi"), ("page", "2")], REMOTE, place=albi(), total=30, presence=Presence(2, 28), page=2)
    assert [text_of(title) for title in page.xpath('//h2[@class="part-title"]')] == ["À distance (28)"]


def test_without_a_place_the_list_has_one_part_without_a_heading() -> None:
    page = page_of([], card(), REMOTE)
    assert page.xpath('//h2[@class="part-title"]') == []
    assert len(page.xpath('//ol[@class="cards"]/li')) == 2


def test_a_training_at_many_places_has_its_title_once_and_leads_to_all_of_them() -> None:
    asked = [("q", "maçon"), ("place", "Albi"), ("size", "5"), ("group", "training"), ("page", "2")]
    told = TrainingView("training2345", 43, 4.24)
    page = page_of(asked, card(training=told), total=60, trainings=7, group="training", page=2, pages=2, place=albi())
    narrowed = [("q", "maçon"), ("place", "Albi"), ("size", "5"), ("training", "training2345"), UNGROUPED]
    (title,) = page.xpath('//li[contains(@class, "card-training")]//h2/a')
    assert (text_of(title), query_of(title.get("href"))) == ("CAP maçon", narrowed)
    (every,) = page.xpath('//p[@class="card-every"]/a')
    assert text_of(every) == "Voir les 43 offres, la plus proche à 4,2 km : CAP maçon"
    assert query_of(every.get("href")) == narrowed
    assert text_of(page.xpath('//span[@class="count"]')[0]) == "7 formations, 60 offres"
    (line,) = page.xpath('//li[@class="card-line"]//p[@class="card-who"]/a')
    assert (text_of(line), line.get("href")) == ("Les Ateliers · Albi", "/offres/abcdefghijkl")


def test_the_first_offers_of_a_training_are_lines() -> None:
    told = card(training=TrainingView("training2345", 43, None))
    lines = {"training2345": [told, card(key="second"), card(key="third")]}
    page = search_page([], results(told, trainings=1, group="training", total=43), Shown(by_itself=True, lines=lines))
    read: html.HtmlElement = html.fromstring(render("search.html", page).decode())
    assert read.xpath('//li[@class="card-line"]/@id') == ["offre-abcdefghijkl", "offre-second", "offre-third"]
    (note,) = read.xpath('//p[@class="grouping-note"]')
    assert text_of(note) == "Regroupées par formation. Toutes les offres"
    assert query_of(note.xpath("a")[0].get("href")) == [UNGROUPED]


def test_a_training_with_one_offer_is_shown_as_that_offer() -> None:
    page = page_of([("group", "training")], card(training=TrainingView("training2345", 1, 4.2)), group="training")
    (link,) = page.xpath('//li[@class="card"]//h2/a')
    assert (text_of(link), link.get("href")) == ("CAP maçon", "/offres/abcdefghijkl")


def test_one_can_go_from_offers_to_trainings_and_back() -> None:
    asked = [("q", "maçon"), ("page", "3")]
    (link,) = page_of(asked, card(), total=9).xpath('//a[@class="grouping"]')
    assert (text_of(link), query_of(link.get("href"))) == (
        "Une ligne par formation", [("q", "maçon"), ("group", "training")]
    )  # fmt: skip
    grouped = page_of([*asked, ("group", "training")], card(), total=9, trainings=2, group="training")
    (link,) = grouped.xpath('//a[@class="grouping"]')
    assert (text_of(link), query_of(link.get("href"))) == ("Toutes les offres", [("q", "maçon"), UNGROUPED])
    assert page_of(asked, card(), total=1).xpath('//a[@class="grouping"]') == []


def found(*trainings: str, **changes: Any) -> SearchResults:
    cards = [card(key=f"k{n}", training=TrainingView(key, None, None)) for n, key in enumerate(trainings)]
    return results(*cards, **({"total": 20} | changes))


@pytest.mark.parametrize(
    ("answer", "grouped"),
    [
        (found(*"abcabcabcaabcabcabca"), True),
        (found(*"abcdabcdababcdabcdab"), False),  # four trainings
        (found(*"abcabcabcaabcabcabcadefgh", total=900), True),  # of a longer page the first twenty
        (found(*"aaaaaaaaa", total=9), False),  # few offers are read as quickly one by one
        (found(*"aaaaaaaaaa", total=10), True),
        (found(*"aa", total=900), False),  # two on a page say little
        (found(*"aaaaaaaaaaaaaaaaaaaa", page=2), False),
        (found(*"abcabcabcaabcabcabca", group="training"), False),
    ],
)
def test_offers_are_grouped_where_the_first_page_repeats_three_trainings_or_fewer(
    answer: SearchResults, grouped: bool
) -> None:
    assert repeats_titles(answer) is grouped


def test_an_address_that_says_how_to_list_is_obeyed() -> None:
    assert may_group((("q", "x"),), with_map=False)
    assert not may_group((("q", "x"), UNGROUPED), with_map=False)
    assert not may_group((("q", "x"), ("group", "training")), with_map=False)
    assert not may_group((("q", "x"),), with_map=True)


def test_further_offers_are_fetched_only_of_the_few_trainings_of_a_page() -> None:
    def by_training(number: int) -> SearchResults:
        return results(*(card(training=TrainingView(f"t{n}", 2 if n else 1, None)) for n in range(number)))

    assert keys_to_detail(by_training(6)) == ["t1", "t2", "t3", "t4", "t5"]
    assert keys_to_detail(by_training(7)) == []


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Ce mois", "2026-11-23", "2026-11-30"),
        ("3 mois", "2026-11-23", "2027-02-23"),
        ("6 mois", "2026-11-23", "2027-05-23"),
    ],
)
def test_usual_periods_are_links_that_keep_the_search(text: str, first: str, last: str) -> None:
    asked = [("q", "maçon"), ("start_from", "2027-01-01")]
    (link,) = [each for each in page_of(asked, card()).xpath('//ul[@class="presets"]//a') if text_of(each) == text]
    period = [("start_from", first), ("start_to", last)]
    assert query_of(link.get("href")) == [("q", "maçon"), *period]
    (link,) = page_of([("q", "maçon"), *period], card()).xpath('//ul[@class="presets"]//a[@aria-current]')
    assert (text_of(link), query_of(link.get("href"))) == (text, [("q", "maçon")])
    assert date.fromisoformat(first) == TODAY


def test_where_the_most_seats_come_first_the_session_that_has_them_is_shown() -> None:
    offer = several(OPEN, session(id="many", start="2027-04-01", seats=[seats(3), seats(9, funder="4")]))
    assert [shown(offer, query).session for query in ([], [("sort", "seats")])] == [
        shown(several(OPEN)).session, shown(several(*offer.sessions[1:])).session
    ]  # fmt: skip


def test_a_session_that_is_over_calls_nobody() -> None:
    over = session(start="2026-10-01", seats=[seats(0)], contradiction="Inscriptions ouvertes, mais complet : appelez")
    told = shown(several(over)).session
    assert told is not None
    assert (told.passed, told.contradiction) == ("Déjà commencée", None)


def test_lines_that_can_be_joined_come_first_in_a_training() -> None:
    told = card(training=TrainingView("training2345", 43, None))
    offers = [several(CLOSED, key="closed"), several(OVER, key="over"), several(OPEN, key="open")]
    page = search_page(
        [], results(told, trainings=1, group="training", total=43), Shown(lines={"training2345": offers})
    )
    read: html.HtmlElement = html.fromstring(render("search.html", page).decode())
    assert read.xpath('//li[@class="card-line"]/@id') == ["offre-open", "offre-closed", "offre-over"]


def test_a_pick_comes_back_to_the_list_as_it_is_shown() -> None:
    page = search_page([("q", "maçon")], results(card()), Shown(ungrouped=True))
    read: html.HtmlElement = html.fromstring(render("search.html", page).decode())
    (pick,) = read.xpath('//a[@class="pick-link"]/@href')
    assert UNGROUPED in query_of(pick)
    assert read.xpath('//a[@class="pick-link"]/@aria-label') == [f"Garder{NBSP}: CAP maçon, Les Ateliers, Albi"]
