"""How plain words were understood; everything in it is told to whoever asked."""

from dataclasses import dataclass
from typing import Any

from search_app.search.understand.found import FilterWords
from search_app.search.understand.jobs import Job
from search_app.search.understand.spelling import Correction
from synonyms import Rule


@dataclass(frozen=True, slots=True)
class Understanding:
    """What is searched for in the place of the typed words.

    ``kept`` is the typed text without the words that are filters, ``words`` the same corrected and without what says
    nothing (« je cherche une formation »): it may be empty. ``variants`` are the words with acronyms spelt out and with
    what rules say is the same, ``rules`` those that held; ``phrases`` are words that are one thing, in any wording.
    ``jobs`` are those that the words mean.
    """

    typed: str
    kept: str
    words: str
    title: str  # all of the typed text, only corrected: what a title that is asked for by name would be
    filters: tuple[FilterWords, ...] = ()
    corrections: tuple[Correction, ...] = ()
    variants: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    phrases: tuple[str, ...] = ()
    jobs: tuple[Job, ...] = ()
    other_places: tuple[str, ...] = ()  # towns that were named beside the place, and are not searched in
    unknown_code: str = ""  # the words, if they are a code under which the catalogue has nothing
    loose: bool = False  # nothing in the catalogue has enough of the words: any of them will do, and similar ones

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the parameters of all filters; of one that may be repeated, every value that was typed."""
        found: dict[str, Any] = {}
        for name, value in (row for each in self.filters for row in each.parameters):
            several = isinstance(value, tuple) and name in found
            found[name] = tuple(dict.fromkeys((*found[name], *value))) if several else value
        return found

    @property
    def texts(self) -> tuple[str, ...]:
        """Return every wording that is searched for, the words themselves first."""
        return (self.words, *self.variants)
