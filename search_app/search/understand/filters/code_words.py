"""Codes checked against the catalogue: a Formacode without its name, codes that no offer has, numbers of
certifications.
"""

import re
from collections.abc import Iterable
from typing import Final

from language.lexicon import Lexicon
from language.words import fold
from search_app.search.understand.found import FilterWords, Found

DOMAIN_DIGITS: Final = 3  # digits of a Formacode by which the catalogue counts domains
_FORMACODE: Final = re.compile(r"\s*(\d{5})\s*")
_NUMBER: Final = re.compile(r"\d{2,5}", re.ASCII)
_RS: Final = re.compile(r"\s*rs[ :-]{0,3}(?:n[°o]? ?)?0*(\d{2,5})\s*")


def rs_number(folded: str) -> str | None:
    """Return the number of the specific register (RS) that a text is, without its prefix.

    >>> rs_number("rs5130"), rs_number("rs n° 5130"), rs_number("rsa 5130")
    ('5130', '5130', None)
    """
    match = _RS.fullmatch(folded)
    return match[1] if match else None


def formacode_alone(folded: str, lexicon: Lexicon) -> Found | None:
    """Return the domain of a text that is a Formacode, if the catalogue has offers with its three digits."""
    match = _FORMACODE.fullmatch(folded)
    if match is None or match[1][:DOMAIN_DIGITS] not in lexicon.domains:
        return None
    at = folded.index(folded.strip())
    return Found("code", at, at + len(folded.strip()), (("domain", (match[1],)),))


def unknown_rncp(found: Iterable[FilterWords], lexicon: Lexicon) -> str:
    """Return the typed RNCP code if no offer has it, else ""."""
    typed = [(each.typed, value) for each in found for name, value in each.parameters if name == "rncp"]
    known = {code for kind, code, _, _ in lexicon.certifications if kind == "rncp"} if typed else set()
    return next((text for text, codes in typed if known.isdisjoint(codes)), "")


def rncp_like(text: str, lexicon: Lexicon) -> str:
    """Return the RNCP code that a number without a prefix may mean: one that offers have, else ""."""
    number = text.strip().lstrip("0")
    if not _NUMBER.fullmatch(number):
        return ""
    return next((code for kind, code, _, _ in lexicon.certifications if kind == "rncp" and code == number), "")


def unknown_code(text: str, lexicon: Lexicon) -> str:
    """Return a text that is an RS code or a Formacode without offers, else ""."""
    folded = fold(text)
    number = rs_number(folded)
    if number:
        known = any(kind == "rs" and code == number for kind, code, _, _ in lexicon.certifications)
        return "" if known else text
    match = _FORMACODE.fullmatch(folded)
    return text if match and match[1][:DOMAIN_DIGITS] not in lexicon.domains else ""
