"""Sheets of the funding schemes: what they say, how they are found, and what they say without rules."""

import json
import re
from collections.abc import Iterator

import pytest
from lxml import html
from starlette.testclient import TestClient

from funding import OWN_FUNDING, PROJECT, pack_funding, read_texts
from tests.away_engine import away_app
from tests.faces import check_page
from tests.funded import funded_browser

LIST = "/financements"


@pytest.fixture(scope="module")
def browser() -> Iterator[TestClient]:
    with funded_browser() as client:
        yield client


def page_of(browser: TestClient, path: str) -> html.HtmlElement:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    assert list(check_page(answer.content)) == []
    page: html.HtmlElement = html.fromstring(answer.text)
    return page


def words_of(page: html.HtmlElement, path: str = "//main") -> str:
    return " ".join(" ".join(map(str, page.xpath(f"{path}//text()"))).split()).replace("\xa0", " ")


def names(page: html.HtmlElement) -> list[str]:
    return [href.removeprefix(f"{LIST}/") for href in page.xpath('//h3[@class="scheme-name"]/a/@href')]


def test_every_scheme_is_in_the_list_in_its_group(browser: TestClient) -> None:
    page = page_of(browser, LIST)
    assert len(names(page)) == len(set(names(page))) == 32
    found = {key: section_names(page, key) for key in ("titre-frais", "titre-revenu", "titre-sans-regle")}
    assert sum(map(len, found.values())) == 32
    assert found["titre-frais"][:3] == ["apprenticeship", "contrat_pro", "prf"]
    assert {"rff", "csp", "demissionnaire", "age"} <= set(found["titre-revenu"])
    assert {"ladom", "fne"} <= set(found["titre-sans-regle"])


def section_names(page: html.HtmlElement, key: str) -> list[str]:
    hrefs = page.xpath(f'//section[@aria-labelledby="{key}"]//h3[@class="scheme-name"]/a/@href')
    return [href.removeprefix(f"{LIST}/") for href in hrefs]


def test_every_sheet_is_a_sound_page(browser: TestClient) -> None:
    for name in names(page_of(browser, LIST)):
        page = page_of(browser, f"{LIST}/{name}")
        assert page.xpath('//link[@rel="canonical"]/@href') == [f"{LIST}/{name}"]
        assert len(page.xpath("//h1")) == 1
        assert "éligible" not in words_of(page).casefold()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("CPF", {"cpf"}),
        ("apprentis", {"apprenticeship"}),
        ("Agefiph handicap", {"agefiph"}),
        ("demission cdi", {"demissionnaire"}),
        ("salarie certifiante", {"ptp"}),
        ("zzz", set()),
    ],
)
def test_list_is_searched_by_words_of_the_sheets(browser: TestClient, words: str, found: set[str]) -> None:
    page = page_of(browser, f"{LIST}?q={words}")
    assert found <= set(names(page))
    assert len(names(page)) < 10
    assert page.xpath('//input[@name="q"]/@value') == [words]
    assert page.xpath('//meta[@name="robots"]/@content') == ["noindex"]
    assert ("Aucun financement ne correspond" in words_of(page)) is not bool(found)


def test_search_is_a_plain_form_without_script(browser: TestClient) -> None:
    page = page_of(browser, LIST)
    (form,) = page.xpath('//main//form[@role="search"]')
    (feed,) = page.xpath('//head/link[@type="application/atom+xml"]/@href')
    assert browser.get(feed).status_code == 200
    assert (form.get("action"), form.get("method")) == (LIST, "get")
    assert page.xpath("//main//script") == []
    assert browser.get(f"{LIST}?q={'x' * 3000}").status_code == 200


