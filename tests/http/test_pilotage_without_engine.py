"""The pages of the query module without an engine: faults are still explained, and answers are never guessed."""

from collections.abc import Iterator

import pytest
from lxml import html
from starlette.testclient import TestClient

from search_app.base.settings import Settings
from search_app.web.app import create_app


@pytest.fixture(name="client", scope="module")
def client_without_engine() -> Iterator[TestClient]:
    settings = Settings(opensearch_url="http://127.0.0.1:9")  # port "discard": nothing listens there
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/pilotage?rows=planet&view=cube", ["#champ-view", "#champ-rows"]),
        ("/pilotage?rows=region&columns=region", ["#champ-columns"]),
        ("/pilotage?rows=region&compare=previous&measure=weight", ["#champ-measure", "#champ-compare"]),
        ("/pilotage?rows=domain&columns=formacode", ["#champ-columns"]),
        ("/pilotage?rows=region&size=1000&page=0&sort=x", ["#champ-sort", "#champ-page", "#champ-size"]),
        ("/pilotage?rows=region&draw=planet", ["#champ-draw"]),
        ("/pilotage/zones-blanches?radius=abc", ["#champ-radius"]),
        ("/pilotage/zones-blanches?lat=43.9&lon=2.1", ["#champ-lat", "#champ-lon"]),
        ("/pilotage/doublons?seats=x&page=0", ["#champ-seats", "#champ-page"]),
    ],
)
def test_a_wrong_address_is_a_page_that_leads_to_each_wrong_field(
    client: TestClient, path: str, fields: list[str]
) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.headers["cache-control"] == "no-store"
    page: html.HtmlElement = html.fromstring(answer.text)
    links = page.xpath('//div[@class="error-summary"]//a/@href')
    assert sorted(links) == sorted(fields)
    ids = page.xpath("//@id")
    assert {field.lstrip("#") for field in fields} <= set(ids)
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(
    "path", ["/pilotage", "/pilotage?rows=region", "/pilotage/zones-blanches", "/pilotage/doublons"]
)
def test_without_engine_there_is_an_error_page_and_no_figure(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 503
    page: html.HtmlElement = html.fromstring(answer.text)
    assert page.xpath("//table") == []
    assert "momentanément indisponible" in page.xpath("//h1")[0].text_content()


def test_unknown_names_are_ignored_as_on_the_page_of_results(client: TestClient) -> None:
    assert client.get("/pilotage?utm_source=courriel").status_code == 503  # not 400
