"""What the addresses of suggestions and places answer, and when what they know is made anew."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from language.lexicon import Lexicon, pack_lexicon
from mappings.reference import pack_table
from search_app.api.openapi import build_openapi
from search_app.base.errors import EngineUnavailable
from search_app.base.settings import Settings
from search_app.search.engine.offers import OffersEngine
from search_app.search.reference_data import ReferenceData
from search_app.web.app import create_app
from tests.away_engine import away_engine

DOCUMENT = build_openapi()
TITLES = [("Soudage à l’arc", 9), ("Soudeur industriel", 4), ("Sondage d’opinion", 2), ("Sommellerie", 1)]
ALBI = ["81004", "Albi", ["81000"], 49714, "81", "76", 43.93, 2.15]


class Telling(OffersEngine):
    """Tells of code tables and of a lexicon, as long as it is not told to be silent about the latter."""

    titles = TITLES
    rome = "Soudage manuel"
    silent = False

    async def get_sources(self) -> list[dict[str, Any]]:
        return []

    async def get_terms(self, field: str, most: int) -> tuple[str, ...]:
        return ()

    async def count_by(self, clauses: object) -> tuple[int, ...]:
        return ()

    async def get_tables(self, names: object = None) -> list[dict[str, Any]]:
        return [pack_table("rome", {"H2913": self.rome}, ""), pack_table("communes", [ALBI], "")]

    async def get_rules(self, name: str, known: str) -> None:
        return None

    async def get_lexicon(self, known: str) -> dict[str, Any] | None:
        if self.silent:
            raise EngineUnavailable("silence")
        stored = pack_lexicon("offers-1", Lexicon(codes=[("H2913", 7)], titles=self.titles), "")
        return None if stored["version"] == known else stored


@pytest.fixture(scope="module")
def browser() -> Any:
    with TestClient(create_app(Settings(), away_engine(Telling, Settings()))) as client:
        yield client


def conforms(value: Any, name: str) -> list[str]:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


def test_suggestions_come_in_groups_as_the_document_says(browser: TestClient) -> None:
    answer = browser.get("/api/v1/suggest?q=soud").json()
    assert conforms(answer, "Suggestions") == []
    assert {name: [tuple(row.values()) for row in rows] for name, rows in answer.items()} == {
        "titles": [
            ("titles", "Soudage à l’arc", "", "q", "Soudage à l’arc", 9),
            ("titles", "Soudeur industriel", "", "q", "Soudeur industriel", 4),
        ],
        "jobs": [("jobs", "Soudage manuel", "", "rome", "H2913", 7)],
        "domains": [], "certifications": [], "providers": [],
    }  # fmt: skip
    assert list(answer["jobs"][0]) == ["group", "label", "detail", "parameter", "value", "offers"]


def test_a_browser_gets_the_same_suggestions_with_the_addresses_of_their_searches(browser: TestClient) -> None:
    answer = browser.get("/api/v1/suggest.opensearch?q=soud")
    assert answer.headers["content-type"] == "application/x-suggestions+json"
    assert conforms(answer.json(), "OpenSearchSuggestions") == []
    assert answer.json() == [
        "soud",
        ["Soudage à l’arc", "Soudeur industriel", "Soudage manuel"],
        ["Formation", "Formation", "Métier"],
        [
            "http://testserver/offres?q=Soudage+%C3%A0+l%E2%80%99arc&upcoming=true",
            "http://testserver/offres?q=Soudeur+industriel&upcoming=true",
            "http://testserver/offres?rome=H2913&upcoming=true",
        ],
    ]
    refused = browser.get("/api/v1/suggest.opensearch?size=2").json()["error"]["faults"]
    assert {fault["parameter"] for fault in refused} == {"q", "size"}


def test_the_number_of_suggestions_is_chosen(browser: TestClient) -> None:
    counts = [len(browser.get(f"/api/v1/suggest?q=so{size}").json()["titles"]) for size in ("", "&size=1", "&size=20")]
    assert counts == [4, 1, 4]


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("", {"q": ""}), ("q=", {"q": ""}), ("q=%20", {"q": ""}), ("q=ab&q=cd", {"q": "ab ; cd"}),
        ("q=" + "x" * 301, {"q": "x" * 100}), ("q=a%00b", {"q": "a\0b"}), ("q=ab&size=0", {"size": "0"}),
        ("q=ab&size=21", {"size": "21"}), ("q=ab&size=5.5", {"size": "5.5"}), ("q=ab&nope=1", {"nope": "1"}),
        ("size=x&nope=1", {"q": "", "size": "x", "nope": "1"}),
    ],
)  # fmt: skip
def test_every_fault_is_named_with_its_value_and_what_is_allowed(
    browser: TestClient, query: str, faults: dict[str, str]
) -> None:
    answer = browser.get(f"/api/v1/suggest?{query}")
    assert answer.status_code == 400
    assert conforms(answer.json(), "Error") == []
    told = answer.json()["error"]["faults"]
    assert {fault["parameter"]: fault["value"] for fault in told} == faults
    assert all(fault["allowed"] for fault in told)


@pytest.mark.parametrize("path", ["/api/v1/suggest?q=soud", "/api/v1/places?q=alb"])
def test_what_did_not_change_is_not_sent_again(browser: TestClient, path: str) -> None:
    first = browser.get(path)
    again = browser.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "no-cache"


def test_a_query_of_any_length_that_a_search_takes_is_answered(browser: TestClient) -> None:
    assert browser.get("/api/v1/suggest", params={"q": "soudage " * 37}).status_code == 200


async def test_suggestions_are_made_anew_when_the_lexicon_or_a_label_changes() -> None:
    engine = Telling.connect(Settings())
    reference = ReferenceData(engine, 10, 8)
    await reference.refresh()
    first = reference.current()
    await reference.refresh()
    assert reference.current().suggester is first.suggester
    assert reference.current().version == first.version != ""
    engine.rome = "Soudure"
    await reference.refresh()
    assert reference.current().version != first.version
    assert [job.label for job in reference.current().suggester.suggest("sou", 5).jobs] == ["Soudure"]
    engine.titles = [("Soufflage du verre", 3)]
    await reference.refresh()
    assert [title.label for title in reference.current().suggester.suggest("sou", 5).titles] == ["Soufflage du verre"]
    await engine.close()


async def test_tables_that_were_read_before_the_engine_fell_silent_are_read_again() -> None:
    engine = Telling.connect(Settings())
    reference = ReferenceData(engine, 10, 8)
    engine.silent = True
    with pytest.raises(EngineUnavailable):
        await reference.refresh()
    engine.silent = False
    await reference.refresh()
    assert [place.label for place in reference.current().place_suggester.suggest("alb", 5)] == ["Albi (81)"]
    await engine.close()
