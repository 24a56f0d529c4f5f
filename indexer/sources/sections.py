"""Comments, CDATA sections and processing instructions: where they end, and whether they are closed.

A closed section hides its content, whole records included. A section counts as unclosed, although a terminator may come
later, if a record begins in it (a start tag followed by that of a child) and

- an end tag of a record before it ends none that began in the section: it belongs to the surrounding record;
- or the terminator is inside that record, or the same opener occurs again after its start, or there is no terminator.

Unsuccessful searches are remembered, so that no part of the text is searched twice for the same thing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from indexer.sources.prolog import START_TAG
from indexer.sources.text_buffer import MARGIN, TextBuffer

CLOSERS: Final = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
CHILD: Final = re.compile(r"\s*+<[A-Za-z_:!?]")
TAG: Final = 100_000  # characters of a start tag, with identifiers of several thousand


class SectionEnd(NamedTuple):
    """The end of a section inside a record, or of the record if the section is unclosed; None if more text is
    needed.
    """

    place: int | None
    ends_record: bool = False
    has_end_tag: bool = False  # of the record


@dataclass(slots=True)
class Walk:
    """State of the scan of a section, in document positions; continued when more text is available.

    ``records`` and ``words`` count open start tags of records and those without a child; ``last_end`` is the position
    after the last end tag, ``stray`` whether one ended none of them, ``cut`` the end of the surrounding record if the
    section is unclosed, ``is_told`` whether it is known to be unclosed.
    """

    start: int
    end: int
    records: int = 0
    words: int = 0
    last_end: int | None = None
    stray: bool = False
    cut: SectionEnd | None = None
    is_told: bool = False

    def pass_end(self, behind: int) -> None:
        """Count an end tag."""
        self.last_end = behind
        if self.records:
            self.records -= 1
        elif self.words:
            self.words -= 1
        else:
            self.stray = True

    def pass_record(self, place: int) -> None:
        """Count a start tag with a child behind it."""
        self.records += 1
        self.is_told = self.stray
        if self.cut is None:
            ended = self.last_end if self.stray else None
            self.cut = SectionEnd(place if ended is None else ended, ends_record=True, has_end_tag=ended is not None)


def begins_record(text: str, place: int) -> bool:
    """Tell whether the start tag there begins a record with content, rather than being part of a text.

    >>> begins_record('<formation numero="1"> <action>', 0), begins_record("<formation> in a comment -->", 0)
    (True, False)
    """
    tag = START_TAG.match(text, place)
    return tag is not None and not tag[0].endswith("/>") and CHILD.match(text, tag.end()) is not None


class Sections:
    """Finds the ends of sections in a buffer.

    ``names`` are the names of record elements, as alternatives; ``is_record`` tells whether the start tag at a position
    has the namespace of one; ``longest`` is the maximum number of characters of a record.
    """

    def __init__(self, buffer: TextBuffer, names: str, is_record: Callable[[int], bool], longest: int) -> None:
        self._buffer, self._is_record, self._longest = buffer, is_record, longest
        self._window = min(TAG, longest // 4)  # characters within which a tag in a section can be classified
        tag = rf"<(?P<close>/?)(?P<name>(?:[\w.\-]+:)?(?:{names}))(?=[\s/>\x00-\x08])"
        ends = {opener: rf"(?P<end>{re.escape(closer)})" for opener, closer in CLOSERS.items()}
        self._token = {
            opener: re.compile(f"{end}|(?P<again>{re.escape(opener)})|{tag}") for opener, end in ends.items()
        }
        self._end_tag = re.compile(rf"</(?:[\w.\-]+:)?(?:{names})\s*>")
        self._walks: dict[str, Walk] = {}  # by opener: the last section inside a record
        self._never_closed: set[str] = set()  # openers without a terminator up to the end of the document

    # -- between records --------------------------------------------------------------------------------------------

    def pass_between(self, at: int, opener: str) -> tuple[int, str | None]:
        """Return where to continue after a section between records, of any length, and its problem, if any.

        For an unclosed one that is its first record, or its own beginning.
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
        """Return True and the end of a section between records, or False if it is unclosed.

        With False, the position of the first apparent record in it, None if there is none.
        """
        buffer = self._buffer
        record: int | None = None
        walk = Walk(buffer.base + at, buffer.base + at)
        while True:
            found = self._token[opener].search(buffer.text, at)
            if found is None:
                keep = max(at, len(buffer.text) - MARGIN)
                if not buffer.more(keep):
                    self._never_closed.add(opener)
                    return False, record
                at = 0
            elif found["end"]:
                return (False, record) if walk.records else (True, found.end())
            elif found["again"]:
                if record is not None:
                    return False, record
                at = found.end()
            elif found["close"]:
                at = found.end()
                walk.pass_end(buffer.base + at)
            else:
                start = self._see_start(found.start())
                if self._pass_start(walk, start):
                    record = buffer.base + start if record is None else record
                at = start + len(found[0])

    def _see_start(self, start: int) -> int:
        """Read until a start tag and the text after it are available; return its position then."""
        buffer = self._buffer
        while len(buffer.text) - start < self._window and buffer.more(start):
            start = 0
        return start

    def _begins_record(self, start: int) -> bool:
        return begins_record(self._buffer.text, start) and self._is_record(start)

    # -- inside a record --------------------------------------------------------------------------------------------

    def end_inside(self, start: int, at: int, opener: str) -> SectionEnd:
        """Return the end of a section, or of the record that begins at ``start`` and does not close it."""
        buffer, inside = self._buffer, at + len(opener)
        base = buffer.base
        walk = self._walk(opener, base + inside)
        closer = self._walk_on(walk, opener)
        if closer is not None and not walk.records:
            return SectionEnd(closer)
        is_told = closer is not None or walk.is_told
        if not is_told and not buffer.ended and len(buffer.text) - start <= self._longest:
            return SectionEnd(None)
        if walk.cut is not None and walk.cut.place is not None:
            return walk.cut._replace(place=walk.cut.place - base)
        first = self._end_tag.search(buffer.text, inside)
        return SectionEnd(first.end(), ends_record=True, has_end_tag=True) if first else SectionEnd(None)

    def _walk_on(self, walk: Walk, opener: str) -> int | None:
        """Scan as far as text is available or needed; return the position after the terminator if it was reached."""
        buffer, text, base = self._buffer, self._buffer.text, self._buffer.base
        place = walk.end - base
        while not walk.is_told and (found := self._token[opener].search(text, place)):
            walk.end = base + found.start()
            if found["end"]:
                return found.end()
            if not buffer.ended and len(text) - found.start() < self._window:
                return None
            self._pass_token(walk, found)
            place = found.end()
        if not walk.is_told:
            walk.end = base + max(place, len(text) - MARGIN)
        return None

    def _pass_token(self, walk: Walk, found: re.Match[str]) -> None:
        text, base = self._buffer.text, self._buffer.base
        if found["again"]:
            walk.is_told = walk.cut is not None
        elif found["close"]:
            tag = self._end_tag.match(text, found.start())
            if tag:
                walk.pass_end(base + tag.end())
        else:
            self._pass_start(walk, found.start())

    def _pass_start(self, walk: Walk, place: int) -> bool:
        """Count a start tag; return whether it begins a record."""
        if self._begins_record(place):
            walk.pass_record(self._buffer.base + place)
            return True
        tag = START_TAG.match(self._buffer.text, place)
        walk.words += tag is not None and not tag[0].endswith("/>")
        return False

    def _walk(self, opener: str, inside: int) -> Walk:
        """Return the scan of the section whose content begins there, skipping parts already searched."""
        walk = self._walks.get(opener)
        if walk is None or not walk.start <= inside <= walk.end or (walk.cut and walk.start < inside):
            walk = Walk(inside, inside)
        elif walk.start < inside:
            is_stray = walk.last_end is not None and walk.last_end > inside
            walk = Walk(inside, walk.end, last_end=walk.last_end if is_stray else None, stray=is_stray)
        self._walks[opener] = walk
        return walk
