"""The counts of all offers to come, by job, domain, region and département: one search for all index pages and home."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from search_app.pages.subjects.kept import keep
from search_app.pages.subjects.subjects import FEWEST
from search_app.search.params.search_params import SearchParams
from search_app.search.service import services_of

ALL_CODES: Final = 5_000  # more than there are ROME codes
LISTS: Final = ("rome", "domain", "region", "department")


@dataclass(frozen=True, slots=True)
class Overview:
    """The number of offers to come: in all, and by code of each list, the most frequent first."""

    total: int
    counts: Mapping[str, Mapping[str, int]]

    def codes(self, name: str) -> Mapping[str, int]:
        """Return the codes that have a page, with their counts."""
        return {code: count for code, count in self.counts.get(name, {}).items() if count >= FEWEST}

    def has_page(self, name: str, code: str) -> bool:
        """Tell whether enough offers have this code."""
        return self.counts.get(name, {}).get(code, 0) >= FEWEST


async def read_overview(request: Request) -> Overview:
    """Return the counts, kept until the catalogue or the day changes; raises EngineError."""

    async def make() -> Overview:
        services = services_of(request)
        params = SearchParams(upcoming=True, size=1, facet_size=ALL_CODES)
        results = await services.search(services.resolve(params))
        counts = {name: {row.value: row.count for row in results.facets.get(name, ())} for name in LISTS}
        return Overview(results.total, counts)

    return await keep(request, "overview", make)
