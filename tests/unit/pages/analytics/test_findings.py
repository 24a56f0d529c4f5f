"""White areas and overlaps: what is counted, where each line leads, faults."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lxml import html

from mappings.reference import Commune
from search_app.analytics.overlaps import Overlap, Overlaps
from search_app.analytics.white_areas import WhiteArea, WhiteAreas
from search_app.base.errors import Fault
from search_app.pages.analytics.findings.areas_page import PAGE_SIZE, build_areas_fault_page, build_areas_page
from search_app.pages.analytics.findings.overlaps_page import MOST_NAMES, build_overlaps_page
from search_app.pages.shared.layout import Page
from search_app.pages.shared.render import render
from search_app.search.links import Pairs
from tests.unit.pages.analytics.pivot_samples import SITE, search_of, text_of
from tests.unit.pages.pages_samples import NO_LABELS, card, results

FILTERS: Pairs = (("radius", "50"), ("funder", "2"), ("upcoming", "true"))
AMBERT = WhiteArea("63003", "Ambert (63)", 6_700, 12, 45.55, 3.74)
BIG = WhiteArea("2A004", "Ajaccio (2A)", 73_000, 0, 41.93, 8.74)


def rendered(template: str, page: Page) -> html.HtmlElement:
    element: html.HtmlElement = html.fromstring(render(f"analytics/{template}.html", page).decode())
    return element


def areas(found: WhiteAreas, pairs: Pairs = FILTERS, page: int = 1) -> html.HtmlElement:
    search = search_of((*pairs, ("page", str(page))))
    return rendered("areas", build_areas_page(search, found, results(card()), SITE))


def totals_of(page: html.HtmlElement) -> dict[str, str]:
    return {text_of(each.find("dt")): text_of(each.find("dd")) for each in page.xpath('//dl[@class="totals"]/div')}


def overlap(**changes: Any) -> Overlap:
    plain: dict[str, Any] = {
        "rncp": "37348", "rncp_label": "CAP Maçon (RNCP37348)", "employment_zone": "7625",
        "zone_label": "Zone d’emploi d’Albi (7625)", "quarter": "2027-Q1", "quarter_label": "1er trimestre 2027",
        "providers": [("041427865", "LES ATELIERS"), ("041427866", "Autre")], "offers": 4,
        "funders": [("2", "Région"), (None, "Financeur non précisé")],
        "search": "rncp=37348&employment_zone=7625",
    }  # fmt: skip
    return Overlap(**plain | changes)


def test_white_areas_are_counted_with_their_inhabitants() -> None:
    page = areas(WhiteAreas([BIG, AMBERT], 2, 50.0, 79_700, 4_446))
    assert text_of(page.xpath("//h1")[0]) == "Où n’y a-t-il rien à moins de 50 km ?"
    assert totals_of(page) == {
        "communes sans offre sur place à moins de 50 km, sur 4 446": "2",
        "habitants de ces communes": "79 700",
    }
    departments = [text_of(line) for line in page.xpath("//details//tbody/tr")]
    assert departments == ["Corse-du-Sud (2A)173 000", "Puy-de-Dôme (63)16 700"]


def test_a_white_area_leads_to_its_remote_offers_and_to_the_nearest_ones() -> None:
    (line,) = areas(WhiteAreas([AMBERT], 1, 50.0, 6_700)).xpath('//tr[th="Ambert (63)"]')
    remote, around = (dict(parse_qsl(urlsplit(href).query)) for href in line.xpath("./td/a/@href"))
    assert remote == {"funder": "2", "upcoming": "true", "remote": "only"}
    assert (around["lat"], around["lon"], around["radius"], around["funder"]) == ("45.5500", "3.7400", "100", "2")
    assert "place" not in around


def test_a_commune_without_remote_offers_has_a_zero_without_link() -> None:
    (line,) = areas(WhiteAreas([BIG], 1, 30.0, 73_000)).xpath('//tr[th="Ajaccio (2A)"]')
    assert text_of(line.xpath("./td")[1]) == "0"
    assert line.xpath("./td")[1].xpath(".//a") == []


def test_white_areas_have_pages_and_the_map_has_all_of_them() -> None:
    many = [
        WhiteArea(f"63{number:03}", f"Commune {number}", 100, 0, 44 + number // 15 * 0.3, number % 15 * 0.2)
        for number in range(150)
    ]
    page = areas(WhiteAreas(many, 150, 30.0, 15_000), page=2)
    assert len(page.xpath('//table[caption[@id="titre-tableau"]]/tbody/tr')) == PAGE_SIZE
    (previous,) = page.xpath('//a[contains(., "Précédente")]/@href')
    assert sorted(parse_qsl(urlsplit(previous).query)) == sorted(FILTERS)
    (dots,) = page.xpath('//path[@class="area-dot"][contains(@d, "h0M")]/@d')
    assert dots.count("M") == 150


def test_words_that_find_nothing_are_said_instead_of_every_commune() -> None:
    search = search_of((("q", "scaphandrier"),))
    every = WhiteAreas([BIG, AMBERT], 2, 30.0, 79_700, 2)
    page = rendered("areas", build_areas_page(search, every, results(), SITE))
    assert "« scaphandrier »" in text_of(page.xpath('//div[@class="nothing"]/h2')[0])
    assert (page.xpath("//table"), page.xpath('//dl[@class="totals"]')) == ([], [])
    some = rendered("areas", build_areas_page(search, replace(every, communes=9), results(), SITE))
    assert some.xpath("//table")


def test_a_filter_on_a_territory_says_what_it_does_at_borders_and_a_place_does_not() -> None:
    found = WhiteAreas([BIG], 1, 30.0, 73_000, 2)
    page = build_areas_page(search_of((("region", "76"),)), found, results(card()), SITE)
    (notice,) = page.notices
    assert "près de ses limites" in notice.text
    assert notice.link
    assert parse_qsl(urlsplit(notice.link.href).query) == [("place", "Occitanie (région)")]
    assert build_areas_page(search_of((("place", "Occitanie"),)), found, results(card()), SITE).notices == ()


def test_the_form_offers_neither_a_position_nor_remote_offers() -> None:
    page = areas(WhiteAreas([BIG], 1, 30.0, 73_000, 2))
    assert page.xpath('//button[contains(@class, "around")] | //select[@name="remote"]') == []
    assert page.xpath('//input[@name="place"]')
    fault = Fault("remote", "only", "region", "remote : non.", "non.")
    wrong = rendered("areas", build_areas_fault_page((("remote", "only"),), [fault], NO_LABELS, None))
    assert wrong.xpath('//select[@name="remote"]')


def test_the_map_shows_the_territory_that_is_asked_for() -> None:
    whole = areas(WhiteAreas([AMBERT], 1, 30.0, 6_700, 2))
    assert whole.xpath('//svg[@role="img"]/@viewbox')[0] == "0 0 800 930"
    within = [Commune(f"63{n:03}", "C", ("63000",), 100, "63", "84", 45.3 + n / 10, 3.0 + n / 10) for n in range(9)]
    found = WhiteAreas([AMBERT], 1, 30.0, 6_700, 2)
    page = rendered("areas", build_areas_page(search_of(()), found, results(card()), SITE, within))
    x, y, width, height = map(int, page.xpath('//svg[@role="img"]/@viewbox')[0].split())
    (dots,) = page.xpath('//path[@class="area-dot"][contains(@d, "h0")][not(contains(@d, "M15"))]/@d')
    left, top = map(float, dots[1:].removesuffix("h0").split())
    assert (x < left < x + width, y < top < y + height) == (True, True)
    assert width < 200


def test_nothing_white_is_said_and_has_no_map() -> None:
    page = areas(WhiteAreas([], 0, 30.0, 0))
    assert [*totals_of(page).values()] == ["0", "0"]
    assert page.xpath("//table") == []
    assert page.xpath('//section[@class="drawing"]') == []


def test_an_overlap_names_what_where_when_who_and_leads_to_its_offers() -> None:
    found = Overlaps([overlap()], 1, 1, 20)
    page = rendered("overlaps", build_overlaps_page(search_of(FILTERS), found, results(card()), SITE))
    (line,) = page.xpath('//table[contains(@class, "overlaps")]/tbody/tr')
    assert [text_of(cell) for cell in line.xpath("./th | ./td")] == [
        "CAP Maçon RNCP37348",
        "Albi (7625)",
        "1er trimestre 2027",
        "2 organismesLes ateliers · Autre",
        "Région · Financeur non précisé",
        "4 offres",
    ]
    assert line.xpath(".//a/@href") == ["/offres?rncp=37348&employment_zone=7625"]


def test_a_link_skips_to_the_table_where_there_is_one() -> None:
    search = search_of(FILTERS)
    some = rendered("overlaps", build_overlaps_page(search, Overlaps([overlap()], 1, 1, 20), results(card()), SITE))
    none = rendered("overlaps", build_overlaps_page(search, Overlaps([], 0, 1, 20), results(card()), SITE))
    for page, skips in (
        (some, ["#contenu", "#tableau"]),
        (none, ["#contenu"]),
        (areas(WhiteAreas([BIG], 1, 30.0, 73_000, 2)), ["#contenu", "#tableau"]),
        (areas(WhiteAreas([], 0, 30.0, 0)), ["#contenu"]),
    ):
        assert page.xpath('//ul[@class="skips"]//a/@href') == skips
        assert len(page.xpath('//*[@id="tableau"]')) == len(skips) - 1


def test_many_providers_are_counted_beside_those_named() -> None:
    providers = [(f"{number:09}", f"Organisme {number}") for number in range(MOST_NAMES + 2)]
    page = build_overlaps_page(search_of(()), Overlaps([overlap(providers=providers)], 1, 1, 20), results(card()), SITE)
    names = page.lines[0].names.split(" · ")
    assert (len(names), names[-1]) == (MOST_NAMES + 1, "et 2\u00a0autres")


def test_overlaps_have_pages_that_keep_the_filters() -> None:
    page = build_overlaps_page(search_of(FILTERS), Overlaps([overlap()], 45, 1, 20), results(card()), SITE)
    assert page.paging is not None
    following = parse_qsl(urlsplit(page.paging.following or "").query)
    assert sorted(following) == sorted((*FILTERS, ("page", "2")))


def test_a_wrong_address_names_its_faults_beside_the_form() -> None:
    faults = [Fault("radius", "abc", "un nombre", "radius : abc.", "ce n’est pas un nombre.")]
    page = rendered("areas", build_areas_fault_page((("radius", "abc"),), faults, NO_LABELS, None))
    (told,) = page.xpath('//div[@class="error-summary"]//a')
    assert told.get("href") == "#champ-radius"
    assert len(page.xpath('//*[@id="champ-radius"]')) == 1
    assert page.xpath('//dl[@class="totals"]') == []


def test_an_unnamed_provider_keeps_its_number() -> None:
    page = build_overlaps_page(
        search_of(()), Overlaps([overlap(providers=[("481457307", "SIREN 481457307")])], 1, 1, 20), results(), SITE
    )
    assert page.lines[0].names == "SIREN 481457307"


def test_an_overlap_names_its_funders_and_a_chosen_one_is_explained() -> None:
    found = Overlaps([overlap()], 1, 1, 20)
    page = rendered("overlaps", build_overlaps_page(search_of((("upcoming", "true"),)), found, results(card()), SITE))
    (funders,) = page.xpath('//td[@data-label="Financeurs"]')
    assert text_of(funders) == "Région · Financeur non précisé"
    assert page.xpath('//p[@class="pilotage-note"]') == []
    chosen = search_of((("funder", "2"), ("upcoming", "true")))
    page = rendered("overlaps", build_overlaps_page(chosen, found, results(card()), SITE))
    (note,) = page.xpath('//p[@class="pilotage-note"]')
    assert "seules comptent les offres qu’il paie" in text_of(note)
    assert note.xpath("./a/@href") == ["/pilotage/doublons?upcoming=true"]


def test_findings_lead_to_their_file_with_the_same_filters() -> None:
    page = areas(WhiteAreas([BIG], 1, 50.0, 73_000))
    (href,) = page.xpath('//ul[@class="share-ways"]//a[contains(., "CSV")]/@href')
    assert urlsplit(href).path == "/api/v1/analytics/white-areas.csv"
    assert sorted(parse_qsl(urlsplit(href).query)) == sorted(FILTERS)
