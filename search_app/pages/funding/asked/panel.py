"""The panel « Selon ma situation » beside offers: the questions that most funding depends on, as a form of its own."""

from dataclasses import dataclass
from typing import Final

from funding import Book
from funding.facts.table import PERSON
from search_app.pages.funding.asked.facts import facts_of_fees
from search_app.pages.funding.asked.posted import Asked
from search_app.pages.funding.asked.questions import FACT_NAMES, Question, build_question, to_fault_link
from search_app.pages.shared.layout import Link
from search_app.search.links import Pairs
from search_app.text import wording

TITLE: Final = "Selon ma situation"


@dataclass(frozen=True, slots=True, repr=False)
class Panel:
    """A form that posts to ``action``; ``unasked`` are answers to questions that other pages ask.

    ``upcoming`` offers to ask for sessions to come only, which is what somebody means who asks who pays; ``joinable``
    for those that one can register for, since a full or closed session pays, too.
    """

    action: str
    prefix: str
    questions: tuple[Question, ...]
    unasked: Pairs
    answered: int
    posted: bool
    faults: tuple[Link, ...]
    title: str = TITLE
    facts: str = FACT_NAMES
    upcoming: bool = False
    joinable: bool = False

    @property
    def holds(self) -> bool:
        """Tell whether the page is for the person that was posted."""
        return self.posted and not self.faults

    @property
    def count(self) -> str:
        """Return how many answers were given, an empty text if none was."""
        return wording.counted(self.answered, "réponse", "réponses") if self.answered else ""

    @property
    def given(self) -> Pairs:
        """Return all answers as fields, for forms that lead to pages for the same person."""
        return (*((each.name, each.value) for each in self.questions if each.value), *self.unasked)


def build_panel(book: Book, asked: Asked, action: str, prefix: str = "") -> Panel | None:
    """Return the panel with what was answered, None where no rules are stored."""
    if not book.schemes:
        return None
    wrong = frozenset(fault.parameter for fault in asked.faults)
    names = facts_of_fees(book)
    given = [short for short in PERSON if asked.given.get(short, "").strip() and short not in wrong]
    faulty = [short for short in PERSON if short in wrong and short not in names]
    return Panel(
        action=action,
        prefix=prefix,
        questions=tuple(build_question(short, asked.given, wrong, prefix) for short in (*names, *faulty)),
        unasked=tuple((prefix + short, asked.given[short]) for short in given if short not in names),
        answered=len(given),
        posted=asked.posted,
        faults=tuple(map(to_fault_link, asked.faults)),
    )
