"""The page of results: what it says of an answer, and where its links lead."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import html
from msgspec.structs import replace

from search_app.base.errors import BadParameters, Fault
from search_app.pages.search.fault_page import build_fault_page
from search_app.pages.search.form import named_fault
from search_app.pages.shared.layout import Page
from search_app.pages.shared.render import render
from search_app.search.facets import FACETS
from search_app.search.links import from_form, to_pairs
from search_app.search.params import PARAMETERS, parse_params
from search_app.search.reference_data import Snapshot
from search_app.search.results import CodeView, SourceState
from tests.unit.pages.pages_samples import (
    EVERYTHING,
    Query,
    albi,
    card,
    facet_row,
    results,
    search_html,
)


def page_of(query: Query, *cards: object, **changes: object) -> html.HtmlElement:
    return html.fromstring(search_html(query, results(*cards, **changes)))  # type: ignore[arg-type]


def query_of(href: str) -> Query:
    return parse_qsl(urlsplit(href).query)


def text_of(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", str(element.text_content())).strip()


def submitted(page: html.HtmlElement) -> Query:
    """What the browser would send if the form were submitted as it stands."""
    (form,) = page.forms
    return [(name, value) for name, value in form.form_values() if value]


def test_an_address_made_from_parameters_means_the_same_parameters() -> None:
    params = parse_params(EVERYTHING)
    assert parse_params(to_pairs(params)) == params
    assert set(PARAMETERS) - {name for name, _ in to_pairs(params)} == {
        "lat", "lon", "group", "page", "facet_size", "facets", "verbatim", "explain"
    }  # fmt: skip


def test_every_filter_has_a_chip_that_takes_off_just_it() -> None:
    page = page_of(EVERYTHING, card(), place=albi(radius=50.0))
    chips = page.xpath('//a[@class="chip"]')
    all_pairs = list(to_pairs(parse_params(EVERYTHING)))
    left_out = [[pair for pair in all_pairs if pair not in query_of(chip.get("href"))] for chip in chips]
    expected = [[pair] for pair in all_pairs if pair[0] not in ("place", "radius", "sort", "size")]
    # Without a place there is neither a circle nor a distance to sort by.
    expected.append([("place", "Albi"), ("radius", "50"), ("sort", "distance")])
    assert sorted(left_out) == sorted(expected)
    assert len({text_of(chip) for chip in chips}) == len(chips)


def test_the_form_sends_what_is_in_force_once_and_nothing_else() -> None:
    chosen = {
        facet.param: [facet_row(value, value, 1, True) for given, value in EVERYTHING if given == facet.param]
        for facet in FACETS
    }
    page = page_of(EVERYTHING, card(), place=albi(radius=50.0), facets=chosen)
    assert parse_params(from_form(tuple(submitted(page)))) == parse_params(EVERYTHING)


def test_a_point_gives_way_to_a_town_that_is_typed_beside_it() -> None:
    page = page_of([("lat", "43.9"), ("lon", "2.1")], card(), place=albi(kind="point", label="43.9, 2.1"))
    sent = submitted(page)
    assert parse_params(from_form(tuple(sent)), ignore_unknown=True).lat == 43.9
    typed = parse_params(from_form((*sent, ("place", "Castres"))), ignore_unknown=True)
    assert (typed.lat, typed.place) == (None, "Castres")


def test_an_order_by_distance_does_not_outlive_the_place() -> None:
    sent = [pair for pair in submitted(page_of(EVERYTHING, card(), place=albi())) if pair[0] != "place"]
    assert parse_params(from_form(tuple(sent)), ignore_unknown=True).sort is None


def test_count_lists_show_the_most_frequent_and_never_fold_away_a_chosen_value() -> None:
    rows = [facet_row(str(code), f"Domaine {code}", 500 - code, code == 340) for code in range(300, 350)]
    page = page_of([("domain", "340")], card(), facets={"domain": rows})
    box = page.xpath('//input[@name="domain"][@value="340"]')[0]
    assert box.get("checked") is not None
    assert not box.xpath('ancestor::details[@class="rest"]')
    assert len(page.xpath('//details[@class="rest"]//input[@name="domain"]')) == 50 - 7
    assert "160" in text_of(box.getparent())


def test_of_a_register_that_few_know_the_form_lists_the_most_frequent_values_and_those_chosen() -> None:
    rows = [facet_row(str(code), f"Spécialité {code}", 500 - code, code == 340) for code in range(300, 350)]
    page = page_of([("nsf", "340")], card(), facets={"nsf": rows})
    listed = page.xpath('//input[@name="nsf"]/@value')
    assert listed.count("340") == 1
    assert set(listed) == {*map(str, range(300, 320)), "340"}


def test_names_of_organisations_are_cased_for_reading_in_the_form_and_on_chips() -> None:
    rows = [facet_row("041427865", "GRETA DU TARN", 3, True)]
    page = page_of([("provider", "041427865")], card(), facets={"provider": rows})
    assert text_of(page.xpath('//input[@name="provider"]/..')[0]) == "GRETA du Tarn 3"
    assert text_of(page.xpath('//a[@class="chip"]')[0]) == "Retirer le filtre Organisme : GRETA du Tarn"


SEATS = [
    facet_row("1", "1 place ou plus", 9, False), facet_row("3", "3 places ou plus", 4, True),
    facet_row("full", "Complet", 2, False), facet_row("unknown", "Places non connues", 7, False),
]  # fmt: skip


def test_seats_are_one_choice_that_can_be_taken_back_without_script() -> None:
    page = page_of([("seats", "3")], card(), facets={"seats": SEATS})
    choices = page.xpath('//input[@name="seats"]')
    assert {choice.get("type") for choice in choices} == {"radio"}
    assert [(choice.get("value"), text_of(choice.getparent())) for choice in choices] == [
        ("", "Peu importe"), ("1", "1 place ou plus 9"), ("3", "3 places ou plus 4"), ("full", "Complet 2"),
        ("unknown", "Places non connues 7"),
    ]  # fmt: skip
    assert [choice.get("value") for choice in choices if choice.get("checked") is not None] == ["3"]
    (chip,) = page.xpath('//a[@class="chip"]')
    assert text_of(chip) == "Retirer le filtre Places restantes : 3 places ou plus"
    assert query_of(chip.get("href")) == []


def test_without_a_choice_of_seats_none_is_sent() -> None:
    rows = [replace(row, selected=False) for row in SEATS]
    page = page_of([], card(), facets={"seats": rows})
    assert [choice.get("value") for choice in page.xpath('//input[@name="seats"][@checked]')] == [""]
    assert page_of([], card(), facets={"seats": []}).xpath('//input[@name="seats"]') == []


def test_pages_have_neighbours_and_say_where_one_is() -> None:
    page = page_of([("q", "maçon"), ("page", "3")], card(), total=130, page=3, pages=7)
    (previous,), (following,) = (
        page.xpath('//nav//a[contains(@rel, "prev")]'),
        page.xpath('//nav//a[contains(@rel, "next")]'),
    )
    assert query_of(previous.get("href")) == [("q", "maçon"), ("page", "2")]
    assert query_of(following.get("href")) == [("q", "maçon"), ("page", "4")]
    assert [text_of(link) for link in page.xpath('//a[@aria-current="page"]')] == ["Page 3"]
    assert page.xpath('//link[@rel="canonical"]') == []  # a page that must not be indexed stands for no other
    first = page_of([("q", "maçon"), ("page", "2")], card(), total=40, page=2, pages=2)
    assert query_of(first.xpath('//nav//a[contains(@rel, "prev")]')[0].get("href")) == [("q", "maçon")]
    assert first.xpath('//nav//a[contains(@rel, "next")]') == []


def test_a_page_beyond_the_last_says_so_and_leads_back() -> None:
    page = page_of([("page", "9")], total=30, page=9, pages=2)
    (link,) = page.xpath('//div[@class="nothing"]//a')
    assert query_of(link.get("href")) == [("page", "2")]
    assert page.xpath('//nav[@class="paging"]') == []


def test_the_whole_result_can_be_downloaded() -> None:
    page = page_of(
        [("q", "maçon"), ("size", "5"), ("group", "training"), ("page", "2")], card(), page=2, total=9, pages=2
    )
    links = {text_of(link): link.get("href") for link in page.xpath('//nav[@class="exports"]//a')}
    assert links["Télécharger les 9 offres (CSV)"] == "/api/v1/offers.csv?q=ma%C3%A7on"
    assert links["Calendrier des sessions (iCalendar)"] == "/api/v1/offers.ics?q=ma%C3%A7on"
    assert links["Suivre les nouveautés (Atom)"] == "/api/v1/offers.atom?q=ma%C3%A7on"
    (feed,) = page.xpath('//head/link[@type="application/atom+xml"]/@href')
    assert feed == links["Suivre les nouveautés (Atom)"]


def test_one_offer_is_one_and_nothing_is_no_file() -> None:
    assert page_of([], card()).xpath('//nav[@class="exports"]//a/text()')[0] == "Télécharger l’offre (CSV)"
    assert page_of([]).xpath('//a[contains(@href, "offers.csv")]') == []


def test_no_crawler_is_led_into_combinations_of_filters() -> None:
    query = [("q", "maçon"), ("place", "Saint-Denis"), ("funder", "2"), ("page", "2")]
    place = albi(others=[CodeView("Saint-Denis (93)", "Saint-Denis (93)")])
    page = page_of(query, card(), place=place, page=2, total=90, pages=5)
    links = page.xpath('//a[starts-with(@href, "/offres?")]')
    assert len(links) > 8
    assert [link.get("href") for link in links if "nofollow" not in link.get("rel", "").split()] == []
    assert [link.get("rel") for link in links if "prev" in link.get("rel")] == ["nofollow prev"]
    assert "rel" not in page.xpath('//a[@href="/offres/abcdefghijkl"]')[0].attrib


@pytest.mark.parametrize(
    ("query", "place", "heading"),
    [
        ([], None, "Toutes les formations 1 offre"),
        ([("q", "maçon")], None, "Maçon 1 offre"),
        ([("place", "Albi")], albi(), "Formations près d’Albi (81) 1 offre"),
        ([("place", "Castres")], albi(label="Castres (81)"), "Formations près de Castres (81) 1 offre"),
        ([("q", "maçon"), ("place", "Le Havre")], albi(label="Le Havre (76)"), "Maçon près du Havre (76) 1 offre"),
        ([("place", "Occitanie")], albi(kind="region", label="Occitanie (région)", radius=None),
         "Formations : Occitanie (région) 1 offre"),
        ([("lat", "43.9"), ("lon", "2.1")], albi(kind="point", label="43.9, 2.1"),
         "Formations autour du point choisi 1 offre"),
        ([("q", "formation pour être maçon")], None, "Maçon 1 offre"),
        ([("q", "formation d’adultes")], None, "Adultes 1 offre"),
        ([("domain", "223")], None, "Maçonnerie, charpente, couverture 1 offre"),
        ([("domain", "223"), ("domain", "224")], None, "Toutes les formations 1 offre"),
        ([("training", "training2345")], None, "CAP maçon 1 offre"),
        ([("place", "Albi"), ("remote", "only")], albi(), "Formations à distance 1 offre"),
    ],
)  # fmt: skip
def test_the_heading_says_what_where_and_how_many(query: Query, place: object, heading: str) -> None:
    assert text_of(page_of(query, card(), place=place).xpath("//h1")[0]) == heading


def test_an_ambiguous_place_names_the_others_with_links() -> None:
    place = albi(label="Saint-Denis (La Réunion)", others=[CodeView("Saint-Denis (93)", "Saint-Denis (93)")])
    page = page_of([("place", "Saint-Denis"), ("funder", "2")], card(), place=place)
    note = page.xpath('//p[@class="place-note"]')[0]
    assert text_of(note) == "Saint-Denis (La Réunion) ; aussi : Saint-Denis (93)"
    expected = [("funder", "2"), ("place", "Saint-Denis (93)")]
    assert sorted(query_of(note.xpath(".//a")[0].get("href"))) == expected


def test_orders_that_need_words_or_a_point_are_offered_only_with_them() -> None:
    def offered(query: Query, **changes: object) -> list[str]:
        page = page_of(query, card(), card(), **changes)
        return [text_of(link) for link in page.xpath('//details[@class="sorts"]//a')]

    assert offered([]) == ["Date de début", "Places restantes"]
    everything = ["Pertinence", "Date de début", "Distance", "Places restantes"]
    assert offered([("q", "maçon"), ("place", "Albi")], place=albi()) == everything
    assert "Distance" not in offered([("place", "81")], place=albi(kind="department", radius=None))


def test_a_source_that_is_old_is_warned_about_on_the_page() -> None:
    old = SourceState("idf", "2026-10-01T03:12:00+00:00", 31, 53, True)
    footer = text_of(page_of([], card(), sources=[old]).xpath("//footer")[0])
    assert "1er octobre 2026" in footer
    assert "La source idf n’a pas été rechargée depuis longtemps (il y a 53 jours)." in footer


def test_a_title_from_a_feed_never_becomes_markup() -> None:
    page = page_of([("q", "<b>gras</b>")], card(title='<script>alert("1")</script> & co'))
    assert page.xpath("//script[not(@src)] | //b") == []
    assert text_of(page.xpath('//h2[@class="card-title"]')[0]) == '<script>alert("1")</script> & co'


WRONG: Query = [("q", "soudeur"), ("seats", "x"), ("start_from", "2027-02-31"), ("funder", "zz"), ("funder", "2"),
                ("radius", "abc"), ("domain", "9"), ("page", "0"), ("rncp", "?"), ("upcoming", "true"), ("lat", "1"),
                ("entry_level", "bac")]  # fmt: skip


def faults_in(query: Query) -> tuple[Fault, ...]:
    with pytest.raises(BadParameters) as caught:
        parse_params(query)
    return caught.value.faults


def fault_page_of(query: Query, faults: Sequence[Fault]) -> html.HtmlElement:
    page: Page = build_fault_page(tuple(query), faults, Snapshot(), None)
    return html.fromstring(render("search.html", page).decode())


@pytest.fixture(name="faulty")
def fault_page() -> html.HtmlElement:
    return fault_page_of(WRONG, faults_in(WRONG))


def test_each_wrong_parameter_is_named_and_leads_to_its_field(faulty: html.HtmlElement) -> None:
    links = faulty.xpath('//div[@class="error-summary"]//a')
    named = {link.get("href").removeprefix("#champ-") for link in links}
    wrong = {"seats", "start_from", "funder", "radius", "domain", "page", "rncp", "lon", "entry_level"}
    assert named == wrong
    assert len({text_of(link).partition(":")[0] for link in links}) == len(wrong)
    for link in links:
        (target,) = faulty.xpath(f'//*[@id="{link.get("href")[1:]}"]')
        assert target.tag in ("input", "select", "summary", "div")


def test_faults_are_told_in_words_without_names_and_codes_of_the_api(faulty: html.HtmlElement) -> None:
    told = [text_of(link) for link in faulty.xpath('//div[@class="error-summary"]//a')]
    told += [text_of(error) for error in faulty.xpath('//p[@class="field-error"]')]
    assert "Qui paie : cette valeur n’est pas dans la liste (reçu : « zz » ; possible : un choix de la liste)." in told
    assert "Rayon : ce n’est pas un nombre (reçu : « abc » ; possible : un nombre de 0,1 à 1000)." in told
    for text in told:
        assert not re.search(r"\b(funder|start_from|entry_level|price_max|lat|lon|true|false)\b|\b1[3-8]\b", text), text


@pytest.mark.parametrize("name", PARAMETERS)
def test_what_is_allowed_is_in_words_on_pages_and_in_codes_in_the_api(name: str) -> None:
    with pytest.raises(BadParameters) as caught:
        parse_params([(name, "\x00")])
    fault = next(fault for fault in caught.value.faults if fault.parameter == name)
    codes = set(PARAMETERS[name].schema.get("enum", ())) - {"distance"}
    assert not codes & set(re.findall(r"\w+", named_fault(fault).partition("possible")[2]))
    assert fault.allowed == PARAMETERS[name].allowed
    assert "plain" not in fault.to_json()


def test_the_form_keeps_what_was_given_right_and_wrong(faulty: html.HtmlElement) -> None:
    sent = submitted(faulty)
    kept = [("q", "soudeur"), ("seats", "x"), ("start_from", "31/02/2027"), ("funder", "2"), ("radius", "abc"),
            ("upcoming", "true"), ("entry_level", "bac"), ("rncp", "?"), ("page", "0")]  # fmt: skip
    assert set(kept) <= set(sent)
    assert ("funder", "zz") not in sent
    assert ("start_from", "2027-02-31") in from_form(tuple(sent))


def test_dates_are_french_wherever_a_fault_is_told_and_iso_in_the_api() -> None:
    query: Query = [("start_from", "2027-02-31"), ("start_to", "demain")]
    faults = faults_in(query)
    page = fault_page_of(query, faults)
    told = [text_of(link) for link in page.xpath('//div[@class="error-summary"]//a')]
    allowed = "possible : une date JJ/MM/AAAA, de 1900 à 2200"
    assert told == [
        f"Début à partir du : cette date n’existe pas (reçu : « 31/02/2027 » ; {allowed}).",
        f"Début jusqu’au : ce n’est pas une date (reçu : « demain » ; {allowed}).",
    ]
    assert "2027-02-31" not in text_of(page.xpath("//main")[0])
    (first, _) = (fault.to_json() for fault in faults)
    assert (first["value"], first["allowed"]) == ("2027-02-31", "une date AAAA-MM-JJ, de 1900 à 2200")
    assert "2027-02-31" in first["message"]


def test_a_date_that_exists_is_mended_in_a_field_for_dates() -> None:
    query: Query = [("start_from", "2027-03-01"), ("start_to", "2027-01-01")]
    faults = faults_in(query)
    page = fault_page_of(query, faults)
    (field,) = page.xpath('//input[@name="start_to"]')
    assert (field.get("type"), field.get("value"), field.get("aria-invalid")) == ("date", "2027-01-01", "true")
    (told,) = [text_of(link) for link in page.xpath('//div[@class="error-summary"]//a')]
    assert "reçu : « 01/01/2027 » ; possible : une date à partir du 1er mars 2027" in told


def test_a_payer_whose_code_is_obsolete_is_not_proposed_but_shown_where_it_was_chosen() -> None:
    def proposed(query: Query) -> list[str]:
        return [text_of(box.getparent()) for box in fault_page_of(query, []).xpath('//input[@name="funder"]')]

    assert not [label for label in proposed([]) if "obsolète" in label]
    assert "Région" in proposed([])
    assert "Code de financeur obsolète" in proposed([("funder", "1")])


def test_a_point_is_told_in_words_and_with_decimal_commas() -> None:
    page = page_of([("lat", "43.93"), ("lon", "-2.148")], card(), place=albi(kind="point", lat=43.93, lon=-2.148))
    (chip,) = page.xpath('//a[@class="chip"]')
    assert text_of(chip) == "Retirer le filtre Lieu : autour du point choisi (43,93 ; -2,148), 30 km"


def breaking_spaces(page: html.HtmlElement) -> Iterator[str]:
    for element in page.iter():
        if element.tag in ("script", "style", "input", "option"):
            continue
        for text in (element.text, element.tail):
            yield from re.findall(r".{0,20} [;:!?»%€].{0,10}|«[ ].{0,10}", text or "")


def test_no_line_can_break_before_a_high_sign(faulty: html.HtmlElement) -> None:
    pages = [faulty, page_of(EVERYTHING, place=albi()), page_of([("page", "3")], card(), total=90, page=3, pages=5)]
    assert [found for page in pages for found in breaking_spaces(page)] == []


def test_the_chip_of_a_training_has_its_title() -> None:
    page = page_of([("training", "training2345")], card())
    (chip,) = page.xpath('//a[@class="chip"]')
    assert text_of(chip) == "Retirer le filtre Formation : Formation CAP maçon"
