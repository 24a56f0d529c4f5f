"""Comments, CDATA sections and processing instructions: where they end, and whether they were closed at all.

One that was closed hides what it holds. What shows that it was not, although its closer may come later on:

- inside a record: another record begins (a start tag that is followed by that of a child) before the closer;
- between records: the closer stands inside a record, or the same section is opened again after a record has begun.

What a search has not found is remembered, so that no stretch of text is searched twice for the same.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from indexer.sources.prolog import START_TAG
from indexer.sources.text_buffer import MARGIN, TextBuffer

CLOSERS: Final = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
CHILD: Final = re.compile(r"\s*+<[A-Za-z_:!?]")
TAG: Final = 100_000  # characters that a start tag may have, identifiers of several thousand included


class SectionEnd(NamedTuple):
    """Where a section inside a record ends, or the record if nothing closes it; None if more text is needed to tell."""

    place: int | None
    ends_record: bool = False
    has_end_tag: bool = False  # of the record


@dataclass(slots=True)
class Unclosed:
    """A stretch of the document, from a section's opener on, in which nothing closes it and no record begins.

    ``last_end`` is the place behind the last end tag of a record in it.
    """

    start: int
    end: int
    last_end: int | None = None


def begins_record(text: str, place: int) -> bool:
    """Tell whether the start tag there is one of a record with something in it, and no word of a text.

    >>> begins_record('<formation numero="1"> <action>', 0), begins_record("<formation> in a comment -->", 0)
    (True, False)
    """
    tag = START_TAG.match(text, place)
    return tag is not None and not tag[0].endswith("/>") and CHILD.match(text, tag.end()) is not None


class Sections:
    """Finds the ends of sections in a buffer.

    ``names`` are the records' own, as alternatives; ``is_record`` tells whether the start tag at a place has the
    namespace of one; ``longest`` is how many characters a record may have.
    """

    def __init__(self, buffer: TextBuffer, names: str, is_record: Callable[[int], bool], longest: int) -> None:
        self._buffer, self._is_record, self._longest = buffer, is_record, longest
        self._window = min(TAG, longest // 4)  # characters in which a tag in a section tells what it is
        tag = rf"<(?P<close>/?)(?P<name>(?:[\w.\-]+:)?(?:{names}))(?=[\s/>\x00-\x08])"
        ends = {opener: rf"(?P<end>{re.escape(closer)})" for opener, closer in CLOSERS.items()}
        self._inside = {opener: re.compile(f"{end}|{tag}") for opener, end in ends.items()}
        self._between = {
            opener: re.compile(f"{end}|(?P<again>{re.escape(opener)})|{tag}") for opener, end in ends.items()
        }
        self._end_tag = re.compile(rf"</(?:[\w.\-]+:)?(?:{names})\s*>")
        self._unclosed: dict[str, Unclosed] = {}  # by opener: what was searched in vain inside records
        self._never_closed: set[str] = set()  # openers without a closer up to the end of the document

    # -- between records --------------------------------------------------------------------------------------------

    def pass_between(self, at: int, opener: str) -> tuple[int, str | None]:
        """Return where to go on after a section between records, of any length, and what is wrong with it, if anything.

        If it was never closed that is the first record in it, or its own beginning.
        """
        buffer, inside = self._buffer, at + len(opener)
        if opener in self._never_closed:
            return inside, None
        line, behind = buffer.line_of(at), buffer.base + inside
        buffer.mark(inside)
        try:
            closed, place = self._look_into(inside, opener)
        except BaseException:
            buffer.forget()
            raise
        if closed and place is not None:
            buffer.forget()
            return place, None
        return buffer.go_back(behind if place is None else place), f"line {line}: {opener} is never closed"

    def _look_into(self, at: int, opener: str) -> tuple[bool, int | None]:
        """Return True and where in the text a section between records ends, or False if nothing closes it.

        With False comes the place in the document of the first record that it seemed to hold, None if it holds none.
        """
        buffer = self._buffer
        record: int | None = None
        is_open = False  # whether a record was begun and not ended
        while True:
            found = self._between[opener].search(buffer.text, at)
            if found is None:
                keep = max(at, len(buffer.text) - MARGIN)
                if not buffer.more(keep):
                    self._never_closed.add(opener)
                    return False, record
                at = 0
            elif found["end"]:
                return (False, record) if is_open else (True, found.end())
            elif found["again"]:
                if record is not None:
                    return False, record
                at = found.end()
            elif found["close"]:
                is_open, at = False, found.end()
            else:
                start = self._see_start(found.start())
                if self._begins_record(start):
                    is_open, record = True, buffer.base + start if record is None else record
                at = start + len(found[0])

    def _see_start(self, start: int) -> int:
        """Read on until a start tag is there with what follows it; return where it is then."""
        buffer = self._buffer
        while len(buffer.text) - start < self._window and buffer.more(start):
            start = 0
        return start

    def _begins_record(self, start: int) -> bool:
        return begins_record(self._buffer.text, start) and self._is_record(start)

    # -- inside a record --------------------------------------------------------------------------------------------

    def end_inside(self, start: int, at: int, opener: str) -> SectionEnd:
        """Return where a section ends, or the record that begins at ``start`` and does not close it."""
        buffer, inside = self._buffer, at + len(opener)
        text, base = buffer.text, buffer.base
        seen = self._seen(opener, base + inside)
        place = seen.end - base
        while found := self._inside[opener].search(text, place):
            seen.end = base + found.start()
            if found["end"]:
                return SectionEnd(found.end())
            if not buffer.ended and len(text) - found.start() < self._window:
                break
            if found["close"]:
                tag = self._end_tag.match(text, found.start())
                seen.last_end = base + tag.end() if tag else seen.last_end
            elif self._begins_record(found.start()):
                if seen.last_end is not None and seen.last_end > base + inside:
                    return SectionEnd(seen.last_end - base, ends_record=True, has_end_tag=True)
                return SectionEnd(found.start(), ends_record=True)
            place = found.end()
        else:
            seen.end = base + max(place, len(text) - MARGIN)
        if not buffer.ended and len(text) - start <= self._longest:
            return SectionEnd(None)
        first = self._end_tag.search(text, inside)
        return SectionEnd(first.end(), ends_record=True, has_end_tag=True) if first else SectionEnd(None)

    def _seen(self, opener: str, inside: int) -> Unclosed:
        """Return the stretch that was searched in vain and holds this place of the document, or a new one."""
        seen = self._unclosed.get(opener)
        if seen is None or not seen.start <= inside <= seen.end:
            seen = self._unclosed[opener] = Unclosed(inside, inside)
        return seen
