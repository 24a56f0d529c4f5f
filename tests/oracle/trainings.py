"""What a search by training must answer: groups of the matching offers, the best of each, its members, the nearest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.oracle.answer import Answer, Key
from tests.oracle.rows import Row

DEEPEST: Final = 10_000
TOLERANCE_KM: Final = 0.1


@dataclass
class Group:
    """One training: how many of its offers match, the sort keys of all, the distance of the nearest."""

    keys: list[Key] = field(default_factory=list)
    distances: list[float] = field(default_factory=list)

    @property
    def best(self) -> Key:
        """The sort key that the training is placed by."""
        return min(self.keys)

    @property
    def nearest(self) -> float | None:
        """The distance of the nearest of its offers in km."""
        return min(self.distances, default=None)


def groups_of(expected: Answer, rows: Mapping[str, Row]) -> dict[str, Group]:
    """Return the trainings of the matching offers."""
    groups: dict[str, Group] = {}
    for identifier, key in expected.keys.items():
        group = groups.setdefault(rows[identifier].training, Group())
        group.keys.append(key)
        if identifier in expected.distances:
            group.distances.append(expected.distances[identifier])
    return groups


def training_differences(
    groups: Mapping[str, Group], got: Mapping[str, Any], rows: Mapping[str, Row], size: int
) -> Iterator[str]:
    """Yield what is wrong with the number of trainings, of pages, and with what each result tells of its training."""
    if got["trainings"] != len(groups):
        yield f"trainings: expected {len(groups)}, got {got['trainings']}"
    pages = min(-(-len(groups) // size), DEEPEST // size)
    if got["pages"] != pages:
        yield f"pages of trainings: expected {pages}, got {got['pages']}"
    shown = [rows[result["id"]].training for result in got["results"]]
    if len(set(shown)) != len(shown):
        yield "a training is on the page twice"
    for name, result in zip(shown, got["results"], strict=True):
        told, group = result["training"], groups[name]
        if told["offers"] != len(group.keys):
            yield f"offers of {name}: expected {len(group.keys)}, got {told['offers']}"
        if not _is_near(told["nearest_km"], group.nearest):
            yield f"nearest of {name}: expected {group.nearest}, got {told['nearest_km']}"


def _is_near(told: float | None, expected: float | None) -> bool:
    if told is None or expected is None:
        return told is expected
    return abs(told - expected) <= TOLERANCE_KM


def keys_of(rows: Mapping[str, Row], told: Mapping[str, str]) -> dict[str, str]:
    """Return the key that was told for each training; raises ValueError if one has two keys or shares its key."""
    keys: dict[str, str] = {}
    for identifier, row in rows.items():
        key = keys.setdefault(row.training, told[identifier])
        if key != told[identifier]:
            raise ValueError(f"{row.training} has two keys, {key} and {told[identifier]}")
    if len(set(keys.values())) != len(keys):
        raise ValueError("two trainings share a key")
    return keys
