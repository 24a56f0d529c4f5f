"""How the measures moved: those kept of each day (docs/decisions/0028), of one place, domain, funder and month.

Every combination was counted for itself when it was kept, by the definitions of the query module, so a day's measures
are exact. For the same reason only one value of each can be asked for: an offer in two départements is one offer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from mappings.analytics.history import ANY, MONTHS, SUMS, months_between, place_of, unpack_sums
from mappings.codes import FUNDER_LABELS, department_labels, region_labels
from search_app.analytics.measures import MEASURES, Measure, values_of
from search_app.base.errors import Fault
from search_app.search.engine.faults import as_app_errors
from search_app.search.params import Parameter, refuse
from search_app.search.params import values as readers
from search_app.search.params.parameter import choice, day
from search_app.search.params.parse import read_fields
from search_app.search.service import Services

MOST_DAYS: Final = 1_000  # of one answer, the newest
KEPT: Final[Sequence[Measure]] = tuple(
    row for row in MEASURES.values() if {row.of, row.told, row.over} - {""} <= {*SUMS}
)
_MONTH: Final = r"\d{4}-(0[1-9]|1[0-2])"
VOCABULARY: Final[Mapping[str, Parameter]] = {
    row.name: row
    for row in (
        choice("region", region_labels(), "Code INSEE de région, une seule.", many=False, example="76"),
        choice("department", department_labels(), "Code INSEE de département, un seul.", many=False, example="81"),
        Parameter("domain", readers.pattern_reader(r"\d{3}"), "trois chiffres", "Domaine, un seul.",
                  {"type": "string", "pattern": r"^\d{3}$"}, False, "230"),
        choice("funder", FUNDER_LABELS, "Code de financeur LHEO, un seul.", many=False, example="2"),
        Parameter("month", readers.pattern_reader(_MONTH), "un mois AAAA-MM",
                  "Mois de début des sessions, un seul.", {"type": "string", "pattern": f"^{_MONTH}$"}, False,
                  "2027-03"),
        day("since", "Premier jour gardé de la réponse.", "2026-11-01"),
        day("until", "Dernier jour gardé de la réponse.", "2026-11-30"),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """What is asked of the days that were kept; empty texts are no condition."""

    region: str = ""
    department: str = ""
    domain: str = ""
    funder: str = ""
    month: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def place(self) -> str:
        """Return the place whose sums are read."""
        return place_of(region=self.region, department=self.department)


@dataclass(frozen=True, slots=True)
class Day:
    """The measures of a day; None is not known, or of a month that was not kept of it."""

    day: str
    measures: Mapping[str, int | float | None]


def read_history_query(pairs: Iterable[tuple[str, str]]) -> HistoryQuery:
    """Return the query of the pairs of an address; raises BadParameters with every fault."""
    fields, faults = read_fields(pairs, VOCABULARY)
    if "region" in fields and "department" in fields:
        why = "region : une région ou un département, pas les deux à la fois."
        faults.append(Fault("region", fields["region"], "region, ou bien department", why, why))
    since, until = fields.get("since"), fields.get("until")
    if since and until and since > until:
        why = f"until : la fin est avant le début (possible : une date à partir du {since})."
        faults.append(Fault("until", str(until), f"une date à partir du {since}", why, why))
    refuse(faults)
    return HistoryQuery(**fields)


async def history(services: Services, query: HistoryQuery) -> list[Day]:
    """Return the kept days in order, the newest MOST_DAYS; raises EngineError."""
    engine = services.engine
    path = f"/{engine.names.analytics_history}/_search"
    with as_app_errors():
        answer = await engine.client.call("POST", path, build_body(query), {"ignore_unavailable": "true"})
    return to_days([hit["_source"] for hit in answer["hits"]["hits"]], query)


def build_body(query: HistoryQuery) -> dict[str, Any]:
    """Return the search for the sums of the place on each day; ANY place tells which days were kept."""
    bounds = {"gte": query.since, "lte": query.until}
    told = {name: each.isoformat() for name, each in bounds.items() if each is not None}
    places = [*dict.fromkeys((query.place, ANY))]
    conditions: list[dict[str, Any]] = [{"terms": {"place": places}}]
    if told:
        conditions.append({"range": {"day": told}})
    return {
        "size": MOST_DAYS * len(places),
        "query": {"bool": {"filter": conditions}},
        "sort": [{"day": "desc"}, {"place": "asc"}],
        "_source": ["day", "place", "first_month", f"cells.{query.domain or ANY}"],
        "track_total_hits": False,
    }


def to_days(documents: Sequence[Mapping[str, Any]], query: HistoryQuery) -> list[Day]:
    """Return the days from their documents, in order."""
    kept = {document["day"]: document for document in documents if document["place"] == ANY}
    of_place = {document["day"]: document for document in documents if document["place"] == query.place}
    return [Day(day, _measures(of_place.get(day), whole["first_month"], query)) for day, whole in sorted(kept.items())]


def _measures(
    document: Mapping[str, Any] | None, first_month: str, query: HistoryQuery
) -> Mapping[str, int | float | None]:
    at = 1 + months_between(first_month, query.month) if query.month else 0
    if query.month and not 1 <= at <= MONTHS:
        return {measure.name: None for measure in KEPT}
    packed = (document or {}).get("cells", {}).get(query.domain or ANY)
    sums = unpack_sums(packed, query.funder or ANY, at) if packed else dict.fromkeys(SUMS, 0)
    return values_of(sums, KEPT)
