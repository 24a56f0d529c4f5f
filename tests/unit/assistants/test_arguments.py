"""JSON arguments are read as an address is; faults name the argument and what is allowed, and repeat no such value."""

from typing import Any

import pytest

from search_app.assistants.tools.answer import to_fault
from search_app.assistants.tools.arguments import one_text, read_arguments, read_pairs
from search_app.assistants.tools.search_arguments import ARGUMENTS, LISTED, OF_COUNTS, to_schema
from search_app.base.errors import BadParameters, EngineTimeout, Fault


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("2", ["2"]), (2, ["2"]), (["2", 3], ["2", "3"]), (True, ["true"]), (False, ["false"]), (None, []), ([], []),
        (30.5, ["30.5"]), (30.0, ["30"]), ("", [""]),
    ],
)  # fmt: skip
def test_json_values_become_texts_of_an_address(value: Any, texts: list[str]) -> None:
    assert read_pairs({"funder": value}, ["funder"]) == [("funder", text) for text in texts]


@pytest.mark.parametrize(
    "value", [{}, {"a": 1}, [[1]], [None], float("nan"), float("inf"), 10**400, "x" * 2001, ["1"] * 51, [{"x": "y"}]]
)
def test_values_of_other_forms_are_faults(value: Any) -> None:
    (fault,) = read_arguments({"funder": value}, ["funder"])[1]
    assert fault.parameter == "funder"
    assert len(fault.message) < 300


def test_unknown_argument_is_a_fault_without_its_value() -> None:
    with pytest.raises(BadParameters) as raised:
        read_pairs({"age": "62 ans et malade", "x" * 500: 1}, ["q"])
    told = to_fault(raised.value).text
    assert "malade" not in told
    assert "age" in told
    assert "cet argument n’existe pas (possible : q)" in told
    assert len(told) < 400


def test_missing_and_repeated_texts_are_faults() -> None:
    for pairs in ([], [("key", " ")], [("key", "a"), ("key", "b")]):
        with pytest.raises(BadParameters):
            one_text(pairs, "key", "une clé")
    assert one_text([("key", " a "), ("x", "y")], "key", "une clé") == "a"


def test_fault_answers_are_bounded_and_say_when_to_retry() -> None:
    many = to_fault(BadParameters([Fault("q", "", "", "x" * 1000)] * 50))
    assert many.is_fault
    assert len(many.text) < 10 * 420 + 100
    assert "Et 40 autres fautes." in many.text
    assert to_fault(EngineTimeout("Le moteur n’a pas répondu à temps.")).text.endswith("autre essai : 5 s.")


def test_surrogates_of_a_caller_do_not_come_back() -> None:
    told = to_fault(BadParameters([Fault("q", "", "", "reçu : « \ud800 »")])).text
    assert told.encode().decode() == told


def test_listed_arguments_are_parameters_of_the_search() -> None:
    assert set(LISTED) <= set(ARGUMENTS)
    assert {"group", "facets", "facet_size", "explain"}.isdisjoint(ARGUMENTS)
    assert {"page", "size", "sort"}.isdisjoint(OF_COUNTS)
    properties = to_schema()["properties"]
    assert properties["funder"]["type"] == "array"
    assert properties["state_funded"] == {"type": "boolean"}
    assert properties["entry"] == {"type": "string", "enum": ["fixed", "permanent"]}
    assert properties["seats"]["type"] == "string"
    assert properties["upcoming"]["type"] == "boolean"
    assert properties["mode"]["items"]["enum"] == ["onsite", "blended", "remote"]
