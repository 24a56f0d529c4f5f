"""The page of the selection, and the links by which offers come into it."""

import json
import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from lxml import html

from mappings.keys import key_of
from mappings.offer import Contact, Detail, Offer, Organisation, Place, Registration, SeatFigure, Session
from search_app.base.errors import Fault
from search_app.pages.offer.page import About, build_offer_page
from search_app.pages.search.fault_page import build_fault_page
from search_app.pages.search.shown import Shown
from search_app.pages.selection.page import build_selection_page
from search_app.pages.selection.shortlist import Pick, Selection, changed, read_selection
from search_app.pages.shared.picking import read_picking
from search_app.pages.shared.render import render
from search_app.search.params.search_params import SearchParams
from search_app.search.places.areas import Circle
from search_app.search.present.cards import to_card
from search_app.search.present.offer import to_offer_view
from search_app.search.query.request import SearchRequest
from search_app.search.reference_data import Snapshot
from search_app.search.results import PlaceView, TrainingView
from search_app.search.selected import Gone, Selected
from search_app.search.stored import to_stored
from tests.unit.pages.pages_samples import EVERYTHING, TODAY, Query, albi, card, results, search_page, session

SITE = "https://boussole.example"
A, B, C, GONE = (key_of(name) for name in ("a", "b", "c", "gone"))


def stored(key: str = A, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": f"AF_{key}", "key": key, "source": "occitanie", "hash": "h", "written_at": "2026-11-20T04:00:00+00:00",
        "format": "2.3", "training_key": "abcdefghijkl", "title": f"CAP {key}", "provider": Organisation(name="Greta"),
    }  # fmt: skip
    offer: dict[str, Any] = json.loads(Offer(**values | changes).model_dump_json())
    return offer


def parsed(page: bytes) -> html.HtmlElement:
    return html.fromstring(page.decode())


def page_of(text: str, *offers: dict[str, Any], **more: Any) -> html.HtmlElement:
    request = SearchRequest(SearchParams(), more.pop("area", None), TODAY)
    selected = Selected(
        {each["key"]: to_card(to_stored(each), request, Snapshot()) for each in offers},
        {each["key"]: each for each in offers},
        1,
        more.pop("gone", {}),
    )
    page = build_selection_page(
        read_selection([text], more.pop("notes", None)),
        selected,
        more.pop("where", ()),
        more.pop("faults", ()),
        snapshot=Snapshot(),
        today=TODAY,
        freshness=None,
        site=SITE,
    )
    return parsed(render("selection.html", page))


