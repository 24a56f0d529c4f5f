"""Comments, CDATA sections and processing instructions: where they end, and whether they were closed at all.

One that was closed hides what it holds. What shows that it was not, although its closer may come later on:

- inside a record: another record begins (a start tag that is followed by that of a child) before the closer;
- between records: the closer stands inside a record, or the same section is opened again after a record has begun.

Everything is passed once in each direction at most: what a search has found not to be there is remembered.
"""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from indexer.sources.prolog import START_TAG

CLOSERS: Final = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
CHILD: Final = re.compile(r"\s*+<[A-Za-z_:!?]")


class Patterns(NamedTuple):
    """What is looked for in sections of one kind, and the tags of records."""

    inside: re.Pattern[str]  # in a record
    between: re.Pattern[str]  # between records


def section_patterns(names: str) -> dict[str, Patterns]:
    """Return, by opener, what ends a section or tells that it was never closed; ``names`` are alternatives."""
    tag = rf"<(?P<close>/?)(?P<name>(?:[\w.\-]+:)?(?:{names}))(?=[\s/>\x00-\x08])"
    return {
        opener: Patterns(
            re.compile(rf"(?P<end>{re.escape(closer)})|{tag}"),
            re.compile(rf"(?P<end>{re.escape(closer)})|(?P<again>{re.escape(opener)})|{tag}"),
        )
        for opener, closer in CLOSERS.items()
    }


def begins_record(text: str, place: int) -> bool:
    """Tell whether the start tag there is one of a record with something in it, and no word of a text.

    >>> begins_record('<formation numero="1"> <action>', 0), begins_record("<formation> in a comment -->", 0)
    (True, False)
    """
    tag = START_TAG.match(text, place)
    return tag is not None and not tag[0].endswith("/>") and CHILD.match(text, tag.end()) is not None


@dataclass(slots=True)
class Unclosed:
    """A stretch of the document, from a section's opener on, in which nothing closes it and no record begins.

    ``last_end`` is the place behind the last end tag of a record in it.
    """

    start: int
    end: int
    last_end: int | None = None
