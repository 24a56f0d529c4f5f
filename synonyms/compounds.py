"""Words joined by hyphens: « arc-en-ciel » is one word, « CAP-AEPE » and « chauffeur-routier » are two."""

import re
from collections.abc import Callable
from typing import Final

_COMPOUND: Final = re.compile(r"(?<![a-z0-9])[a-z0-9]+(?:-[a-z0-9]+)+")
_PART: Final = re.compile(r"[a-z0-9]+")
# Words that people join to an acronym with a hyphen.
_DIPLOMAS: Final = "bac bachelor bep bp brevet bts btsa but cap cqp licence master pro titre tp"
DIPLOMAS: Final = frozenset(_DIPLOMAS.split())


def is_torn(folded: str, start: int, end: int, knows: Callable[[str], bool]) -> bool:
    """Tell whether a stretch of a folded text is part of a compound whose other words are neither a diploma, nor
    contain a number, nor are known to a rule.

    >>> [is_torn(text, text.index("ciel"), len(text), lambda word: False) for text in ("arc-en-ciel", "bts-ciel")]
    [True, False]
    """
    return any(
        not (part[0] in DIPLOMAS or knows(part[0]) or any(map(str.isdigit, part[0])))
        for compound in _COMPOUND.finditer(folded)
        if compound.start() < end and start < compound.end()
        for part in _PART.finditer(folded, *compound.span())
        if part.end() <= start or part.start() >= end
    )