def test_sheet_says_who_what_how_and_from_where(browser: TestClient) -> None:
    page = page_of(browser, f"{LIST}/ptp")
    told = words_of(page)
    for expected in (
        "Frais de formation en totalité ; revenu",
        "Demande de congé à l’employeur, puis dossier auprès de Transitions Pro.",
        "Du 16 avril 2023 au 31 décembre 2026 (règle en vigueur)",
        "Pour qui Situation : salarié",
        "Pour quelle formation Formation certifiante (Code du travail, L. 6323-17-1)",
        "Sinon : Demander à Transitions Pro si une exception s’applique",
        "Ce que quelqu’un apprécie encore Pertinence du projet (R. 6323-14)",
        "au moins 60 jours avant le début, 120 jours si l’absence dure six mois ou plus",
        "Documents Demande de congé à l’employeur Dossier Transitions Pro",
        "lu le 29 novembre 2026, dans sa version au 27 mars 2026",
        "Un texte change le 1er janvier 2027 et n’a pas été lu",
    ):
        assert expected in told, expected
    assert "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000045369571" in page.xpath("//main//a/@href")
    assert "/offres?funder=17&upcoming=true" in page.xpath("//main//a/@href")


def test_figures_have_their_days_conditions_and_unread_sources(browser: TestClient) -> None:
    rows = page_of(browser, f"{LIST}/cpf").xpath('//ul[@class="scheme-figures"]/li')
    texts = [" ".join(row.text_content().split()).replace("\xa0", " ") for row in rows]
    (share,) = (text for text in texts if text.startswith("103,20 €"))
    assert "(à votre charge, du 1er janvier 2026 au 31 décembre 2026)" in share
    assert "texte non lu" in share
    assert "Quand : situation" in share
    assert [text for text in texts if "texte non lu" in text] == [share]
    most = page_of(browser, f"{LIST}/rff").xpath('//ul[@class="scheme-figures"]/li//strong')
    assert [each.text_content().replace("\xa0", " ") for each in most] == ["jusqu’à 756,63 € par mois"]


def test_conditions_with_words_of_their_own_fold_their_parts(browser: TestClient) -> None:
    folded = page_of(browser, f"{LIST}/cpf")
    (condition,) = folded.xpath('//ul[@class="conditions"]/li[details]')
    assert str(condition.text).strip().startswith("Une formation que le CPF paie")
    assert len(condition.xpath("details/ul/li")) == 4
    unfolded = page_of(browser, f"{LIST}/ptp")
    (condition,) = unfolded.xpath('//ul[@class="conditions"]/li[ul]')
    assert str(condition.text).replace("\xa0", " ").strip() == "Au moins un de ces cas :"
    assert len(condition.xpath("ul/li")) == 2
    assert unfolded.xpath("//main//details") == []


def test_versions_lead_to_the_sheet_of_another_day(browser: TestClient) -> None:
    page = page_of(browser, f"{LIST}/ptp")
    rows = page.xpath("//table//tbody/tr")
    assert [row.xpath("string(td[2])").strip().split()[0] for row in rows] == ["règle", "pas", "pas"]
    assert page.xpath("//table//a/@href") == [f"{LIST}/ptp?on=2027-01-01", f"{LIST}/ptp?on=2028-01-01"]
    later = page_of(browser, f"{LIST}/ptp?on=2027-02-01")
    told = words_of(later)
    assert "Les règles telles qu’elles sont connues pour le 1er février 2027" in told
    assert "jusque-là, aucun oui n’est donné" in told
    assert later.xpath('//meta[@name="robots"]/@content') == ["noindex"]
    assert not page.xpath('//meta[@name="robots"]')
    assert "terminée" in told


@pytest.mark.parametrize(
    ("path", "warning"),
    [
        ("ladom", "Aucun texte n’a été lu"),
        ("csp?on=2027-01-01", "Aucune règle lue ne vaut plus à cette date"),
        ("cpf?on=2020-01-01", "Aucune règle lue ne vaut encore à cette date"),
        ("cpf?on=2027-04-01", "auraient dû être relues"),
    ],
)
def test_sheet_without_a_rule_in_force_says_why(browser: TestClient, path: str, warning: str) -> None:
    assert warning in words_of(page_of(browser, f"{LIST}/{path}"), '//p[contains(@class, "notice-warning")]')


