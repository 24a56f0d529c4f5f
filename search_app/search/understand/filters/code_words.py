"""Codes that only the catalogue can tell: a Formacode without its name, and those under which nothing is known."""

import re
from typing import Final

from language.lexicon import Lexicon
from language.words import fold
from search_app.search.understand.found import Found

DOMAIN_DIGITS: Final = 3  # of a Formacode: what the catalogue counts its domains by
_FORMACODE: Final = re.compile(r"\s*(\d{5})\s*")
_RS: Final = re.compile(r"\s*rs[ :-]{0,3}(?:n[°o]? ?)?0*(\d{2,5})\s*")


def rs_number(folded: str) -> str | None:
    """Return the number of the specific register that a text is, without its prefix.

    >>> rs_number("rs5130"), rs_number("rs n° 5130"), rs_number("rsa 5130")
    ('5130', '5130', None)
    """
    match = _RS.fullmatch(folded)
    return match[1] if match else None


def formacode_alone(folded: str, lexicon: Lexicon) -> Found | None:
    """Return the domain that a text is the Formacode of, if the catalogue has any of its three digits."""
    match = _FORMACODE.fullmatch(folded)
    if match is None or match[1][:DOMAIN_DIGITS] not in lexicon.domains:
        return None
    at = folded.index(folded.strip())
    return Found("code", at, at + len(folded.strip()), (("domain", (match[1],)),))


def unknown_code(text: str, lexicon: Lexicon) -> str:
    """Return a text that is a code of the specific register or a Formacode that nothing carries, else ""."""
    folded = fold(text)
    number = rs_number(folded)
    if number:
        known = any(kind == "rs" and code == number for kind, code, _, _ in lexicon.certifications)
        return "" if known else text
    match = _FORMACODE.fullmatch(folded)
    return text if match and match[1][:DOMAIN_DIGITS] not in lexicon.domains else ""
