"""The brute-force check knows every facet, and fails on one that it does not evaluate."""

import pytest

from search_app.search.facets import FACETS
from search_app.search.params import PARAMETERS
from tests.oracle.answer import FACETS as EVALUATED
from tests.oracle.fixture_truth import DATA, fixture_row, read_fixture_truth
from tests.oracle.places import Gazetteer
from tests.oracle.query import CODE_FILTERS, OTHERS, read_query
from tests.oracle.rows import ON_SESSIONS
from tests.unit.house.test_oracle_comparison import differences, good_answer

HOW = "tests/oracle/rows.py (STATED) does not have it: docs/adding-a-facet.md"


def test_every_facet_is_evaluated() -> None:
    missing = {facet.param for facet in FACETS} - set(EVALUATED)
    assert not missing, f"facet {', '.join(missing)}: {HOW}"
    assert set(EVALUATED) == {facet.param for facet in FACETS}


def test_every_parameter_is_evaluated_but_those_that_change_no_set_of_offers() -> None:
    missing = set(PARAMETERS) - {*CODE_FILTERS, *OTHERS, "verbatim", "explain"}
    assert not missing, f"parameter {', '.join(missing)}: {HOW}"


def test_facet_that_is_not_evaluated_is_told() -> None:
    got = good_answer()
    got["facets"]["colour"] = []
    assert differences(got) == ["facet colour: the oracle does not evaluate it (docs/adding-a-facet.md)"]


def test_parameter_that_is_not_evaluated_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not evaluate colour"):
        read_query({"colour": ["red"], "level": ["14"]}, Gazetteer())


def test_the_fixtures_state_values_of_every_facet() -> None:
    truths = read_fixture_truth(DATA / "truth.jsonl.gz")
    rows = [fixture_row({**truth, "action": "1"}) for truth in truths if all(s["session"] for s in truth["sessions"])]
    without = [
        facet.param
        for facet in FACETS
        if facet.param not in ON_SESSIONS and not any(row.values.get(facet.param) for row in rows)
    ]
    assert without == [], HOW
