"""Columns made from the funder lines and the bodies of an offer."""

from typing import Any

import pytest

from mappings.codes import FUNDER_LABELS
from mappings.columns.bodies import index_bodies
from mappings.columns.purchases import BETWEEN, LONGEST, index_purchases

LINES: list[dict[str, Any]] = [
    {"funder": "2", "programme": "PRF", "market": " M1 ", "seats_bought": 12},
    {"funder": "2", "programme": "PRF", "market": "."},
    {"funder": "2", "programme": "PRF", "market": "M1", "seats_bought": 12},
    {"funder": "16", "seats_bought": 2**31 - 1},
]


def test_each_line_is_kept_for_itself_and_in_order() -> None:
    made = index_purchases({"funding": LINES})
    assert [line.split(BETWEEN) for line in made["purchase_lines"]] == [
        ["0000", "2", "PRF", "M1", "12"], ["0001", "2", "PRF", "", ""], ["0002", "2", "PRF", "M1", "12"],
        ["0003", "16", "", "", "2147483647"],
    ]  # fmt: skip
    assert made["bought"] == [3 << 31 | 12, 2 << 36 | 3 << 31 | 12, 3 << 36 | 17 << 31 | 2**31 - 1]
    assert (made["programme"], made["market"]) == (["PRF"], ["M1"])


def holds(made: dict[str, Any], funder: str, programme: str, market: str) -> bool:
    return BETWEEN.join((funder, programme, market)) in made["purchases"]


def test_a_token_is_of_one_line() -> None:
    made = index_purchases({"funding": [{"funder": "2", "market": "M1"}, {"funder": "4", "programme": "PRF"}]})
    assert holds(made, "=2", "", "=M1")
    assert holds(made, "=2", "?", "=M1")
    assert holds(made, "", "=PRF", "?")
    assert not holds(made, "=4", "", "=M1")
    assert not holds(made, "", "=PRF", "=M1")
    assert not holds(made, "?", "", "")


def test_offer_without_lines_has_a_line_that_tells_nothing() -> None:
    made = index_purchases({})
    assert holds(made, "?", "?", "?")
    assert holds(made, "", "?", "")
    assert made.keys() == {"purchases"}


def test_longest_values_fit_one_term_of_the_engine() -> None:
    made = index_purchases({"funding": [{"funder": "2", "programme": "é" * 999, "market": "\U0001f600" * 999}]})
    assert max(len(token.encode()) for token in made["purchases"] + made["purchase_lines"]) < 32_766
    assert len(made["programme"][0]) == LONGEST


def test_every_funder_fits_the_number_of_a_line() -> None:
    for code in FUNDER_LABELS:
        (number,) = index_purchases({"funding": [{"funder": code, "seats_bought": 1}]})["bought"]
        assert number >> 31 == int(code) + 1


@pytest.mark.parametrize(
    ("offer", "trainer", "bodies"),
    [
        ({}, None, None),
        ({"trainers": [{"siren": "000000000", "name": "Zéro"}]}, None, None),
        (
            {
                "provider": {"siren": "1", "declaration": "7"},
                "trainers": [{"siren": "2", "siret": "22"}, {"name": "B"}],
            },
            ["2"],
            ['["responsible","1",null,"7",null]', '["trainer","2","22",null,null]', '["trainer",null,null,null,"B"]'],
        ),
        (
            {"trainers": [{"siren": "2", "siret": "22"}, {"siren": "2", "siret": "23"}, {"siren": "2", "siret": "22"}]},
            ["2"],
            ['["trainer","2","22",null,null]', '["trainer","2","23",null,null]'],
        ),
    ],
)
def test_bodies_are_the_responsible_one_and_those_that_deliver(
    offer: dict[str, Any], trainer: list[str] | None, bodies: list[str] | None
) -> None:
    made = index_bodies(offer)
    assert (made.get("trainer"), made.get("bodies")) == (trainer, bodies)
