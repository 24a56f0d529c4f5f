"""The votes of the known titles for jobs: learned from all of them by the indexer, counted for a text by the search."""

import base64
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from language.meaning.features import features_of, sentences_of

if TYPE_CHECKING:
    from language.meaning.encoder import Encoder, Vectors

logger = logging.getLogger(__name__)
FINE: Final = 127  # steps of a vector's number on either side of zero
KEPT: Final = 256  # numbers of a title's vector: half of them tell the nearest title of a job, the explanation


def pack_votes(
    encoder: "Encoder", accents: Mapping[str, str], weights: "Vectors", bias: "Vectors", titles: "Vectors"
) -> dict[str, Any]:
    """Return the stored form of what was learned: a weight for each feature and job, a row for each job title."""
    rounded = np.rint(titles[:, :KEPT] * FINE).astype(np.int8)
    return {
        "encoder": encoder.name,
        "accents": dict(accents),
        "weights": _to_text(weights.astype("<f2")),
        "bias": _to_text(bias.astype("<f4")),
        "titles": _to_text(rounded),
    }


class Votes:
    """What was learned, ready to be asked; raises KeyError, TypeError or ValueError if it cannot be read."""

    def __init__(self, stored: Mapping[str, Any], titles: Sequence[tuple[int, str]], encoder: "Encoder") -> None:
        if stored["encoder"] != encoder.name:
            raise ValueError(f"{stored['encoder']} is not {encoder.name}")
        self._encoder = encoder
        self._accents: Mapping[str, str] = dict(stored["accents"])
        self._bias = _from_text(stored["bias"], "<f4").astype(np.float32)
        self._weights = _from_text(stored["weights"], "<f2").astype(np.float32).reshape(-1, len(self._bias))
        self._vectors = _from_text(stored["titles"], "i1").reshape(len(titles), -1)
        self._titles: dict[int, list[tuple[int, str]]] = {}
        for row, (job, title) in enumerate(titles):
            self._titles.setdefault(job, []).append((row, title))

    def count(self, text: str) -> "CountedVotes | None":
        """Return the votes for a text; None, with a line in the log, if it cannot be encoded."""
        try:
            sentence = sentences_of(self._encoder, [text], self._accents)
        except Exception as error:  # an optional step: the words still find jobs
            logger.warning("%r cannot be encoded (%s: %s)", text[:80], type(error).__name__, error)
            return None
        votes = (features_of(sentence, [text]) @ self._weights)[0] + self._bias
        votes -= votes.max()
        return CountedVotes((votes - np.log(np.exp(votes).sum())).tolist(), sentence[0], self)

    def nearest(self, sentence: "Vectors", job: int) -> str:
        """Return the known title of a job whose vector is nearest to that of a sentence, empty if there is none."""
        titles = self._titles.get(job)
        if not titles:
            return ""
        vectors = self._vectors[[row for row, _ in titles]].astype(np.float32)
        return titles[int(np.argmax(vectors @ sentence[:KEPT]))][1]


@dataclass(frozen=True, slots=True)
class CountedVotes:
    """The votes for one text."""

    shares: list[float]
    sentence: "Vectors"
    votes: Votes

    def nearest(self, job: int) -> str:
        """Return the known title of a job that is nearest to the text, empty if there is none."""
        return self.votes.nearest(self.sentence, job)


def _to_text(numbers: Any) -> str:
    return base64.b64encode(numbers.tobytes()).decode()


def _from_text(text: str, kind: str) -> Any:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype=kind)
