"""The values of a facet: codes of a closed table, codes of a given form, or numbers with some words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mappings.reference import Reference
from search_app.text.wording import curved

UNKNOWN = "Code {} (libellé inconnu)"


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes of a closed table: code -> French label. ``obsolete`` ones are counted, but not proposed in forms."""

    labels: Mapping[str, str]
    obsolete: frozenset[str] = frozenset()

    def known_labels(self, reference: Reference) -> Mapping[str, str]:
        """Return the labels displayed on pages and in answers, by code."""
        return {code: curved(label) for code, label in self.labels.items()}

    def proposed(self) -> Iterable[str]:
        """Return the values that a form proposes without counts."""
        return (code for code in self.labels if code not in self.obsolete)

    def other_label(self, value: str) -> str:
        """Return the label of a value missing in ``known_labels``."""
        return UNKNOWN.format(value)


@dataclass(frozen=True, slots=True)
class CodePattern:
    """Codes of a form, described in French by ``allowed``; ``table`` of the reference data has the labels.

    ``names``: the labels are names of organisations, displayed exactly as in their feeds. ``instead`` are labels of
    values that the table does not have. ``said`` makes the label of a code from its text in the table,
    ``brief`` from this label the one in a list that has the facet's title.
    """

    pattern: str
    allowed: str
    table: str
    unknown: str = UNKNOWN
    names: bool = False
    instead: Mapping[str, str] = field(default_factory=dict)
    said: Callable[[str, str], str] = lambda text, _: text
    brief: Callable[[str], str] = lambda label: label

    def known_labels(self, reference: Reference) -> Mapping[str, str]:
        """Return the labels displayed on pages and in answers, by code."""
        labels: Mapping[str, str] = getattr(reference, self.table)
        if self.names:
            return labels
        return {**self.instead, **{code: curved(self.said(label, code)) for code, label in labels.items()}}

    def proposed(self) -> Iterable[str]:
        """Return nothing: existing codes are known only from counts."""
        return ()

    def other_label(self, value: str) -> str:
        """Return the label of a value missing in ``known_labels``."""
        return self.unknown.format(value)


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of feeds, shown as they are; ``longest`` is in characters."""

    longest: int

    def known_labels(self, reference: Reference) -> Mapping[str, str]:
        """Return nothing: each text is its own label."""
        return {}

    def proposed(self) -> Iterable[str]:
        """Return nothing: existing texts are known only from counts."""
        return ()

    def other_label(self, value: str) -> str:
        """Return the label of a value: itself."""
        return value


@dataclass(frozen=True, slots=True)
class AtLeast:
    """An integer meaning "at least that many", or one of some words; ``steps`` are the counted numbers.

    ``unit`` is the French noun, singular and plural; ``words`` are word -> label. The parameter takes one value.
    """

    most: int
    steps: tuple[int, ...]
    unit: tuple[str, str]
    words: Mapping[str, str]

    def known_labels(self, reference: Reference) -> Mapping[str, str]:
        """Return the labels displayed on pages and in answers, by value."""
        return {value: self.other_label(value) for value in self.proposed()}

    def proposed(self) -> Iterable[str]:
        """Return the values that a form proposes without counts."""
        return map(str, self.rows())

    def other_label(self, value: str) -> str:
        """Return the label of a value, whether it is counted or was requested.

        >>> seats = AtLeast(99, (1, 5), ("place", "places"), {"full": "Complet"})
        >>> seats.other_label("1"), seats.other_label("7"), seats.other_label("full")
        ('1 place ou plus', '7 places ou plus', 'Complet')
        """
        return self.words.get(value) or f"{value} {self.unit[value != '1']} ou plus"

    def rows(self, chosen: int | str | None = None) -> tuple[int | str, ...]:
        """Return the counted values in order, including a selected number.

        >>> AtLeast(99, (1, 5), ("place", "places"), {"full": "Complet"}).rows(3)
        (1, 3, 5, 'full')
        """
        steps = {*self.steps, chosen} if isinstance(chosen, int) else self.steps
        return (*sorted(steps), *self.words)


Values = Codes | CodePattern | Texts | AtLeast
