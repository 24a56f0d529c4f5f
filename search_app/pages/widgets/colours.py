"""Colours derived from an accent, so that text stays readable whatever accent is chosen (WCAG 2.2, 1.4.3)."""

from typing import Final

Colour = tuple[int, int, int]

WHITE: Final[Colour] = (255, 255, 255)
BLACK: Final[Colour] = (0, 0, 0)
# The darkest and the lightest ground of text in widget.css: its --soft in the light scheme, in the dark one.
LIGHT_GROUND: Final[Colour] = (0xF0, 0xF4, 0xF3)
DARK_GROUND: Final[Colour] = (0x1A, 0x2C, 0x31)
READABLE: Final = 4.5
STEPS: Final = 20


def parse_colour(text: str) -> Colour:
    """Return the colour of three or six hexadecimal digits; raises ValueError.

    >>> parse_colour("0b5a66"), parse_colour("#FC0")
    ((11, 90, 102), (255, 204, 0))
    """
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) != 6 or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
        raise ValueError("ce n’est pas une couleur")
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def to_hex(colour: Colour) -> str:
    """Return a colour as style sheets write it.

    >>> to_hex((11, 90, 102))
    '#0b5a66'
    """
    return "#{:02x}{:02x}{:02x}".format(*colour)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours, from 1 to 21.

    >>> contrast(WHITE, BLACK), round(contrast((119, 119, 119), WHITE), 2)
    (21.0, 4.48)
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def text_on(ground: Colour) -> Colour:
    """Return black or white, whichever reads better; one of them always has a contrast of 4.58 or more."""
    return max(BLACK, WHITE, key=lambda colour: contrast(colour, ground))


def readable(colour: Colour, ground: Colour) -> Colour:
    """Return the colour, mixed with black or white until it is readable as text on the ground."""
    towards = text_on(ground)
    mixed = colour
    for step in range(STEPS + 1):
        mixed = _mix(colour, towards, step / STEPS)
        if contrast(mixed, ground) >= READABLE:
            break
    return mixed


def _mix(colour: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(value / 255) for value in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
