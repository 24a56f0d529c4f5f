"""Each parameter of the census is one clause; each facet is counted under all others."""

from typing import Any

import pytest

from search_app.census.body import CensusRequest, build_census_body, build_census_export, build_one_body
from search_app.census.names import (
    ACRONYM,
    BEGINNING,
    BEGINNINGS,
    ELSEWHERE,
    EXACT,
    SLIP_IN_NAME,
    SLIP_IN_WORD,
    WHOLE_NAME,
    WORDS,
    WORDS_OF_NAME,
)
from search_app.census.offer_counts import CountedOffers
from search_app.census.params import FACETS, CensusParams
from search_app.search.places.areas import Circle, Territory
from search_app.search.places.found_place import FoundPlace

COUNTED = CountedOffers({"2": 7, "1": 3}, {"1": 2})


def body(area: Circle | Territory | None = None, **params: Any) -> dict[str, Any]:
    return build_census_body(CensusRequest(CensusParams(**params), area, COUNTED))


@pytest.mark.parametrize(
    ("params", "clause"),
    [
        ({"state": ("active", "ceased")}, {"terms": {"state_rows": ["active", "ceased"]}}),
        ({"qualiopi": ("vae",)}, {"terms": {"qualiopi_rows": ["vae"]}}),
        ({"region": ("76",)}, {"terms": {"region": ["76"]}}),
        ({"department": ("81",)}, {"terms": {"department": ["81"]}}),
        ({"gap": ("no-name",)}, {"terms": {"gap_codes": ["no-name"]}}),
        ({"offers": ("any",)}, {"bool": {"should": [{"terms": {"siren": ["1", "2"]}}]}}),
        ({"offers": ("upcoming",)}, {"bool": {"should": [{"terms": {"siren": ["1"]}}]}}),
        (
            {"offers": ("none",)},
            {"bool": {"should": [{"bool": {"must_not": [{"terms": {"siren": ["1", "2"]}}]}}]}},
        ),
    ],
)
def test_facet_narrows_hits_and_every_other_facet(params: dict[str, Any], clause: dict[str, Any]) -> None:
    built, (name,) = body(**params), params
    assert built["post_filter"] == {"bool": {"filter": [clause]}}
    for facet in FACETS:
        if facet != name:
            assert built["aggs"][facet]["filter"] == {"bool": {"filter": [clause]}}, facet
        elif name != "offers":
            assert "filter" not in built["aggs"][facet]
    exported = build_census_export(CensusRequest(CensusParams(**params), None, COUNTED))
    assert exported["query"]["bool"]["filter"] == [clause]
    assert exported["query"]["bool"]["must"] == [{"match_all": {}}]


def test_without_offers_at_all_none_has_any() -> None:
    built = build_census_body(CensusRequest(CensusParams(offers=("any",))))
    assert built["post_filter"]["bool"]["filter"] == [{"bool": {"should": [{"match_none": {}}]}}]


def test_domain_keeps_the_bodies_with_such_an_offer() -> None:
    built = build_census_body(CensusRequest(CensusParams(), None, CountedOffers(in_domain={"3": 1, "2": 4})))
    assert built["query"]["bool"]["filter"] == [{"terms": {"siren": ["2", "3"]}}]


def test_circle_of_a_town_takes_its_own_sites_at_any_radius() -> None:
    near = {"geo_distance": {"distance": "20km", "location": {"lat": 43.9, "lon": 2.1}}}
    built = body(Circle(43.9, 2.1, 20, "81004"))
    assert built["query"]["bool"]["filter"] == [{"bool": {"should": [near, {"term": {"commune": "81004"}}]}}]
    assert body(Circle(43.9, 2.1, 20))["query"]["bool"]["filter"] == [near]
    assert body(Territory("department", "81"))["query"]["bool"]["filter"] == [{"term": {"department": "81"}}]


def test_order_is_by_name_by_relevance_with_words_or_by_offers() -> None:
    by_name = [{"name_sort": {"order": "asc", "missing": "_last"}}, {"siren": "asc"}]
    assert body()["sort"] == body(sort="relevance")["sort"] == body(q="afpa", sort="name")["sort"] == by_name
    score, upcoming, *others = body(q="afpa")["sort"]
    assert (score, others) == ({"_score": "desc"}, [{"responsible": "desc"}, {"name_length": "asc"}, *by_name])
    assert (upcoming["_script"]["order"], upcoming["_script"]["script"]["params"]) == ("desc", {"counts": {"1": 2}})
    (script, *rest) = body(sort="offers")["sort"]
    assert rest == by_name
    assert (script["_script"]["order"], script["_script"]["script"]["params"]) == ("desc", {"counts": {"2": 7, "1": 3}})


def test_town_at_the_end_of_the_words_orders_by_distance_after_the_score() -> None:
    town = FoundPlace("town", "81004", "Albi", "Albi", 49_000, 43.93, 2.15)
    request = CensusRequest(CensusParams(q="afpa albi"), near=town, name="afpa")
    score, distance, *_ = build_census_body(request)["sort"]
    assert (score, distance["_geo_distance"]["location"]) == ({"_score": "desc"}, {"lat": 43.93, "lon": 2.15})
    assert boosts(build_census_body(request))[-1] == ELSEWHERE


def boosts(built: dict[str, Any]) -> list[int]:
    (names,) = built["query"]["bool"]["must"]
    return [each["constant_score"]["boost"] for each in names["dis_max"]["queries"]]


def test_tiers_are_in_the_order_of_certainty() -> None:
    order = [EXACT, ACRONYM, WORDS, BEGINNING, SLIP_IN_NAME, SLIP_IN_WORD, BEGINNINGS, ELSEWHERE]
    assert order == sorted(order, reverse=True)
    assert len(set(order)) == len(order)
    found = boosts(body(q="ecole metiers"))
    assert found == sorted(found, reverse=True)
    assert {EXACT, ACRONYM, WORDS, BEGINNING, SLIP_IN_NAME, SLIP_IN_WORD} <= set(found)


def test_all_words_and_nearly_the_whole_name_precede_all_words() -> None:
    found = boosts(body(q="centre d formation"))
    assert found.index(WHOLE_NAME) < found.index(WORDS_OF_NAME)
    assert WHOLE_NAME > WORDS_OF_NAME
    assert WHOLE_NAME not in boosts(body(q="formation"))


def test_short_words_are_not_taken_as_misspelt() -> None:
    assert SLIP_IN_WORD not in boosts(body(q="cfa"))
    assert SLIP_IN_NAME not in boosts(body(q="c"))
    assert {SLIP_IN_NAME, SLIP_IN_WORD} <= set(boosts(body(q="afpa")))


def test_number_stands_above_every_name() -> None:
    found = boosts(body(q="130002850"))
    assert found[0] == max(found) > EXACT
    siret = build_one_body("13000285000019", 2.5)
    fields = [
        next(iter(each["constant_score"]["filter"]["term"].items())) for each in siret["query"]["dis_max"]["queries"]
    ]
    assert fields[0] == ("siren", "13000285000019")
    assert fields[-1] == ("siren", "130002850")
    assert siret["timeout"] == "2500ms"


def test_words_of_nothing_match_nothing() -> None:
    assert body(q="–")["query"]["bool"]["must"] == [{"match_none": {}}]


def test_pages_and_timeout() -> None:
    built = build_census_body(CensusRequest(CensusParams(page=3, size=10), timeout=1.5))
    assert (built["from"], built["size"], built["track_total_hits"], built["timeout"]) == (20, 10, True, "1500ms")
