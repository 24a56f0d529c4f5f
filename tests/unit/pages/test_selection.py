"""The selection in an address: what is read from it, what is left out, and how long it may get."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.keys import LETTERS, key_of
from search_app.pages.selection.shortlist import (
    LONGEST_NOTE,
    MOST_PICKS,
    Pick,
    Selection,
    read_selection,
    selection_address,
)

SITE = "https://boussole.formations-professionnelles.example.org"
PICKS = st.lists(
    st.builds(
        Pick,
        st.text(LETTERS, min_size=12, max_size=12),
        st.text(max_size=LONGEST_NOTE),
    ),
    max_size=12,
    unique_by=lambda pick: pick.key,
)


def picks(count: int, note: str = "") -> tuple[Pick, ...]:
    return tuple(Pick(key_of(str(number)), note) for number in range(count))


def text_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["o"][0]


@given(PICKS)
def test_what_was_read_from_an_address_is_read_again_from_the_address_made_of_it(given_picks: list[Pick]) -> None:
    bare = ".".join(pick.key for pick in given_picks)
    once = read_selection([bare], {number: pick.note for number, pick in enumerate(given_picks, 1)}).selection
    address = selection_address(once)
    assert once.keys == tuple(pick.key for pick in given_picks)
    if once.picks:
        again = read_selection([text_of(address)])
        assert [(pick.key, pick.note) for pick in again.selection.picks] == [
            (pick.key, pick.note) for pick in once.picks
        ]
        assert not again.too_long
        assert not again.unreadable


def test_a_note_keeps_its_dots_signs_and_accents_and_loses_what_would_end_it() -> None:
    note = "M. Roux : 05.63, rappeler à 14 h ? <b>&amp; ~ fin\n"
    (pick,) = read_selection([f"{key_of('a')}", ""], {1: note}).selection.picks
    assert pick.note == "M. Roux : 05.63, rappeler à 14 h ? <b>&amp; - fin"
    (again,) = read_selection([text_of(selection_address(Selection((pick,))))]).selection.picks
    assert again == pick


def test_fifty_offers_stay_below_a_thousand_characters_with_the_name_of_the_site() -> None:
    address = SITE + selection_address(Selection(picks(MOST_PICKS)))
    assert len(address) < 1000
    assert read_selection([text_of(address)]).selection.keys == Selection(picks(MOST_PICKS)).keys


def test_notes_take_what_room_there_is_and_the_address_stays_below_a_thousand_characters() -> None:
    reading = read_selection([Selection(picks(MOST_PICKS)).text], dict.fromkeys(range(1, 51), "à appeler dès lundi"))
    kept = [pick.note for pick in reading.selection.picks if pick.note]
    assert 3 < len(kept) < MOST_PICKS
    assert len(kept) + len(reading.too_long) == MOST_PICKS
    assert len(SITE + selection_address(reading.selection)) < 1000
    assert set(reading.too_long.values()) == {"à appeler dès lundi"}


def test_a_note_is_cut_at_its_limit_and_told() -> None:
    reading = read_selection([key_of("a")], {1: "x" * (LONGEST_NOTE + 1)})
    assert reading.selection.picks[0].note == "x" * LONGEST_NOTE
    assert reading.too_long == {key_of("a"): "x" * (LONGEST_NOTE + 1)}


def test_an_empty_note_of_the_form_takes_a_note_away_and_one_without_offer_is_nothing() -> None:
    reading = read_selection([f"{key_of('a')}~lundi~.{key_of('b')}"], {1: " ", 2: "mardi", 3: "x", 0: "x"})
    assert [pick.note for pick in reading.selection.picks] == ["", "mardi"]


def test_an_offer_named_twice_stays_where_it_was_first() -> None:
    a, b = key_of("a"), key_of("b")
    reading = read_selection([f"{a}.{b}.{a.upper()}", b])
    assert reading.selection.keys == (a, b)
    assert reading.repeated == 2


def test_beyond_fifty_the_first_fifty_stay() -> None:
    reading = read_selection([Selection(picks(53)).text])
    assert reading.selection.keys == Selection(picks(50)).keys
    assert reading.beyond == 3


@pytest.mark.parametrize(
    "text", ["", ".", "~~", "~x~", "nulle", "n33nhrxdjcp", "a" * 13, "<script>", "é" * 12, "0" * 12, "~" * 999, "😀"]
)
def test_junk_is_told_and_never_an_error(text: str) -> None:
    reading = read_selection([text])
    assert reading.selection.picks == ()
    assert bool(reading.unreadable) == (text.strip(".~") not in ("", "x"))
    beside = read_selection([f"{key_of('a')}.{text}"])
    assert beside.selection.keys == (key_of("a"),)


def test_moving_an_offer_takes_its_note_along_and_stops_at_the_ends() -> None:
    three = Selection((Pick("a"), Pick("b", "lundi"), Pick("c")))
    assert three.moved("b", -1).picks == (Pick("b", "lundi"), Pick("a"), Pick("c"))
    assert three.moved("b", 1).keys == ("a", "c", "b")
    assert three.moved("a", -1) == three
    assert three.moved("c", 1) == three
    assert three.without("b").keys == ("a", "c")
