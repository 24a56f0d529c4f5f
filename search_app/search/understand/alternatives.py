"""Alternatives with « ou »: « plombier ou électricien » searches each side separately and finds offers of either."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from search_app.search.understand.jobs import Job, mean_of
from search_app.search.understand.rules import MOST_VARIANTS, Expansion

MOST_SIDES: Final = MOST_VARIANTS  # each side is a wording of the query
_OR: Final = re.compile(r"\s+ou(?: bien| alors)?\s+", re.I)
_BETWEEN: Final = re.compile(r"\s+ou(?: bien| alors)?\s+|\s*,\s*", re.I)


@dataclass(frozen=True, slots=True)
class Side:
    """One alternative: its words, their other wordings, the jobs that they mean."""

    words: str
    expansion: Expansion
    jobs: tuple[Job, ...]


def split_sides(text: str) -> list[str]:
    """Return the sides of a text that contains « ou »: two to four of them, else none.

    >>> split_sides("plombier, maçon ou électricien"), split_sides("où aller"), split_sides("ou plombier")
    (['plombier', 'maçon', 'électricien'], [], [])
    """
    sides = [side for side in _BETWEEN.split(text) if side] if _OR.search(text) else []
    return sides if 1 < len(sides) <= MOST_SIDES else []


def either_of(sides: Sequence[Side]) -> tuple[Expansion, tuple[Job, ...]]:
    """Return the wordings of all sides and the jobs of all of them: the same number of wordings for each side, before a
    second wording of any.
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
