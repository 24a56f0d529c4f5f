"""An encoder that knows three subjects, and nothing of anything else."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from language.words import fold

if TYPE_CHECKING:
    from language.meaning.encoder import Vectors

SUBJECTS = (("soud", "chalumeau"), ("boulang", "fournil"), ("plomb", "robinet"))


class FakeEncoder:
    """Vectors of a number for each subject that a text names, and one for those that name none."""

    name = "fake-1"

    def encode(self, texts: Sequence[str]) -> "Vectors":
        rows = [[any(word in fold(text) for word in words) for words in SUBJECTS] for text in texts]
        whole = np.array([[*row, not any(row)] for row in rows], np.float32)
        vectors: Vectors = whole / np.linalg.norm(whole, axis=1, keepdims=True)
        return vectors


class BrokenEncoder(FakeEncoder):
    """An encoder that fails for every text."""

    def encode(self, texts: Sequence[str]) -> "Vectors":
        raise ZeroDivisionError(f"{len(texts)} texts")
