"""The values that a facet may have: codes of a closed table, codes of a given form, or numbers with some words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mappings.reference import Reference
from search_app.text.typography import curved

UNKNOWN = "Code {} (libellé inconnu)"


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes of a closed table: code -> French label. ``obsolete`` ones are counted, but no form proposes them."""

    labels: Mapping[str, str]
    obsolete: frozenset[str] = frozenset()

    def known_labels(self, reference: Reference) -> Mapping[str, str]:
        """Return the labels as pages and answers show them, by code."""
        return {code: curved(label) for code, label in self.labels.items()}

    def proposed(self) -> Iterable[str]:
        """Return the values that a form proposes before anything is counted."""
        return (code for code in self.labels if code not in self.obsolete)

    def other_label(self, value: str) -> str:
        """Return the label of a value that ``known_labels`` does not have."""
        return UNKNOWN.format(value)


@dataclass(frozen=True, slots=True)
class CodePattern:
    """Codes of a form, which ``allowed`` says in French; ``table`` of the reference data holds the labels.

    ``names`` tells that the labels are names of organisations, shown exactly as their feeds write them.
    """

    pattern: str
    allowed: str
    table: str
    unknown: str = UNKNOWN
    names: bool = False

    def known_labels(self, reference: Reference) -> Mapping[str, str]:
        """Return the labels as pages and answers show them, by code."""
        labels: Mapping[str, str] = getattr(reference, self.table)
        return labels if self.names else {code: curved(label) for code, label in labels.items()}

    def proposed(self) -> Iterable[str]:
        """Return nothing: which of the codes there are is known by counting only."""
        return ()

    def other_label(self, value: str) -> str:
        """Return the label of a value that ``known_labels`` does not have."""
        return self.unknown.format(value)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A whole number, "at least so many", or one of some words; ``steps`` are the numbers that are counted.

    ``unit`` is the French noun, singular and plural; ``words`` are word -> label. The parameter takes one value.
    """

    most: int
    steps: tuple[int, ...]
    unit: tuple[str, str]
    words: Mapping[str, str]

    def known_labels(self, reference: Reference) -> Mapping[str, str]:
        """Return the labels as pages and answers show them, by value."""
        return {value: self.other_label(value) for value in self.proposed()}

    def proposed(self) -> Iterable[str]:
        """Return the values that a form proposes before anything is counted."""
        return map(str, self.rows())

    def other_label(self, value: str) -> str:
        """Return the label of a value, whether it is counted by itself or was asked for.

        >>> seats = AtLeast(99, (1, 5), ("place", "places"), {"full": "Complet"})
        >>> seats.other_label("1"), seats.other_label("7"), seats.other_label("full")
        ('1 place ou plus', '7 places ou plus', 'Complet')
        """
        return self.words.get(value) or f"{value} {self.unit[value != '1']} ou plus"

    def rows(self, chosen: int | str | None = None) -> tuple[int | str, ...]:
        """Return the counted values in their order, a number that was chosen among them.

        >>> AtLeast(99, (1, 5), ("place", "places"), {"full": "Complet"}).rows(3)
        (1, 3, 5, 'full')
        """
        steps = {*self.steps, chosen} if isinstance(chosen, int) else self.steps
        return (*sorted(steps), *self.words)


Values = Codes | CodePattern | AtLeast
