"""What each parameter becomes in the request to the engine: one line for every filter, facet and sort.

The expected values are written by hand, on purpose: none of them is a constant of the code.
"""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from search_app.search.params import PARAMETERS, parse_params
from search_app.search.query import Circle, SearchRequest, Territory, build_news_body, build_search_body
from search_app.search.understand import Understanding

Body = dict[str, Any]
Pairs = list[tuple[str, str]]
Area = Circle | Territory | None

TODAY: Final = date(2026, 11, 23)
ALBI: Final = Circle(43.93, 2.15, 30.0)
TARN: Final = Territory("department", "81")
OCCITANIE: Final = Territory("region", "76")


def request_of(pairs: Pairs, area: Area = None) -> SearchRequest:
    return SearchRequest(parse_params(pairs), area, TODAY)


def body_of(pairs: Pairs, area: Area = None) -> Body:
    return build_search_body(request_of(pairs, area))


FUNDER, TIER, STATE = 2**25, 2**21, 2**18  # what each number of a combination counts in a range on ``windows``
MARCH_1, MARCH_31, TODAY_IS, BEFORE = 46_445, 46_475, 46_347, 46_344  # days since 1 January 1900
MOST = 2_147_483_647  # seats left without a condition
LAST, UNDATED, END = 131_071, 131_072, 262_143  # an open end; where sessions without a known start begin, and end


def session(
    first: int = 0, last: int = END, *, funder: int = 0, tier: int = 0, state: int = 0, relation: str = "intersects"
) -> Body:
    base = funder * FUNDER + tier * TIER + state * STATE
    return {"range": {"windows": {"gte": base + first, "lte": base + last, "relation": relation}}}


def any_of(*clauses: Body) -> Body:
    return {"bool": {"should": [*clauses]}}


def decided(least: int, most: int, funders: int, days: tuple[int, int] = (0, END), states: int = 1) -> Body:
    """Return the parameters of a script on sessions; funders and states are bits."""
    first, last = days
    return {"first": first, "last": last, "first2": END + 1, "last2": END + 1, "states": states, "funders": funders,
            "least": least, "most": most}  # fmt: skip


