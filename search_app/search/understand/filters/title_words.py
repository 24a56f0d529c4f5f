"""Lookup of titles by words: a query whose words all occur in one title is a title, and contains no filter."""

from collections.abc import Sequence
from typing import Final

from language.lexicon import Lexicon
from language.roots import base_form
from language.words import words_of

FEWEST: Final = 2  # words: a single one occurs in too many titles


class TitleWords:
    """Titles of trainings, certifications and jobs by their words; built once from a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._titles: dict[str, set[int]] = {}
        titles = [title for title, _ in lexicon.titles]
        titles += [label for _, _, label, _ in lexicon.certifications]
        titles += [title for _, title in lexicon.job_titles]
        for number, title in enumerate(dict.fromkeys(titles)):
            for word in words_of(title):
                self._titles.setdefault(base_form(word), set()).add(number)

    def has(self, words: Sequence[str]) -> bool:
        """Tell whether one title contains all these folded words, at least two."""
        forms = {base_form(word) for word in words}
        if len(forms) < FEWEST:
            return False
        found = [self._titles.get(form, set()) for form in forms]
        return bool(set.intersection(*sorted(found, key=len)))

    def has_any(self, words: Sequence[str]) -> bool:
        """Tell whether one title contains all these folded words, even a single one."""
        found = [self._titles.get(base_form(word), set()) for word in words]
        return bool(found and set.intersection(*found))
