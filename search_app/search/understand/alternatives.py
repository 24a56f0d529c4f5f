"""« plombier ou électricien »: each side is searched for by itself, and offers of either are found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from search_app.search.understand.jobs import Job, mean_of
from search_app.search.understand.rules import MOST_VARIANTS, Expansion

MOST_SIDES: Final = MOST_VARIANTS  # each is a wording of the query
_OR: Final = re.compile(r"\s+ou(?: bien| alors)?\s+", re.I)
_BETWEEN: Final = re.compile(r"\s+ou(?: bien| alors)?\s+|\s*,\s*", re.I)


@dataclass(frozen=True, slots=True)
class Side:
    """One of several things that are looked for: its words, what is searched beside them, the jobs that they mean."""

    words: str
    expansion: Expansion
    jobs: tuple[Job, ...]


def split_sides(text: str) -> list[str]:
    """Return the sides of a text that has « ou »: two to four of them, else none.

    >>> split_sides("plombier, maçon ou électricien"), split_sides("où aller"), split_sides("ou plombier")
    (['plombier', 'maçon', 'électricien'], [], [])
    """
    sides = [side for side in _BETWEEN.split(text) if side] if _OR.search(text) else []
    return sides if 1 < len(sides) <= MOST_SIDES else []


def either_of(sides: Sequence[Side]) -> tuple[Expansion, tuple[Job, ...]]:
    """Return what is searched for any of the sides, and the jobs of all of them: as many words for the one as for the
    other, before a second wording of either.
    """
    wordings = [(side.words, *side.expansion.variants) for side in sides]
    variants = (each for rank in zip_longest(*wordings) for each in rank if each)
    rules = (rule for side in sides for rule in side.expansion.rules)
    phrases = (phrase for side in sides for phrase in side.expansion.phrases)
    expansion = Expansion(
        variants=tuple(dict.fromkeys(variants))[:MOST_VARIANTS],
        rules=tuple(dict.fromkeys(rules)),
        phrases=tuple(dict.fromkeys(phrases)),
    )
    return expansion, mean_of([side.jobs for side in sides])
