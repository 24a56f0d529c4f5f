"""The census finds what looking at each body finds: results, order, facets, counts of offers, exports."""

import csv
import json
import random
import secrets
from collections.abc import Iterator, Mapping
from io import StringIO
from urllib.parse import urlencode

import pytest

from search_app.census.params import FACETS
from tests.engine.census.bodies import Body, census_beside, invent_bodies
from tests.engine.census.naive import Asked, Offers, holds, tier
from tests.engine.loaded import LoadedApp, serve

DOMAINS = ("230", "150", "24054")
DRAWS = 120
WORDS = (
    "afpa", "cci", "elan", "format", "greta", "greta tarn", "maison familiale rurale", "sarl l atelier des metiers",
    "maison rurale albi", "e learning", "elearning", "elearing", "oeuvres metiers", "lycee lautrec", "form", "mais fam",
    "great midi pyrenees", "maison familiale rurele", "gretaa", "gerta", "creta",
    "institut toulouse", "zzzz", "chambre tarn",
)  # fmt: skip


class Census:
    """The app over invented bodies, and what they are."""

    def __init__(self, app: LoadedApp, bodies: list[Body], offers: Offers) -> None:
        self.app, self.bodies, self.offers = app, bodies, offers

    def ask(self, asked: Asked, end: str = "") -> Body:
        answer = self.app.get(f"/api/v1/providers{end}?{urlencode(asked, doseq=True)}")
        assert answer.status == 200, answer.text
        found: Body = answer.json()
        return found

    def expected(self, asked: Asked, *, without: str = "") -> list[Body]:
        return [body for body in self.bodies if holds(body, asked, self.offers, without=without)]


def lines_of(app: LoadedApp, query: str) -> Iterator[Body]:
    for line in app.get(f"/api/v1/offers.ndjson{query}").text.splitlines():
        yield json.loads(line)


def counts_of(app: LoadedApp, query: str = "") -> dict[str, int]:
    counts: dict[str, int] = {}
    for offer in lines_of(app, query):
        siren = offer["provider"]["siren"]
        if siren:
            counts[siren] = counts.get(siren, 0) + 1
    return counts


@pytest.fixture(scope="module", name="census", params=[1, 2], ids=["one shard", "two shards in two slices"])
def census_on_one_shard_and_on_two(request: pytest.FixtureRequest, engine_url: str) -> Iterator[Census]:
    prefix = request.getfixturevalue("loaded_prefix" if request.param == 1 else "loaded_in_parts_prefix")
    with serve(engine_url, prefix) as app:
        names = {line["provider"]["siren"]: line["provider"]["name"] or "" for line in lines_of(app, "")}
        in_domain = {
            (domain, upcoming): set(counts_of(app, f"?domain={domain}" + ("&upcoming=true" if upcoming else "")))
            for domain in DOMAINS
            for upcoming in (False, True)
        }
        offers = Offers(counts_of(app), counts_of(app, "?upcoming=true"), in_domain)
    bodies = invent_bodies({siren: name for siren, name in names.items() if siren})
    own = f"test-{secrets.token_hex(4)}-"
    with census_beside(engine_url, prefix, own, bodies), serve(engine_url, own) as app:
        yield Census(app, bodies, offers)


def draw(rnd: random.Random) -> dict[str, list[str]]:
    """Return up to four random parameters."""
    asked: dict[str, list[str]] = {}
    for name in rnd.sample(("q", "lat", "region", "department", "domain", "qualiopi", "state", "offers", "gap"), 4):
        if rnd.random() < 0.4:
            continue
        if name == "q":
            asked["q"] = [rnd.choice(WORDS)]
        elif name == "lat":
            asked |= {"lat": ["43.93"], "lon": ["2.15"], "radius": [rnd.choice(("5", "30", "70"))]}
        elif name == "domain":
            asked["domain"] = rnd.sample(DOMAINS, rnd.randint(1, 2))
        elif name in ("region", "department"):
            asked[name] = rnd.sample({"region": ("76", "11", "04"), "department": ("81", "31", "974")}[name], 2)
        else:
            asked[name] = rnd.sample(sorted(FACETS[name]), rnd.randint(1, 2))
    return asked


