"""How figures moved: which filters are kept, what each day says, what is not known."""

from dataclasses import fields
from datetime import date

import pytest

from search_app.analytics.history import Day, HistoryQuery
from search_app.pages.analytics.history import DAYS_BACK, MOST_LINES, NOTHING_KEPT, to_history_query
from search_app.search.links import Pairs
from tests.unit.pages.analytics.pivot_samples import html_of, page_of, query_of, text_of, values

TODAY = date(2026, 11, 23)
BY_REGION: Pairs = (("rows", "region"), ("measure", "left"), ("measure", "trainings"))
MONTH: Pairs = (("start_from", "2027-02-01"), ("start_to", "2027-02-28"))


def day(number: int, **changes: float | None) -> Day:
    return Day(f"2026-11-{number:02}", values(4, **changes))


@pytest.mark.parametrize(
    ("pairs", "asked"),
    [
        ((), {}),
        ((("upcoming", "true"), ("sort", "left"), ("size", "50")), {}),
        ((("region", "76"), ("domain", "223"), ("funder", "2")), {"region": "76", "domain": "223", "funder": "2"}),
        ((("department", "81"), *MONTH), {"department": "81", "month": "2027-02"}),
    ],
)
def test_filters_that_are_kept_are_asked_of_the_days(pairs: Pairs, asked: dict[str, str]) -> None:
    query = to_history_query(query_of((*BY_REGION, *pairs)), TODAY)
    assert query is not None
    told = {each.name: getattr(query, each.name) for each in fields(query) if getattr(query, each.name)}
    assert told == {**asked, "since": date(2026, 8, 23)}
    assert (TODAY - date(2026, 8, 23)).days == DAYS_BACK


@pytest.mark.parametrize(
    "pairs",
    [
        (("q", "maçon"),),
        (("funder", "2"), ("funder", "4")),
        (("funder", "unknown"),),
        (("domain", "22354"),),
        (("region", "76"), ("department", "81")),
        (("start_from", "2027-02-01"),),
        (("start_from", "2027-02-01"), ("start_to", "2027-02-27")),
        (("start_from", "2027-02-02"), ("start_to", "2027-02-28")),
        (("start_from", "2027-02-01"), ("start_to", "2027-03-31")),
        (("level", "13"),),
    ],
)
def test_other_filters_are_not_kept_and_the_page_says_so(pairs: Pairs) -> None:
    assert to_history_query(query_of((*BY_REGION, *pairs)), TODAY) is None
    part = page_of((*BY_REGION, *pairs), history=(None, ())).history
    assert part is not None
    assert "retirez les autres filtres" in part.note
    assert part.lines == ()


def test_each_day_is_compared_with_the_one_before_and_only_kept_measures_are_shown() -> None:
    kept = (HistoryQuery(region="76"), [day(1, left=10), day(3, left=12), day(4, left=None)])
    page = html_of(BY_REGION, history=kept)
    (fold,) = page.xpath('//details[contains(@class, "history")]')
    assert [text_of(head) for head in fold.xpath(".//thead//th")] == ["Jour", "Places restantes"]
    lines = [[text_of(cell) for cell in line.xpath("./th | ./td")] for line in fold.xpath(".//tbody/tr")]
    assert lines == [
        ["4 novembre 2026", "non connuconnu : 60 %avant : 12"],
        ["3 novembre 2026", "12connu : 60 %+2 (+20 %), avant : 10"],
        ["1er novembre 2026", "10connu : 60 %"],
    ]
    assert fold.xpath(".//td//a") == []
    assert len(fold.xpath('.//*[local-name()="svg"]//*[local-name()="rect"]')) == 3
    assert fold.xpath('.//a[contains(., "JSON")]/@href') == ["/api/v1/analytics/history?region=76"]


def test_a_month_that_was_not_kept_is_not_known_rather_than_without_offers() -> None:
    nothing = Day("2026-11-01", dict.fromkeys(("offers", "left", "seats_known")))
    page = html_of(BY_REGION, history=(HistoryQuery(month="2030-01"), [nothing]))
    (cell,) = page.xpath('//details[contains(@class, "history")]//td')
    assert text_of(cell) == "non connu"


def test_only_the_newest_days_are_in_the_table_and_one_day_has_no_chart() -> None:
    many = page_of(BY_REGION, history=(HistoryQuery(), [day(number) for number in range(1, MOST_LINES + 5)])).history
    assert many is not None
    assert len(many.lines) == MOST_LINES
    assert many.lines[0].day == f"{MOST_LINES + 4} novembre 2026"
    assert many.chart is not None
    assert len(many.chart.panels[0].bars) == MOST_LINES + 4
    one = page_of(BY_REGION, history=(HistoryQuery(), [day(1)])).history
    assert one is not None
    assert (len(one.lines), one.chart) == (1, None)


def test_without_kept_days_the_page_says_so_and_without_engine_it_says_nothing() -> None:
    none = page_of(BY_REGION, history=(HistoryQuery(), ())).history
    assert none is not None
    assert none.note.replace("\xa0", " ") == NOTHING_KEPT
    assert html_of(BY_REGION).xpath('//details[contains(@class, "history")]') == []
