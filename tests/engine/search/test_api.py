"""The JSON face over the loaded fixtures: what its document promises, and what addresses give."""

import csv
import io
import json
import re
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from jsonschema import Draft202012Validator
from lxml import html
from openapi_spec_validator import validate

from search_app.api.openapi import build_openapi
from tests.engine.loaded import LoadedApp

DOCUMENT = build_openapi()


@pytest.fixture
def loaded(loaded_app: LoadedApp) -> LoadedApp:
    return loaded_app


def ask(loaded: LoadedApp, **parameters: Any) -> Any:
    lists = {name: value if isinstance(value, list) else [str(value)] for name, value in parameters.items()}
    answer = loaded.search(lists)
    assert answer.status == 200, answer.text
    return answer.json()


def conforms(value: Any, name: str) -> list[str]:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


def test_the_document_is_valid_openapi_and_is_what_is_served(loaded: LoadedApp) -> None:
    validate(DOCUMENT)
    assert loaded.get("/api/v1/openapi.json").json() == DOCUMENT


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"q": "soudeur", "place": "Albi", "explain": "true"},
        {"seats": 1, "funder": ["2", "4"], "upcoming": "true", "recruiting": "open"},
        {"lat": 43.6, "lon": 1.44, "sort": "distance", "radius": 80},
        {"place": "81", "domain": ["230", "22403"], "rome": "F1703", "size": 3},
        {"group": "training", "sort": "seats", "remote": "only"},
        {"seats": "full", "upcoming": "true"},
        {"seats": "unknown", "funder": "2"},
        {"page": 400},
    ],
)
def test_real_answers_are_as_the_document_says(loaded: LoadedApp, parameters: dict[str, Any]) -> None:
    answer = ask(loaded, **parameters)
    assert conforms(answer, "SearchResults") == []
    assert set(answer["facets"]) == {
        "funder", "recruiting", "seats", "region", "department", "domain", "nsf", "level", "mode", "rhythm", "entry",
        "state_funded", "audience", "rome", "provider",
    }  # fmt: skip


def test_errors_are_as_the_document_says(loaded: LoadedApp) -> None:
    for path, status in (("/api/v1/offers?seats=x&nope=1", 400), ("/api/v1/offers/none", 404)):
        answer = loaded.get(path)
        assert answer.status == status
        assert conforms(answer.json(), "Error") == []


def test_every_offer_is_found_by_its_number_and_by_its_key(loaded: LoadedApp) -> None:
    seen = ask(loaded, size=100, page=2)["results"] + ask(loaded, size=100, sort="distance", place="Paris")["results"]
    longest = max(seen, key=lambda offer: len(offer["id"]))
    for offer in (seen[0], longest):
        for address in (offer["id"], offer["key"]):
            answer = loaded.client.get(f"/api/v1/offers/{quote(address, safe='')}")
            assert answer.status_code == 200
            assert answer.json()["record"]["id"] == offer["id"]
            assert conforms(answer.json(), "OfferView") == []


