"""Readers of one parameter's text: each returns the typed value or raises ValueError with a French sentence."""

import re
from collections.abc import Callable, Container
from datetime import date

from language.unicode import compose_text
from mappings.keys import KEY_LENGTH, LETTERS

# Pasted texts contain line ends and tabs; other control characters are never typed, and break logs and headers.
PASTED = re.compile(r"[\t\r\n]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
DECIMALS = 6  # of a degree: a tenth of a metre
GROUPING = re.compile(r"[ \u00a0\u202f]")  # between thousands
# More digits than any 64-bit number has, and few enough for a fault that quotes them.
_WHOLE = rf"\d{{1,12}}|\d{{1,3}}(?:{GROUPING.pattern}\d{{3}}){{1,3}}"
NUMBER = re.compile(rf"[+-]?(?:{_WHOLE})(?:[.,]\d{{1,30}})?(?:[eE][+-]?\d{{1,3}})?", re.ASCII)


def text_reader(longest: int) -> Callable[[str], str]:
    """Return a reader of free text of at most ``longest`` characters, with single spaces."""

    def read_text(text: str) -> str:
        if len(text) > longest:
            raise ValueError(f"ce texte a {len(text)} caractères, {longest} au plus sont possibles")
        text = compose_text(PASTED.sub(" ", text))
        if CONTROL.search(text):
            raise ValueError("ce texte contient des caractères de contrôle")
        return " ".join(text.split())

    return read_text


def choice_reader(allowed: Container[str]) -> Callable[[str], str]:
    """Return a reader of one code out of a closed list."""

    def read_choice(text: str) -> str:
        if text not in allowed:
            raise ValueError("cette valeur n’est pas dans la liste")
        return text

    return read_choice


def pattern_reader(pattern: str) -> Callable[[str], str]:
    """Return a reader of a code of the given form; letters are case-insensitive and returned as capitals."""
    compiled = re.compile(pattern, re.ASCII)

    def read_pattern(text: str) -> str:
        if not compiled.fullmatch(text.upper()):
            raise ValueError("ce code n’a pas la bonne forme")
        return text.upper()

    return read_pattern


def number_reader(least: float, most: float) -> Callable[[str], float]:
    """Return a reader of a decimal number within both limits, rounded to DECIMALS.

    Accepts the notation of programs (``44.123456789012345``, ``5.1e-7``) and of people (``1 500,50``).
    """

    def read_number(text: str) -> float:
        if not NUMBER.fullmatch(text):
            raise ValueError("ce n’est pas un nombre")
        number = float(GROUPING.sub("", text).replace(",", "."))
        if not least <= number <= most:
            raise ValueError("ce nombre est hors des limites")
        return round(number, DECIMALS) + 0.0  # never -0

    return read_number


def integer_reader(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of an integer within both limits."""

    def read_integer(text: str) -> int:
        if not re.fullmatch(r"\+?\d{1,9}", text, re.ASCII):
            raise ValueError("ce n’est pas un nombre entier")
        if not least <= int(text) <= most:
            raise ValueError("ce nombre est hors des limites")
        return int(text)

    return read_integer


def integer_or_word_reader(least: int, most: int, words: Container[str]) -> Callable[[str], int | str]:
    """Return a reader of one of some words, or of an integer within both limits."""
    read_integer = integer_reader(least, most)

    def read_integer_or_word(text: str) -> int | str:
        return text if text in words else read_integer(text)

    return read_integer_or_word


def read_day(text: str) -> date:
    """Read an ISO date of the years 1900 to 2200, e.g. ``2027-03-01``."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError("ce n’est pas une date")
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("cette date n’existe pas") from error
    if not 1900 <= day.year <= 2200:
        raise ValueError("cette date est hors des limites")
    return day


def read_flag(text: str) -> bool:
    """Read ``true`` or ``false``; ``1``, ``on`` and ``0`` as forms send them."""
    if text in ("true", "1", "on"):
        return True
    if text in ("false", "0"):
        return False
    raise ValueError("ce n’est ni oui ni non")


def read_key(text: str) -> str:
    """Read a short key, in either case; returns it in lower case.

    >>> read_key("N33NHRXDJCPE")
    'n33nhrxdjcpe'
    """
    key = text.lower()
    if len(key) != KEY_LENGTH or not set(key) <= set(LETTERS):
        raise ValueError("ce n’est pas une clé")
    return key


def read_rncp(text: str) -> str:
    """Read a code of the national register with or without its letters, e.g. ``RNCP38565``; returns the digits.

    >>> read_rncp("rncp 38565"), read_rncp("403")
    ('38565', '403')
    """
    match = re.fullmatch(r"(?:RNCP\s?)?0*(\d{1,8})", text.upper(), re.ASCII)
    if not match:
        raise ValueError("ce n’est pas un code RNCP")
    return match[1]
