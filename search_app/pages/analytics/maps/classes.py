"""Classes of values for the colours of a map: at most five, each with about as many areas, named by what is in it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

MOST_CLASSES: Final = 5  # more shades of one colour are not told apart
SHARES: Final = (0.2, 0.4, 0.6, 0.8)  # shares are compared with 100 %, so their classes are always the same


@dataclass(frozen=True, slots=True)
class Classes:
    """The lower bounds of all classes but the first, ascending."""

    bounds: tuple[float, ...]

    def of(self, value: float) -> int:
        """Return the class of a value: 1 is the lowest.

        >>> Classes((10, 20)).of(9), Classes((10, 20)).of(10), Classes((10, 20)).of(50)
        (1, 2, 3)
        """
        return 1 + sum(value >= bound for bound in self.bounds)


def to_classes(values: Iterable[float]) -> Classes:
    """Return classes that each have about as many of the values.

    >>> to_classes(range(1, 11)).bounds, to_classes([4, 4, 4]).bounds, to_classes([]).bounds
    ((3, 5, 7, 9), (), ())
    """
    found = sorted(values)
    different = sorted(set(found))
    if len(different) <= MOST_CLASSES:
        return Classes(tuple(different[1:]))
    starts = (found[len(found) * number // MOST_CLASSES] for number in range(1, MOST_CLASSES))
    return Classes(tuple(sorted(set(starts) - {different[0]})))


def spans(classes: Classes, values: Iterable[float], write: Callable[[float], str]) -> Sequence[tuple[int, str]]:
    """Return each class that has values, with its smallest and largest: « de 3 à 12 », or the one value.

    >>> spans(Classes((10, 20)), [1, 9, 25], str)
    [(1, 'de 1 à 9'), (3, '25')]
    """
    members: dict[int, list[float]] = {}
    for value in values:
        members.setdefault(classes.of(value), []).append(value)
    named = []
    for number, found in sorted(members.items()):
        least, most = write(min(found)), write(max(found))
        named.append((number, least if least == most else f"de {least} à {most}"))
    return named
