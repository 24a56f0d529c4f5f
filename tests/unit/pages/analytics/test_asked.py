"""What the pages ask: remote offers beside a place, a comparison without ``upcoming``, questions that keep filters."""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from search_app.analytics.overlaps import Overlaps
from search_app.pages.analytics.asked.adjusted import beside_comparison, compared_notice, held_here
from search_app.pages.analytics.asked.questions import MORE, QUESTIONS, filtered
from search_app.pages.analytics.asked.windows import build_windows
from search_app.pages.analytics.findings.overlaps_page import build_overlaps_page
from search_app.search.links import Pairs
from search_app.search.results import JobView, PlaceFound, Understood
from tests.unit.pages.analytics.pivot_samples import SITE, html_of, page_of, search_of, text_of, values
from tests.unit.pages.pages_samples import card, facet_row, results

PLACED: Pairs = (("place", "Occitanie"), ("rows", "employment_zone"), ("measure", "left"))
REGION = PlaceFound("region", "Occitanie", "76", None, None, None, [])
TOWN = PlaceFound("town", "Albi (81)", "81004", 43.9, 2.1, 30.0, [])
FIRST = date(2026, 11, 30)


def pairs_at(href: str) -> Pairs:
    return tuple(parse_qsl(urlsplit(href).query))


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        (PLACED, (*PLACED, ("remote", "exclude"))),
        ((("lat", "43.9"), ("lon", "2.1")), (("lat", "43.9"), ("lon", "2.1"), ("remote", "exclude"))),
        ((*PLACED, ("remote", "include")), (*PLACED, ("remote", "include"))),
        ((*PLACED, ("remote", "only")), (*PLACED, ("remote", "only"))),
        ((("region", "76"),), (("region", "76"),)),
        ((*PLACED, ("mode", "remote")), (*PLACED, ("mode", "remote"))),
    ],
)
def test_a_place_without_a_choice_of_remote_offers_leaves_them_out(given: Pairs, asked: Pairs) -> None:
    assert held_here(given, lambda pairs: search_of(pairs).params) == asked


def test_the_exclusion_is_a_chip_that_can_be_taken_off_and_a_notice_with_the_way_back() -> None:
    page = page_of((*PLACED, ("remote", "exclude")))
    (chip,) = [chip for chip in page.chips if chip.kind == "À distance"]
    (notice,) = page.notices
    assert notice.link
    for href in (chip.href, notice.link.href):
        assert urlsplit(href).path == "/pilotage"
        assert sorted(pairs_at(href)) == sorted((*PLACED, ("remote", "include")))
    for href in (page.share, page.json_href, *(file.href for file in page.files)):
        assert ("remote", "exclude") in pairs_at(href)


def test_remote_offers_that_are_included_stay_so_on_every_link_of_the_page() -> None:
    included = (*PLACED, ("remote", "include"))
    page = page_of(included)
    assert page.notices[0].link
    assert sorted(pairs_at(page.notices[0].link.href)) == sorted((*PLACED, ("remote", "exclude")))
    assert sorted(pairs_at(page.share)) == sorted(included)
    selected = html_of(included).xpath('//select[@name="remote"]/option[@selected]/@value')
    assert selected == ["include"]


def test_without_a_place_nothing_is_said_and_the_form_leaves_the_choice_open() -> None:
    assert page_of((("rows", "region"),)).notices == ()
    assert html_of((("rows", "region"),)).xpath('//select[@name="remote"]/option[@selected]/@value') == [""]


def test_overlaps_say_the_same() -> None:
    search = search_of((("place", "Occitanie"), ("remote", "exclude")))
    page = build_overlaps_page(search, Overlaps([], 0, 1, 20), results(card()), SITE)
    assert page.notices[0].link
    assert page.notices[0].link.href == "/pilotage/doublons?place=Occitanie&remote=include"


def test_a_comparison_drops_sessions_to_come_and_keeps_the_rest() -> None:
    given: Pairs = (("rows", "region"), ("upcoming", "true"), ("compare", "year"))
    assert beside_comparison(given) == (("rows", "region"), ("compare", "year"))
    assert beside_comparison(given[:2]) == given[:2]


def test_a_past_period_is_said_to_have_lost_its_sessions_and_one_to_come_is_not() -> None:
    past = compared_notice(("2025-01-01", "2025-12-31"), FIRST)
    assert past
    assert "le catalogue ne garde plus ces sessions" in past.text
    to_come = compared_notice(("2027-01-01", "2027-03-31"), FIRST)
    assert to_come
    assert to_come.text == "Comparé à la période du 1er janvier 2027 au 31 mars 2027."
    assert compared_notice(None, FIRST) is None


