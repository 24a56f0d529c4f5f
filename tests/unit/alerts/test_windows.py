"""When an alert is due, and which news its letter tells."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.horizon import EPOCH, Horizon, Window
from alerts.model import Outbox, Record
from indexer.alerts.due import is_due, is_to_be_asked, name_of, window_of

NOW = datetime(2026, 11, 30, 6, 30, 12, tzinfo=UTC)


def text(hour: int, day: int = 30) -> str:
    return f"2026-11-{day:02}T{hour:02}:00:00.000+00:00"


def ago(**since: int) -> str:
    return (NOW - timedelta(**since)).isoformat(timespec="milliseconds")


@pytest.mark.parametrize(
    ("frequency", "since", "due"),
    [
        ("daily", {"seconds": 0}, True),
        ("daily", {"hours": 3}, True),
        ("weekly", {"hours": 3}, False),
        ("weekly", {"days": 6, "hours": 23, "minutes": 58}, False),
        ("weekly", {"days": 7}, True),
        ("weekly", {"days": 6, "hours": 23, "minutes": 59, "seconds": 55}, True),  # cron began a little later last week
        ("weekly", {"days": 8}, True),
    ],
)
def test_daily_is_due_at_every_run_and_weekly_after_seven_days(
    frequency: str, since: dict[str, int], due: bool
) -> None:
    record = Record.model_validate({"kind": "active", "frequency": frequency, "mailed_at": ago(**since)})
    assert is_due(record, NOW) is due


@pytest.mark.parametrize(("days", "asked", "due"), [(364, None, False), (365, None, True), (400, ago(days=3), False)])
def test_one_is_asked_once_after_a_year(days: int, asked: str | None, due: bool) -> None:
    assert is_to_be_asked(Record(kind="active", confirmed_at=ago(days=days), asked_at=asked), NOW) is due


def test_window_without_loads_is_one_range() -> None:
    window = Window(text(1), {}, Horizon(text(5)))
    assert window.clause() == {"bool": {"filter": [{"range": {"news_at": {"gt": text(1), "lte": text(5)}}}]}}
    assert window.told() == {}


def test_source_being_loaded_is_told_up_to_its_last_whole_load() -> None:
    window = Window(text(1), {}, Horizon(text(5), {"s": text(3), "new": ""}))
    apart = {each["bool"]["filter"][0]["term"]["source"]: each["bool"]["filter"][1]["range"]["news_at"]
             for each in window.clause()["bool"]["should"][1:]}  # fmt: skip
    assert apart == {"new": {"gt": text(1), "lte": EPOCH}, "s": {"gt": text(1), "lte": text(3)}}
    assert window.clause()["bool"]["should"][0]["bool"]["must_not"] == [{"terms": {"source": ["new", "s"]}}]
    assert window.told() == {"s": text(3), "new": text(1)}


def test_rest_of_a_source_is_told_once_it_is_loaded() -> None:
    record = Record(kind="active", told_until=text(5), behind={"s": text(3)})
    window = window_of(record, Horizon(text(6)))
    everyone, of_source = window.clause()["bool"]["should"]
    assert everyone["bool"]["filter"][0]["range"]["news_at"] == {"gt": text(5), "lte": text(6)}
    assert of_source["bool"]["filter"][1]["range"]["news_at"] == {"gt": text(3), "lte": text(6)}
    assert window.told() == {}


def test_source_is_new_if_nothing_of_it_was_there_before_the_window() -> None:
    end = Horizon(text(5), {}, {"old": text(1), "new": text(2), "late": text(4)})
    assert Window(text(1), {}, end).new_sources() == ["late", "new"]
    assert Window(text(1), {"new": text(3)}, end).new_sources() == ["late"]


def test_letter_that_is_sent_again_has_its_window_and_name() -> None:
    record = Record(kind="active", told_until=text(1))
    first = window_of(record, Horizon(text(5)))
    kept = record.model_copy(update={"outbox": Outbox(letter="news", until=text(5))})
    again = window_of(kept, Horizon(text(9)))
    assert (again.clause(), name_of(again)) == (first.clause(), name_of(first))
    others = {name_of(window_of(record, Horizon(text(9)))), name_of(Window(text(1), {"s": text(0)}, Horizon(text(5))))}
    assert len({name_of(first), *others}) == 3
