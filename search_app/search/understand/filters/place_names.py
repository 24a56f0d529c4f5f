"""Names of places in a text: the longest ones, each with what tells it from its namesakes (« Lille 59 »)."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from search_app.search.places.finder import PlaceFinder
from search_app.search.places.found_place import FoundPlace

_CONTRACTED: Final = {"au": "le", "du": "le", "aux": "les", "des": "les"}  # « au Mans », « aux Sables-d'Olonne »
_WRITTEN_OUT: Final = {"st": "saint", "ste": "sainte"}
LONGEST_NAME: Final = 8  # words of « saint remy en bouzemont saint genest et isson »
MOST_WORDS: Final = 40  # words of a text that are looked at
TOKEN: Final = re.compile(r"[a-z0-9]+")
_BETWEEN: Final = frozenset((" ", "-", "'", ". "))  # between two words of one name
# The number of a département or a postal code after a name
_HINT: Final = re.compile(r"[ ,]{0,3}(?:\((\d{2,3}|2[ab])\)|(?<![a-z0-9])(\d{2} ?\d{3}|\d{2,3}|2[ab])(?![a-z0-9]))")


@dataclass(frozen=True, slots=True)
class Name:
    """A stretch of a folded text that is the name of places, the likeliest first.

    ``first`` and ``last`` are the numbers of its words in the text; ``is_known`` tells whether a number after it says
    which place is meant; ``end`` is after that number.
    """

    first: int
    last: int
    start: int
    end: int
    text: str
    places: Sequence[FoundPlace]
    is_known: bool = False


def names_in(folded: str, places: PlaceFinder, is_word: Callable[[str], bool]) -> list[Name]:
    """Return the names in a text, in order: of those that end at one word the longest, and none inside another.

    The beginning of a name counts only if it is no word of the catalogue: « Cherbourg », not « Pont ».
    """
    found = sorted(_all_names(folded, places, is_word), key=lambda name: (name.first - name.last, name.first))
    kept: list[Name] = []
    for name in found:
        if all(name.last < other.first or name.first > other.last for other in kept):
            kept.append(name)
    return sorted(kept, key=lambda name: name.first)


def _all_names(folded: str, places: PlaceFinder, is_word: Callable[[str], bool]) -> Iterator[Name]:
    tokens = list(TOKEN.finditer(folded))[:MOST_WORDS]
    words = [_WRITTEN_OUT.get(token[0], token[0]) for token in tokens]
    joined = [folded[one.end() : other.start()] in _BETWEEN for one, other in pairwise(tokens)] + [False]
    is_plain = [is_word(word) for word in words]
    for first, word in enumerate(words):
        start = _CONTRACTED.get(word, word)
        if not places.begins_a_name(start):
            continue
        for last in range(first, min(first + LONGEST_NAME, len(tokens))):
            name = " ".join((start, *words[first + 1 : last + 1]))
            found = places.exactly(name) if all(is_plain[first : last + 1]) else places.named(name)
            if found and not name.isdigit():
                ends = tokens[first].start(), tokens[last].end()
                yield _with_its_hint(Name(first, last, *ends, name, found), folded, tokens, places)
            if not joined[last]:
                break


def _with_its_hint(name: Name, folded: str, tokens: Sequence[re.Match[str]], places: PlaceFinder) -> Name:
    """Return a name with the number after it, and the places that it fits: « Saint-Denis (93) », « Lille 59000 »."""
    hint = _HINT.match(folded, name.end)
    if hint is None:
        return name
    number = (hint[1] or hint[2]).replace(" ", "")
    fitting = places.fitting(name.places, number)
    if not fitting:
        return name
    last = max(at for at, token in enumerate(tokens) if token.start() < hint.end())
    return Name(name.first, last, name.start, hint.end(), name.text, fitting, is_known=True)