def without_sources(part: Any) -> Any:
    """Return a part of a body with the parameters of each script in the place of the script: the engine runs them in
    tests/engine.
    """
    if isinstance(part, list):
        return [without_sources(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {name: value["params"] if name == "script" and "params" in value else without_sources(value)
            for name, value in part.items()}  # fmt: skip


def narrowed_down(ranges: Body, params: Body) -> Body:
    return {"bool": {"filter": [ranges, {"script": {"script": params}}]}}


AROUND: Final = {"geo_distance": {"distance": "30.0km", "location": {"lat": 43.93, "lon": 2.15}}}
REMOTE: Final = {"term": {"mode": "remote"}}
NOT_BEGUN: Final = any_of(session(TODAY_IS, LAST), session(UNDATED + TODAY_IS, END))

# Parameters that are no facets: what every hit and every count must fulfil.
FILTERS: Final[list[tuple[str, Pairs, Area, list[Body]]]] = [
    ("nothing", [], None, []),
    ("rncp", [("rncp", "RNCP38565"), ("rncp", "403")], None, [{"terms": {"rncp": ["38565", "403"]}}]),
    ("training", [("training", "N33NHRXDJCPE")], None, [{"terms": {"training_key": ["n33nhrxdjcpe"]}}]),
    ("free", [("free", "true")], None,
     [{"terms": {"funder": ["2", "3", "4", "6", "7", "8", "9", "11", "12", "13", "14", "15", "16"]}}]),
    ("free", [("free", "false")], None, []),
    ("entry_level", [("entry_level", "13")], None, [{"range": {"entry_level_required": {"lte": 13}}}]),
    ("entry_level", [("entry_level", "0")], None, [{"range": {"entry_level_required": {"lte": 0}}}]),
    ("hours_max", [("hours_max", "400")], None, [{"range": {"hours": {"lte": 400.0}}}]),
    ("hours_max", [("hours_max", "0")], None, [{"range": {"hours": {"lte": 0.0}}}]),
    ("price_max", [("price_max", "1 500,50")], None, [{"range": {"price": {"lte": 1500.5}}}]),
    ("price_max", [("price_max", "0")], None, [{"range": {"price": {"lte": 0.0}}}]),
    ("remote", [("remote", "include")], None, []),
    ("remote", [("remote", "only")], None, [REMOTE]),
    ("remote", [("remote", "exclude")], None, [{"bool": {"must_not": [REMOTE]}}]),
    ("place", [], ALBI, [{"bool": {"should": [AROUND, REMOTE]}}]),
    ("place", [], TARN, [{"bool": {"should": [{"term": {"department": "81"}}, REMOTE]}}]),
    ("place", [], OCCITANIE, [{"bool": {"should": [{"term": {"region": "76"}}, REMOTE]}}]),
    ("place", [("remote", "only")], ALBI, [REMOTE]),
    ("place", [("remote", "exclude")], ALBI, [AROUND, {"bool": {"must_not": [REMOTE]}}]),
    ("upcoming", [("upcoming", "true")], None, [NOT_BEGUN]),
    ("upcoming", [("upcoming", "false")], None, []),
    ("start_from", [("start_from", "2027-03-01")], None, [session(MARCH_1, LAST)]),
    ("start_to", [("start_to", "2027-03-31")], None, [session(0, MARCH_31)]),
    ("start_from", [("start_from", "2027-03-01"), ("start_to", "2027-03-31"), ("upcoming", "true")], None,
     [session(MARCH_1, MARCH_31)]),
    ("start_to", [("start_to", "2027-03-31"), ("upcoming", "true")], None, [session(TODAY_IS, MARCH_31)]),
    # A month may have begun before the window's end, and end after today.
    ("start_to", [("start_to", "2026-11-20"), ("upcoming", "true")], None,
     [session(BEFORE, TODAY_IS, relation="contains")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "pairs", "area", "clauses"), FILTERS)
def test_filter_becomes_exactly_these_clauses_of_the_query(
    name: str, pairs: Pairs, area: Area, clauses: list[Body]
) -> None:
    body = body_of(pairs, area)
    assert body["query"] == {"bool": {"filter": clauses}}
    assert "post_filter" not in body


def most_frequent(field: str, size: int) -> Body:
    order = [{"_count": "desc"}, {"_key": "asc"}]
    return {"terms": {"field": field, "size": size, "shard_size": 50_000, "order": order}}


# By facet, in the order of the answer: how it is counted where nothing is asked for.
COUNTED: Final[dict[str, Body]] = {
    "funder": most_frequent("funder", 200),
    "recruiting": {"terms": {"field": "recruiting", "size": 200}},
    "seats": {"terms": {"field": "seats_rows", "size": 5}},
    "region": most_frequent("region", 200),
    "department": most_frequent("department", 200),
    "domain": most_frequent("domain", 200),
    "nsf": most_frequent("nsf", 200),
    "level": most_frequent("level", 200),
    "mode": most_frequent("mode", 200),
    "rhythm": most_frequent("rhythm", 200),
    "entry": most_frequent("entry", 200),
    "state_funded": most_frequent("state_funded", 200),
    "audience": most_frequent("audience", 200),
    "rome": most_frequent("rome", 100),
    "provider": most_frequent("provider.siren", 100),
}

# Facets of the offer itself: values that are chosen, and the clause that narrows the hits.
CHOSEN: Final[list[tuple[str, list[str], Body]]] = [
    ("funder", ["2", "4"], {"terms": {"funder": ["2", "4"]}}),
    ("region", ["76"], {"terms": {"region": ["76"]}}),
    ("department", ["81", "2A"], {"terms": {"department": ["81", "2A"]}}),
    ("domain", ["230", "427"], {"terms": {"domain": ["230", "427"]}}),
    ("domain", ["22403"], {"terms": {"formacode": ["22403"]}}),
    ("domain", ["230", "22403"],
     {"bool": {"should": [{"terms": {"domain": ["230"]}}, {"terms": {"formacode": ["22403"]}}]}}),
    ("nsf", ["230", "311"], {"terms": {"nsf": ["230", "311"]}}),
    ("level", ["13", "14"], {"terms": {"level": ["13", "14"]}}),
    ("mode", ["onsite"], {"terms": {"mode": ["onsite"]}}),
    ("rhythm", ["evening", "unknown"], {"terms": {"rhythm": ["evening", "unknown"]}}),
    ("entry", ["permanent"], {"terms": {"entry": ["permanent"]}}),
    ("state_funded", ["true"], {"terms": {"state_funded": ["true"]}}),
    ("audience", ["83056"], {"terms": {"audience": ["83056"]}}),
    ("rome", ["F1703", "f1602"], {"terms": {"rome": ["F1703", "F1602"]}}),
    ("provider", ["130002850"], {"terms": {"provider.siren": ["130002850"]}}),
]  # fmt: skip

# Facets of a session: values that are chosen, and what one and the same session must fulfil.
CHOSEN_OF_SESSIONS: Final[list[tuple[str, Pairs, Body]]] = [
    ("recruiting", [("recruiting", "open")], session(state=1)),
    ("recruiting", [("recruiting", "closed"), ("recruiting", "suspended")], any_of(session(state=2), session(state=3))),
    ("recruiting", [("recruiting", "open"), ("recruiting", "unknown")], any_of(session(state=1), session(state=4))),
    ("seats", [("seats", "1")], session(tier=1)),
    ("seats", [("seats", "2")], session(tier=2)),
    ("seats", [("seats", "3")], session(tier=3)),
    ("seats", [("seats", "4")], narrowed_down(session(tier=3), decided(4, MOST, 1))),
    ("seats", [("seats", "5")], session(tier=4)),
    ("seats", [("seats", "7")], narrowed_down(session(tier=4), decided(7, MOST, 1))),
    ("seats", [("seats", "10")], session(tier=5)),
    ("seats", [("seats", "60")], narrowed_down(session(tier=5), decided(60, MOST, 1))),
    ("seats", [("seats", "full")], session(tier=6)),
    ("seats", [("seats", "unknown")], session(tier=7)),
    ("seats", [("seats", "1"), ("recruiting", "open"), ("upcoming", "true"), ("start_to", "2027-03-31")],
     session(TODAY_IS, MARCH_31, tier=1, state=1)),
]  # fmt: skip

# Beside chosen funders seats are asked for under them; the number of a funder is its code and one.
UNDER_FUNDERS: Final[list[tuple[str, list[str], Body]]] = [
    ("2", ["2"], session(funder=3, tier=2)),
    ("2", ["2", "4"], any_of(session(funder=3, tier=2), session(funder=5, tier=2))),
    ("11", ["2", "4"],
     narrowed_down(any_of(session(funder=3, tier=5), session(funder=5, tier=5)), decided(11, MOST, 8 + 32))),
    ("full", ["2"], session(funder=3, tier=6)),
    ("full", ["2", "4"],
     narrowed_down(any_of(session(funder=3, tier=6), session(funder=5, tier=6)), decided(0, 0, 8 + 32))),
    ("unknown", ["2"], session(funder=3, tier=7)),
    ("unknown", ["2", "4"],
     narrowed_down(any_of(session(funder=3, tier=7), session(funder=5, tier=7)), decided(-1, -1, 8 + 32))),
]  # fmt: skip


def in_set(name: str) -> Body:
    return {"terms": {"field": f"value_sets.{name}", "size": 10_000, "order": {"_key": "asc"}}}


# Where nothing leaves few offers, these stand for the facets of their values.
COUNTED_IN_SETS: Final[dict[str, Body]] = {
    "set:payment": in_set("payment"),
    "set:seats": in_set("seats"),
    "set:place": in_set("place"),
    "set:subject": in_set("subject"),
    "set:training": in_set("training"),
    "set:audience": in_set("audience"),
    "provider": COUNTED["provider"],
}


def test_facets_are_counted_so_and_in_this_order_where_nothing_is_chosen() -> None:
    counts = body_of([("hours_max", "400")])["aggs"]
    assert counts == COUNTED
    assert list(counts) == list(COUNTED)


@pytest.mark.parametrize("pairs", [[], [("remote", "exclude")], [("facet_size", "100"), ("page", "30")]])
def test_values_are_counted_in_sets_where_nothing_leaves_few_offers(pairs: Pairs) -> None:
    counts = body_of(pairs)["aggs"]
    assert counts == COUNTED_IN_SETS
    assert list(counts) == list(COUNTED_IN_SETS)


SETS_OF_WORDS: Final = {"set:place", "set:subject", "set:training"}


@pytest.mark.parametrize(
    ("pairs", "area", "in_sets"),
    [
        ([], None, SETS_OF_WORDS),
        ([("upcoming", "true"), ("sort", "start")], None, SETS_OF_WORDS),
        ([("level", "13")], None, set()),
        ([("start_from", "2027-03-01"), ("seats", "1")], None, set()),
        ([], ALBI, set()),
    ],
)
def test_words_alone_are_counted_in_the_sets_that_stand_for_several_lists(
    pairs: Pairs, area: Area, in_sets: set[str]
) -> None:
    meant = Understanding("soudeur", "soudeur", "soudeur", "soudeur")
    request = SearchRequest(parse_params([("q", "soudeur"), *pairs]), area, TODAY, meant=meant)
    counts = build_search_body(request)["aggs"]
    counts |= counts.get("others", {}).get("aggs", {})
    assert {name for name in counts if name.startswith("set:")} == in_sets
    assert ("department" in counts, "rome" in counts, "provider" in counts) == (not in_sets, not in_sets, True)
    by_value = build_search_body(replace(request, by_value=True))["aggs"]
    assert not [name for name in by_value if name.startswith("set:")]


@pytest.mark.parametrize("pairs", [[("price_max", "0")], [("start_to", "2027-03-31")], [("group", "training")]])
def test_values_are_counted_one_by_one_where_few_offers_may_be_left(pairs: Pairs) -> None:
    assert body_of(pairs)["aggs"].keys() - {"trainings"} == COUNTED.keys()


def test_values_are_counted_one_by_one_where_there_are_too_many_sets() -> None:
    assert build_search_body(replace(request_of([]), by_value=True))["aggs"] == COUNTED


def test_every_facet_and_every_filter_has_a_line_here() -> None:
    """The engine's answer tells of what else the request has; a new parameter needs a line."""
    lines = {name for name, *_ in (*FILTERS, *CHOSEN, *CHOSEN_OF_SESSIONS)}
    others = {"q", "lat", "lon", "radius", "sort", "group", "page", "size", "facet_size", "verbatim", "explain"}
    others |= {"facets", "employment_zone", "trainer", "programme", "market"}  # lines in test_purchases.py
    assert lines - {"nothing"} | others == set(PARAMETERS)
    assert {name for name, *_ in (*CHOSEN, *CHOSEN_OF_SESSIONS)} == set(COUNTED)


@pytest.mark.parametrize(("name", "values", "clause"), CHOSEN)
def test_chosen_facet_narrows_hits_and_all_counts_but_its_own(name: str, values: list[str], clause: Body) -> None:
    body = body_of([(name, value) for value in values])
    assert body["query"] == {"bool": {"filter": []}}
    assert body["post_filter"] == {"bool": {"filter": [clause]}}
    counts = body["aggs"]
    assert counts[name] == COUNTED[name]
    others = {facet: rows for facet, rows in COUNTED.items() if facet != name}
    if name == "funder":  # the seats that are counted are those under the chosen funders
        del others["seats"], counts["others"]["aggs"]["seats"]
    assert counts["others"] == {"filter": {"bool": {"filter": [clause]}}, "aggs": others}
    assert list(counts["others"]["aggs"]) == list(others)


@pytest.mark.parametrize(("name", "values", "clause"), [row for row in CHOSEN if row[0] not in ("region", "funder")])
def test_of_two_chosen_facets_each_is_counted_under_the_other(name: str, values: list[str], clause: Body) -> None:
    body = body_of([("region", "76"), *((name, value) for value in values)])
    region = {"terms": {"region": ["76"]}}
    assert body["aggs"]["own:region"] == {
        "filter": {"bool": {"filter": [clause]}},
        "aggs": {"region": COUNTED["region"]},
    }
    assert body["aggs"][f"own:{name}"]["filter"] == {"bool": {"filter": [region]}}
    assert body["aggs"][f"own:{name}"]["aggs"][name] == COUNTED[name]
    narrowed = body["post_filter"]["bool"]["filter"]
    assert (len(narrowed), region in narrowed, clause in narrowed) == (2, True, True)
    # What fails both is in none of the counts.
    (left_out,) = body["query"]["bool"]["filter"]
    assert left_out == {"bool": {"should": narrowed, "minimum_should_match": 1}}


@pytest.mark.parametrize(("name", "pairs", "clause"), CHOSEN_OF_SESSIONS)
def test_chosen_session_facet_holds_with_every_other_condition_for_one_session(
    name: str, pairs: Pairs, clause: Body
) -> None:
    assert without_sources(body_of(pairs)["post_filter"]) == {"bool": {"filter": [clause]}}


@pytest.mark.parametrize(("seats", "funders", "clause"), UNDER_FUNDERS)
def test_seats_are_asked_for_under_the_chosen_funders(seats: str, funders: list[str], clause: Body) -> None:
    body = body_of([("seats", seats), *(("funder", code) for code in funders)])
    assert without_sources(body["post_filter"]["bool"]["filter"]) == [{"terms": {"funder": funders}}, clause]


def test_session_facets_count_offers_by_sessions_that_meet_all_other_conditions() -> None:
    body = body_of([("recruiting", "open"), ("seats", "3"), ("funder", "2")])
    states = {name: session(funder=3, tier=3, state=number) for number, name in
              enumerate(("open", "closed", "suspended", "unknown"), start=1)}  # fmt: skip
    assert body["aggs"]["own:recruiting"]["aggs"]["recruiting"] == {"filters": {"filters": states}}
    tiers = {"1": 1, "3": 3, "5": 4, "10": 5, "full": 6, "unknown": 7}
    counted = body["aggs"]["own:seats"]["aggs"]["seats"]["filters"]["filters"]
    assert counted == {row: session(funder=3, tier=tier, state=1) for row, tier in tiers.items()}
    assert list(counted) == list(tiers)


@pytest.mark.parametrize(("seats", "tier"), [("1", 1), ("full", 6), ("unknown", 7)])
def test_beside_seats_each_funder_counts_what_choosing_it_alone_would_give(seats: str, tier: int) -> None:
    counts = body_of([("seats", seats)])["aggs"]
    rows = counts["others"]["aggs"]["funder"] if seats == "1" else counts["funder"]
    assert rows == {"filters": {"filters": {str(n): session(funder=n + 1, tier=tier) for n in range(21)}}}


@pytest.mark.parametrize(
    ("pairs", "name", "rows"),
    [
        ([("rome", "F1703")], "rome:selected", {"field": "rome", "size": 1, "include": ["F1703"]}),
        ([("provider", "130002850")], "provider:selected",
         {"field": "provider.siren", "size": 1, "include": ["130002850"]}),
        ([("domain", "22403"), ("domain", "230")], "domain:exact",
         {"field": "formacode", "size": 1, "include": ["22403"]}),
    ],
)  # fmt: skip
def test_chosen_values_of_a_facet_that_may_be_cut_are_counted_apart(pairs: Pairs, name: str, rows: Body) -> None:
    counts = body_of(pairs)["aggs"]
    assert counts[name] == {"terms": rows}
    assert not [other for other in counts if ":" in other and other != name]


def test_facet_size_is_that_of_the_long_facets_alone() -> None:
    pairs = [("facet_size", "7"), ("hours_max", "400")]
    sizes = {name: rows["terms"]["size"] for name, rows in body_of(pairs)["aggs"].items()}
    assert sizes == {name: rows["terms"]["size"] for name, rows in COUNTED.items()} | {"rome": 7, "provider": 7}


def by_script(order: str, params: Body) -> Body:
    return {"_script": {"type": "number", "order": order, "script": params}}


def earliest(**asked: Any) -> Body:
    return by_script("asc", decided(**{"least": -1, "most": MOST, "funders": 1} | asked) | {"today": TODAY_IS})


def most_seats(funders: int, **asked: Any) -> Body:
    return by_script("desc", decided(**{"least": -1, "most": MOST, "funders": funders} | asked))


REMOTE_LAST: Final = by_script("asc", {})
NEAREST: Final = {
    "_geo_distance": {"location": {"lat": 43.93, "lon": 2.15}, "order": "asc", "unit": "km", "mode": "min",
                      "distance_type": "arc"}
}  # fmt: skip
SORTS: Final[list[tuple[Pairs, Area, list[Body]]]] = [
    ([], None, [earliest()]),
    ([("q", "soudeur")], None, [{"_score": "desc"}]),
    ([("q", "soudeur")], ALBI, [REMOTE_LAST, {"_score": "desc"}, NEAREST]),
    ([("q", "soudeur")], TARN, [REMOTE_LAST, {"_score": "desc"}]),
    ([("sort", "relevance")], ALBI, [REMOTE_LAST]),
    ([("sort", "start"), ("q", "soudeur")], ALBI, [REMOTE_LAST, earliest()]),
    ([("sort", "start"), ("recruiting", "open")], None, [earliest(states=2)]),
    ([("sort", "start"), ("start_to", "2027-03-31")], None, [earliest(days=(0, MARCH_31))]),
    ([("sort", "start"), ("seats", "2"), ("funder", "2")], None, [earliest(least=2, funders=8)]),
    ([("sort", "start"), ("seats", "full")], None, [earliest(least=0, most=0)]),
    ([("sort", "distance"), ("lat", "43.93"), ("lon", "2.15")], ALBI, [REMOTE_LAST, NEAREST]),
    ([("sort", "distance"), ("place", "81")], TARN, [REMOTE_LAST]),
    ([("sort", "seats")], None, [most_seats(1)]),
    ([("sort", "seats")], TARN, [REMOTE_LAST, most_seats(1)]),
    ([("sort", "seats"), ("remote", "exclude")], TARN, [most_seats(1)]),
    ([("sort", "seats"), ("remote", "only")], TARN, [most_seats(1)]),
    ([("sort", "seats"), ("recruiting", "open")], None, [most_seats(1, states=2)]),
    ([("sort", "seats"), ("funder", "2")], None, [most_seats(8)]),
    ([("sort", "seats"), ("funder", "2"), ("funder", "4")], None, [most_seats(8 + 32)]),
]


@pytest.mark.parametrize(("pairs", "area", "sort"), SORTS)
def test_sort_is_exactly_this_and_ends_with_the_key(pairs: Pairs, area: Area, sort: list[Body]) -> None:
    assert without_sources(body_of(pairs, area)["sort"]) == [*sort, {"key": "asc"}]


def test_every_sort_has_a_line_here() -> None:
    assert {value for pairs, _, _ in SORTS for name, value in pairs if name == "sort"} == set(
        PARAMETERS["sort"].schema["enum"]
    )


NEWEST: Final = {"news_at": {"order": "desc", "missing": "_last"}}
NEWS: Final[list[tuple[Pairs, Body]]] = [
    ([], NEWEST),
    ([("region", "76")], NEWEST),
    ([("recruiting", "open")], by_script("desc", decided(-1, MOST, 1, states=2))),
]


@pytest.mark.parametrize(("pairs", "newest"), NEWS)
def test_feed_has_the_newest_first(pairs: Pairs, newest: Body) -> None:
    body = build_news_body(request_of(pairs), 100)
    assert without_sources(body["sort"]) == [newest, {"written_at": "desc"}, {"key": "asc"}]
    assert body["size"] == 100


@pytest.mark.parametrize(
    ("pairs", "start", "size"),
    [([], 0, 20), ([("page", "3")], 40, 20), ([("page", "3"), ("size", "50")], 100, 50), ([("page", "1")], 0, 20)],
)
def test_page_and_size_become_the_part_of_the_hits(pairs: Pairs, start: int, size: int) -> None:
    body = body_of(pairs)
    assert (body["from"], body["size"], body["track_total_hits"]) == (start, size, True)


def rows_of(lists: Body) -> Any:
    """Return the rows of a list that ranges count, or the parameters of the script that counts them."""
    return lists["filters"]["filters"] if "filters" in lists else lists["scripted_metric"]["params"]


COUNTED_ALONG: Final[list[tuple[str, Pairs, Body, Body]]] = [
    ("funder", [("start_from", "2027-03-01"), ("seats", "4")],
     {str(code): narrowed_down(session(MARCH_1, LAST, funder=code + 1, tier=3),
                               decided(4, MOST, 2 ** (code + 1), (MARCH_1, LAST))) for code in range(21)},
     {**decided(4, MOST, 2**22 - 2, (MARCH_1, LAST)), "names": ["", *map(str, range(21))]}),
    ("recruiting", [("start_from", "2027-03-01")],
     {"closed": session(MARCH_1, LAST, state=2), "open": session(MARCH_1, LAST, state=1),
      "suspended": session(MARCH_1, LAST, state=3), "unknown": session(MARCH_1, LAST, state=4)},
     {**decided(-1, MOST, 1, (MARCH_1, LAST)), "names": ["", "open", "closed", "suspended", "unknown"]}),
    ("seats", [("start_to", "2027-03-31"), ("seats", "3"), ("recruiting", "open")],
     {"1": session(0, MARCH_31, tier=1, state=1), "3": session(0, MARCH_31, tier=3, state=1),
      "5": session(0, MARCH_31, tier=4, state=1), "10": session(0, MARCH_31, tier=5, state=1),
      "full": session(0, MARCH_31, tier=6, state=1), "unknown": session(0, MARCH_31, tier=7, state=1)},
     {**decided(-1, MOST, 1, (0, MARCH_31), 2), "steps": [1, 3, 5, 10],
      "names": ["1", "3", "5", "10", "full", "unknown"]}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "pairs", "by_range", "by_session"), COUNTED_ALONG)
def test_lists_beside_session_conditions_are_counted_by_range_or_from_the_sessions_of_few_offers(
    name: str, pairs: Pairs, by_range: Body, by_session: Body
) -> None:
    def lists(area: Area, *more: tuple[str, str]) -> Body:
        counts = body_of([*pairs, *more], area)["aggs"]
        inside = [each["aggs"] for each in counts.values() if "aggs" in each]
        return next(each[name] for each in (counts, *inside) if name in each)

    assert without_sources(rows_of(lists(None))) == by_range
    assert without_sources(rows_of(lists(None, ("level", "13")))) == by_range
    for area, more in ((ALBI, ()), (TARN, ()), (None, (("rome", "F1703"),)), (None, (("region", "76"),))):
        assert rows_of(lists(area, *more)) == by_session
