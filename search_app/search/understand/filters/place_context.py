"""The words before and after the name of a place: prepositions, articles, « et alentours », « ou »."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# Area first: « dans la Manche », « en Creuse »; town first: « à Vienne », « sur Lot ».
_AREA_WORDS: Final = (
    *(f"{where} {side}" for where in ("dans le", "au") for side in ("nord", "sud", "centre")),
    "dans l'est", "dans l'ouest", "dans le departement", "dans la region", "departement", "region", "dans", "ds", "en",
)  # fmt: skip
_TOWN_WORDS: Final = (
    "dans le secteur", "secteur", "dans les environs", "aux environs", "environs", "aux alentours", "alentours",
    "pas trop loin", "pas loin", "non loin", "a proximite", "proximite", "du cote", "a cote", "tout pres", "pres",
    "proche", "autour", "vers", "sur", "a", "au", "aux",
)  # fmt: skip
_ARTICLES: Final = ("du", "de la", "de l", "des", "de", "le", "la", "les", "l", "d")
_AREAS, _TOWNS, _ANY_ARTICLE = "|".join(_AREA_WORDS), "|".join(_TOWN_WORDS), "|".join(_ARTICLES)
_PREPOSITION: Final = re.compile(rf"\b(?:(?P<area>{_AREAS})|(?P<town>{_TOWNS}))(?: |')(?:(?:{_ANY_ARTICLE})(?: |'))*")
_BEFORE: Final = re.compile(rf"{_PREPOSITION.pattern}$")
_BARE: Final = re.compile(
    rf"\b(?<!permis )(?:{_AREAS}|{_TOWNS}|{_ANY_ARTICLE})(?:\s*|(?<=[dl])')$"
)  # « permis d lyon »
LONGEST_BEFORE: Final = 60  # characters before a name that are looked at
# After the name: « toulouse et alentours », « castres centre », « albi et sa région »
_AROUND: Final = (
    r"(?:(?:et|ou) )?(?:(?:dans )?(?:ses|les|la|sa|aux) )?"
    r"(?:alentours?|environs?|peripherie|agglo(?:meration)?|region|secteur|meme|centre(?:[ -]ville)?|ville|"
    r"nord|sud|est|ouest)"
)
_AROUND_AT_THE_END: Final = re.compile(rf"(?<=\w)[ ,]{{1,9}}{_AROUND}\s*$")
_ARTICLE_BEFORE: Final = re.compile(r"\b(?:du|de la|des|le|la|les|un|une) $")
_OF_AFTER: Final = re.compile(r" (?:de |du |des |d')(?=\w)")
_JOINED_AFTER: Final = re.compile(r"\s{0,9}(?:(?:ou|et)\b|[,/])")
_JOINED_BEFORE: Final = re.compile(r"(?:\b(?:ou|et)|[,/])\s{0,9}(?:(?:a|sur|vers) )?$")


@dataclass(frozen=True, slots=True)
class Preposition:
    """A preposition with its articles; « dans » and « en » are for areas rather than for towns."""

    start: int
    end: int
    is_for_areas: bool


def prepositions(folded: str) -> Iterator[Preposition]:
    """Yield the prepositions in a folded text, in order."""
    return map(_to_preposition, _PREPOSITION.finditer(folded))


def preposition_before(folded: str, start: int, name: str) -> Preposition | None:
    """Return the preposition right before a name, or in its contracted article (« au Mans »), None without one.

    >>> text = "soudeur dans le tarn"
    >>> preposition_before(text, text.index("tarn"), "tarn"), preposition_before(text, 0, "soudeur")
    (Preposition(start=8, end=16, is_for_areas=True), None)
    """
    if name.startswith(("le ", "les ")) and folded.startswith(("au ", "aux "), start):
        return Preposition(start, start, is_for_areas=False)
    found = _BEFORE.search(folded, max(0, start - LONGEST_BEFORE), start)
    return _to_preposition(found) if found else None


def _to_preposition(found: re.Match[str]) -> Preposition:
    return Preposition(found.start(), found.end(), bool(found["area"]))


def without_preposition(folded: str, start: int) -> int:
    """Return the start of the preposition or article right before a position, else the position."""
    found = _BARE.search(folded, max(0, start - LONGEST_BEFORE), start)
    return found.start() if found else start


def is_after_article(folded: str, start: int) -> bool:
    """Tell whether an article that is no part of a name stands right before a position: « du sens », « les tours »."""
    return bool(_ARTICLE_BEFORE.search(folded, max(0, start - LONGEST_BEFORE), start))


def is_joined(folded: str, start: int, end: int) -> bool:
    """Tell whether « ou », « et » or a comma stands right before or after a stretch."""
    before = _JOINED_BEFORE.search(folded, max(0, start - LONGEST_BEFORE), start)
    return bool(before or _JOINED_AFTER.match(folded, end))


def is_before_of(folded: str, end: int) -> bool:
    """Tell whether « de » and another word follow a position.

    >>> is_before_of("plaisir de lire", 7), is_before_of("paris de", 5)
    (True, False)
    """
    return bool(_OF_AFTER.match(folded, end))


def around_at_the_end(folded: str) -> re.Match[str] | None:
    """Return the words at the end that mean the surroundings of the place before them."""
    return _AROUND_AT_THE_END.search(folded)