def test_usual_periods_are_links_to_a_comparison() -> None:
    links = build_windows((("rows", "region"), ("upcoming", "true"), ("page", "2")), FIRST).links
    assert [link.text for link in links] == ["Ce trimestre", "Trimestre prochain", "Cette année", "Année prochaine"]
    assert dict(pairs_at(links[3].href)) == {
        "rows": "region", "start_from": "2027-01-01", "start_to": "2027-12-31", "compare": "year",
    }  # fmt: skip
    again = build_windows((("compare", "previous"), *pairs_at(links[1].href)[1:3]), FIRST).links
    assert [link.current for link in again] == [False, True, False, False]
    assert ("compare", "previous") in pairs_at(again[0].href)


def test_ready_questions_keep_filters_place_and_dates() -> None:
    kept = (("place", "Occitanie"), ("funder", "2"), ("start_from", "2027-01-01"))
    pairs = (*kept, ("remote", "exclude"), ("rows", "region"), ("sort", "left"), ("page", "2"), ("view", "chart"))
    for question in filtered((*QUESTIONS, *MORE), pairs, REGION):
        given = pairs_at(question.href)
        assert set(kept) <= set(given)
        assert ("rows", "region") not in given
        assert ("page", "2") not in given
    areas = dict(pairs_at(filtered(QUESTIONS, pairs, REGION)[2].href))
    assert "remote" not in areas


def test_the_question_about_each_commune_drops_a_town_and_keeps_its_own_radius() -> None:
    pairs = (("place", "Albi"), ("radius", "50"), ("funder", "2"))
    areas = pairs_at(filtered(QUESTIONS, pairs, TOWN)[2].href)
    assert areas == (("funder", "2"), ("radius", "30"), ("upcoming", "true"))
    assert ("radius", "50") in pairs_at(filtered(QUESTIONS, pairs, TOWN)[0].href)


def test_rows_are_as_fine_as_an_exact_domain() -> None:
    (fill,) = filtered(QUESTIONS[1:2], (("domain", "23054"),), None)
    assert ("rows", "formacode") in pairs_at(fill.href)


def test_a_filtered_question_still_heads_its_answer() -> None:
    (question,) = filtered(QUESTIONS[:1], (("funder", "2"),), None)
    assert page_of(pairs_at(question.href)).heading == QUESTIONS[0].text


def test_the_notices_stand_above_the_table() -> None:
    page = html_of(
        (("rows", "region"), ("compare", "year"), ("start_from", "2026-01-01")),
        total_previous=values(0),
        compared_with=("2025-01-01", ""),
    )
    (note,) = page.xpath('//p[@class="pilotage-note"]')
    assert text_of(note).startswith("Comparé à la période à partir du 1er janvier 2025.")


def test_lists_on_request_are_in_the_form_of_the_page_and_on_no_other_link() -> None:
    pairs: Pairs = (("rows", "region"), ("facets", "market"))
    page = page_of(pairs, results(card(), facets={"market": [facet_row("M1", "M1", 3, False)]}))
    assert ("facets", "market") in page.composer.hidden
    assert ("facets", "market") not in pairs_at(page.share)
    html = html_of(pairs, results(card(), facets={"market": [facet_row("M1", "M1", 3, False)]}))
    assert html.xpath('//details[@open]/summary[@id="champ-market"]')
    (more,) = html.xpath('//p[@class="composer-more"]/a/@href')
    assert more.startswith("/pilotage?rows=region&facets=market&facets=")
    assert more.endswith("#champ-programme")


def test_the_page_says_how_the_words_were_understood() -> None:
    meant = Understood(
        typed="soudeur", kept="soudeur", words="soudeur", corrections=[], filters=[], variants=["soudage"], rules=[],
        jobs=[JobView("H2913", "Soudage manuel", "")], other_places=[], unknown_code="", rncp_like=None,
        unknown_words=[], loose=False,
    )  # fmt: skip
    page = html_of((("q", "soudeur"), ("rows", "region")), results(card(), understood=meant))
    (note,) = page.xpath('//p[@class="pilotage-note"]')
    assert text_of(note).startswith("Compris : Soudage manuel, et métiers voisins. Aussi cherché : « soudage ».")
    assert urlsplit(note.xpath("./a/@href")[0]).path == "/pilotage"
