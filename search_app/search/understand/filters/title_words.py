"""Lookup of titles by words: a query whose words all occur in one title is a title, and contains no filter."""

from collections.abc import Iterable, Sequence
from typing import Final

from language.lexicon import Lexicon
from language.roots import base_form
from language.words import fold, spans_of, words_of
from search_app.search.understand.rules import SAYS_LITTLE

FEWEST: Final = 2  # words: a single one occurs in too many titles
MOST_OF: Final = (
    0.6  # of the words of a title: « licence d'anglais de Bordeaux » of « Licence LLCER anglais, Bordeaux »
)


class TitleWords:
    """Titles of trainings, certifications and jobs by their words; built once from a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._titles: dict[str, set[int]] = {}
        self._lengths: list[int] = []
        self._in_lower_case: set[str] = set()
        self._capitalised: set[str] = set()
        self._first: set[str] = set()
        titles = [title for title, _ in lexicon.titles]
        titles += [label for _, _, label, _ in lexicon.certifications]
        titles += [title for _, title in lexicon.job_titles]
        for title in dict.fromkeys(titles):
            self._add(title)

    def _add(self, title: str) -> None:
        words = words_of(title)
        forms = _telling(words)
        for form in map(base_form, words):
            self._titles.setdefault(form, set()).add(len(self._lengths))
        self._lengths.append(len(forms))
        if not title.isupper():
            self._add_capitals(title)

    def _add_capitals(self, title: str) -> None:
        folded = fold(title)
        if len(folded) != len(title):  # with ligatures, lengths differ: too rare to align letters
            return
        for number, (word, start, _) in enumerate(spans_of(folded)):
            if title[start].islower():
                self._in_lower_case.add(word)
            else:
                (self._capitalised if number else self._first).add(word)

    def has(self, words: Sequence[str]) -> bool:
        """Tell whether one title contains all these folded words, at least two."""
        forms = {base_form(word) for word in words}
        return len(forms) >= FEWEST and bool(self._with_all(forms))

    def has_any(self, words: Sequence[str]) -> bool:
        """Tell whether one title contains all these folded words, even a single one."""
        return bool(words) and bool(self._with_all(map(base_form, words)))

    def is_whole(self, words: Sequence[str]) -> bool:
        """Tell whether these folded words, even a single one, are most words of a title, not only of a longer one."""
        forms = _telling(words)
        return bool(forms) and any(MOST_OF * self._lengths[at] <= len(forms) for at in self._with_all(forms))

    def is_common(self, word: str) -> bool:
        """Tell whether a folded word is no proper name: some title has it in lower case (« maçon »), or only titles
        that begin with it have it; « Bordeaux » is one.
        """
        return word in self._in_lower_case or (word in self._first and word not in self._capitalised)

    def _with_all(self, forms: Iterable[str]) -> set[int]:
        found = [self._titles.get(form, set()) for form in forms]
        return set.intersection(*sorted(found, key=len))


def _telling(words: Iterable[str]) -> set[str]:
    """Return the base forms of the words that tell one title from another; of all if none does."""
    words = list(words)
    return {base_form(word) for word in words if word not in SAYS_LITTLE} or set(map(base_form, words))
