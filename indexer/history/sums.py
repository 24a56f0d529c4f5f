"""The sums of one place by domain and funder, while its offers are read, and as they are stored."""

from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any

from indexer.history.offer import PLACES, WIDTH, Additions
from mappings.analytics.history import ANY, MONTHS, SUMS, pack_cells


class PlaceSums:
    """One series of numbers by domain and funder; offers of several domains are in each, and once in ANY."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, str], list[int]] = {}

    def add(self, domains: Iterable[str], by_funder: Mapping[str, Additions]) -> None:
        """Add an offer."""
        for domain in (ANY, *domains):
            for funder, additions in by_funder.items():
                series = self._series.get((domain, funder))
                if series is None:
                    series = self._series[domain, funder] = [0] * (len(SUMS) * WIDTH)
                for place, number in additions:
                    series[place] += number

    def to_cells(self) -> dict[str, str]:
        """Return the packed cells, by domain."""
        by_domain: dict[str, dict[str, Any]] = {}
        for (domain, funder), numbers in sorted(self._series.items()):
            by_domain.setdefault(domain, {})[funder] = [_series(numbers, PLACES[name]) for name in SUMS]
        return {domain: pack_cells(cells) for domain, cells in by_domain.items()}


def _series(numbers: list[int], place: int) -> list[int]:
    """Return the total and the number of each month, without the zeros at the end."""
    series = [numbers[place], *accumulate(numbers[place + 1 : place + 1 + MONTHS])]
    while series and not series[-1]:
        series.pop()
    return series
