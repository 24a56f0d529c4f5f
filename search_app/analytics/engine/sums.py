"""The sums that a script adds up for each total, row, column and cell: one array of whole numbers."""

from collections.abc import Mapping, Sequence
from typing import Final

# Positions in the array. Those of sessions come first after the offers, as a script has them in an array of their own.
NAMES: Final = (
    "offers",
    "sessions", "capacity", "capacity_told", "left", "left_told", "filled", "filled_told", "filled_capacity",
    "left_at_least", "seats_known",
    "bought", "bought_told", "price", "hours", "priced", "trainings", "providers",
)  # fmt: skip
AT: Final[Mapping[str, int]] = {name: place for place, name in enumerate(NAMES)}
SIZE: Final = len(NAMES)
SESSION_SUMS: Final = AT["seats_known"]  # how many are about sessions


def to_sums(numbers: Sequence[int]) -> dict[str, int]:
    """Return the sums by name."""
    return dict(zip(NAMES, numbers, strict=True))