def test_sheet_in_force_has_no_warning(browser: TestClient) -> None:
    assert page_of(browser, f"{LIST}/cpf").xpath('//p[contains(@class, "notice")]') == []


def test_what_must_be_verified_soon_is_listed_with_its_sheet(browser: TestClient) -> None:
    page = page_of(browser, LIST)
    rows = page.xpath('//ul[contains(@class, "scheme-due")]/li')
    assert [row.xpath("a/@href")[0] for row in rows] == [
        f"{LIST}/{name}" for name in ("csp", "rff", "cpf", "rff", "ptp")
    ]


def test_sheet_has_structured_data_and_a_trail(browser: TestClient) -> None:
    page = page_of(browser, f"{LIST}/cpf")
    (script,) = page.xpath('//script[@type="application/ld+json"]/text()')
    graph = {thing["@type"]: thing for thing in json.loads(script)["@graph"]}
    assert graph["GovernmentService"]["name"] == "Compte personnel de formation (CPF)"
    assert [step["name"] for step in graph["BreadcrumbList"]["itemListElement"]][:2] == ["Accueil", "Financements"]


def test_pages_are_linked_from_every_page_help_site_map_and_sitemap(browser: TestClient) -> None:
    assert LIST in page_of(browser, "/aide").xpath("//main//a/@href")
    assert LIST in page_of(browser, "/plan-du-site").xpath("//main//a/@href")
    assert LIST in page_of(browser, "/sources").xpath("//footer//a/@href")
    assert f"http://testserver{LIST})" in browser.get("/llms.txt").text
    listed = re.findall(r"<loc>http://testserver(/financements[^<]*)</loc>", browser.get("/sitemap-pages.xml").text)
    assert listed == [LIST, *(f"{LIST}/{name}" for name in sorted_by_order(browser))]


def sorted_by_order(browser: TestClient) -> list[str]:
    return [each["id"] for each in browser.get("/api/v1/funding/schemes").json()["schemes"]]


def test_addresses_are_kept_tidy(browser: TestClient) -> None:
    moved = browser.get(f"{LIST}/", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (301, LIST)
    assert browser.get(f"{LIST}/nope").status_code == 404
    assert browser.get(f"{LIST}/cpf?on=2026-02-30").status_code == 400
    assert browser.get(f"{LIST}/cpf?utm=1").status_code == 200
    for path in (LIST, f"{LIST}/cpf"):
        tag = browser.get(path).headers["etag"]
        assert browser.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_texts_of_rules_are_escaped() -> None:
    texts = dict(read_texts(OWN_FUNDING))
    texts["rules/cpf.toml"] = texts["rules/cpf.toml"].replace('label = "Compte', 'label = "<b>Compte</b> & </script>')
    with funded_browser([], pack_funding(texts, PROJECT, "")) as client:
        page = page_of(client, f"{LIST}/cpf")
        assert page.xpath("string(//h1)").startswith("<b>Compte</b> & </script>")
        assert page_of(client, LIST).xpath("//b") == []


def test_without_rules_the_pages_say_so() -> None:
    with funded_browser(with_rules=False) as client:
        page = page_of(client, LIST)
        assert "Aucune règle de financement n’est chargée sur cette installation" in words_of(page)
        assert names(page) == []
        assert client.get(f"{LIST}/cpf").status_code == 404
        assert "/financements/" not in client.get("/sitemap-pages.xml").text


@pytest.mark.parametrize("path", [LIST, f"{LIST}/cpf"])
def test_engine_that_never_answered_is_a_503(path: str) -> None:
    with TestClient(away_app()) as client:
        answer = client.get(path)
    assert answer.status_code == 503
    assert "momentanément indisponible" in answer.text
