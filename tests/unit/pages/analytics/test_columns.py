"""The order of columns: in the table by the measure of the rows, in a chart by the one drawn."""

from search_app.analytics.answer import Row
from search_app.analytics.dimensions import DIMENSIONS
from search_app.analytics.measures import MEASURES
from search_app.pages.analytics.chart import MOST_PANELS
from search_app.pages.analytics.columns import in_order
from search_app.pages.analytics.figures import to_kind
from search_app.search.links import Pairs
from tests.unit.pages.analytics.pivot_samples import page_of, values

LEFT = to_kind(MEASURES["left"])
CROSSED: Pairs = (("rows", "region"), ("columns", "funder"), ("measure", "left"), ("measure", "offers"))


def column(value: str | None, left: float | None, offers: int = 4) -> Row:
    return Row(value, f"Financeur {value}", values(offers, left=left), f"funder={value}")


COLUMNS = tuple(column(str(number), number, 20 - number) for number in range(1, 9))


def test_the_largest_come_first_and_what_is_not_known_or_has_no_value_last() -> None:
    columns = (column("1", None), column("2", 0), column(None, 99), column("3", 7), column("4", 7))
    ordered = in_order(columns, DIMENSIONS["funder"], LEFT)
    assert [each.value for each in ordered] == ["3", "4", "2", "1", None]


def test_periods_and_levels_keep_their_own_order() -> None:
    columns = (column("2027-01", 1), column("2027-02", 5))
    for name in ("month", "quarter", "year", "level"):
        assert in_order(columns, DIMENSIONS[name], LEFT) == columns


def test_the_table_orders_columns_by_the_measure_of_its_rows_and_else_by_the_first() -> None:
    by_offers = page_of((*CROSSED, ("sort", "offers")), columns=COLUMNS)
    assert by_offers.table
    assert by_offers.table.columns[0] == "Financeur 1"
    by_label = page_of((*CROSSED, ("sort", "label")), columns=COLUMNS)
    assert by_label.table
    assert by_label.table.columns[0] == "Financeur 8"


def test_a_chart_draws_the_largest_and_names_those_left_out() -> None:
    page = page_of((*CROSSED, ("sort", "offers"), ("view", "chart"), ("draw", "left")), columns=COLUMNS)
    assert page.drawing.chart
    titles = [panel.title for panel in page.drawing.chart.panels]
    assert titles == [f"Financeur {number}" for number in range(8, 8 - MOST_PANELS, -1)]
    (note,) = page.drawing.notes
    assert note.replace("\xa0", " ") == (
        "Colonnes dessinées : les 6 plus grandes (places restantes)."
        " Dans le tableau seulement : Financeur 2, Financeur 1."
    )
