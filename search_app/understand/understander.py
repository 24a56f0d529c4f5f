"""Understands plain words: cleans, corrects, spells acronyms out, recognises jobs."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from mappings.lexicon import Lexicon
from mappings.words import clean, words_of
from search_app.understand.jobs import JobFinder
from search_app.understand.spelling import Correction, Speller, replace_words
from search_app.understand.understanding import Understanding

KEPT: Final = 1_000  # questions: a page asks several times about the same words
MOST_WORDS: Final = 40  # of a query that are looked at one by one; the longest title has 40


class Understander:
    """Made from a lexicon once, used by all requests until the next lexicon."""

    def __init__(self, lexicon: Lexicon, is_place: Callable[[str], bool] = lambda _: False) -> None:
        self._lexicon = lexicon
        self._speller = Speller(lexicon)
        self._jobs = JobFinder(lexicon)
        self._jobs.prepare()
        self._is_place = is_place
        self._kept = lru_cache(maxsize=KEPT)(self._understand)

    def understand(self, typed: str, *, verbatim: bool = False) -> Understanding:
        """Return what words mean; ``verbatim`` takes their spelling as it is."""
        return self._kept(typed, verbatim)

    def _understand(self, typed: str, verbatim: bool) -> Understanding:
        text = clean(typed)
        corrections: dict[str, str] = {}
        if not verbatim:
            corrections = self._speller.correct(words_of(text)[:MOST_WORDS], self._is_place)
            text = replace_words(text, corrections)
        variants = self._spell_out(text)
        meant = variants[0] if variants else text
        return Understanding(
            typed=typed,
            words=text,
            corrections=tuple(Correction(wrong, right) for wrong, right in corrections.items()),
            variants=variants,
            jobs=tuple(self._jobs.find(words_of(meant)[:MOST_WORDS])),
        )

    def _spell_out(self, text: str) -> tuple[str, ...]:
        """Return the text with its acronyms spelt out, one for each meaning of the first of them."""
        for word in words_of(text)[:MOST_WORDS]:
            if word in self._lexicon.acronyms and word not in self._lexicon.words:
                return tuple(replace_words(text, {word: meaning}) for meaning in self._lexicon.acronyms[word])
        return ()
