"""Numbers, amounts and truth values of feeds."""

import re
from functools import lru_cache
from typing import Final

AMOUNT: Final = re.compile(r"-?[0-9][0-9., ]*")
GROUPED: Final = re.compile(r"[.,](?=[0-9]{3}(?:[^0-9]|$))")
SPACES: Final = str.maketrans("", "", " \t\r\n\u00a0\u202f\u2009'’")
LARGEST: Final = 10_000_000  # euros or hours: larger numbers are implausible
DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,4}(?:[.,][0-9]{0,20})?")
FLAGS: Final = {"1": True, "0": False, "true": True, "false": False, "oui": True, "non": False}


@lru_cache(maxsize=5_000)
def parse_amount(text: str) -> float | None:
    """Parse a price or a number of hours; None if it is not a number, negative or implausible.

    >>> parse_amount("1 234,50 €"), parse_amount("1.234,50"), parse_amount("12,000"), parse_amount("560.00")
    (1234.5, 1234.5, 12000.0, 560.0)
    >>> parse_amount("Sur devis"), parse_amount("-5"), parse_amount("1,5,7"), parse_amount("9" * 20)
    (None, None, None, None)
    """
    bare = text.translate(SPACES).removesuffix("€").removesuffix("h").removesuffix("TTC").removesuffix("€")
    if not AMOUNT.fullmatch(bare):
        return None
    whole, mark, cents = _split_decimals(bare)
    if mark and not cents.isdigit():
        return None
    digits = GROUPED.sub("", whole)
    if not digits.isdigit():
        return None
    value = float(f"{digits}.{cents or 0}")
    return value if value <= LARGEST else None


def _split_decimals(bare: str) -> tuple[str, str, str]:
    """Split at the last separator, unless three digits follow: then it groups thousands."""
    at = max(bare.rfind("."), bare.rfind(","))
    if at < 0 or len(bare) - at - 1 == 3:
        return bare, "", ""
    return bare[:at], bare[at], bare[at + 1 :]


def parse_count(text: str) -> int | None:
    """Parse an integer, negative ones included; None for other texts.

    >>> parse_count(" 12 "), parse_count("-5"), parse_count("12 places"), parse_count("9" * 30)
    (12, -5, None, None)
    """
    bare = text.translate(SPACES)
    return int(bare) if re.fullmatch(r"-?[0-9]{1,9}", bare) else None


def parse_flag(text: str) -> bool | None:
    """Parse a truth value of dict-boolean; None for other texts.

    >>> parse_flag("1"), parse_flag("non"), parse_flag("2")
    (True, False, None)
    """
    return FLAGS.get(text.lower())


def parse_degrees(text: str) -> float | None:
    """Parse a latitude or longitude in decimal degrees; None for other texts.

    >>> parse_degrees("43,92903"), parse_degrees("-0.5"), parse_degrees("9-12.8"), parse_degrees("nan")
    (43.92903, -0.5, None, None)
    """
    bare = text.strip()
    return float(bare.replace(",", ".")) if DECIMAL.fullmatch(bare) else None
