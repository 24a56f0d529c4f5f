"""Nothing that a stored offer may lack costs a page: every optional field, on every face, by generation."""

from __future__ import annotations

from tests.asking import problems_of
from tests.stored_offers import absences, least_offer, lone_fields, named, whole_offer


def test_every_optional_field_may_be_absent_on_every_face() -> None:
    whole = whole_offer()
    assert problems_of([whole, *(named(absence.of(whole), absence.name) for absence in absences())]) == []


def test_any_part_of_an_offer_may_have_one_field_alone() -> None:
    assert problems_of([*lone_fields()]) == []


def test_an_offer_may_have_nothing_but_what_none_is_without() -> None:
    assert problems_of([least_offer()]) == []
