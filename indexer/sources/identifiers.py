"""Finds the numbers of actions in the text of a possibly damaged record, so that their live versions are kept."""

import html
import re
from typing import Final

from language.unicode import compose

TAG: Final = re.compile(r"<(?:[\w.\-]+:)?(?P<name>action|resume-offre)(?=[\s/>])(?P<rest>[^<>]{0,20000})")
NUMBER: Final = re.compile(r"""\snumero\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
SESSION_MARK: Final = re.compile(r"^(.+)_SE_.+$")


def action_of_resume(number: str) -> str:
    """Return the action's number from that of a resume, which consists of action and session.

    >>> action_of_resume("14_AF_0000011179_SE_0000093700"), action_of_resume("X1")
    ('14_AF_0000011179', 'X1')
    """
    found = SESSION_MARK.match(number)
    return found[1] if found else number


def number_in(attributes: str) -> str | None:
    """Return the number in the attributes of a start tag, None if there is none.

    >>> number_in(' datecrea="2020" numero="A&amp;B "')
    'A&B'
    """
    found = NUMBER.search(attributes)
    return compose(html.unescape(found[1] or found[2] or "")).strip() or None if found else None


def action_numbers(text: str, start: int = 0, end: int | None = None) -> list[str | None]:
    """Return the number of every action whose start tag begins in that part of the text, None for one without.

    >>> action_numbers('<action numero="A1"><session numero="S"/></action><p:action>')
    ['A1', None]
    """
    numbers = []
    for tag in TAG.finditer(text, start):
        if end is not None and tag.start() >= end:
            break
        number = number_in(tag["rest"])
        numbers.append(action_of_resume(number) if number and tag["name"] == "resume-offre" else number)
    return numbers


def kept_identifiers(numbers: list[str | None]) -> tuple[str, ...]:
    """Return the numbers if each action states one, else none: derived numbers are unknown here.

    >>> kept_identifiers(["A1", "A2", "A1"]), kept_identifiers(["A1", None])
    (('A1', 'A2'), ())
    """
    return () if None in numbers else tuple(dict.fromkeys(number for number in numbers if number))
