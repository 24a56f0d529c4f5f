"""The features of a text: the vector of its sentence and that of its letters, side by side.

The sentence brings the knowledge of the world, the letters what is particular to job titles: measured together they
find more jobs than either (docs/decisions).
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from language.words import clean, fold, words_of

if TYPE_CHECKING:
    from language.meaning.encoder import Encoder, Vectors

BUCKETS: Final = 1_024  # of the letters; 4,096 find no more
LENGTHS: Final = (3, 4, 5)  # letters of a part of a word
MOST_LETTERS: Final = 200  # of a text: beyond the longest title
_WORD: Final = re.compile(r"[^\W\d_]+")


def accents_in(texts: Iterable[str]) -> dict[str, str]:
    """Return the words whose most frequent spelling has accents, by their folded form; capitals have none to tell.

    >>> accents_in(["Ingénieur qualité", "ingenieur", "Ingénieur", "QUALITE", "ETAT QUALITE"])
    {'ingenieur': 'ingénieur', 'qualite': 'qualité'}
    """
    spellings: dict[str, Counter[str]] = {}
    for text in texts:
        if text.isupper():
            continue
        for word in _WORD.findall(clean(text).lower()):
            spellings.setdefault(fold(word), Counter())[word] += 1
    usual = {folded: rows.most_common(1)[0][0] for folded, rows in spellings.items()}
    return {folded: word for folded, word in sorted(usual.items()) if word != folded}


def spelt(text: str, accents: Mapping[str, str]) -> str:
    """Return a text in lower case, its known words with their accents and all others without: an accent that is left
    out or superfluous changes no vector.

    >>> spelt("INGENIEUR d’Étude, éuré", {"ingenieur": "ingénieur", "etude": "étude"})
    "ingénieur d'étude, eure"
    """
    return _WORD.sub(lambda found: _spelt(fold(found[0]), accents), clean(text).lower()[:MOST_LETTERS])


def _spelt(folded: str, accents: Mapping[str, str]) -> str:
    return accents.get(folded, folded)


def parts_of(text: str) -> Iterator[str]:
    """Yield the words of a text and their parts, with signs where a word begins and ends.

    >>> list(parts_of("BTP"))
    ['<btp>', '<bt', 'btp', 'tp>', '<btp', 'btp>', '<btp>']
    """
    for word in words_of(text[:MOST_LETTERS]):
        whole = f"<{word}>"
        yield whole
        for length in LENGTHS:
            yield from (whole[at : at + length] for at in range(len(whole) - length + 1))


def letters_of(text: str) -> "Vectors":
    """Return the parts of a text, counted in buckets with signs that let collisions cancel out; of length 1."""
    vector = np.zeros(BUCKETS, np.float32)
    for part in parts_of(text):
        number = zlib.crc32(part.encode())
        vector[(number >> 1) % BUCKETS] += 1 if number & 1 else -1
    length = np.linalg.norm(vector)
    return vector / length if length else vector


def features_of(sentences: "Vectors", texts: Sequence[str]) -> "Vectors":
    """Return the features of texts, given the vectors of their sentences."""
    return np.hstack([sentences, np.stack([letters_of(text) for text in texts])], dtype=np.float32)


def sentences_of(encoder: "Encoder", texts: Sequence[str], accents: Mapping[str, str]) -> "Vectors":
    """Return the vectors of the sentences of texts."""
    return encoder.encode([spelt(text, accents) for text in texts])
