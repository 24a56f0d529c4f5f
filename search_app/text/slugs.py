"""Slugs: the readable part of an address, after the code that decides."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 60  # characters: an address stays readable in a list of results
_LETTERS: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l"})
_MARKS: Final = re.compile("[\u0300-\u036f]")
_WORDS: Final = re.compile("[a-z0-9]+")


def slug(text: str) -> str:
    """Return a text as lower-case ASCII words joined by hyphens, cut between words; empty if it has no such letter.

    >>> slug("Conduite d’engins agricoles"), slug("Maître-nageur / Maître-nageuse"), slug("Œuvre"), slug("中")
    ('conduite-d-engins-agricoles', 'maitre-nageur-maitre-nageuse', 'oeuvre', '')
    >>> len(slug("soudage " * 40))
    55
    """
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    words = _WORDS.findall(_MARKS.sub("", folded))
    made = ""
    for word in words:
        longer = f"{made}-{word}" if made else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        made = longer
    return made


def with_slug(code: str, text: str) -> str:
    """Return a code followed by the slug of its name.

    >>> with_slug("230", "Soudage, chaudronnerie"), with_slug("230", "中")
    ('230-soudage-chaudronnerie', '230')
    """
    words = slug(text)
    return f"{code}-{words}" if words else code
