"""Splits a text into the pieces of the encoder's vocabulary that French uses, the likeliest split first."""

import re
import struct
import unicodedata
from array import array
from collections.abc import Iterator
from typing import Any, Final

SPACE: Final = "▁"  # how the vocabulary writes the start of a word
UNKNOWN, START, END = 0, 1, 2  # numbers of the pieces that stand for no letters
# 54,000 of 128,000 pieces; the others are of other alphabets, and in capitals
FRENCH: Final = re.compile(rf"{SPACE}?(?:[a-zàâçéèêëîïôùûüœæ'-]+|[0-9.,+#&/()])|{SPACE}")
FIELD: Final = 0x0A  # tag of a piece in the file, and of its letters in a piece
UNLIKELY: Final = 10.0  # an unknown character is that much less likely than the rarest piece
NEVER: Final = -1e38


def read_pieces(stored: bytes) -> Iterator[tuple[str, float]]:
    """Yield the letters and the log likelihood of each piece of a SentencePiece model, in the order of their numbers;
    raises ValueError, IndexError or struct.error if the file has another form.
    """
    at = 0
    while stored[at] == FIELD:
        length, letters = stored[at + 1], stored[at + 3]
        if length > 127 or stored[at + 2] != FIELD:
            raise ValueError("a vocabulary of another form")
        start = at + 4
        (likely,) = struct.unpack_from("<f", stored, start + letters + 1)
        yield stored[start : start + letters].decode(), likely
        at += 2 + length


class Pieces:
    """The French part of a vocabulary; ``kept`` are the numbers of its pieces in the whole one.

    Pieces are numbered anew, with the remainder of their old number modulo ``blocks``, which the encoder needs.
    """

    def __init__(self, stored: bytes, blocks: int) -> None:
        self._numbers: dict[str, int] = {}
        self._likely = array("f")
        self.rows = array("i")
        self.kept = array("i")
        used = [0] * blocks
        for number, (piece, likely) in enumerate(read_pieces(stored)):
            if number > END and not FRENCH.fullmatch(piece):
                continue
            block = number % blocks
            self._numbers[piece] = len(self.kept)
            self._likely.append(likely)
            self.rows.append(used[block] * blocks + block)
            self.kept.append(number)
            used[block] += 1
        self.size = max(used) * blocks
        self._longest = max(map(len, self._numbers))
        self._unlikely = min(self._likely) - UNLIKELY

    def encode(self, text: str, **_options: Any) -> list[int]:
        """Return the rows of a text's pieces between those of start and end."""
        inner = self._split(SPACE + SPACE.join(unicodedata.normalize("NFKC", text).lower().split()))
        return [self.rows[START], *(self.rows[piece] for piece in inner), self.rows[END]]

    def _split(self, letters: str) -> list[int]:
        """Return the pieces whose likelihoods have the greatest sum (Viterbi's algorithm)."""
        size = len(letters)
        best, start_of, piece_of = [0.0] + [NEVER] * size, [0] * (size + 1), [UNKNOWN] * (size + 1)
        for start in range(size):
            so_far = best[start]
            if so_far + self._unlikely > best[start + 1]:
                best[start + 1], start_of[start + 1], piece_of[start + 1] = so_far + self._unlikely, start, UNKNOWN
            for end in range(start + 1, min(start + self._longest, size) + 1):
                piece = self._numbers.get(letters[start:end])
                if piece is not None and so_far + self._likely[piece] > best[end]:
                    best[end], start_of[end], piece_of[end] = so_far + self._likely[piece], start, piece
        pieces: list[int] = []
        while size:
            pieces.append(piece_of[size])
            size = start_of[size]
        return pieces[::-1]
