"""The brute-force check knows every facet, and fails on one that it does not evaluate."""

import pytest

from search_app.search.facets import FACETS
from search_app.search.params import PARAMETERS
from tests.oracle.answer import FACETS as EVALUATED
from tests.oracle.fixture_truth import DATA, fixture_row, read_fixture_truth
from tests.oracle.places import Gazetteer
from tests.oracle.query import CODE_FILTERS, OTHERS, read_query
from tests.oracle.rows import ON_LINES, ON_REQUEST, ON_SESSIONS, WITH_UNTOLD
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
        if facet.param not in (*ON_SESSIONS, *ON_LINES) and not any(row.values.get(facet.param) for row in rows)
    ]
    assert without == [], HOW


def test_the_fixtures_have_purchases_of_each_kind() -> None:
    truths = read_fixture_truth(DATA / "truth.jsonl.gz")
    offers = [[tuple(line) for line in truth["lines"]] for truth in truths]
    lines = [line for each in offers for line in each]
    told = {(programme is not None, market is not None, seats is not None) for _, programme, market, seats in lines}
    assert len(told) == 8
    repeated = [each for each in offers if len({line[0] for line in each}) < len(each)]
    assert sum(len({line[2] for line in each}) > 1 for each in repeated) > 30
    assert sum(not each for each in offers) > 100
    bodies = [({truth["provider_siren"]}, {*truth["trainers"]}) for truth in truths]
    assert sum(bool(trainers) and not responsible & trainers for responsible, trainers in bodies) > 100
    assert sum(not trainers for _, trainers in bodies) > 20


def test_values_that_no_row_has_are_told_as_unknown() -> None:
    assert {facet.param for facet in FACETS if facet.untold} | {"rncp"} == WITH_UNTOLD
    assert {facet.param for facet in FACETS if facet.on_request} == ON_REQUEST
