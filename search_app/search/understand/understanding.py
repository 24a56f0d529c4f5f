"""The result of query understanding; all of it is reported to the client."""

from dataclasses import dataclass
from typing import Any

from search_app.search.understand.found import FilterWords
from search_app.search.understand.jobs import Job
from search_app.search.understand.spelling import Correction
from synonyms import Rule


@dataclass(frozen=True, slots=True)
class Understanding:
    """The interpretation of the typed words.

    ``kept`` is the typed text without filters; ``words`` is the same corrected and without insignificant words (« je
    cherche une formation »), and may be empty. ``variants`` are the words with acronyms expanded and rules applied,
    ``rules`` the rules that applied; ``phrases`` are multi-word units, in any wording. ``jobs`` are the jobs of the
    words.
    """

    typed: str
    kept: str
    words: str
    title: str  # the whole typed text, only corrected: the title if one was typed
    filters: tuple[FilterWords, ...] = ()
    corrections: tuple[Correction, ...] = ()
    variants: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    phrases: tuple[str, ...] = ()
    jobs: tuple[Job, ...] = ()
    other_places: tuple[str, ...] = ()  # towns named beside the place, which are not searched
    unknown_code: str = ""  # the words, if they are a code without offers
    rncp_like: str = ""  # the code of a certification of which the words are the number
    unknown_words: tuple[str, ...] = ()  # words beside known ones that no title, job, domain or provider has
    loose: bool = False  # no offer contains enough of the words: the search matches any of them, and similar ones

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the parameters of all filters, with every typed value of a repeatable one."""
        found: dict[str, Any] = {}
        for name, value in (row for each in self.filters for row in each.parameters):
            several = isinstance(value, tuple) and name in found
            found[name] = tuple(dict.fromkeys((*found[name], *value))) if several else value
        return found

    @property
    def texts(self) -> tuple[str, ...]:
        """Return every wording that is searched for, the words themselves first."""
        return (self.words, *self.variants)
