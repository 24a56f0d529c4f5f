"""Parameters of the census: parsed like those of the search, every fault reported."""

from mappings.census.provider import GAP_CODES
from search_app.census.params import FACETS, VOCABULARY, CensusParams, read_census, to_pairs


def test_every_row_takes_its_example_and_is_a_field() -> None:
    for name, row in VOCABULARY.items():
        params, faults = read_census([(name, row.example)] + ([("lon", "2")] if name == "lat" else []))
        assert [fault for fault in faults if fault.parameter not in ("lat", "lon")] == [], name
        assert hasattr(params, name)


def test_every_fault_is_reported_at_once() -> None:
    pairs = [("state", "active "), ("state", "x"), ("gap", "y"), ("size", "101"), ("sort", "z"), ("what", "1")]
    params, faults = read_census(pairs)
    assert [fault.parameter for fault in faults] == ["state", "gap", "size", "sort", "what"]
    assert params.state == ("active",)
    assert all(fault.allowed for fault in faults)
    assert read_census([("what", "1")], ignore_unknown=True)[1] == []


def test_pages_beyond_the_engine_lead_to_the_export() -> None:
    assert [fault.parameter for fault in read_census([("page", "101"), ("size", "100")])[1]] == ["page"]
    assert read_census([("page", "100"), ("size", "100")])[1] == []


def test_pairs_read_again_are_the_same_parameters() -> None:
    params = CensusParams(q="a b", place="Albi", radius=20.0, state=("active", "ceased"), sort="offers", page=4)
    pairs = to_pairs(params)
    assert pairs == (
        ("q", "a b"), ("place", "Albi"), ("radius", "20"), ("state", "active"), ("state", "ceased"), ("sort", "offers")
    )  # fmt: skip
    assert read_census([*pairs, ("page", "4")]) == (params, [])


def test_order_is_by_relevance_only_with_words() -> None:
    assert CensusParams().effective_sort == "name"
    assert CensusParams(q="a").effective_sort == "relevance"
    assert CensusParams(q="a", sort="offers").effective_sort == "offers"


def test_facets_take_all_gaps_of_the_census() -> None:
    assert set(FACETS["gap"]) == set(GAP_CODES)
