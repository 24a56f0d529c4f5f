"""Links of rows, columns and cells: the value replaces the parameter, everything else stays."""

from datetime import date
from urllib.parse import parse_qsl

from search_app.analytics.links import Links
from search_app.analytics.periods import periods_between
from tests.unit.analytics.test_pivot_query import read

WINDOW = (("start_from", "2027-01-10"), ("start_to", "2027-02-20"))


def links(*pairs: tuple[str, str]) -> Links:
    query = read(*pairs)
    periods = periods_between("month", date(2027, 1, 10), date(2027, 2, 20))
    return Links(query, query.search, periods)


def test_value_replaces_its_parameter_and_others_stay() -> None:
    made = links(("rows", "region"), ("columns", "funder"), ("region", "76"), ("region", "93"), ("seats", "1"))
    assert parse_qsl(made.total) == [("seats", "1"), ("region", "76"), ("region", "93")]
    assert parse_qsl(made.cell("93", "2")) == [("seats", "1"), ("region", "93"), ("funder", "2")]
    assert parse_qsl(made.column("2")) == [("seats", "1"), ("region", "76"), ("region", "93"), ("funder", "2")]


def test_what_is_not_told_is_unknown_to_the_search() -> None:
    assert links(("rows", "level")).row(None) == "level=unknown"


def test_periods_are_cut_to_the_window() -> None:
    made = links(("rows", "month"), *WINDOW)
    assert parse_qsl(made.row("2027-01")) == [("start_from", "2027-01-10"), ("start_to", "2027-01-31")]
    assert parse_qsl(made.row("2027-02")) == [("start_from", "2027-02-01"), ("start_to", "2027-02-20")]


def test_formacode_replaces_the_domain() -> None:
    assert links(("rows", "formacode"), ("domain", "230")).row("23054") == "domain=23054"


def test_order_and_pages_are_no_part_of_the_search() -> None:
    made = links(("rows", "region"), ("sort", "label"), ("size", "5"), ("group", "training"), ("upcoming", "true"))
    assert made.total == "upcoming=true"
