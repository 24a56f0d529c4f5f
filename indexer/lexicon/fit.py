"""Fits a softmax regression (features of a title → its job) with Adam, in batches."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from language.meaning.encoder import Vectors

# Found on one half of the ROME codes and measured on the other (docs/decisions): more rounds find no more jobs, a ridge
# regression, which needs none, finds 0.03 less.
ROUNDS: Final = 10
BATCH: Final = 512
STEP: Final = 0.05  # falls to zero with the rounds
DECAY: Final = 3e-6  # of the weights; ten times as much loses 0.07
# Adam's moving averages, and what keeps it from dividing by zero
MEAN, SQUARE, TINY = 0.9, 0.99, 1e-7
SEED: Final = 0  # the same titles give the same weights


class _Adam:
    """One array that is fitted, with the moving averages of its gradient."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.values = np.zeros(shape, np.float32)
        self._mean = np.zeros(shape, np.float32)
        self._square = np.zeros(shape, np.float32)

    def step(self, gradient: "Vectors", size: float, number: int) -> None:
        """Move the values against the gradient; ``number`` counts the steps from one."""
        self._mean += (1 - MEAN) * (gradient - self._mean)
        self._square += (1 - SQUARE) * (gradient * gradient - self._square)
        scale = np.sqrt(self._square / (1 - SQUARE**number)) + TINY
        self.values -= size / (1 - MEAN**number) * self._mean / scale


def fit_weights(features: "Vectors", jobs: Sequence[int], count: int) -> tuple["Vectors", "Vectors"]:
    """Return weights (feature × job) and bias (job) that give each row's job the greatest share."""
    wanted, order = np.array(jobs), np.random.default_rng(SEED)
    weights, bias = _Adam((features.shape[1], count)), _Adam((count,))
    number = 0
    for done in range(ROUNDS):
        size = STEP * (1 - done / ROUNDS)
        rows = order.permutation(len(wanted))
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            inputs, number = features[batch], number + 1
            wrong = _shares(inputs @ weights.values + bias.values)
            wrong[np.arange(len(batch)), wanted[batch]] -= 1
            weights.step(inputs.T @ wrong / len(batch) + DECAY * weights.values, size, number)
            bias.step(wrong.mean(axis=0), size, number)
    return weights.values, bias.values


def _shares(votes: "Vectors") -> "Vectors":
    powers: Vectors = np.exp(votes - votes.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers
