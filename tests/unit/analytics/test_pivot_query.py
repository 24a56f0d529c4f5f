"""Parameters of a pivot: what they mean, and every fault at once."""

from dataclasses import dataclass
from typing import Any, cast

import pytest

from search_app.analytics.query import PivotQuery, read_pivot_query
from search_app.base.errors import BadParameters
from search_app.base.settings import Settings
from search_app.search.reference_data import Snapshot
from search_app.search.resolved import resolve
from search_app.search.service import Services


@dataclass
class NoEngine:
    """The part of the services that resolves, over an empty catalogue."""

    def resolve(self, params: Any, *, faults: Any = ()) -> Any:
        return resolve(params, Snapshot(), Settings(), faults=faults)


def read(*pairs: tuple[str, str]) -> PivotQuery:
    return read_pivot_query(cast(Services, NoEngine()), pairs)


def faults(*pairs: tuple[str, str]) -> dict[str, str]:
    with pytest.raises(BadParameters) as caught:
        read(*pairs)
    return {fault.parameter: fault.message for fault in caught.value.faults}


def test_without_parameters_default_measures_and_no_dimension() -> None:
    query = read()
    assert [measure.name for measure in query.measures] == ["offers", "sessions", "left", "fill_rate"]
    assert (query.dimensions, query.sort, query.page, query.size) == ((), "offers", 1, 20)
    assert not query.show_empty


def test_periods_are_ordered_by_time_unless_told() -> None:
    assert read(("rows", "month")).sort is None
    assert read(("rows", "month"), ("sort", "left")).sort == "left"


def test_page_and_size_are_those_of_rows() -> None:
    query = read(("rows", "rome"), ("page", "3"), ("size", "50"), ("region", "76"))
    assert (query.page, query.size) == (3, 50)
    assert (query.search.params.page, query.search.params.chosen("region")) == (1, ("76",))


def test_all_faults_are_reported_at_once() -> None:
    found = faults(("rows", "regions"), ("measure", "money"), ("size", "1000"), ("department", "999"), ("x", "1"))
    assert found.keys() == {"rows", "measure", "size", "department", "x"}
    assert "« regions »" in found["rows"]
    assert "employment_zone" in found["rows"]


def test_same_dimension_twice_is_fault() -> None:
    assert "déjà celle des lignes" in faults(("rows", "region"), ("columns", "region"))["columns"]
    assert "répété" in faults(("rows", "region"), ("rows", "level"))["rows"]


@pytest.mark.parametrize(("rows", "columns"), [("domain", "formacode"), ("month", "year"), ("quarter", "month")])
def test_two_dimensions_on_one_parameter_are_fault(rows: str, columns: str) -> None:
    assert "même paramètre" in faults(("rows", rows), ("columns", columns))["columns"]


def test_domain_rows_beside_exact_formacode_are_fault() -> None:
    assert "23054" in faults(("rows", "domain"), ("domain", "23054"))["rows"]
    assert read(("rows", "domain"), ("domain", "230")).rows
    assert read(("rows", "formacode"), ("domain", "23054")).rows


def test_comparison_needs_its_window() -> None:
    assert "start_to" in faults(("compare", "previous"), ("start_from", "2027-01-01"))["compare"]
    assert "start_from" in faults(("compare", "year"))["compare"]
    assert read(("compare", "year"), ("start_from", "2027-01-01")).compare == "year"
