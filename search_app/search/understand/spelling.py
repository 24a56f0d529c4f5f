"""Corrects unknown words to the nearest known word, preferring frequent words related to the rest of the query."""

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA, Prefix

from language.lexicon import Lexicon
from language.roots import base_form, root_of
from language.words import STOP_WORDS, fold

SHORTEST: Final = 4  # letters of a word that is corrected: "bts" and "btp" are both right
MOST_WRONG: Final = 5  # words of a query that are corrected: with more it is no French, and each takes a millisecond
SHORT: Final = 5  # letters of a word of which at most one is corrected
SHORTEST_PART: Final = 3  # letters of each of two words typed as one
MOST_PARTS: Final = 4
LONGEST_SPLIT: Final = 40  # letters of a word in which two words are looked for
LONG: Final = 10  # letters from which two slips are corrected; from RATHER_LONG only if the beginning is right
RATHER_LONG: Final = 8
BEGINNING: Final = 4  # letters of the beginning: « soudeurre »
CANDIDATES: Final = 30
_WORD: Final = re.compile(r"[^\W_]+")
# Penalties and bonuses of a candidate, in units of one slip. Frequency and relatedness decide between equally near
# candidates; the first letter is hardly ever mistyped.
FREQUENT: Final = 0.12  # per doubling of the number of texts with the word
AT_HOME: Final = 0.9  # for sharing a job with the other words of the query
OTHER_START: Final = 0.6  # penalty of a candidate with another first letter
SAME_LETTER: Final = 0.05  # per letter before the first slip: « soudeurre » is « soudeur » rather than « soudure »
OTHER_LENGTH: Final = 0.2  # penalty of another length: two swapped letters are the likeliest slip


@dataclass(frozen=True, slots=True)
class Correction:
    """A typed word, and the word that is searched instead."""

    typed: str
    word: str


class Speller:
    """The words of catalogue and vocabularies; built once from a lexicon, shared by all requests."""

    def __init__(self, lexicon: Lexicon, is_pair: Callable[..., bool] = lambda *words: False) -> None:
        """``is_pair`` tells whether folded words stand together in a title or a rule."""
        self._lexicon = lexicon
        self._is_pair = is_pair
        self._names = frozenset(lexicon.names)
        self._forms = frozenset(map(base_form, lexicon.words))
        self._by_length: dict[int, list[str]] = {}
        for word in lexicon.words:
            if len(word) >= SHORTEST - 1:
                self._by_length.setdefault(len(word), []).append(word)

    def has(self, word: str) -> bool:
        """Tell whether a folded word occurs anywhere in this form."""
        return word in self._lexicon.words or word in self._names or word in self._lexicon.acronyms

    def knows(self, word: str) -> bool:
        """Tell whether a folded word, or another form of it, occurs anywhere."""
        return self.has(word) or base_form(word) in self._forms

    def is_only_a_name(self, word: str) -> bool:
        """Tell whether a folded word occurs only in names of providers: « rodez » in « Campus Rodez »."""
        elsewhere = word in self._lexicon.words or word in self._lexicon.acronyms or base_form(word) in self._forms
        return word in self._names and not elsewhere

    def correct(self, words: Sequence[str], is_place: Callable[[str], bool]) -> dict[str, str]:
        """Return the corrections of misspelt folded words.

        A word of an existing provider or place is never corrected.
        """
        wrong = [word for word in words if _is_correctable(word) and not self.knows(word) and not is_place(word)]
        if not wrong:
            return {}
        company = self._jobs_of([word for word in words if word not in wrong])
        found = {word: self._split(word) or self._nearest(word, company) for word in wrong[:MOST_WRONG]}
        short = [word for word, right in found.items() if right and len(word) <= SHORT]
        # Several short unknown words are a sentence rather than several slips.
        return {word: right for word, right in found.items() if right and (len(short) < 2 or word not in short)}

    def _split(self, word: str) -> str | None:
        """Return the known words that were typed as one: « aidesoignante », « auxiliairedevie »."""
        if len(word) > LONGEST_SPLIT:
            return None
        for parts in self._partings(word, MOST_PARTS):
            telling = [part for part in parts if part not in STOP_WORDS]
            if len(telling) > 1 and self._is_pair(*telling):
                return " ".join(parts)
        return None

    def _partings(self, word: str, most: int) -> Iterator[tuple[str, ...]]:
        """Yield the ways to part a word into known ones of three letters or more, and « de » between them."""
        if len(word) >= SHORTEST_PART and self.knows(word):
            yield (word,)
        for end in range(2, len(word) - SHORTEST_PART + 1) if most > 1 else ():
            first = word[:end]
            if first in STOP_WORDS or (end >= SHORTEST_PART and self.knows(first)):
                yield from ((first, *rest) for rest in self._partings(word[end:], most - 1))

    def _nearest(self, word: str, company: Mapping[int, float]) -> str | None:
        slips = 2 if len(word) >= RATHER_LONG else 1
        lengths = range(len(word) - slips, len(word) + slips + 1)
        near = [each for length in lengths for each in self._by_length.get(length, ())]
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=slips, limit=CANDIDATES)
        found = [row for row in found if row[1] < 2 or _is_like(word, row[0])]
        if not found:
            return None
        return min(found, key=lambda row: (self._cost(word, row[0], row[1], company), row[0]))[0]

    def _cost(self, word: str, candidate: str, slips: float, company: Mapping[int, float]) -> float:
        cost = slips - FREQUENT * math.log2(1 + self._lexicon.words[candidate])
        if candidate[0] != word[0]:
            cost += OTHER_START
        if len(candidate) != len(word):
            cost += OTHER_LENGTH
        cost -= SAME_LETTER * Prefix.similarity(candidate, word)
        if company:
            cost -= AT_HOME * _shared(self._jobs_of([candidate]), company)
        return cost

    def _jobs_of(self, words: Collection[str]) -> dict[int, float]:
        jobs: dict[int, float] = {}
        for root in map(root_of, words):
            row = self._lexicon.weights.get(root, ())
            for job, weight in zip(row[::2], row[1::2], strict=True):
                jobs[int(job)] = jobs.get(int(job), 0.0) + weight
        return jobs


def _is_like(word: str, candidate: str) -> bool:
    """Tell whether two slips between words are accepted."""
    return len(word) >= LONG or word[:BEGINNING] == candidate[:BEGINNING]


def _is_correctable(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha()


def _shared(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """Return the cosine similarity of two weightings of jobs, 0 to 1."""
    product = sum(weight * other[job] for job, weight in one.items() if job in other)
    if not product:
        return 0.0
    return product / math.sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))


def replace_words(text: str, corrections: Mapping[str, str]) -> str:
    """Return a text with all occurrences of folded words replaced, everything else unchanged.

    >>> replace_words("Soudeurre à l'arc", {"soudeurre": "soudeur"})
    "soudeur à l'arc"
    """
    folded = fold(text)
    source = text if len(folded) == len(text) else folded  # with ligatures, lengths differ: too rare to align letters
    parts: list[str] = []
    at = 0
    for found in _WORD.finditer(folded):
        if found[0] in corrections:
            parts += [source[at : found.start()], corrections[found[0]]]
            at = found.end()
    return "".join((*parts, source[at:]))