def test_pages_neither_overlap_nor_leave_anything_out(loaded: LoadedApp) -> None:
    total = ask(loaded, place="Occitanie", size=1)["total"]
    for sort in ("start", "seats"):
        keys = [
            offer["key"]
            for page in range(1, total // 100 + 2)
            for offer in ask(loaded, place="Occitanie", size=100, page=page, sort=sort)["results"]
        ]
        assert len(keys) == len(set(keys)) == total


def test_an_export_holds_every_result_in_the_order_of_the_search(loaded: LoadedApp) -> None:
    query = "place=Occitanie&upcoming=true&recruiting=open&funder=2&seats=1"
    first = loaded.get(f"/api/v1/offers?{query}&size=100").json()
    lines = loaded.get(f"/api/v1/offers.ndjson?{query}").content.splitlines()
    exported = [json.loads(line) for line in lines]
    assert len(exported) == first["total"] > 0
    assert exported[:100] == first["results"]


@pytest.mark.parametrize("query", ["", "upcoming=true", "sort=seats", "sort=distance&lat=43.9&lon=2.1"])
def test_an_export_is_whole_when_the_index_is_one_segment(loaded: LoadedApp, engine_url: str, query: str) -> None:
    index = loaded.app.state.services.engine.names.offers
    merge = httpx.post(f"{engine_url}/{index}/_forcemerge?max_num_segments=1", timeout=60)
    assert merge.status_code == 200
    total = loaded.get(f"/api/v1/offers?{query}").json()["total"]
    exported = loaded.get(f"/api/v1/offers.ndjson?{query}")
    assert exported.status == 200
    assert len(exported.content.splitlines()) == total > 0


def test_a_csv_export_has_one_line_for_each_session(loaded: LoadedApp) -> None:
    text = loaded.get("/api/v1/offers.csv?place=Albi&remote=exclude").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    lines = loaded.get("/api/v1/offers.ndjson?place=Albi&remote=exclude").content.splitlines()
    offers = [json.loads(line) for line in lines]
    sessions = [session["id"] for offer in offers for session in offer["sessions"]]
    assert [row["session"].removeprefix("'") for row in rows if row["session"]] == sessions
    assert {row["numero"].removeprefix("'") for row in rows} == {offer["id"] for offer in offers}
    assert all(any(row[name] for row in rows) for name in ("telephone", "courriel", "adresse_inscription"))


def test_a_bad_parameter_of_an_export_is_told_before_anything_is_sent(loaded: LoadedApp) -> None:
    assert loaded.get("/api/v1/offers.csv?seats=x").status == 400


def test_a_page_beyond_the_last_is_empty_and_says_the_total(loaded: LoadedApp) -> None:
    answer = ask(loaded, place="Albi", page=90, size=100)
    assert answer["results"] == []
    assert answer["total"] == ask(loaded, place="Albi")["total"] > 0


def test_what_did_not_change_is_not_sent_again(loaded: LoadedApp) -> None:
    first = loaded.client.get("/api/v1/offers?place=Albi")
    again = loaded.client.get("/api/v1/offers?place=Albi", headers={"If-None-Match": first.headers["etag"]})
    other = loaded.client.get("/api/v1/offers?place=Castres", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200
    assert first.headers["cache-control"] == "no-cache"


def test_an_ambiguous_town_takes_the_most_populous_and_names_the_others(loaded: LoadedApp) -> None:
    place = ask(loaded, place="Saint-Denis")["place"]
    assert place["label"] == "Saint-Denis (974)"
    others = [other["code"] for other in place["others"]]
    assert "Saint-Denis (93)" in others
    assert [ask(loaded, place=other)["place"]["label"] for other in others] == others


@pytest.mark.parametrize(
    ("text", "kind"), [("Albi", "town"), ("81000", "postal_code"), ("81", "department"), ("Occitanie", "region")]
)
def test_a_place_is_understood_in_all_four_forms(loaded: LoadedApp, text: str, kind: str) -> None:
    answer = ask(loaded, place=text)
    assert answer["place"]["kind"] == kind
    assert answer["total"] > 0


def test_an_unknown_place_is_a_fault_of_its_parameter(loaded: LoadedApp) -> None:
    answer = loaded.search({"place": ["Nulleparville"]})
    assert answer.status == 400
    assert answer.json()["error"]["faults"][0]["parameter"] == "place"


def test_an_unknown_place_is_told_beside_the_other_faults(loaded: LoadedApp) -> None:
    answer = loaded.get("/api/v1/offers?place=Nowhereville&funder=99")
    assert {fault["parameter"] for fault in answer.json()["error"]["faults"]} == {"place", "funder"}


@pytest.mark.parametrize(
    "query",
    [
        "q=maçon&place=Albi&seats=900&start_from=2027-03-01&upcoming=true&remote=exclude",
        "place=Albi&radius=1&remote=exclude&price_max=0&hours_max=1",
        "rome=A1101&domain=230&mode=remote&funder=2&funder=4",
        "q=zzzzzz&seats=1",
    ],
)
def test_what_is_offered_where_nothing_is_found_finds_as_much_as_it_says(loaded: LoadedApp, query: str) -> None:
    page: html.HtmlElement = html.fromstring(loaded.get(f"/offres?{quote(query, safe='=&')}").text)
    lines = page.xpath('//div[@class="nothing"]//li')
    assert lines
    for line in lines:
        (address,) = line.xpath("./a/@href")
        total = loaded.get(f"/api/v1/offers?{urlsplit(address).query}").json()["total"]
        told = re.sub(r"\D", "", line.xpath("string(./span)"))
        assert int(told) == total > 0, address


def test_an_offer_is_found_by_its_key_in_capitals(loaded: LoadedApp) -> None:
    key = ask(loaded, size=1)["results"][0]["key"]
    assert loaded.get(f"/api/v1/offers/{key.upper()}").json()["record"]["key"] == key
    assert loaded.get(f"/offres/{key.upper()}").status == 200


def test_a_code_without_a_label_says_so_in_its_list(loaded: LoadedApp) -> None:
    facets = ask(loaded, domain="99999", rome="N9999", audience="11111", provider="999999999")["facets"]
    labels = {name: next(row["label"] for row in facets[name] if row["selected"]) for name in
              ("domain", "rome", "audience", "provider")}  # fmt: skip
    assert labels == {
        "domain": "Code 99999 (libellé inconnu)", "rome": "Code N9999 (libellé inconnu)",
        "audience": "Code 11111 (libellé inconnu)", "provider": "SIREN 999999999",
    }  # fmt: skip
    assert not [row for rows in facets.values() for row in rows if row["label"] == row["value"]]


def test_chosen_values_never_disappear_from_their_list(loaded: LoadedApp) -> None:
    chosen = {"region": "06", "rome": "N4401", "provider": "999999999", "domain": "99999", "audience": "11111"}
    chosen |= {"seats": "9999"}
    facets = ask(loaded, place="Albi", remote="exclude", radius=1, **chosen)["facets"]
    for name, value in chosen.items():
        (row,) = [row for row in facets[name] if row["value"] == value]
        assert row["selected"], name


def test_words_in_the_title_come_before_words_in_the_text(loaded: LoadedApp) -> None:
    titles = [offer["title"].lower() for offer in ask(loaded, q="pâtissier")["results"][:5]]
    assert titles
    assert all("pâtissi" in title for title in titles)


def test_the_engine_request_is_shown_on_demand_only(loaded: LoadedApp) -> None:
    assert ask(loaded)["explain"] is None
    assert "query" in ask(loaded, explain="true")["explain"]["request"]


def test_each_source_says_when_it_was_loaded(loaded: LoadedApp) -> None:
    answer = loaded.get("/api/v1/sources").json()
    assert conforms(answer, "Sources") == []
    assert {source["name"] for source in answer["sources"]} == {"occitanie", "idf", "aura", "index"}
    assert sum(source["offers"] for source in answer["sources"]) == ask(loaded)["total"]


def test_places_are_completed(loaded: LoadedApp) -> None:
    answer = loaded.get("/api/v1/places?q=alb").json()
    assert conforms(answer, "Places") == []
    assert answer["places"][0]["label"] == "Albi (81)"
    assert loaded.get("/api/v1/places").status == 400


def test_the_app_is_ready_and_counts_its_answers(loaded: LoadedApp) -> None:
    assert loaded.get("/readyz").json()["offers"] == ask(loaded)["total"]
    assert 'boussole_requests_total{route="offers",status="200"}' in loaded.get("/metrics").text
