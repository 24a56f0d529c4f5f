"""The judged queries on the real engine: nothing may get worse unseen."""

from collections.abc import Callable

import pytest

from tests.engine.loaded import LoadedApp
from tests.relevance.ask import ask_all
from tests.relevance.figures import read_marks, table, worse
from tests.relevance.judged import read_queries
from tests.relevance.mark import Mark


@pytest.fixture(scope="module")
def marks(loaded_app: LoadedApp) -> list[Mark]:
    return ask_all(loaded_app, read_queries())


def test_nothing_is_worse_than_in_the_last_release(
    marks: list[Mark], record_property: Callable[[str, object], None]
) -> None:
    last = read_marks()
    record_property("table", f"Judged queries (in brackets: the last release)\n{table(marks, last)}")
    assert worse(marks, last) == []


def test_every_query_with_good_trainings_can_be_answered(marks: list[Mark]) -> None:
    answerable = {each.q for each in marks if each.precision is not None}
    hopeless = [each.q for each in read_queries() if each.good != frozenset() and each.q not in answerable]
    assert hopeless == [], "no offer of the fixtures is good and passes the filters"
