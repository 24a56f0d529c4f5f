"""How plain words were understood; everything in it is told to whoever asked."""

from dataclasses import dataclass

from search_app.understand.filter_words import FilterWords
from search_app.understand.jobs import Job
from search_app.understand.spelling import Correction
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
    filters: tuple[FilterWords, ...] = ()
    corrections: tuple[Correction, ...] = ()
    variants: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    phrases: tuple[str, ...] = ()
    jobs: tuple[Job, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Return every wording that is searched for, the words themselves first."""
        return (self.words, *self.variants)
