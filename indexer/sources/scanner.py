"""Finds the records of a document in its text, with flat memory, so that a broken one costs none of the others.

It knows only comments, CDATA sections, processing instructions and the start and end tags of record elements. A record
that begins inside another one ends that one; a section that is never closed, or only by that of a later record, is
taken as the damage of the record it stands in.
"""

import re
from collections.abc import Iterator
from typing import Final

from indexer.records import REJECT_TEXT, Format, Limits, RawRecord, Reject, UnusableFeed
from indexer.sources.containers import BrokenStream
from indexer.sources.encodings import read_undecodable
from indexer.sources.identifiers import action_numbers, kept_identifiers, number_in
from indexer.sources.prolog import RECORD_NAMES, START_TAG, Prolog, bindings_in, read_prolog, stand_alone

CLOSERS: Final = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
MARGIN: Final = 1_000  # characters kept at the end of the buffer, where a token may be cut
TAG: Final = 100_000  # characters that a start tag may have, identifiers of several thousand included
PROLOG: Final = 1_000_000  # characters in which the root element must begin


class RecordScanner:
    """Iterates over the records of one document; afterwards ``complete`` and ``problem`` say how it ended."""

    def __init__(self, file: str, chunks: Iterator[str], limits: Limits) -> None:
        self.file, self._chunks, self._limits = file, chunks, limits
        self._text = ""
        self._at = 0  # where scanning goes on in the text
        self._line_at, self._line = 0, 1  # a place in the text whose line number is known, and that number
        self._outer: dict[str, str] = {}  # namespaces that records inherit
        self._trainings: set[int] = set()  # hashes of the numbers of formations so far
        self.problem: str | None = None
        self.complete = False
        self.prolog = self._find_prolog()
        names = "|".join(RECORD_NAMES[self.prolog.root])
        self._token = re.compile(
            rf"<(?:!--|!\[CDATA\[|\?|(?P<close>/?)(?P<name>(?:[\w.\-]+:)?(?:{names}|{self.prolog.root}))(?=[\s/>\x00-\x08]))"
        )
        self._boundary = re.compile(rf"</(?:[\w.\-]+:)?(?:{names})\s*>\s*<")
        self._names = RECORD_NAMES[self.prolog.root]

    def __iter__(self) -> Iterator[RawRecord | Reject]:
        while (start := self._next_start()) is not None:
            yield from self._record(start)
        if self.problem is None and not self.complete:
            self.problem = f"line {self._line_of(len(self._text))}: the file ends before </{self.prolog.root}>"

    # -- the buffer -------------------------------------------------------------------------------------------------

    def _more(self, keep: int) -> int | None:
        """Append the next chunk and drop what lies before ``keep``; return how far places moved, None at the end."""
        try:
            chunk = next(self._chunks, None)
        except BrokenStream as error:
            self.problem, chunk = str(error), None
        if chunk is None:
            return None
        self._line_of(keep)
        self._line_at = 0
        self._text = self._text[keep:] + chunk
        return keep

    def _line_of(self, place: int) -> int:
        """Return the line number of a place in the text; places asked for never go back."""
        if place > self._line_at:
            self._line += self._text.count("\n", self._line_at, place)
            self._line_at = place
        return self._line

    def _find_prolog(self) -> Prolog:
        while True:
            found = read_prolog(self._text, self.file)
            if found:
                self._at, self._outer = found.end, dict(found.bindings)
                return found
            if len(self._text) > PROLOG or self._more(0) is None:
                what = self.problem or ("empty file" if not self._text.strip() else "no root element")
                raise UnusableFeed(f"{self.file}: {what}")

    # -- between records --------------------------------------------------------------------------------------------

    def _next_start(self) -> int | None:
        """Return where the next record starts, None at the end of the document."""
        at = self._at
        while True:
            found = self._token.search(self._text, at)
            if found is None:
                keep = max(at, len(self._text) - MARGIN)
                self._inherit(at, keep)
                if self._more(keep) is None:
                    return None
                at = 0
            elif found["name"] is None:
                after = self._skip_between(found.start(), found[0])
                if after is None:
                    return None
                at = after
            elif found["close"]:
                self.complete |= self._local(found["name"]) == self.prolog.root
                at = found.end()
            elif self._local(found["name"]) == self.prolog.root or not self._is_record(found):
                at = found.end()
            else:
                self._inherit(at, found.start())
                return found.start()

    def _inherit(self, start: int, end: int) -> None:
        if self._text.find("xmlns", start, end) >= 0:
            for tag in START_TAG.finditer(self._text, start, end):
                self._outer |= bindings_in(tag[0])

    def _skip_between(self, at: int, opener: str) -> int | None:
        """Return the place after a comment or the like between records, of any length; None if it is never closed."""
        start = at + len(opener)
        line = self._line_of(at)
        while (end := self._text.find(CLOSERS[opener], start)) < 0:
            if self._more(max(start, len(self._text) - 2)) is None:
                self.problem = self.problem or f"line {line}: {opener} is never closed"
                return None
            start = 0
        if opener in self._text[start:end] and self._boundary.search(self._text, start, end):
            return start  # closed only by another one, further on: the records between are real
        return end + len(CLOSERS[opener])

    @staticmethod
    def _local(name: str) -> str:
        return name.rpartition(":")[2]

    def _is_record(self, found: re.Match[str]) -> bool:
        """Tell whether a start tag's prefix stands for the document's own namespace, or for none that is known."""
        prefix, _, local = found["name"].rpartition(":")
        if local not in self._names:
            return False
        if not prefix and self._outer.get("") == self.prolog.namespace:
            return True
        tag = START_TAG.match(self._text, found.start())
        bound = (self._outer | bindings_in(tag[0] if tag else "")).get(prefix)
        return not bound or self.prolog.namespace in (None, bound)

    # -- one record -------------------------------------------------------------------------------------------------

    def _record(self, start: int) -> Iterator[RawRecord | Reject]:
        """Yield the record that starts there, or what is wrong with it, and go on behind it."""
        start, name, tag = self._open(start)
        if tag.endswith("/>"):
            self._at = start + len(tag)
            yield self._finish(start, self._at, name, True)
            return
        at = start + max(len(tag), len(name) + 1)
        while True:
            end, at, closed = self._find_end(start, at, name)
            if end is not None:
                yield self._finish(start, end, name, closed)
                self._at = end
                return
            if len(self._text) - start > self._limits.record:
                yield self._oversized(start, at, name)
                return
            moved = self._more(start)
            if moved is None:
                line = self._line_of(start)
                yield self._reject(
                    line, self._text[start:], "not-closed", f"<{name}> is not closed before the end of the file"
                )
                self._at = len(self._text)
                self.problem = self.problem or f"line {line}: the file is cut inside <{name}>"
                return
            start, at = start - moved, at - moved

    def _open(self, start: int) -> tuple[int, str, str]:
        """Return place, name and whole start tag of the record there; the tag is empty if it is not well-formed."""
        while True:
            tag = START_TAG.match(self._text, start)
            if tag:
                return start, tag["name"], tag[0]
            moved = self._more(start) if len(self._text) - start < TAG else None
            if moved is None:
                found = self._token.match(self._text, start)
                assert found, "a record starts with the token that it was found by"
                return start, found["name"], ""
            start -= moved

    def _find_end(self, start: int, at: int, name: str) -> tuple[int | None, int, bool]:
        """Return the place after the record or None, where to search on, and whether its own end tag stands there."""
        text = self._text
        end = text.find(f"</{name}>", at)
        plain_to = end if end >= 0 else len(text)
        # The common case, told by four fast searches: nothing between that could make this end tag a false one.
        if (
            end >= 0
            and text.find("<!", at, plain_to) < 0
            and text.find("<?", at, plain_to) < 0
            and text.find(f"<{name}", at, plain_to) < 0
            and text.find(f":{self._local(name)}", at, plain_to) < 0
        ):
            return end + len(name) + 3, at, True
        while found := self._token.search(self._text, at):
            if found["name"] is None:
                after = self._section_end(start, found.start(), found[0])
                if after is None:
                    return None, found.start(), False
                at = after
            elif found["close"]:
                if found["name"] == name:
                    close = self._text.find(">", found.end())
                    return (close + 1, at, True) if close >= 0 else (None, found.start(), False)
                at = found.end()
                if self._local(found["name"]) == self.prolog.root:
                    return found.start(), at, False
            elif self._is_record(found):
                return found.start(), at, False
            else:
                at = found.end()
        return None, max(at, len(self._text) - MARGIN), False

    def _section_end(self, start: int, at: int, opener: str) -> int | None:
        """Return where to search on after a comment or the like inside a record, None if more text is needed."""
        inside = at + len(opener)
        end = self._text.find(CLOSERS[opener], inside)
        if end < 0:
            enough = len(self._text) - start > self._limits.record
            return inside if enough and self._boundary.search(self._text, inside) else None
        if opener in self._text[inside:end] and self._boundary.search(self._text, inside, end):
            return inside
        return end + len(CLOSERS[opener])

    def _finish(self, start: int, end: int, name: str, closed: bool) -> RawRecord | Reject:
        line = self._line_of(start)
        text = self._text[start:end]
        if not closed:
            return self._reject(line, text, "not-closed", f"<{name}> is not closed before the next element")
        if len(text) > self._limits.record:
            return self._reject(line, text, "too-large", f"<{name}> of more than {self._limits.record} characters")
        return RawRecord(
            self.file,
            line,
            self._format(name),
            (stand_alone(text, name, self._outer, self.prolog.namespace),),
            self._is_repeated(text),
        )

    def _is_repeated(self, text: str) -> bool:
        """Tell whether a record before had the same number of formation; numbers are remembered by 64-bit hashes."""
        tag = text[: text.find(">")]
        number = number_in(tag) if self.prolog.root != "lheo-index" else None
        if number is None:
            return False
        known = hash(number)
        repeated = known in self._trainings
        self._trainings.add(known)
        return repeated

    def _format(self, name: str) -> Format:
        if self.prolog.version:
            return self.prolog.version
        return "1.3" if self._local(name) == "offre-formation" else "2.3"

    def _oversized(self, start: int, at: int, name: str) -> Reject:
        """Pass over a record that is too large, keeping its beginning and the numbers of its actions."""
        line = self._line_of(start)
        head = self._text[start : start + REJECT_TEXT]
        numbers = action_numbers(self._text, start, at)
        while True:
            found = self._token.search(self._text, at)
            while found and (found["name"] is None or not (found["close"] or self._is_record(found))):
                found = self._token.search(self._text, found.end())
            cut = found.start() if found else max(at, len(self._text) - MARGIN)
            numbers += action_numbers(self._text, at, cut)
            if found:
                self._at = found.end() if found["name"] == name and found["close"] else found.start()
                break
            if self._more(cut) is None:
                self._at = len(self._text)
                self.problem = self.problem or f"line {line}: the file is cut inside <{name}>"
                break
            at = 0
        message = f"<{name}> of more than {self._limits.record} characters"
        return self._reject(line, head, "too-large", message, numbers)

    def _reject(
        self, line: int, text: str, reason: str, message: str, numbers: list[str | None] | None = None
    ) -> Reject:
        text = read_undecodable(text)
        found = action_numbers(text) if numbers is None else numbers
        if reason == "not-closed" and text.count("<action") > text.count("</action"):
            found = [*found, None]  # cut inside an action: others may have followed
        identifier = next((number for number in found if number), None)
        return Reject(self.file, line, identifier, kept_identifiers(found), reason, message, text[:REJECT_TEXT])
