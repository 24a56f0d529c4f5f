"""What is posted to the search for a person: read as an address is, and repeated by no fault."""

from typing import Any

import pytest

from funding.facts.person import Person
from search_app.api.funding_search import read_posted
from search_app.base.errors import BadParameters
from search_app.search.params.search_params import SearchParams


def test_parameters_person_and_values_are_read() -> None:
    params, situation = read_posted({
        "q": "soudeur", "seats": 2, "upcoming": True, "funder": ["2", "4"], "training": "n33nhrxdjcpe", "size": None,
        "person": {"status": "job_seeker", "cpf_euros": 12.5}, "funding": ["possible", "paid"],
    })  # fmt: skip
    assert params == SearchParams(q="soudeur", seats=2, upcoming=True, funder=("2", "4"), training=("n33nhrxdjcpe",))
    assert situation.person == Person(status="job_seeker", cpf_euros=12.5)
    assert situation.values == ("paid", "possible")


def test_nothing_is_a_search_of_everything_for_anybody() -> None:
    params, situation = read_posted({})
    assert (params, situation.person, situation.values) == (SearchParams(), Person(), ())


SECRET = "77317"


@pytest.mark.parametrize(
    ("posted", "where"),
    [
        ({"person": {"status": SECRET}}, ["status"]),
        ({"person": {SECRET: True}}, ["person"]),
        ({"person": SECRET}, ["person"]),
        ({"funding": SECRET}, ["funding"]),
        ({"funding": {"paid": SECRET}}, ["funding"]),
        ({"funding": ["paid", 1]}, ["funding"]),
        ({"radius": SECRET, "seats": "many"}, ["radius", "seats"]),
        ({SECRET: "x"}, ["body"]),
        ({"q": {SECRET: 1}}, ["q"]),
        ({"funder": [["2"]]}, ["funder"]),
        ({"start_from": "2027-03-01", "start_to": "2027-02-01"}, ["start_to"]),
        ({"place": "Albi", "lat": 43.9, "lon": 2.1}, ["place"]),
        ({"lat": 43.9}, ["lon"]),
        ({"person": {"age": SECRET}, "level": SECRET, "funding": [SECRET]}, ["age", "funding", "level"]),
    ],
)
def test_faults_name_the_place_and_repeat_nothing(posted: dict[str, Any], where: list[str]) -> None:
    with pytest.raises(BadParameters) as refused:
        read_posted(posted)
    faults = refused.value.faults
    assert sorted({fault.parameter for fault in faults}) == where
    told = repr([(fault.value, fault.allowed, fault.message, fault.plain) for fault in faults])
    assert all(text not in told for text in (SECRET, "2027-03-01", "43.9", "many"))
    assert all(fault.allowed for fault in faults)


@pytest.mark.parametrize(
    ("posted", "allowed"),
    [
        ({"sort": "distance"}, "distance avec place, ou avec lat et lon"),
        ({"size": 100, "page": 101}, "page × size jusqu’à 10000"),
        ({"start_from": "2027-01-02", "start_to": "2026-12-31"}, "une date à partir de start_from"),
    ],
)
def test_what_is_allowed_is_as_exact_as_in_an_address(posted: dict[str, Any], allowed: str) -> None:
    with pytest.raises(BadParameters) as refused:
        read_posted(posted)
    assert [fault.allowed for fault in refused.value.faults] == [allowed]
