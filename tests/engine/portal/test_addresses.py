"""Addresses of the portal: a wrong name redirects, what is unknown or over says so and shows what is near."""

import json
from typing import Any

import pytest
from lxml import html

from search_app.pages.subjects.subjects import FEWEST
from tests.crawler import to_api
from tests.engine.loaded import LoadedApp


def facet(loaded_app: LoadedApp, name: str) -> dict[str, int]:
    found = loaded_app.get("/api/v1/offers?upcoming=true&size=1&facet_size=1000").json()["facets"][name]
    return {row["value"]: row["count"] for row in found}


def page_of(loaded_app: LoadedApp, path: str, status: int = 200) -> html.HtmlElement:
    answer = loaded_app.client.get(path)
    assert answer.status_code == status, path
    return html.fromstring(answer.text)


def things_of(page: html.HtmlElement) -> dict[str, list[dict[str, Any]]]:
    (script,) = page.xpath('//script[@type="application/ld+json"]/text()')
    found: dict[str, list[dict[str, Any]]] = {}
    for thing in json.loads(script)["@graph"]:
        found.setdefault(thing["@type"], []).append(thing)
    return found


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("/metiers/f1703", "/metiers/F1703-maconnerie"),
        ("/metiers/F1703-macon", "/metiers/F1703-maconnerie"),
        ("/metiers/F1703-maconnerie/81", "/metiers/F1703-maconnerie/81-tarn"),
        ("/metiers/F1703/departement-81-tarn", "/metiers/F1703-maconnerie/81-tarn"),
        ("/domaines/223", "/domaines/223-maconnerie-charpente-couverture"),
        ("/territoires/region-76", "/territoires/region-76-occitanie"),
        ("/territoires/departement-81-lot", "/territoires/departement-81-tarn"),
        ("/territoires/commune-81004", "/territoires/commune-81004-albi"),
    ],
)
def test_a_wrong_name_redirects_for_good_to_the_right_one(loaded_app: LoadedApp, given: str, canonical: str) -> None:
    answer = loaded_app.client.get(given, follow_redirects=False)
    assert (answer.status_code, answer.headers.get("location")) == (301, canonical)
    assert loaded_app.client.get(canonical, follow_redirects=False).status_code == 200


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/metiers/F1799-maconnerie", "/metiers/F1703-maconnerie"),
        ("/metiers/maconnerie", "/metiers/F1703-maconnerie"),
        ("/metiers/F1703-maconnerie/99", "/metiers/F1703-maconnerie"),
        ("/metiers/Z9999-maconnerie", "/metiers/F1703-maconnerie"),
        ("/metiers/Z9999-maconnerie/81", "/metiers/F1703-maconnerie"),
        ("/metiers/F1703-maconnerie/976", "/metiers/F1703-maconnerie/81-tarn"),
        ("/territoires/commune-81999-nulle", "/territoires/departement-81-tarn"),
        ("/domaines/٣٤٥", None),
        ("/domaines/229-batiment", "/domaines/223-maconnerie-charpente-couverture"),
        ("/territoires/departement-99-tarn", "/territoires/departement-81-tarn"),
        ("/territoires/region-99-occitanie", "/territoires/region-76-occitanie"),
        ("/formations/aaaaaaaaaaaa-nulle", None),
        ("/formations/nulle", None),
    ],
)
def test_what_is_unknown_is_a_404_with_its_neighbours(loaded_app: LoadedApp, path: str, near: str | None) -> None:
    page = page_of(loaded_app, path, 404)
    links = page.xpath('//ul[@class="portal-links"]//a/@href')
    assert links
    assert near is None or near in links
    assert page.xpath('//meta[@name="robots"]/@content') == ["noindex"]
    assert page.xpath('//link[@rel="canonical"]') == []
    assert all(loaded_app.client.get(link, follow_redirects=False).status_code == 200 for link in links)


def trainings(loaded_app: LoadedApp, query: str) -> set[str]:
    lines = loaded_app.get(f"/api/v1/offers.ndjson?{query}").content.splitlines()
    return {json.loads(line)["training"]["key"] for line in lines}


def test_a_training_whose_offers_are_past_is_gone_and_not_indexed(loaded_app: LoadedApp) -> None:
    past = sorted(trainings(loaded_app, "") - trainings(loaded_app, "upcoming=true"))
    assert past
    for key in past[:3]:
        page = page_of(loaded_app, f"/formations/{key}", 410)
        assert page.xpath('//meta[@name="robots"]/@content') == ["noindex"]
        (every,) = page.xpath(f'//a[contains(@href, "training={key}")]/@href')
        assert loaded_app.get(to_api(every)).json()["total"] > 0


