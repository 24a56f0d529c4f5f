"""Nothing that a stored offer may lack costs a page: every optional field, on every face, by generation."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.asking import problems_of
from tests.hostile_offers import hostile_offers
from tests.stored_offers import Absence, Document, absences, least_offer, lone_fields, named, whole_offer

LEFT_OUT = [each for each in absences() if each.how == "left out"]
WITHOUT_VALUE = [each for each in absences() if each.how != "left out"]
APART = 40  # in the order of the models: fields so far from each other are of different parts


def without(*together: Absence) -> Document:
    """Return an offer without some of its fields, named after them."""
    offer = whole_offer()
    for absence in together:
        offer = absence.of(offer)
    return named(offer, " and ".join(each.name for each in together))


def test_every_optional_field_may_be_left_out_on_every_face() -> None:
    assert problems_of([whole_offer(), *map(without, LEFT_OUT)]) == []


def test_every_optional_field_may_be_null_or_empty_on_every_face() -> None:
    steps = [WITHOUT_VALUE[number::APART] for number in range(APART)]
    assert {each.path for each in WITHOUT_VALUE} < {each.path for each in LEFT_OUT}
    assert problems_of([without(*together) for together in steps]) == []


def test_any_part_of_an_offer_may_have_one_field_alone() -> None:
    assert problems_of([*lone_fields()]) == []


def test_an_offer_may_have_nothing_but_what_none_is_without() -> None:
    assert problems_of([least_offer()]) == []


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sets(st.sampled_from([*absences()]), min_size=2, max_size=6), min_size=8, max_size=8))
def test_fields_may_be_absent_together(drawn: list[set[Absence]]) -> None:
    assert problems_of([without(*sorted(together, key=str)) for together in drawn]) == []


def test_values_that_no_reader_expects_cost_no_page() -> None:
    assert problems_of([*hostile_offers()]) == []
