"""The posted answers to questions about a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from funding import Person
from funding.facts.table import PERSON
from search_app.base.errors import BadParameters, Fault
from search_app.base.posted import Pairs, form_to_person
from search_app.pages.funding.asked.questions import BEGIN, PREFIX
from search_app.search.params.values import read_day
from search_app.text.dates import iso_day


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """What was posted: answers by fact as texts, the key of a session and the day on which to enter it as an ISO text,
    and what is wrong with them. ``lost``: a session was named that the offer has not, or no more.
    """

    given: Mapping[str, str]
    session: str = ""
    faults: tuple[Fault, ...] = ()
    posted: bool = True
    begin: str = ""
    lost: bool = False

    @property
    def begin_day(self) -> date | None:
        """Return the day on which to enter, None if none was given or it cannot be read."""
        try:
            return read_day(self.begin)
        except ValueError:
            return None


NOTHING_ASKED: Final = Asked({}, posted=False)


def read_answers(fields: Iterable[tuple[str, str]]) -> Pairs:
    """Return the answers in a form under the names of their facts, dates in ISO notation; empty ones are left out.

    Fields may be named with the prefix of pages that have other fields of these names.
    """
    named = ((name.removeprefix(PREFIX), text) for name, text in fields)
    return tuple(
        (name, iso_day(text) if PERSON[name].kind == "date" else text)
        for name, text in named
        if name in PERSON and text.strip()
    )


def read_asked(fields: Iterable[tuple[str, str]], session: str = "") -> tuple[Person, Asked]:
    """Return the person of a form, one of whom nothing is known where an answer cannot be read, and what was asked.

    ``session`` is that of the address, judged where the form names none.
    """
    pairs = tuple(fields)
    answers = read_answers(pairs)
    session = next((text for name, text in pairs if name == "session"), session)
    begin = iso_day(next((text for name, text in pairs if name == BEGIN), "").strip())
    try:
        return form_to_person(answers), Asked(dict(answers), session, begin=begin)
    except BadParameters as error:
        return Person(), Asked(dict(answers), session, error.faults, begin=begin)
