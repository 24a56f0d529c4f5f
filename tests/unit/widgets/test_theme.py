"""The appearance of frames: allow-listed, and readable whatever the accent."""

import pytest

from search_app.base.errors import BadParameters
from search_app.pages.shared.assets import STATIC
from search_app.pages.widgets.colours import (
    BLACK,
    DARK_GROUND,
    LIGHT_GROUND,
    READABLE,
    WHITE,
    Colour,
    contrast,
    parse_colour,
    readable,
    text_on,
    to_hex,
)
from search_app.pages.widgets.theme import DEFAULT, Theme, build_style_sheet, read_theme, split_theme

STEPS = range(0, 256, 51)
ACCENTS: list[Colour] = [(red, green, blue) for red in STEPS for green in STEPS for blue in STEPS]
ACCENTS += [(119, 119, 119), (118, 118, 118), (0, 128, 128)]


def test_text_on_any_accent_and_any_accent_as_text_are_readable() -> None:
    for accent in ACCENTS:
        assert contrast(text_on(accent), accent) >= READABLE
        for ground in (LIGHT_GROUND, DARK_GROUND):
            assert contrast(readable(accent, ground), ground) >= READABLE, accent
        assert contrast(readable(accent, LIGHT_GROUND), WHITE) >= READABLE


def test_an_accent_that_is_readable_is_not_changed() -> None:
    assert to_hex(readable(parse_colour("0b5a66"), LIGHT_GROUND)) == "#0b5a66"
    assert readable(WHITE, LIGHT_GROUND) != WHITE
    assert readable(BLACK, DARK_GROUND) != BLACK


def test_grounds_are_those_of_the_style_sheet() -> None:
    sheet = (STATIC / "widget.css").read_text("utf-8")
    assert sheet.count(f"--soft: {to_hex(LIGHT_GROUND)};") == 1
    assert sheet.count(f"--soft: {to_hex(DARK_GROUND)};") == 2  # dark, and auto in the dark


def test_theme_is_read_in_every_notation_and_leaves_the_other_pairs() -> None:
    given = (("q", "x"), ("accent", "#FC0"), ("corners", "round"), ("scheme", "dark"), ("place", "Albi"))
    assert split_theme(given) == (Theme("ffcc00", "round", "dark"), (("q", "x"), ("place", "Albi")), [])
    assert read_theme((("accent", ""), ("scheme", " "))) == DEFAULT
    assert Theme("ffcc00", "soft", "dark").pairs == (("accent", "ffcc00"), ("scheme", "dark"))


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("accent", "red;}*{display:none", "chiffres hexadécimaux"),
        ("accent", "12345", "chiffres hexadécimaux"),
        ("accent", "１２３", "chiffres hexadécimaux"),
        ("corners", "wavy", "soft, square, round"),
        ("scheme", "DARK", "auto, light, dark"),
    ],
)
def test_a_value_that_is_not_allowed_is_a_fault_that_says_what_is(name: str, value: str, allowed: str) -> None:
    with pytest.raises(BadParameters) as refused:
        read_theme(((name, value),))
    (fault,) = refused.value.faults
    assert (fault.parameter, fault.value) == (name, value)
    assert allowed in fault.allowed
    assert allowed in fault.message


def test_all_wrong_values_are_told_at_once_and_a_repeated_one_is_wrong() -> None:
    with pytest.raises(BadParameters) as refused:
        read_theme((("accent", "zz"), ("scheme", "light"), ("scheme", "dark"), ("corners", "x")))
    assert [fault.parameter for fault in refused.value.faults] == ["accent", "scheme", "corners"]


def test_style_sheet_has_colours_for_both_schemes() -> None:
    sheet = build_style_sheet("ffcc00")
    assert "--accent:#ffcc00;--on-accent:#000000;" in sheet
    assert sheet.count("--link:") == 3
