"""Offers of a place, read as columns from the live index, and counted into the sums of all places that they are in."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from engine.blocking import LONG
from engine.paging import close_view, open_view, read_page
from indexer.history.offer import Columns, Months, additions_of
from indexer.history.sums import PlaceSums
from indexer.installation.indices import Indices
from mappings.analytics.history import ANY, place_of
from mappings.codes import department_labels

PAGE: Final = 2_000
KEPT: Final = "5m"
MOST_DEPARTMENTS: Final = 1_000  # codes of feeds, wrong ones included
COLUMNS: Final = {
    "funders": "funder", "spans": "session_spans", "left": "session_left", "capacity": "session_capacity",
    "bought": "bought",
}  # fmt: skip
OF_PLACES: Final = ("department", "region", "domain")


class Found(NamedTuple):
    """An offer: where it is, its domains, its columns."""

    departments: list[str]
    regions: list[str]
    domains: list[str]
    columns: Columns


def count_places(indices: Indices, day: date) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each place with its packed cells, ANY last.

    Département by département, so that only the sums of one are in memory, beside those of the régions and of ANY. An
    offer in several is read with each, and counted once in each place: in a région and in ANY with the first.
    """
    months, wholes = Months(day), {ANY: PlaceSums()}
    present = _departments(indices)
    for department in (None, *(code for code in department_labels() if code in present)):
        sums = PlaceSums()
        for offer in _read(indices, department):
            made = additions_of(offer.columns, months)
            sums.add(offer.domains, made)
            for place in _first_in(offer, department):
                wholes.setdefault(place, PlaceSums()).add(offer.domains, made)
        if department is not None and (cells := sums.to_cells()):
            yield place_of(department=department), cells
    for place in sorted(wholes, key=lambda place: (place == ANY, place)):
        yield place, wholes[place].to_cells()


def _departments(indices: Indices) -> set[str]:
    """Return the départements that have offers: a small catalogue is not asked about all others."""
    body = {"size": 0, "aggs": {"found": {"terms": {"field": "department", "size": MOST_DEPARTMENTS}}}}
    answer = indices.engine.call("POST", f"/{indices.names.offers}/_search", body, timeout=LONG)
    return {bucket["key"] for bucket in answer["aggregations"]["found"]["buckets"]}


def _first_in(offer: Found, department: str | None) -> list[str]:
    """Return the whole places in which the offer is counted with this département, None if it is in none."""
    if department is not None and department != min(offer.departments):
        return []
    return [ANY, *(place_of(region=region) for region in offer.regions)]


def _read(indices: Indices, department: str | None) -> Iterator[Found]:
    """Yield the offers of a département, or those without one."""
    field = "department"
    query: dict[str, Any] = {"term": {field: department}} if department else _without(field)
    columns = [*COLUMNS.values(), *OF_PLACES]
    body = {"size": PAGE, "_source": False, "docvalue_fields": columns, "query": query, "sort": [{"key": "asc"}],
            "track_total_hits": False}  # fmt: skip
    view = indices.engine.run(open_view(indices.names.offers, body, KEPT))
    try:
        while hits := indices.engine.run(read_page(view)):
            for hit in hits:
                told = hit.get("fields", {})
                departments, regions, domains = (told.get(name, []) for name in OF_PLACES)
                columns_of = {name: told.get(column, ()) for name, column in COLUMNS.items()}
                yield Found(departments, regions, domains, Columns(**columns_of))
    finally:
        indices.engine.run(close_view(view))


def _without(field: str) -> dict[str, Any]:
    return {"bool": {"must_not": [{"exists": {"field": field}}]}}
