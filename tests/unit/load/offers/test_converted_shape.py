"""Offers of an index of another shape: what they get of this one when a rebuild converts them."""

from indexer.lifecycle.rebuild import convert
from tests.stored_offers import Document, whole_offer

ZONES = {"81004": "7625"}


def stored(**more: object) -> Document:
    offer = whole_offer()
    del offer["employment_zone"]
    return offer | more


def test_zones_are_those_of_the_places() -> None:
    assert convert(stored(), ZONES, "")["employment_zone"] == ["7625"]
    assert "employment_zone" not in convert(stored(), {}, "")


def test_seats_that_the_former_shape_cut_are_whole_again_and_capacities_are_there() -> None:
    figure = {"funder": "2", "capacity": 60_000, "available": 50_000, "sequence": 1, "observed_at": "2026-11-21"}
    offer = stored(sessions=[{**whole_offer()["sessions"][0], "seats": [figure], "left": {"2": 32_767, "any": 32_767}}])
    del offer["sessions"][0]["capacity"]
    made = convert(offer, ZONES, "")
    assert made["sessions"][0]["left"] == {"2": 50_000, "any": 50_000}
    assert made["sessions"][0]["capacity"] == {"2": 60_000}
    assert made["session_capacity"] == [3 << 31 | 60_000]
    assert made["session_left"] == [50_000, 3 << 31 | 50_000]


def test_figures_before_the_cutoff_of_the_former_index_do_not_count() -> None:
    made = convert(stored(), ZONES, "2099-01-01T00:00:00Z")
    assert [(each["left"], each["capacity"]) for each in made["sessions"]] == [({}, {})] * 2
    assert (made["session_left"], made["session_capacity"]) == ([], [])
