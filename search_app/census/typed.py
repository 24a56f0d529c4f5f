"""What a typed text is: a number of a body, or words of its name and of its town."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from language.names import fold_name
from language.words import STOP_WORDS
from mappings.census.name_index import joined, without_form
from search_app.search.places.found_place import FoundPlace

SIREN_DIGITS: Final = 9
SIRET_DIGITS: Final = 14
_ELIDED: Final = frozenset(("l", "d", "qu"))
_SEPARATORS: Final = re.compile(r"[\s.\-/]+")
_LABEL: Final = re.compile(r"(?:(?:siren|siret|nda)\s*[:°]?|n[°º])\s*", re.IGNORECASE)
# Some declaration numbers have a letter (« 4154P001454 »); one of equal digits is a filler.
_NDA: Final = re.compile(r"(?!(.)\1{10})(?=(?:\D*\d){8})\d{2}[0-9A-Z]{9}")
LONGEST_TOWN: Final = 5  # words of a town's name at the end of a text
SMALLEST_TOWN: Final = 1_000  # inhabitants: smaller communes have the names of many things
MOST_WORDS: Final = 10  # words that are compared one by one; the whole name is compared anyway


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed text; ``number`` is empty unless it is one. ``forms`` are the whole text without spaces, with and without
    legal form; ``words`` are its words without articles, prepositions and legal forms.
    """

    number: str
    forms: tuple[str, ...]
    words: tuple[str, ...]


def to_number(text: str) -> str:
    """Return a SIREN, a SIRET or a declaration number without its separators, "" for anything else.

    >>> to_number("130 002 850"), to_number("SIRET 130 002 850 00019"), to_number("11.75.41852.75"), to_number("afpa")
    ('130002850', '13000285000019', '11754185275', '')
    >>> to_number("n° 4154p001454"), to_number("00000000000"), to_number("12formation")
    ('4154P001454', '', '')
    """
    bare = _SEPARATORS.sub("", _LABEL.sub("", text.strip(), count=1)).upper()
    if not bare.isascii():
        return ""
    is_one = bare.isdigit() and len(bare) in (SIREN_DIGITS, SIRET_DIGITS)
    return bare if is_one or _NDA.fullmatch(bare) else ""


def read_typed(text: str) -> Typed:
    """Return what a text is.

    >>> read_typed("SARL L'Atelier-du Bois, Albi").words, read_typed("e-learning").forms, read_typed("pour").words
    (('atelier', 'bois', 'albi'), ('elearning',), ('pour',))
    """
    folded = fold_name(text)
    bare = without_form(folded)
    words = [word for word in bare.split() if word not in STOP_WORDS and word not in _ELIDED] or bare.split()
    forms = dict.fromkeys(form for form in (joined(folded), joined(bare)) if form)
    return Typed(to_number(text), tuple(forms), tuple(dict.fromkeys(words))[:MOST_WORDS])


def split_town(text: str, find: Callable[[str], Iterable[FoundPlace]]) -> tuple[str, FoundPlace] | None:
    """Return a text without the town at its end, and the town; None if it ends with none or is nothing else.

    ``find`` returns the places of a folded name: « afpa toulouse » is the Afpa, near Toulouse if there is none there.
    """
    words = fold_name(text).split()
    for length in range(min(LONGEST_TOWN, len(words) - 1), 0, -1):
        rest, name = words[:-length], " ".join(words[-length:])
        towns = [place for place in find(name) if place.is_town and place.population >= SMALLEST_TOWN]
        if towns and read_typed(" ".join(rest)).words:
            return " ".join(rest), towns[0]
    return None
