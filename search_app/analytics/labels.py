"""French labels of the values of dimensions; none is ever empty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from search_app.analytics.dimensions import Dimension
from search_app.analytics.periods import Period
from search_app.search.reference_data import Snapshot, unknown_label
from search_app.text.wording import curved, provider

# Dimensions whose labels are those of a facet with another name.
_FACETS: Final = {"formacode": "domain"}
_AS_TOLD: Final = frozenset(("programme", "market"))


@dataclass(frozen=True)
class Labels:
    """Labels by dimension and value; ``titles`` are those of trainings, by key."""

    snapshot: Snapshot
    periods: Sequence[Period] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    def of(self, dimension: Dimension, value: str | None) -> str:
        """Return the label of a value, or that of what has none."""
        if value is None:
            return dimension.untold or "Non précisé"
        return self._told(dimension, value) or value

    def _told(self, dimension: Dimension, value: str) -> str:
        name = dimension.name
        if dimension.is_period:
            return next((each.label for each in self.periods if each.value == value), value)
        if name in _AS_TOLD:
            return value
        if name == "training":
            return self.titles.get(value, "") or f"Formation {value}"
        if name == "rncp":
            label = self.snapshot.certification(value)
            return f"{curved(label)} (RNCP{value})" if label else f"RNCP{value}"
        if name in ("provider", "trainer"):
            told = self.snapshot.reference.providers.get(value)
            return provider(told) or f"SIREN {value}"
        kind = _FACETS.get(name, name)
        return self.snapshot.labels.get(kind, {}).get(value) or unknown_label(kind, value)