def text_of(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", str(element.text_content())).strip()


def rows_of(page: html.HtmlElement) -> dict[str, list[str]]:
    rows = page.xpath('//table//tr[th[@scope="row"]]')
    return {str(row.find("th").text).strip(): [text_of(cell) for cell in row.xpath("./td")] for row in rows}


def alike_in(page: html.HtmlElement) -> dict[str, str]:
    """What is folded as alike: its name and the value of all offers."""
    return {text_of(row.find("dt")): text_of(row.find("dd")) for row in page.xpath('//dl[@class="compare-alike"]/div')}


def keys_of(href: str) -> tuple[str, ...]:
    (text,) = parse_qs(urlsplit(href).query)["o"]
    return read_selection([text]).selection.keys


def test_the_registration_period_is_that_of_the_session_displayed() -> None:
    first, second = (
        Session(id=name, key=name, start=day, start_last=day, start_precision="day", open_until=day)
        for name, day in (("s1", date(2026, 12, 18)), ("s2", date(2027, 5, 16)))
    )
    known = second.model_copy(update={"registration": Registration(start_text="20270317", end_text="20270509")})
    (told,) = rows_of(page_of(A, stored(sessions=[known, first])))["Inscription"]
    assert told == "Période non précisée"  # that of the session which is displayed


def test_each_row_says_of_each_offer_what_is_known() -> None:
    seats = SeatFigure(funder="2", capacity=12, available=3, sequence=1, observed_at="2026-11-21T08:00:00Z")
    coming = Session(
        id="S1", key="s1", start=date(2027, 3, 1), start_last=date(2027, 3, 31), start_precision="month",
        open_until=date(2027, 3, 31), recruiting="open", seats=[seats],
        registration=Registration(end_text="20270115"),
        contacts=[Contact(phones=["0563000000"])],
    )  # fmt: skip
    january = TODAY.replace(month=1)
    gone_by = {"id": "S0", "key": "s0", "start": january, "start_last": january, "open_until": january}
    past = coming.model_copy(update=gone_by)
    known = stored(
        sessions=[coming, past], funder=["2"], hours=455.0, price=1234.5, level="13", mode="onsite", entry="fixed",
        entry_level="14", entry_level_required=14, places=[Place(town="Albi", department="81", lat=43.93, lon=2.15)],
        detail=Detail(conditions="Permis B", rhythm="En continu", contacts=[Contact(email="accueil@example.org")]),
        certifications=[{"rncp": "37348", "label": "CAP Maçon"}],
    )  # fmt: skip
    rows = rows_of(page_of(A, known, area=Circle(43.93, 2.2, 30)))
    told = {name: cells[0] for name, cells in rows.items()}
    assert told["Lieu"] == "à 4 km Albi (81)"
    assert "À partir de mars 2027" in told["Prochaine session"]
    assert "2026" not in told["Prochaine session"]
    assert "3 places sur 12 Région, vu il y a 2 jours" in told["Prochaine session"]
    assert told["Inscription"] == "Inscription jusqu’au 15 janvier 2027"
    assert told["Qui paie"] == "Gratuite si demandeur d’emploi, sous conditions 1 234,50 € Région"
    assert told["Durée"] == "455 h En continu"
    assert told["Pour entrer"] == "Bac exigé Permis B"
    assert told["Niveau et certification"] == "Niveau 3 (CAP, BEP) CAP Maçon (RNCP37348)"
    assert told["Contact"] == "05 63 00 00 00 accueil@example.org"
    assert list(rows)[:5] == ["Contact", "Prochaine session", "Lieu", "Qui paie", "Pour entrer"]
    assert told["Source"].startswith("occitanie fiche enregistrée le 20 novembre 2026")


def test_what_is_not_known_is_said_and_nothing_is_invented() -> None:
    page = page_of(A, stored())
    assert "None" not in text_of(page)
    assert rows_of(page)["Qui paie"] == ["Prix non communiqué"]
    assert rows_of(page)["Prochaine session"] == ["Aucune session à venir annoncée"]


def test_rows_that_are_alike_are_folded_with_their_one_value() -> None:
    page = page_of(f"{A}.{B}", stored(A, price=900.0, hours=35.0), stored(B, price=950.0, hours=35.0))
    assert rows_of(page)["Qui paie"] == ["900 €", "950 €"]
    assert alike_in(page)["Durée"] == "35 h"
    assert not {"Durée", "Lieu"} & set(rows_of(page))
    (summary,) = page.xpath("//details[dl]/summary")
    assert text_of(summary) == "7 points identiques"
    assert len(alike_in(page)) == 7


def test_contact_and_session_are_displayed_even_where_they_are_alike() -> None:
    page = page_of(f"{A}.{B}", stored(A), stored(B))
    assert rows_of(page)["Contact"] == ["Aucun contact donné"] * 2
    assert rows_of(page)["Prochaine session"] == ["Aucune session à venir annoncée"] * 2


def test_what_is_not_known_of_one_offer_only_is_a_difference() -> None:
    page = page_of(f"{A}.{B}", stored(A, hours=35.0), stored(B))
    assert rows_of(page)["Durée"] == ["35 h", "Durée non communiquée"]


def test_an_offer_is_named_by_its_provider_and_town_and_a_common_title_once() -> None:
    albi = [Place(town="ALBI", department="81")]
    page = page_of(f"{A}.{B}", stored(A, title="CAP", places=albi), stored(B, title="CAP"))
    assert [text_of(link) for link in page.xpath('//p[@class="compare-title"]/a')] == ["Greta, Albi", "Greta"]
    assert page.xpath('//td[@data-row="Contact"]/@data-offer') == ["1. Albi · Greta", "2. Greta"]
    assert [text_of(title) for title in page.xpath('//p[@class="selection-training"]')] == ["CAP"]
    assert page.xpath('//p[@class="compare-training"]') == []
    page = page_of(f"{A}.{B}", stored(A, title="CAP"), stored(B, title="BTS"))
    assert [text_of(title) for title in page.xpath('//p[@class="compare-training"]')] == ["CAP", "BTS"]
    assert page.xpath('//p[@class="selection-training"]') == []


def test_seats_that_change_are_announced_with_the_title_of_their_offer() -> None:
    known = stored(A, sessions=[Session(id="S1", key="s1", start=date(2027, 3, 8), start_precision="day")])
    (seats,) = page_of(A, known).xpath('//ul[@data-session="s1"]')
    assert seats.get("data-about") == f"CAP {A}, session du 8 mars 2027"


def test_one_offer_alone_is_not_compared_with_one_that_is_gone() -> None:
    assert alike_in(page_of(f"{A}.{GONE}", stored(A, price=900.0))) == {}


def test_an_offer_that_is_gone_says_so_offers_its_likes_and_the_others_stay() -> None:
    gone = {GONE: Gone("CAP <Maçon>", "2026-11-20T04:00:00+00:00", "training2345", 12)}
    page = page_of(f"{A}.{GONE}~lundi~", stored(A, price=900.0), gone=gone)
    head = page.xpath('//th[@scope="col"]')[2]
    assert "Cette offre n’est plus au catalogue" in text_of(head)
    assert "CAP <Maçon>, jusqu’au 20 novembre 2026 à 5 h 00" in text_of(head)
    likes = {text_of(link): link.get("href") for link in head.xpath("./p/a") if not link.getparent().get("class")}
    assert [text.partition(" : ")[0] for text in likes] == ["La même formation (12 offres)", "Ce qui lui ressemble"]
    same, every = likes.values()
    assert dict(parse_qsl(urlsplit(same).query))["training"] == "training2345"
    assert urlsplit(every).path == f"/offres/{GONE}"
    assert rows_of(page)["Qui paie"] == ["900 €", "– Offre retirée du catalogue"]
    assert page.xpath('//textarea[@name="n2"]')[0].text.strip() == "lundi"


def test_of_a_key_that_no_offer_ever_had_nothing_is_offered() -> None:
    head = page_of(GONE).xpath('//th[@scope="col"]')[1]
    assert "Une nouvelle recherche donne les offres d’aujourd’hui" in text_of(head)
    assert head.xpath(".//a") == []
    assert [text_of(button).partition(" ")[0] for button in head.xpath(".//button")] == ["Retirer"]


def test_the_order_is_changed_by_buttons_of_the_form_that_holds_the_notes() -> None:
    page = page_of(f"{A}.{B}~lundi~.{C}", stored(A), stored(B), stored(C))
    form = page.forms[0]
    acts = [
        {re.sub(r" ?: .*", "", text_of(button)): (button.get("name"), button.get("value"))
         for button in form.xpath(f'.//th[@id="o{number}"]//p[@class="compare-acts"]/button[@type="submit"]')}
        for number in (1, 2, 3)
    ]  # fmt: skip
    assert list(acts[0]) == ["Après", "Retirer"]
    assert acts[1] == {"Avant": ("avant", B), "Après": ("apres", B), "Retirer": ("retirer", B)}
    assert list(acts[2]) == ["Avant", "Retirer"]
    # Enter in the field of the place sends the form by its first button: that must not be one of these.
    assert text_of(form.xpath('.//button[@type="submit"]')[0]) == "Calculer"


@pytest.mark.parametrize(
    ("button", "keys"), [("avant", (B, A, C)), ("apres", (A, C, B)), ("retirer", (A, C)), ("autre", (A, B, C))]
)
def test_a_button_moves_or_removes_one_offer_with_its_note(button: str, keys: tuple[str, ...]) -> None:
    selection = read_selection([f"{A}.{B}~lundi~.{C}"]).selection
    after = changed(selection, button, B)
    assert after.keys == keys
    assert [pick.note for pick in after.picks if pick.key == B] == ([] if button == "retirer" else ["lundi"])
    assert changed(selection, button, GONE) == selection


def test_the_form_sends_the_order_and_every_note() -> None:
    page = page_of(f"{A}.{B}~lundi~", stored(A), stored(B), where=(("lat", "43.9"), ("lon", "2.1")))
    (form,) = page.forms
    sent = dict(form.form_values())
    reading = read_selection([sent["o"]], {1: "mardi", 2: str(sent["n2"])})
    assert [(pick.key, pick.note) for pick in reading.selection.picks] == [(A, "mardi"), (B, "lundi")]
    assert (sent["lat"], sent["lon"]) == ("43.9", "2.1")


HOSTILE = '"><script>alert(1)</script>{{7*7}}'


def test_notes_are_text_wherever_they_stand() -> None:
    page = page_of(f"{A}~{HOSTILE}~", stored(A))
    assert [script.get("src") for script in page.xpath("//script")] == page.xpath("//script/@src")
    assert page.xpath("//textarea")[0].text.strip() == HOSTILE
    link = page.xpath('//input[@id="adresse"]')[0].get("value")
    assert link.startswith(f"{SITE}/selection?o=")
    assert not re.search(r'[<>" ]', link)
    assert read_selection([parse_qs(urlsplit(link).query)["o"][0]]).selection.picks[0].note == HOSTILE
    mail = page.xpath('//a[starts-with(@href, "mailto:")]')[0].get("href")
    assert not re.search(r'[<>" ]', mail)
    assert link in parse_qs(urlsplit(mail).query)["body"][0]


def test_texts_of_offers_and_junk_are_text_too() -> None:
    offer = stored(A, title=HOSTILE, detail=Detail(conditions=HOSTILE), provider=Organisation(name=HOSTILE))
    page = page_of(f"{A}.<b>junk</b>", offer)
    assert page.xpath("//main//script | //main//b") == []
    assert "« <b>junk</b> »" in text_of(page)


def test_a_note_that_does_not_fit_stays_in_its_field_and_says_so() -> None:
    page = page_of(A, stored(A), notes={1: "x" * 81})
    (field,) = page.xpath('//textarea[@aria-invalid="true"]')
    assert field.text.strip() == "x" * 81
    (error,) = page.xpath(f'//*[@id="{field.get("aria-describedby")}"]')
    assert "80 caractères au plus" in text_of(error)
    assert "x" * 81 not in page.xpath('//input[@id="adresse"]')[0].get("value")


def test_what_was_left_out_of_an_address_is_told() -> None:
    text = ".".join([*(key_of(str(number)) for number in range(52)), key_of("1"), "nulle"])
    notices = [text_of(each) for each in page_of(text).xpath('//div[@class="notice notice-warning"]//li')]
    assert notices == [
        "1 doublon a été retiré.",
        "Une sélection tient 50 offres au plus : les 2 suivantes n’y sont pas.",
        "L’adresse est abîmée : ceci n’est pas la clé d’une offre : « nulle »",
    ]


def test_a_place_that_is_wrong_is_told_at_its_field_and_goes_no_further() -> None:
    fault = Fault("place", "Nulle", "une ville", "place : ce lieu est inconnu (reçu : « Nulle »).")
    page = page_of(A, stored(A), where=(("place", "Nulle"),), faults=(fault,))
    (field,) = page.xpath('//input[@name="place"]')
    assert (field.get("value"), field.get("aria-invalid")) == ("Nulle", "true")
    assert "Nulle" not in page.xpath('//input[@id="adresse"]')[0].get("value")


def test_crawlers_are_asked_not_to_keep_it_and_an_empty_one_says_how_to_begin() -> None:
    page = page_of("")
    assert page.xpath('//meta[@name="robots"]/@content') == ["noindex"]
    assert "Votre sélection est vide" in text_of(page)
    assert page.xpath("//table") == []


# Picking, on pages of results and offers


def picking_page(query: Query, selection: Selection, **changes: Any) -> html.HtmlElement:
    offers = [card(), card(key=B, url=f"/offres/{B}", title="Soudure")]
    answer = results(*offers, total=50, pages=5, **changes)
    return parsed(render("search.html", search_page(query, answer, Shown(selection))))


def test_a_link_on_each_card_adds_the_offer_and_comes_back_to_the_same_page() -> None:
    page = picking_page([("q", "x"), ("page", "2")], Selection(), page=2)
    first, second = page.xpath('//li[@class="card"]//a[contains(@class, "pick-link")]')
    sent = parse_qs(urlsplit(second.get("href")).query)
    assert sent == {"q": ["x"], "page": ["2"], "selection": [B]}
    assert urlsplit(second.get("href")).fragment == second.xpath("ancestor::li/@id")[0]
    assert first.get("aria-label") == "Garder\u00a0: CAP maçon, Les Ateliers, Albi"


def test_every_address_of_a_search_or_an_offer_carries_the_selection() -> None:
    chosen = Selection((Pick(B, "à voir"),))
    page = picking_page(EVERYTHING, chosen, place=albi(radius=50.0))
    hrefs = [href for href in page.xpath("//body//a/@href") if href.startswith("/offres")]
    assert len(hrefs) > 40
    adds = set(page.xpath('//a[contains(@class, "pick-link")]/@href'))
    without = [
        href for href in hrefs
        if parse_qs(urlsplit(href).query).get("selection") != [chosen.text]
        and href not in adds
        and href not in page.xpath('//footer//a/@href')
    ]  # fmt: skip
    assert without == []
    (form,) = page.forms
    assert ("selection", chosen.text) in form.form_values()
    assert not [href for href in page.xpath("//a/@href") if href.startswith("/api/") and "selection" in href]
    assert page.xpath('//meta[@name="robots"]/@content') == ["noindex"]


def test_an_offer_that_is_picked_can_be_taken_off_and_the_bar_leads_to_the_comparison() -> None:
    page = picking_page([("place", "Albi")], Selection((Pick(B),)), place=albi())
    (link,) = page.xpath('//a[contains(@class, "pick-in")]')
    assert link.get("aria-label").startswith("Retirer\u00a0: Soudure")
    assert "selection" not in parse_qs(urlsplit(link.get("href")).query)
    (bar,) = page.xpath('//aside[@class="selection-bar"]')
    assert bar.get("hidden") is None
    assert text_of(bar) == "1 offre dans votre sélection Voir et comparer"
    assert parse_qs(urlsplit(bar.xpath(".//a/@href")[0]).query) == {"o": [B], "place": ["Albi"]}


def test_while_nothing_is_picked_the_bar_is_hidden_and_links_are_as_ever() -> None:
    page = picking_page([("q", "x")], Selection())
    assert len(page.xpath("//aside[@hidden]")) == 1
    carrying = [href for href in page.xpath("//a/@href") if "selection=" in href]
    assert carrying == page.xpath('//a[contains(@class, "pick-link")]/@href')


def test_to_a_full_selection_nothing_can_be_added() -> None:
    full = Selection(tuple(Pick(key_of(str(number))) for number in range(50)))
    page = picking_page([], full)
    assert page.xpath('//a[contains(@class, "pick-link")]') == []
    assert [text_of(each) for each in page.xpath('//p[@class="pick"]')] == ["Sélection pleine"] * 2


def test_the_page_of_an_offer_can_be_picked_and_its_searches_carry_the_selection() -> None:
    view = to_offer_view(stored(A, rome=["F1703"]), Snapshot(), TODAY)
    chosen = read_picking([("selection", B), ("q", "x")])
    page = build_offer_page(view, Snapshot(), TODAY, About(public_url=SITE, selection=chosen))
    shown = parsed(render("offer.html", page))
    picks = shown.xpath('//a[@class="pick-link"]')  # in the head, and in the bar of a phone
    assert [parse_qs(urlsplit(pick.get("href")).query) for pick in picks] == [{"selection": [f"{B}.{A}"]}] * 2
    (job,) = shown.xpath('//dd/a[contains(@href, "rome=F1703")]')
    assert parse_qs(urlsplit(job.get("href")).query)["selection"] == [B]
    assert shown.xpath('//meta[@name="robots"]/@content') == ["noindex"]
    assert shown.xpath('//meta[@name="robots"]/@content') == ["noindex"]


def test_a_search_that_is_wrong_does_not_lose_the_selection() -> None:
    fault = Fault("seats", "x", "un nombre", "seats : ce n’est pas un nombre.")
    page = build_fault_page((("seats", "x"),), [fault], Snapshot(), None, Selection((Pick(B),)))
    (form,) = parsed(render("search.html", page)).forms
    assert ("selection", B) in form.form_values()


@pytest.mark.parametrize("given", ["nulle", "~", f"{B}.{B}"])
def test_junk_where_a_selection_should_be_is_nothing(given: str) -> None:
    assert read_picking([("selection", given)]).keys in ((), (B,))


def test_a_card_of_a_training_is_picked_as_its_first_offer() -> None:
    grouped = card(training=TrainingView("training2345", 12, None), place=PlaceView("Albi", "81000", "81", "76", 1, 1),
                   sessions=[session()])  # fmt: skip
    page = search_page([("group", "training")], results(grouped, trainings=1))
    (pick,) = parsed(render("search.html", page)).xpath('//a[@class="pick-link"]')
    assert pick.get("data-key") == "abcdefghijkl"
