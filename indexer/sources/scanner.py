"""Finds the records of a document in its text, in flat memory, so that a broken one does not affect the others.

It recognises only comments, CDATA sections, processing instructions and the start and end tags of record elements. A
record that begins inside another one ends that one; an unclosed section affects only the record that contains it
(``indexer.sources.sections``).
"""

import re
from collections.abc import Iterator
from typing import Final

from indexer.records import REJECT_TEXT, Format, Limits, RawRecord, Reject, UnusableFeed
from indexer.sources.encodings import read_undecodable
from indexer.sources.identifiers import action_numbers, kept_identifiers, number_in
from indexer.sources.prolog import RECORD_NAMES, START_TAG, Prolog, bindings_in, read_prolog, stand_alone
from indexer.sources.sections import TAG, Sections
from indexer.sources.text_buffer import MARGIN, TextBuffer

PROLOG: Final = 1_000_000  # characters within which the root element must begin
NEAR: Final = 1 << 18  # characters within which an end tag is searched for in the fast way
HIDDEN_ROOT: Final = re.compile(rf"<(?:[\w.\-]+:)?(?:{'|'.join(RECORD_NAMES)})(?=[\s>])")


class RecordScanner:
    """Iterates over the records of one document; afterwards ``complete`` and ``problem`` describe its end."""

    def __init__(self, file: str, chunks: Iterator[str], limits: Limits) -> None:
        self.file, self._limits = file, limits
        self._buffer = TextBuffer(chunks)
        self._at = 0  # scanning position in the text
        self._outer: dict[str, str] = {}  # namespaces that records inherit
        self._trainings: set[int] = set()  # hashes of the numbers of formations so far
        self._problem: str | None = None
        self.complete = False
        self.prolog = self._find_prolog()
        self._names = RECORD_NAMES[self.prolog.root]
        names = "|".join(self._names)
        self._token = re.compile(
            rf"<(?:!--|!\[CDATA\[|\?|(?P<close>/?)(?P<name>(?:[\w.\-]+:)?(?:{names}|{self.prolog.root}))(?=[\s/>\x00-\x08]))"
        )
        self._sections = Sections(self._buffer, names, self._is_record_at, limits.record)

    def __iter__(self) -> Iterator[RawRecord | Reject]:
        while (start := self._next_start()) is not None:
            yield from self._record(start)
        if self.problem is None and not self.complete:
            line = self._buffer.line_of(len(self._buffer.text))
            self._problem = f"line {line}: the file ends before </{self.prolog.root}>"

    @property
    def problem(self) -> str | None:
        """Why a part of the document may be missing, None if nothing is."""
        return self._buffer.problem or self._problem

    def _tell(self, problem: str) -> None:
        self._problem = self._problem or problem

    def _find_prolog(self) -> Prolog:
        buffer = self._buffer
        while True:
            found = read_prolog(buffer.text, self.file)
            if found:
                self._at, self._outer = found.end, dict(found.bindings)
                return found
            if (len(buffer.text) > PROLOG or not buffer.more(0)) and not self._uncover_root():
                what = self.problem or ("empty file" if not buffer.text.strip() else "no root element")
                raise UnusableFeed(f"{self.file}: {what}")

    def _uncover_root(self) -> bool:
        """Continue at a root hidden by an unclosed comment before it; False if there is none."""
        buffer = self._buffer
        root = HIDDEN_ROOT.search(buffer.text, 1)
        if root is None or not (buffer.ended or "<!--" in buffer.text[root.end() :]) or self._problem:
            return False
        self._tell(f"line {buffer.line_of(0)}: a comment before the root is never closed")
        buffer.line_of(root.start())
        buffer.text, buffer.base = buffer.text[root.start() :], buffer.base + root.start()
        return True

    # -- between records --------------------------------------------------------------------------------------------

    def _next_start(self) -> int | None:
        """Return the start of the next record, None at the end of the document."""
        at, buffer = self._at, self._buffer
        while True:
            found = self._token.search(buffer.text, at)
            keep = found.start() if found else max(at, len(buffer.text) - MARGIN)
            self._inherit(at, keep)
            if found is None:
                if not buffer.more(keep):
                    return None
                at = 0
            elif found["name"] is None:
                at, problem = self._sections.pass_between(found.start(), found[0])
                self._problem = self._problem or problem
            elif found["close"]:
                self.complete |= self._local(found["name"]) == self.prolog.root
                if self._is_stray(found):
                    line = buffer.line_of(found.start())
                    self._tell(f"line {line}: </{found['name']}> closes a record whose start cannot be read")
                at = found.end()
            elif self._is_record(found):
                return found.start()
            else:
                tag = START_TAG.match(buffer.text, found.start())
                at = tag.end() if tag else found.end()
                self._inherit(found.start(), at)

    def _inherit(self, start: int, end: int) -> None:
        text = self._buffer.text
        if text.find("xmlns", start, end) >= 0:
            for tag in START_TAG.finditer(text, start, end):
                self._outer |= bindings_in(tag[0])

    def _is_record_at(self, place: int) -> bool:
        found = self._token.match(self._buffer.text, place)
        return found is not None and self._is_record(found)

    @staticmethod
    def _local(name: str) -> str:
        return name.rpartition(":")[2]

    def _is_record(self, found: re.Match[str]) -> bool:
        """Tell whether a start tag's prefix is bound to the document's own namespace, or unknown."""
        prefix, _, local = found["name"].rpartition(":")
        if local not in self._names:
            return False
        if not prefix and self._outer.get("") == self.prolog.namespace:
            return True
        tag = START_TAG.match(self._buffer.text, found.start())
        bound = (self._outer | bindings_in(tag[0] if tag else "")).get(prefix)
        return not bound or self.prolog.namespace in (None, bound)

    def _is_stray(self, found: re.Match[str]) -> bool:
        """Tell whether an end tag between records belongs to a record, which was lost then."""
        prefix, _, local = found["name"].rpartition(":")
        return local in self._names and self._outer.get(prefix) == self.prolog.namespace

    # -- one record -------------------------------------------------------------------------------------------------

    def _record(self, start: int) -> Iterator[RawRecord | Reject]:
        """Yield the record that starts there, or its reject, and continue after it."""
        buffer = self._buffer
        start, name, tag = self._open(start)
        if tag.endswith("/>"):
            self._at = start + len(tag)
            yield self._finish(start, self._at, name, True)
            return
        at = start + max(len(tag), len(name) + 1)
        while True:
            was_ended = buffer.ended
            end, at, closed = self._find_end(start, at, name)
            if end is not None:
                yield self._finish(start, end, name, closed)
                self._at = end
                return
            if len(buffer.text) - start > self._limits.record:
                yield self._oversized(start, at, name)
                return
            if buffer.more(start):
                start, at = 0, at - start
            elif was_ended:  # else once more: at the end an open section turns out to be unclosed
                line = buffer.line_of(start)
                yield self._reject(
                    line, buffer.text[start:], "not-closed", f"<{name}> is not closed before the end of the file"
                )
                self._at = len(buffer.text)
                self._tell(f"line {line}: the file is cut inside <{name}>")
                return

    def _open(self, start: int) -> tuple[int, str, str]:
        """Return place, name and whole start tag of the record there; the tag is empty if it is not well-formed."""
        buffer = self._buffer
        while True:
            tag = START_TAG.match(buffer.text, start)
            if tag:
                return start, tag["name"], tag[0]
            if len(buffer.text) - start >= TAG or not buffer.more(start):
                found = self._token.match(buffer.text, start)
                assert found, "a record starts with the token that it was found by"
                return start, found["name"], ""
            start = 0

    def _find_end(self, start: int, at: int, name: str) -> tuple[int | None, int, bool]:
        """Return the place after the record or None, where to continue, and whether an end tag was found."""
        text = self._buffer.text
        # searched first: for unclosed records each search costs its own length
        near = text.find(f"<{name}", at, at + NEAR)
        near = near if near >= 0 else at + NEAR
        end = text.find(f"</{name}>", at, near)
        # The common case, detected by five fast searches: nothing in between that could make this end tag a false one.
        if (
            end >= 0
            and text.find("<!", at, end) < 0
            and text.find("<?", at, end) < 0
            and text.find(f":{self._local(name)}", at, end) < 0
        ):
            return end + len(name) + 3, at, True
        while found := self._token.search(text, at):
            if found["name"] is None:
                section = self._sections.end_inside(start, found.start(), found[0])
                if section.place is None or section.ends_record:
                    return section.place, found.start(), section.has_end_tag
                at = section.place
            elif found["close"]:
                if found["name"] == name:
                    close = text.find(">", found.end())
                    return (close + 1, at, True) if close >= 0 else (None, found.start(), False)
                at = found.end()
                if self._local(found["name"]) == self.prolog.root:
                    return found.start(), at, False
            elif self._is_record(found):
                return found.start(), at, False
            else:
                at = found.end()
        return None, max(at, len(text) - MARGIN), False

    def _finish(self, start: int, end: int, name: str, closed: bool) -> RawRecord | Reject:
        line = self._buffer.line_of(start)
        text = self._buffer.text[start:end]
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
        """Tell whether an earlier record had the same number of formation; numbers are stored as 64-bit hashes."""
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
        """Skip a record that is too large, keeping its beginning and the numbers of its actions."""
        buffer = self._buffer
        line = buffer.line_of(start)
        head = buffer.text[start : start + REJECT_TEXT]
        numbers = action_numbers(buffer.text, start, at)
        while True:
            found = self._token.search(buffer.text, at)
            while found and (found["name"] is None or not (found["close"] or self._is_record(found))):
                found = self._token.search(buffer.text, found.end())
            cut = found.start() if found else max(at, len(buffer.text) - MARGIN)
            numbers += action_numbers(buffer.text, at, cut)
            if found:
                self._at = found.end() if found["name"] == name and found["close"] else found.start()
                break
            if not buffer.more(cut):
                self._at = len(buffer.text)
                self._tell(f"line {line}: the file is cut inside <{name}>")
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
            found = [*found, None]  # cut inside an action: further ones may have followed
        identifier = next((number for number in found if number), None)
        return Reject(self.file, line, identifier, kept_identifiers(found), reason, message, text[:REJECT_TEXT])
