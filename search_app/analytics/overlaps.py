"""Overlaps: the same certification in the same zone d'emploi and quarter, at two providers or more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from mappings.session_index import FUNDER_NUMBERS
from search_app.analytics.bounds import find_periods
from search_app.analytics.dimensions import DIMENSIONS
from search_app.analytics.engine.asking import Asking, asking
from search_app.analytics.engine.overlap_scripts import COMBINE, INIT, MAP, REDUCE
from search_app.analytics.labels import Labels
from search_app.analytics.links import search_pairs
from search_app.analytics.periods import Period
from search_app.analytics.plan import session_parameters
from search_app.search.links import DAYS, without
from search_app.search.query import SearchRequest, build_count_body
from search_app.search.resolved import ResolvedSearch
from search_app.search.service import Services

OVERLAPS: Final = "overlaps"
OFFERS_OF_A_PART: Final = 250_000
EVERY: Final = 10_000_000  # more than there are certifications, zones and quarters together
QUARTER, RNCP, ZONE, PROVIDER, FUNDER = (
    DIMENSIONS[name] for name in ("quarter", "rncp", "employment_zone", "provider", "funder")
)
NUMBERS: Final = {code: number for code, number in FUNDER_NUMBERS.items() if code != "any"}
NOT_TOLD: Final = 1  # the bit of offers that tell no funder


@dataclass(frozen=True, slots=True)
class Overlap:
    """One certification, zone and quarter; ``providers`` are (SIREN, name), ``search`` finds its offers.

    ``funders`` are (code, label) of those who pay one of the offers; None last, if an offer does not tell.
    """

    rncp: str
    rncp_label: str
    employment_zone: str
    zone_label: str
    quarter: str
    quarter_label: str
    providers: Sequence[tuple[str, str]]
    funders: Sequence[tuple[str | None, str]]
    offers: int
    search: str


@dataclass(frozen=True, slots=True)
class Overlaps:
    """A page of overlaps, the most providers first, and their number."""

    overlaps: Sequence[Overlap]
    total: int
    page: int
    size: int
    found: ResolvedSearch | None = None

    @property
    def pages(self) -> int:
        """Return the number of pages."""
        return -(-self.total // self.size)


async def overlaps(services: Services, search: ResolvedSearch) -> Overlaps:
    """Return a page of overlaps; raises EngineError."""
    page, size = search.params.page, search.params.size
    return await _overlaps(services, search, page, size)


async def all_overlaps(services: Services, search: ResolvedSearch) -> Overlaps:
    """Return all overlaps of a search as one page; raises EngineError."""
    return await _overlaps(services, search, 1, EVERY)


async def _overlaps(services: Services, search: ResolvedSearch, page: int, size: int) -> Overlaps:
    async with asking(services, several=True) as one_view:
        search, periods = await find_periods(one_view, search, QUARTER)
        search, total, rows = await _count(one_view, search, periods, page * size)
    labels = Labels(search.snapshot, periods)
    base = without(search_pairs(search), "rncp", "employment_zone", *DAYS)
    made = (_to_overlap(row, periods, labels, urlencode(base)) for row in rows[(page - 1) * size : page * size])
    return Overlaps(await services.turns.make(made), total, page, size, search)


async def _count(
    asked: Asking, search: ResolvedSearch, periods: Sequence[Period], most: int
) -> tuple[ResolvedSearch, int, list[Any]]:
    """Return the search finally asked, the number of overlaps, and the first ones in order.

    A catalogue has many combinations, so they are counted in parts of the certifications.
    """
    search, answer = await asked.ask_search(search, build_count_body)
    parts = 1 + answer["hits"]["total"]["value"] // OFFERS_OF_A_PART
    total, rows = 0, []
    for part in range(parts):
        told = await asked.ask(overlap_body(search.request, periods, most, (part, parts)))
        found: Mapping[str, Any] = told["aggregations"][OVERLAPS]["value"]
        total += found["total"]
        rows += found["rows"]
    return search, total, sorted(rows, key=lambda row: (-len(row[3]), row[:3]))


def overlap_body(request: SearchRequest, periods: Sequence[Period], most: int, part: tuple[int, int]) -> dict[str, Any]:
    """Return the body that counts the overlaps of one part, and tells the first ones."""
    parameters = session_parameters(request, periods, None)
    chosen = {name: dict.fromkeys(request.params.chosen(name), True) for name in ("rncp", "employment_zone")}
    script = {
        "init_script": INIT, "map_script": MAP, "combine_script": COMBINE, "reduce_script": REDUCE,
        "params": {**parameters, **chosen, "part": part[0], "parts": part[1], "size": most,
                   "figures": request.params.seats is not None},
    }  # fmt: skip
    body = build_count_body(request)
    body["query"]["bool"]["filter"] += [{"exists": {"field": each.field}} for each in (RNCP, ZONE)]
    return body | {"track_total_hits": False, "aggs": {OVERLAPS: {"scripted_metric": script}}}


def _to_overlap(row: Sequence[Any], periods: Sequence[Period], labels: Labels, base: str) -> Overlap:
    rncp, zone, place, providers, (offers, bits) = row
    period = periods[place]
    days = zip(DAYS, (period.first.isoformat(), period.last.isoformat()), strict=True)
    more = urlencode([("rncp", rncp), ("employment_zone", zone), *days])
    return Overlap(
        rncp, labels.of(RNCP, rncp), zone, labels.of(ZONE, zone), period.value, period.label,
        [(siren, labels.of(PROVIDER, siren)) for siren in sorted(providers)],
        _funders(bits, labels), offers,
        f"{base}&{more}" if base else more,
    )  # fmt: skip


def _funders(bits: int, labels: Labels) -> list[tuple[str | None, str]]:
    """Return the funders by label; what is not told comes last."""
    told = sorted((labels.of(FUNDER, code), code) for code, number in NUMBERS.items() if bits >> number & 1)
    untold = [(None, labels.of(FUNDER, None))] if bits & NOT_TOLD else []
    return [*((code, label) for label, code in told), *untold]
