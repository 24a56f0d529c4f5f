"""The text of a document during scanning: passed text is dropped, unless the scanner may have to go back."""

import tempfile
from collections import deque
from collections.abc import Iterator
from typing import IO, Final

from indexer.sources.containers import BrokenStream

MARGIN: Final = 1_000  # characters kept at the end of the text, where a token may be cut
PIECE: Final = 1 << 18  # characters that are read back at once
IN_MEMORY: Final = 1_000_000  # characters of a long section kept in memory; the rest is in a temporary file


class _Passed:
    """Text dropped since a mark was set; of any length, so most of it is on disk."""

    def __init__(self, place: int, line: int) -> None:
        self.place, self.line = place, line
        self._file: IO[str] | None = None

    def add(self, text: str) -> None:
        if self._file is None:
            self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - closed with the mark
                IN_MEMORY, "w+", encoding="utf-8", errors="surrogatepass", newline=""
            )
        self._file.write(text)

    def pieces(self) -> Iterator[str]:
        if self._file is None:
            return
        with self._file as file:
            file.seek(0)
            while piece := file.read(PIECE):
                yield piece

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class TextBuffer:
    """A window over a document's text. Positions in the window are indices of ``text``; ``base`` is its start."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self._chunks: deque[Iterator[str]] = deque([chunks])
        self._passed: _Passed | None = None
        self._line_at, self._line = 0, 1  # a position whose line is known, and that line
        self.text = ""
        self.base = 0
        self.ended = False  # no further text follows
        self.problem: str | None = None  # why the document ends early

    def more(self, keep: int) -> bool:
        """Append the next chunk and drop text before ``keep``: positions shift accordingly; False at the end."""
        chunk = self._next_chunk()
        if chunk is None:
            self.ended = True
            return False
        self.line_of(keep)
        if self._passed is not None:
            self._passed.add(self.text[max(self._passed.place - self.base, 0) : keep])
        self.text = self.text[keep:] + chunk
        self.base += keep
        return True

    def _next_chunk(self) -> str | None:
        while self._chunks:
            try:
                for chunk in self._chunks[0]:
                    if chunk:
                        return chunk
            except BrokenStream as error:
                self.problem = str(error)
            self._chunks.popleft()
        return None

    def mark(self, place: int) -> None:
        """From now on keep text after this position, until ``forget`` or ``go_back``."""
        self._passed = _Passed(self.base + place, self.line_of(place))

    def forget(self) -> None:
        """Remove the mark: there will be no return to it."""
        if self._passed is not None:
            self._passed.close()
            self._passed = None

    def go_back(self, place: int) -> int:
        """Return to a position after the mark, which is removed; return its index in the text."""
        passed, self._passed = self._passed, None
        assert passed is not None, "a mark was set"
        if passed.place < self.base:
            self._chunks.extendleft([iter([self.text]), passed.pieces()])
            self.text, self.base, self.ended = "", passed.place, False
            self._line_at, self._line = passed.place, passed.line
        else:
            passed.close()
        while place - self.base > len(self.text) and self.more(len(self.text)):
            continue
        return place - self.base

    def line_of(self, place: int) -> int:
        """Return the line number of a position in the text."""
        known, asked = self._line_at - self.base, place
        if asked >= known:
            self._line += self.text.count("\n", known, asked)
        else:
            self._line -= self.text.count("\n", asked, known)
        self._line_at = self.base + place
        return self._line
