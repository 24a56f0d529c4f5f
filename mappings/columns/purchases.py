"""Columns of what funders buy: one line of ``organisme-financeur`` is one purchase, and is never merged with another.

``programme``, ``market``
    the values that the lines tell, each once.
``purchases``
    what the lines meet, for the filter that one and the same line must meet (``purchase_token``).
``purchase_lines``
    the lines themselves, in order, as text: position, funder, programme, market, seats bought; empty is not told.
``bought``
    one number per line that tells seats: position, funder and seats.
"""

from collections.abc import Mapping
from itertools import product
from typing import Any, Final, NamedTuple

from mappings.session_index import FUNDER_NUMBERS

FIELDS: Final = ("programme", "market", "purchases", "purchase_lines", "bought")
BETWEEN: Final = "\x1f"
POSITION_DIGITS: Final = 4
SEATS_BITS: Final = 31
FUNDER_BITS: Final = 5
LONGEST: Final = 500  # characters of a programme or market: a term of two of them stays below the engine's limit
FILLER: Final = "."  # the national pool's own text for “no market”
# Parts of a token: any value, none told, or a value behind a mark.
ANY: Final = ""
NOT_TOLD: Final = "?"
TOLD: Final = "="


class Purchase(NamedTuple):
    """One line; None is not told."""

    funder: str | None = None
    programme: str | None = None
    market: str | None = None
    seats: int | None = None


def to_value(text: str | None) -> str | None:
    """Return a programme or market as it is searched, None if it tells nothing.

    >>> to_value(" PRF 2026 "), to_value("."), to_value(" "), to_value(None)
    ('PRF 2026', None, None, None)
    """
    value = (text or "").replace(BETWEEN, " ").strip()[:LONGEST].strip()
    return value if value and value != FILLER else None


def to_purchases(offer: Mapping[str, Any]) -> list[Purchase]:
    """Return the lines of a stored offer, in order."""
    return [
        Purchase(
            line["funder"], to_value(line.get("programme")), to_value(line.get("market")), line.get("seats_bought")
        )
        for line in offer.get("funding", ())
    ]


def told(value: str | None) -> str:
    """Return the part of a token for a value of a line, or for none.

    >>> told("2"), told(None)
    ('=2', '?')
    """
    return NOT_TOLD if value is None else TOLD + value


def purchase_token(funder: str, programme: str, market: str) -> str:
    """Return the term of ``purchases`` that a line has which meets all three; each is ANY or of ``told``."""
    return BETWEEN.join((funder, programme, market))


def index_purchases(offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns; an offer without lines has the tokens of a line that tells nothing.

    >>> made = index_purchases({"funding": [{"funder": "2", "programme": "PRF", "market": ".", "seats_bought": 12}]})
    >>> made["purchase_lines"], made["programme"], made["bought"] == [0 << 36 | 3 << 31 | 12], "market" in made
    (['0000\\x1f2\\x1fPRF\\x1f\\x1f12'], ['PRF'], True, False)
    >>> list(index_purchases({})), [token.replace(BETWEEN, "|") for token in index_purchases({})["purchases"]]
    (['purchases'], ['||?', '|?|', '|?|?', '?||', '?||?', '?|?|', '?|?|?'])
    """
    lines = to_purchases(offer)
    made = {
        "programme": sorted({line.programme for line in lines if line.programme}),
        "market": sorted({line.market for line in lines if line.market}),
        "purchases": sorted({token for line in lines or [Purchase()] for token in _tokens(line)}),
        "purchase_lines": [_packed(position, line) for position, line in enumerate(lines)],
        "bought": [_bought(position, line) for position, line in enumerate(lines) if line.seats],
    }
    return {name: values for name, values in made.items() if values}


def _tokens(line: Purchase) -> list[str]:
    """Return the tokens of a line, but the one that every line has."""
    parts = [(ANY, told(value)) for value in (line.funder, line.programme, line.market)]
    return [purchase_token(*each) for each in product(*parts) if any(each)]


def _packed(position: int, line: Purchase) -> str:
    return BETWEEN.join([f"{position:0{POSITION_DIGITS}}", *("" if value is None else str(value) for value in line)])


def _bought(position: int, line: Purchase) -> int:
    return (position << FUNDER_BITS | FUNDER_NUMBERS[line.funder or ""]) << SEATS_BITS | (line.seats or 0)
