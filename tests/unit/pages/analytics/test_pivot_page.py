"""The page of a pivot: its table, links, notes, form and faults."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import html

from search_app.analytics.answer import Row
from search_app.analytics.dimensions import DIMENSIONS
from search_app.analytics.query import VOCABULARY
from search_app.base.errors import Fault
from search_app.pages.analytics.addresses import display_faults
from search_app.pages.analytics.asked.questions import MORE, QUESTIONS
from search_app.pages.analytics.page import build_pivot_fault_page
from search_app.pages.analytics.table import labels_of
from search_app.pages.shared.render import render
from search_app.search.links import Pairs
from search_app.search.params.parse import read_fields
from tests.unit.pages.analytics.pivot_samples import SITE, html_of, page_of, row, text_of, values
from tests.unit.pages.pages_samples import NO_LABELS, TODAY, facet_row, results

BY_REGION: Pairs = (("rows", "region"), ("upcoming", "true"))
CROSSED: Pairs = (("rows", "region"), ("columns", "funder"), ("measure", "left"))


def cells_of(line: html.HtmlElement) -> list[str]:
    return [text_of(cell) for cell in line.xpath("./th | ./td")]


def pairs_at(href: str) -> Pairs:
    return tuple(parse_qsl(urlsplit(href).query))


def test_every_figure_of_the_table_leads_to_its_offers() -> None:
    page = html_of(BY_REGION)
    lines = page.xpath('//table[@class="pivot"]/tbody/tr')
    assert [cells_of(line)[:3] for line in lines] == [
        ["Ensemble", "11", "22"],
        ["Occitanie", "9", "18"],
        ["Région non connue", "2", "4"],
    ]
    links = [set(line.xpath("./td/a/@href")) for line in lines]
    assert links == [{"/offres?upcoming=true"}, {"/offres?region=76"}, {"/offres?region=unknown"}]
    assert [len(line.xpath("./td/a")) for line in lines] == [4, 4, 4]
    assert all("nofollow" in link.get("rel") for line in lines for link in line.xpath("./td/a"))


def test_coverage_stands_beside_figures_of_seats_and_not_beside_counts() -> None:
    (line,) = html_of(BY_REGION).xpath('//tr[th="Occitanie"]')
    assert cells_of(line)[3:] == ["5connu : 60 %", "75 %connu : 60 %"]


def test_unknown_zero_and_absent_read_differently_in_one_table() -> None:
    lines = html_of(CROSSED).xpath('//table[contains(@class, "pivot")]/tbody/tr')
    assert cells_of(lines[1]) == ["Occitanie", "5connu : 60 %", "0connu : 60 %", "5connu : 60 %"]
    assert cells_of(lines[2]) == ["Région non connue", "non connuconnu : 60 %", "5connu : 60 %", "–aucune offre"]


def test_columns_and_measures_have_a_line_of_heads_each() -> None:
    page = html_of((*CROSSED, ("measure", "offers")))
    first, second = page.xpath("//thead/tr")
    assert cells_of(first) == ["Région, trier", "Ensemble", "Région", "France Travail"]
    assert [cell.get("colspan") for cell in first.xpath("./th")] == [None, "2", "2", "2"]
    assert len(second.xpath("./th")) == 6
    widths = {
        sum(int(cell.get("colspan", "1")) for cell in line.xpath("./th | ./td")) for line in page.xpath("//tbody/tr")
    }
    assert widths == {7}


def test_heads_sort_and_begin_at_the_first_page() -> None:
    page = html_of((*BY_REGION, ("page", "2"), ("sort", "left")), row_count=45)
    heads = page.xpath('//thead//th[@scope="col"]')
    assert [head.get("aria-sort") for head in heads] == [None, None, None, "descending", None]
    sorts = [dict(pairs_at(head.xpath("./a/@href")[0])) for head in heads]
    assert [each["sort"] for each in sorts] == ["label", "offers", "sessions", "left", "fill_rate"]
    assert all("page" not in each for each in sorts)
    (caption,) = page.xpath("//caption")
    assert text_of(caption) == "45 lignes, page 2 sur 3"
    (following,) = page.xpath('//nav[@class="paging"]/a[contains(., "Suivante")]/@href')
    assert dict(pairs_at(following))["page"] == "3"


def test_without_rows_there_are_figures_of_everything_and_ready_questions() -> None:
    page = html_of(())
    totals = {text_of(each.find("dt")): text_of(each.find("dd")) for each in page.xpath('//dl[@class="totals"]/div')}
    assert totals["Offres"] == "11"
    assert totals["Places restantes"] == "5connu : 60 %"
    asked = page.xpath('//ul[@class="questions"]//a/@href')
    assert asked == [question.href for question in (*QUESTIONS, *MORE)]
    assert page.xpath("//table") == []
    assert page.xpath('//link[@rel="canonical"]/@href') == ["/pilotage"]
    assert html_of(BY_REGION).xpath('//meta[@name="robots"]/@content') == ["noindex"]


@pytest.mark.parametrize("question", [*QUESTIONS, *MORE], ids=lambda each: each.text)
def test_ready_questions_ask_for_what_exists_and_head_their_answers(question: object) -> None:
    href = str(question.href)  # type: ignore[attr-defined]
    pairs = pairs_at(href)
    _, faults = read_fields([pair for pair in pairs if pair[0] != "view"], VOCABULARY, ignore_unknown=False)
    assert (faults, display_faults(pairs)) == ([], [])
    if urlsplit(href).path == "/pilotage":
        assert page_of(pairs).heading == question.text  # type: ignore[attr-defined]


def test_headings_name_measures_and_dimensions() -> None:
    assert page_of(BY_REGION).heading == "Les chiffres par région"
    assert page_of(CROSSED).heading == "Places restantes par région et financeur"
    zones: Pairs = (("rows", "employment_zone"), ("measure", "offers"), ("measure", "left"))
    assert page_of(zones).heading == "Offres et places restantes par zone d’emploi"


def test_chips_take_off_a_filter_and_keep_the_table() -> None:
    pairs: Pairs = (*CROSSED, ("funder", "2"), ("view", "chart"))
    answer = results(total=11, facets=results().facets | {"funder": [facet_row("2", "Région", 3, True)]})
    (chip,) = html_of(pairs, answer).xpath('//a[@class="chip"]')
    assert text_of(chip) == "Retirer le filtre Qui paie : Qui paie Région"
    assert chip.get("href").startswith("/pilotage?")
    assert sorted(pairs_at(chip.get("href"))) == sorted((*CROSSED, ("view", "chart")))


def test_the_address_to_share_and_the_files_have_the_whole_question() -> None:
    pairs: Pairs = (*BY_REGION, ("sort", "left"), ("page", "2"), ("view", "chart"))
    page = page_of(pairs, row_count=45)
    assert page.share.startswith(f"{SITE}/pilotage?")
    assert sorted(pairs_at(page.share)) == sorted(pairs)
    assert [urlsplit(file.href).path for file in page.files] == [
        f"/api/v1/analytics.{suffix}" for suffix in ("csv", "xlsx", "parquet", "ndjson")
    ]
    assert {pairs_at(file.href) for file in page.files} == {(("upcoming", "true"), ("rows", "region"))}
    assert "view" not in dict(pairs_at(page.json_href))
    assert dict(pairs_at(page.json_href))["page"] == "2"


def test_a_comparison_names_its_period_and_shows_differences() -> None:
    before = values(2, left=10)
    rows = (Row("76", "Occitanie", values(4), "region=76", before),)
    pairs: Pairs = (("rows", "region"), ("measure", "left"), ("compare", "year"), ("start_from", "2027-03-01"))
    page = html_of(pairs, rows=rows, total_previous=before, compared_with=("2026-03-01", "2026-03-31"))
    (line,) = page.xpath('//tr[th="Occitanie"]')
    assert cells_of(line) == ["Occitanie", "5connu : 60 %−5 (−50 %), avant : 10"]
    (note,) = [text_of(each) for each in page.xpath('//p[@class="pilotage-note"]')]
    assert note.startswith("Comparé à la période du 1er mars 2026 au 31 mars 2026.")


def test_a_row_that_only_the_period_before_has_shows_what_there_was() -> None:
    rows = (Row("76", "Occitanie", values(0), "region=76", values(2, left=10)),)
    page = html_of((("rows", "region"), ("measure", "left")), rows=rows, total_previous=values(2))
    (line,) = page.xpath('//tr[th="Occitanie"]')
    assert cells_of(line) == ["Occitanie", "aucune offreavant : 10"]


def test_names_of_organisations_are_cased_and_told_apart() -> None:
    rows = (
        row("041427865", "MAISON FAMILIALE RURALE"),
        row("041427866", "MAISON FAMILIALE RURALE"),
        row("1", "SIREN 1"),
    )
    assert labels_of(rows, DIMENSIONS["provider"]) == (
        "Maison familiale rurale (041427865)",
        "Maison familiale rurale (041427866)",
        "SIREN 1",
    )
    assert labels_of((row("7625", "Zone d’emploi d’Albi (7625)"),), DIMENSIONS["employment_zone"]) == ("Albi (7625)",)


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ((*BY_REGION, ("view", "map")), "area-map"),
        ((*BY_REGION, ("view", "chart")), "chart"),
        ((*CROSSED, ("view", "chart")), "chart"),
    ],
)
def test_a_drawing_stands_above_the_table_with_the_same_links(pairs: Pairs, found: str) -> None:
    page = html_of(pairs)
    (drawing,) = page.xpath(f'//section[@class="drawing"]//div[@class="{found}"]')
    drawn, told = set(drawing.xpath(".//a/@href")), set(page.xpath("//table//td/a/@href"))
    assert drawn
    assert drawn <= told
    assert all(link.get("aria-label") for link in drawing.xpath(".//a"))
    assert page.xpath('//a[@href="#tableau"]')


def test_a_map_exists_for_regions_and_departements_and_says_so_elsewhere() -> None:
    page = html_of((("rows", "domain"), ("view", "map")))
    assert page.xpath('//div[@class="area-map"]') == []
    assert "région ou par département" in text_of(page.xpath('//p[@class="pilotage-note"]')[0])
    assert page.xpath("//table")


def test_the_switch_offers_a_map_only_where_there_can_be_one() -> None:
    def tabs(pairs: Pairs) -> list[str]:
        return [text_of(link) for link in html_of(pairs).xpath('//nav[@aria-label="Présentation"]//a')]

    assert tabs(BY_REGION) == ["Tableau", "Graphique", "Carte"]
    assert tabs((("rows", "domain"),)) == ["Tableau", "Graphique"]
    current = html_of((("rows", "domain"), ("view", "map"))).xpath(
        '//nav[@aria-label="Présentation"]//a[@aria-current]'
    )
    assert [text_of(link) for link in current] == ["Tableau"]


def test_a_link_skips_to_the_table_where_there_is_one() -> None:
    page = html_of(BY_REGION)
    assert page.xpath('//ul[@class="skips"]//a/@href') == ["#contenu", "#tableau"]
    assert len(page.xpath('//*[@id="tableau"]')) == 1
    assert html_of(()).xpath('//ul[@class="skips"]//a/@href') == ["#contenu"]


def test_the_form_says_how_many_figures_are_chosen() -> None:
    (told,) = html_of(CROSSED).xpath('//summary[@id="champ-measure"]')
    assert text_of(told) == "Chiffres 1 choisi"


def test_another_measure_can_be_drawn() -> None:
    pairs: Pairs = (*BY_REGION, ("view", "chart"))
    page = html_of((*pairs, ("draw", "fill_rate")))
    assert text_of(page.xpath('//h2[@id="titre-dessin"]')[0]) == "Taux de remplissage par région"
    current = page.xpath('//nav[@aria-label="Chiffre dessiné"]//a[@aria-current]')
    assert [text_of(link) for link in current] == ["Taux de remplissage"]


def test_a_wrong_address_keeps_the_form_and_names_every_fault() -> None:
    given: Pairs = (("rows", "planet"), ("measure", "left"), ("view", "cube"), ("seats", "x"))
    faults = [Fault("rows", "planet", "region", "rows : inconnu.", "cette valeur n’est pas dans la liste."),
              *display_faults(given), Fault("seats", "x", "1", "seats : x.", "ce n’est pas un nombre.")]  # fmt: skip
    page: html.HtmlElement = html.fromstring(
        render("analytics/pivot.html", build_pivot_fault_page(given, faults, NO_LABELS, None, TODAY)).decode()
    )
    told = page.xpath('//div[@class="error-summary"]//a')
    assert [link.get("href") for link in told] == ["#champ-rows", "#champ-view", "#champ-seats"]
    assert text_of(told[0]) == "Lignes : « planet » n’existe pas : choisissez dans la liste."
    assert page.xpath('//select[@name="rows"]/option[@selected]/@value') == ["planet"]
    assert page.xpath('//input[@name="measure"][@checked]/@value') == ["left"]
    assert page.xpath('//details[@class="composer-fold"][@open]')
    assert page.xpath("//table") == []
    ids = {*page.xpath("//@id")}
    assert {link.get("href").lstrip("#") for link in told} <= ids


def test_the_form_keeps_what_it_has_no_field_for() -> None:
    page = html_of(
        (*BY_REGION, ("view", "chart"), ("draw", "left"), ("sort", "left"), ("rncp", "37348"), ("page", "2"))
    )
    kept = {(each.get("name"), each.get("value")) for each in page.xpath('//form//input[@type="hidden"]')}
    assert kept == {("view", "chart"), ("draw", "left"), ("sort", "left"), ("rncp", "37348")}


def test_beyond_the_last_page_a_link_leads_back() -> None:
    page = html_of((*BY_REGION, ("page", "9")), rows=(), row_count=45)
    (link,) = page.xpath('//p[@class="notice"]/a')
    assert dict(pairs_at(link.get("href")))["page"] == "3"
    assert html_of(BY_REGION).xpath('//p[@class="notice"]') == []


def test_without_any_offer_there_is_no_table_but_what_to_do() -> None:
    page = html_of((*BY_REGION, ("view", "map")), results(), total=values(0), rows=(), row_count=0)
    assert page.xpath("//table") == []
    assert page.xpath('//section[@class="drawing"]') == []
    assert "Aucune offre ne remplit tous ces critères" in text_of(page.xpath('//div[@class="nothing"]')[0])
    assert page.xpath('//a[@class="chip"]')


def test_an_organisation_leads_to_its_page_and_one_without_number_does_not() -> None:
    rows = (row("041427865", "LES ATELIERS"), row(None, "SIREN non connu"))
    page = html_of((("rows", "provider"), ("measure", "offers")), rows=rows)
    assert page.xpath('//tbody/tr[th="Les ateliers"]/th/a/@href') == ["/organismes/041427865"]
    assert page.xpath('//tbody/tr[th="SIREN non connu"]/th/a') == []
    assert html_of(BY_REGION).xpath("//tbody/tr/th/a") == []
