"""How plain words were understood; everything in it is told to whoever asked."""

from dataclasses import dataclass

from search_app.understand.jobs import Job
from search_app.understand.spelling import Correction


@dataclass(frozen=True, slots=True)
class Understanding:
    """What is searched for in the place of the typed words.

    ``words`` is the text that remains, corrected; ``variants`` are the same with acronyms spelt out and with what
    rules say is the same; ``jobs`` are those that the words mean.
    """

    typed: str
    words: str
    corrections: tuple[Correction, ...] = ()
    variants: tuple[str, ...] = ()
    jobs: tuple[Job, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Return every wording that is searched for, the words themselves first."""
        return (self.words, *self.variants)
