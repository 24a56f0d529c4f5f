"""Typed addresses are read strictly: what is taken can be written to, whatever else is refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.address import BadAddress, parse_address
from tests.unit.alerts.hostile import hostile_addresses

HOSTILE = list(hostile_addresses())
SAFE = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#$&'*+/=?^_~-.@")


def test_there_are_two_hundred_hostile_addresses() -> None:
    assert len(set(HOSTILE)) >= 200


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_address_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(BadAddress) as told:
        parse_address(text)
    assert len(text) < 3 or text.strip() not in str(told.value)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("prenom.nom@exemple.fr", "prenom.nom@exemple.fr"),
        ("  Prenom.Nom+alertes@Exemple.FR  ", "Prenom.Nom+alertes@exemple.fr"),
        ("o'brien@mail.example.org", "o'brien@mail.example.org"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@XN--BCHER-KVA.example", "a@xn--bcher-kva.example"),
        ("a@例え.テスト", "a@xn--r8jz45g.xn--zckzah"),
        ("a@straße.example", "a@xn--strae-oqa.example"),
        ("a" * 64 + "@b.example", "a" * 64 + "@b.example"),
    ],
)
def test_ordinary_and_international_addresses_are_taken(typed: str, read: str) -> None:
    assert str(parse_address(typed)) == read


def test_capitals_make_no_other_address() -> None:
    assert parse_address("A.B@Exemple.fr").normal == parse_address("a.b@EXEMPLE.FR").normal


def test_address_is_not_in_what_a_traceback_shows() -> None:
    assert "exemple" not in repr(parse_address("a@exemple.fr"))


@given(st.text(max_size=80) | st.text('ab@.-\r\n "<>', max_size=20))
def test_whatever_is_taken_holds_only_safe_characters(text: str) -> None:
    try:
        address = str(parse_address(text))
    except BadAddress:
        return
    assert set(address) <= SAFE
    assert address.count("@") == 1