def test_what_has_too_few_offers_is_not_indexed_or_not_there(loaded_app: LoadedApp) -> None:
    every = loaded_app.get("/api/v1/offers?size=1&facet_size=1000").json()["facets"]
    seen = set()
    for name, start in (("rome", "/metiers/"), ("domain", "/domaines/"), ("department", "/territoires/departement-")):
        to_come = facet(loaded_app, name)
        for row in every[name]:
            count = to_come.get(row["value"], 0)
            if count >= FEWEST:
                continue
            expected = 404 if row["count"] < FEWEST else 200 if count else 410
            page = page_of(loaded_app, f"{start}{row['value']}", expected)
            assert page.xpath('//meta[@name="robots"]/@content') == ["noindex"]
            seen.add(expected)
    assert seen


def test_index_pages_list_exactly_what_has_a_page(loaded_app: LoadedApp) -> None:
    for path, name in (("/metiers", "rome"), ("/domaines", "domain")):
        page = page_of(loaded_app, path)
        counted = {link.get("href"): link for link in page.xpath('//a[.//span[@class="tally"]]')}
        codes = {href.rsplit("/", 1)[1].partition("-")[0] for href in counted}
        enough = {code for code, count in facet(loaded_app, name).items() if count >= FEWEST}
        assert codes == enough
    departments = {code for code, count in facet(loaded_app, "department").items() if count >= FEWEST}
    links = page_of(loaded_app, "/territoires").xpath("//a/@href")
    assert {link.split("-")[1] for link in links if link.startswith("/territoires/departement-")} == departments


def test_the_page_of_a_job_answers_in_the_order_of_the_questions(loaded_app: LoadedApp) -> None:
    page = page_of(loaded_app, "/metiers/F1703-maconnerie")
    titles = [" ".join(each.text_content().split()) for each in page.xpath("//main//h2")]
    number = loaded_app.get("/api/v1/offers?rome=F1703&upcoming=true&group=training&size=1").json()["trainings"]
    order = ["Ce qu’est ce métier", "Comment y entrer", f"{number} formations",
             "Les prochaines sessions près de chez vous", "Qui paie", "À qui s’adresser"]  # fmt: skip
    assert titles[: len(order)] == order
    (form,) = page.xpath("//main//form")
    assert dict(form.form_values()) == {"place": "", "rome": "F1703", "upcoming": "true"}
    things = things_of(page)
    assert things["Occupation"][0]["occupationalCategory"]["codeValue"] == "F1703"
    assert [step["name"] for step in things["BreadcrumbList"][0]["itemListElement"]] == [
        "Accueil", "Métiers", "Maçonnerie"
    ]  # fmt: skip
    assert len(things["ItemList"][0]["itemListElement"]) == number


def test_the_next_sessions_of_a_job_are_open_ones_each_offer_once(loaded_app: LoadedApp) -> None:
    page = page_of(loaded_app, "/metiers/F1703-maconnerie")
    shown = page.xpath('//section[@aria-labelledby="titre-sessions"]//ul[@class="offer-lines"]//a/@href')
    found = loaded_app.get("/api/v1/offers?rome=F1703&upcoming=true&recruiting=open&sort=start&size=40").json()
    assert 0 < len(shown) == len(set(shown)) <= 5
    assert set(shown) <= {row["url"] for row in found["results"]}


def test_the_page_of_a_training_has_each_of_its_offers(loaded_app: LoadedApp) -> None:
    results = loaded_app.get("/api/v1/offers?upcoming=true&group=training&size=20").json()["results"]
    for result in results[:5]:
        key = result["training"]["key"]
        page = page_of(loaded_app, f"/formations/{key}")
        (link,) = page.xpath('//p[contains(@class, "portal-count")]/a/@href')
        found = loaded_app.get(to_api(link)).json()
        shown = page.xpath('//ul[@class="offer-lines"]//a/@href')
        assert len(shown) == min(50, found["total"])
        (course,) = things_of(page)["Course"]
        assert course["name"] == page.xpath("string(//h1)").replace("\xa0", " ") or course["name"] == result["title"]


def test_a_town_and_its_département_state_what_is_held_there(loaded_app: LoadedApp) -> None:
    page = page_of(loaded_app, "/territoires/departement-81-tarn")
    (albi,) = page.xpath('//a[@href="/territoires/commune-81004-albi"]')
    town = page_of(loaded_app, "/territoires/commune-81004-albi")
    assert albi.xpath("string(.//span[@class='tally'])").split()[0] == town.xpath("string(//p/a)").split()[0]
    trail = town.xpath('//nav[@class="trail"]//a/@href')
    assert trail == ["/", "/territoires", "/territoires/region-76-occitanie", "/territoires/departement-81-tarn"]
