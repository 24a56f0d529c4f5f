"""Titles that exist: words that all stand in one of them are a title, and none of them is a filter."""

from collections.abc import Sequence
from typing import Final

from language.lexicon import Lexicon
from language.roots import base_form
from language.words import words_of

FEWEST: Final = 2  # words: a single one stands in too many titles to mean any of them


class TitleWords:
    """Titles of trainings, of certifications and of jobs by their words; made from a lexicon once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._titles: dict[str, set[int]] = {}
        titles = [title for title, _ in lexicon.titles]
        titles += [label for _, _, label, _ in lexicon.certifications]
        titles += [title for _, title in lexicon.job_titles]
        for number, title in enumerate(dict.fromkeys(titles)):
            for word in words_of(title):
                self._titles.setdefault(base_form(word), set()).add(number)

    def has(self, words: Sequence[str]) -> bool:
        """Tell whether one title has all these folded words, of which there are two or more."""
        forms = {base_form(word) for word in words}
        if len(forms) < FEWEST:
            return False
        found = [self._titles.get(form, set()) for form in forms]
        return bool(set.intersection(*sorted(found, key=len)))

    def has_any(self, words: Sequence[str]) -> bool:
        """Tell whether one title has all these folded words, be it a single one."""
        found = [self._titles.get(base_form(word), set()) for word in words]
        return bool(found and set.intersection(*found))