def all_of(census: Census, asked: Asked) -> list[Body]:
    """Every result, page by page."""
    results: list[Body] = []
    while True:
        page = census.ask({**asked, "size": ["40"], "page": [str(len(results) // 40 + 1)]})
        results += page["results"]
        if len(results) >= page["total"]:
            return results


def test_random_searches_find_what_looking_at_each_body_finds(census: Census) -> None:
    rnd = random.Random(20)
    found = 0
    for _ in range(DRAWS):
        asked = draw(rnd)
        expected = census.expected(asked)
        if "q" in asked and not any(tier(body, asked["q"][0]) for body in census.bodies):
            continue  # asked loosely
        if "q" in asked and asked["q"][0].endswith(("albi", "toulouse")):
            continue  # a test of its own
        results = all_of(census, asked)
        assert {body["siren"] for body in results} == {body["siren"] for body in expected}, asked
        assert len(results) == len(expected), asked
        assert_facets(census, asked)
        found += len(expected)
    assert found > DRAWS


def assert_facets(census: Census, asked: Asked) -> None:
    facets = census.ask({**asked, "size": ["1"]})["facets"]
    assert facets.keys() == FACETS.keys()
    for name, values in FACETS.items():
        remaining = census.expected(asked, without=name)
        if name == "offers" and "domain" in asked:
            continue  # of the domain remains what the offers of the choice leave
        counts = {value: sum(holds(body, {name: [value]}, census.offers) for body in remaining) for value in values}
        chosen = asked.get(name, ())
        rows = {row["value"]: row["count"] for row in facets[name]}
        assert rows == {value: count for value, count in counts.items() if count or value in chosen}, (name, asked)
        assert {row["value"] for row in facets[name] if row["selected"]} == set(chosen)


@pytest.mark.parametrize("text", WORDS)
def test_names_are_ordered_by_certainty(census: Census, text: str) -> None:
    answer = census.ask({"q": [text], "size": ["100"]})
    by_siren = {body["siren"]: body for body in census.bodies}
    tiers = [tier(by_siren[body["siren"]], text) for body in answer["results"]]
    assert answer["approximate"] == (not any(tier(body, text) for body in census.bodies))
    if not answer["approximate"]:
        assert tiers == sorted(tiers, reverse=True), text
        assert tiers[0] > 0


def test_counts_of_offers_are_the_totals_of_the_search(census: Census) -> None:
    for body in all_of(census, {"sort": ["offers"]})[:25] + all_of(census, {"offers": ["none"]})[:3]:
        for name, query in (("total", ""), ("upcoming", "&upcoming=true")):
            total = census.app.get(f"/api/v1/offers?provider={body['siren']}&size=1{query}").json()["total"]
            assert body["offers"][name] == total, body["siren"]


def test_order_by_offers_is_by_their_number_and_stable(census: Census) -> None:
    results = all_of(census, {"sort": ["offers"]})
    assert len({body["siren"] for body in results}) == len(census.bodies)
    counts = [body["offers"]["total"] for body in results]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 0
    assert [body["siren"] for body in results] == [body["siren"] for body in all_of(census, {"sort": ["offers"]})]


def test_order_by_name_has_bodies_without_name_last(census: Census) -> None:
    names = [body["name"] for body in all_of(census, {})]
    assert None in names
    assert all(name is None for name in names[names.index(None) :])


def test_every_number_of_a_body_finds_it_first_and_alone(census: Census) -> None:
    for body in census.bodies[::7]:
        for number in (body["siren"], *body["sirets"], *body["ndas"], *body["former_ndas"]):
            assert census.ask({"q": [number]})["results"][0]["siren"] == body["siren"], number
            assert census.ask({}, f"/{number}")["siren"] == body["siren"]
            page = census.app.get(f"/organismes/{number}")
            assert page.status == (200 if number == body["siren"] else 301)
    unlisted = f"{census.bodies[0]['siren']}99999"
    assert census.ask({}, f"/{unlisted}")["siren"] == census.bodies[0]["siren"]


@pytest.mark.parametrize("number", ["123456782", "12345678200012", "99999999999", "afpa", "12345678"])
def test_unknown_number_is_not_found(census: Census, number: str) -> None:
    assert census.app.get(f"/api/v1/providers/{number}").status == 404
    assert census.app.get(f"/organismes/{number}").status == 404


def test_town_at_the_end_puts_the_nearest_bodies_first(census: Census) -> None:
    answer = census.ask({"q": ["greta albi"], "size": ["100"]})
    by_siren = {body["siren"]: body for body in census.bodies}
    at_albi = [any(site["town"] == "ALBI" for site in by_siren[body["siren"]]["sites"]) for body in answer["results"]]
    assert not answer["approximate"]
    assert at_albi == sorted(at_albi, reverse=True)
    assert True in at_albi
    assert False in at_albi


def test_words_that_nothing_has_find_bodies_with_most_of_them(census: Census) -> None:
    answer = census.ask({"q": ["greta tarn zzzz"]})
    assert answer["approximate"]
    assert answer["results"]
    assert census.ask({"q": ["zzzz yyyy"]})["total"] == 0


def test_exports_are_complete_in_order_and_without_formulas(census: Census) -> None:
    asked = {"state": ["active", "not_listed"], "sort": ["offers"]}
    lines = census.app.get(f"/api/v1/providers.ndjson?{urlencode(asked, doseq=True)}").text.splitlines()
    assert [json.loads(line) for line in lines] == all_of(census, asked)
    text = census.app.get(f"/api/v1/providers.csv?{urlencode(asked, doseq=True)}").text
    assert text.startswith("\ufeffsiren;")
    rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert [row["siren"] for row in rows] == [json.loads(line)["siren"] for line in lines]
    assert not [cell for row in rows for cell in row.values() if cell and cell[0] in "=+-@"]


def test_faults_are_all_told_and_none_costs_an_export(census: Census) -> None:
    for path in ("providers", "providers.csv", "providers.ndjson"):
        answer = census.app.get(f"/api/v1/{path}?state=x&gap=y&place=Nowhereville&what=1")
        assert answer.status == 400
        told = [fault["parameter"] for fault in answer.json()["error"]["faults"]]
        assert told == ["state", "gap", "what", "place"], path


def test_pages_show_the_counts_of_the_answer(census: Census) -> None:
    for query in ("", "?q=greta&state=active", "?sort=offers&page=2", "?offers=none&gap=no-name"):
        total = census.app.get(f"/api/v1/providers{query}").json()["total"]
        page = census.app.get(f"/organismes{query}")
        assert page.status == 200
        assert f"{total:,}".replace(",", "\u202f") + "\u00a0organisme" in page.text
    assert census.app.get("/organismes?state=x").status == 400
    assert census.app.get("/organismes/ecarts").status == 200


def test_sitemap_lists_every_body_once_in_any_number_of_parts(census: Census) -> None:
    index = census.app.get("/sitemap.xml").text
    assert "/sitemap-organismes-1-1.xml" in index
    for parts in (1, 3):
        told = "".join(census.app.get(f"/sitemap-organismes-{part}-{parts}.xml").text for part in range(1, parts + 1))
        assert told.count("<loc>") == len(census.bodies)
        assert all(f"/organismes/{body['siren']}<" in told for body in census.bodies)


def test_edition_is_that_of_the_register(census: Census) -> None:
    assert census.ask({"q": ["zzzz yyyy"]})["edition"] == "2026-11-20"


def facts(body: Mapping[str, object]) -> list[object]:
    return [body[name] for name in ("listed", "state", "qualiopi", "trainees")]


def test_unknown_stays_unknown_in_answers(census: Census) -> None:
    unknown = all_of(census, {"state": ["unknown"], "qualiopi": ["unknown"]})
    assert unknown
    assert all(facts(body) == [None, None, None, None] for body in unknown)
