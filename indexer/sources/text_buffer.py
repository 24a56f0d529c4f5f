"""The text of a document while it is scanned: what was passed is dropped, unless it may have to be gone back to."""

import tempfile
from collections import deque
from collections.abc import Iterator
from typing import IO, Final

from indexer.sources.containers import BrokenStream

MARGIN: Final = 1_000  # characters kept at the end of the text, where a token may be cut
PIECE: Final = 1 << 18  # characters that are read back at once
IN_MEMORY: Final = 1_000_000  # characters of a long section that are kept in memory; more lie in a temporary file


class _Passed:
    """Text that was dropped since a mark was set; of any length, so most of it lies on disk."""

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
    """A window over a document's text. Places in the window are indices of ``text``, ``base`` is where it begins."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self._chunks: deque[Iterator[str]] = deque([chunks])
        self._passed: _Passed | None = None
        self._line_at, self._line = 0, 1  # a place in the document whose line is known, and that line
        self.text = ""
        self.base = 0
        self.ended = False  # nothing follows the text that is there
        self.problem: str | None = None  # why the document ends before its end

    def more(self, keep: int) -> bool:
        """Append the next chunk and drop what lies before ``keep``: places move by so much; False at the end."""
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
        """From now on keep what is passed behind this place, until ``forget`` or ``go_back``."""
        self._passed = _Passed(self.base + place, self.line_of(place))

    def forget(self) -> None:
        """Let go of the mark: it will not be gone back to."""
        if self._passed is not None:
            self._passed.close()
            self._passed = None

    def go_back(self, place: int) -> int:
        """Go back to a place in the document, behind the mark, which is let go of; return where it lies in the text."""
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
        """Return the line number of a place in the text."""
        known, asked = self._line_at - self.base, place
        if asked >= known:
            self._line += self.text.count("\n", known, asked)
        else:
            self._line -= self.text.count("\n", asked, known)
        self._line_at = self.base + place
        return self._line
