"""Offers in the European Learning Model: what the profile demands is there, or the offer is left out and counted."""

import json
import tracemalloc
from collections import deque
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import rdflib
from rdflib.namespace import RDF

from indexer.elm.bodies import Bodies
from indexer.elm.fields import BASES, TABLE, UNKNOWN, BadTable, fields_by_speciality, fields_of, read_fields
from indexer.elm.nodes import NO_OUTCOME, NO_PROVIDER, Frame
from indexer.elm.vocabulary import CONTEXT
from indexer.elm.write import Report, to_parts
from tests.hostile_offers import hostile_offers
from tests.stored_offers import named, whole_offer
from tests.unit.elm.checked import DC, ELM, SITE, TODAY, exported, to_graph, violations


def nodes_of(document: bytes, kind: str) -> list[Any]:
    return [node for node in json.loads(document)["@graph"] if node["type"] == kind]


def changed(**fields: Any) -> dict[str, Any]:
    return whole_offer() | fields


def test_whole_offer_conforms_to_the_shapes() -> None:
    document, report = exported([whole_offer()])
    graph = to_graph(document)
    assert violations(graph) == ""
    assert (report.offers, report.bodies, dict(report.left_out)) == (1, 1, {})
    assert len(list(graph.subjects(RDF.type, ELM.LearningOpportunity))) == 1 + len(whole_offer()["sessions"])
    (qualification,) = graph.subjects(RDF.type, ELM.Qualification)
    assert graph.value(qualification, ELM.EQFLevel) == rdflib.URIRef("http://data.europa.eu/snb/eqf/3")
    assert graph.value(qualification, ELM.NQFLevel) == rdflib.URIRef(f"{SITE}/#cadre-national-3")


@pytest.mark.parametrize(
    "path",
    [
        ("title",), ("homepage",), ("providedBy",), ("learningAchievementSpecification",), ("defaultLanguage",),
        ("learningAchievementSpecification", "title"), ("learningAchievementSpecification", "ISCEDFCode"),
        ("learningAchievementSpecification", "language"), ("learningAchievementSpecification", "learningOutcome"),
        ("homepage", "contentUrl"), ("identifier", "notation"),
    ],
)  # fmt: skip
def test_shapes_notice_what_is_missing(path: tuple[str, ...]) -> None:
    document, _ = exported([whole_offer()])
    whole = json.loads(document)
    part = next(node for node in whole["@graph"] if node["type"] == "LearningOpportunity")
    for name in path[:-1]:
        part = part[name]
    del part[path[-1]]
    assert violations(to_graph(json.dumps(whole).encode())) != ""


@pytest.mark.parametrize("kind", ["Organisation", "Concept"])
def test_shapes_notice_missing_nodes(kind: str) -> None:
    document, _ = exported([whole_offer()])
    whole = json.loads(document)
    whole["@graph"] = [node for node in whole["@graph"] if node["type"] != kind]
    assert violations(to_graph(json.dumps(whole).encode())) != ""


def test_unknown_property_would_be_dropped_so_all_are_in_the_context() -> None:
    document, _ = exported([whole_offer()])
    unknown: set[str] = set()

    def look(value: Any) -> None:
        if isinstance(value, dict):
            unknown.update(name for name in value if name not in CONTEXT)
            unknown.update({value["type"]} - CONTEXT.keys() if "type" in value else ())
            for each in value.values():
                look(each)
        elif isinstance(value, list):
            for each in value:
                look(each)

    look(json.loads(document)["@graph"])
    assert unknown == set()


@pytest.mark.parametrize(
    "fields",
    [
        {"nsf": []}, {"nsf": ["999"]}, {"level": None}, {"certifications": []}, {"certifying": False}, {"places": []},
        {"sessions": []}, {"mode": None}, {"price": None}, {"hours": None}, {"content": None}, {"goal": None},
        {"outcome": None}, {"price": 0.1}, {"hours": 0.4}, {"provider": {"name": "Sans numéro"}},
        {"provider": {"siren": "123456789"}}, {"mode": "remote"},
    ],
)  # fmt: skip
def test_offer_without_a_part_conforms(fields: Mapping[str, Any]) -> None:
    document, report = exported([changed(**fields)])
    assert violations(to_graph(document)) == ""
    assert report.offers == 1


def test_hostile_values_conform_or_are_left_out() -> None:
    documents = list(hostile_offers())
    document, report = exported(documents)
    assert report.offers + report.left_out.total() == len(documents)
    assert report.offers > 0
    assert violations(to_graph(document)) == ""


def test_offers_that_the_model_cannot_hold_are_counted_by_reason() -> None:
    nobody = changed(provider={}, trainers=[])
    document, report = exported([nobody, changed(goal=None, outcome=None), whole_offer()])
    assert report.left_out == {NO_PROVIDER: 1, NO_OUTCOME: 1}
    assert len(nodes_of(document, "LearningOpportunity")) == 1


def test_provider_is_written_once() -> None:
    document, report = exported([named(whole_offer(), "a"), named(whole_offer(), "b")])
    assert (report.offers, report.bodies) == (2, 1)
    assert len(nodes_of(document, "Organisation")) == 1


def test_name_of_provider_comes_from_the_tables_if_the_offer_has_none() -> None:
    document, _ = exported([changed(provider={"siren": "123456789"}, trainers=[])])
    (body,) = nodes_of(document, "Organisation")
    assert body["legalName"] == "Organisme du registre"
    assert body["registration"]["notation"] == "123456789"


def test_legal_name_is_preferred_to_that_of_the_offer() -> None:
    document, _ = exported([changed(provider={"siren": "123456789", "name": "Enseigne"})])
    (body,) = nodes_of(document, "Organisation")
    assert body["legalName"] == "Organisme du registre"


def test_only_sessions_to_come_are_parts_and_days_are_as_precise_as_known() -> None:
    session = whole_offer()["sessions"][0]
    over = session | {"key": "over", "open_until": "2026-11-22"}
    day = session | {"key": "day", "open_until": "2026-11-23", "start_precision": "day", "end_precision": "month"}
    (offer,) = nodes_of(exported([changed(sessions=[over, day])])[0], "LearningOpportunity")
    (part,) = offer["hasPart"]
    assert part["id"].endswith("#session-day")
    assert part["temporal"] == {
        "type": "PeriodOfTime",
        "startDate": "2027-03-01T00:00:00",
        "prefLabel": "2027-06",
    }
    assert (
        "hasPart" not in nodes_of(exported([changed(sessions=[day])], date(2026, 11, 24))[0], "LearningOpportunity")[0]
    )


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, ["RNCP37348"]), ({"certifying": None}, ["RNCP37348"]), ({"certifying": False}, []), ({"level": None}, []),
        ({"certifications": [{"rs": "5616"}]}, []), ({"certifications": [{"rncp": "1"}, {"rncp": "1"}]}, ["RNCP1"]),
        ({"certifications": [{"rncp": "1 <x>"}]}, []),
    ],
)  # fmt: skip
def test_qualifications_are_certifications_of_the_register_with_a_level(fields: Any, codes: list[str]) -> None:
    (offer,) = nodes_of(exported([changed(**fields)])[0], "LearningOpportunity")
    found = offer["learningAchievementSpecification"].get("specialisationOf", [])
    assert [row["identifier"]["notation"] for row in found] == codes


def peak_of(count: int) -> int:
    """Return the most bytes that an export of so many offers of one provider takes while it is read part by part."""
    whole = whole_offer()
    frame = Frame(SITE, TODAY, Bodies(SITE, {}), {})
    tracemalloc.start()
    deque(to_parts((whole | {"key": f"key{number}"} for number in range(count)), frame, Report()), maxlen=0)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_memory_does_not_grow_with_the_catalogue() -> None:
    peak_of(10)
    assert peak_of(1_000) < peak_of(50) * 1.5


def test_remote_offer_has_no_location() -> None:
    (offer,) = nodes_of(exported([changed(mode="remote")])[0], "LearningOpportunity")
    assert "location" not in offer
    assert offer["mode"]["id"].endswith("/920fbb3cbe")


def test_texts_are_french_and_prices_decimal() -> None:
    graph = to_graph(exported([changed(price=1234.5)])[0])
    assert {title.language for title in graph.objects(None, DC.title) if isinstance(title, rdflib.Literal)} == {"fr"}
    (value,) = graph.objects(None, RDF.value)
    assert value.n3() == '"1234.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'


def test_table_of_fields_has_each_speciality_once() -> None:
    table = fields_by_speciality()
    assert len(table) == 93  # groups of the nomenclature (code de l'éducation, D. 311-4)
    assert UNKNOWN not in {field for fields in table.values() for field in fields}
    assert TABLE.read_text("utf-8").startswith("nsf,iscedf,basis\n")
    assert fields_of(["326", "xxx"]) == ["0610"]
    assert fields_of(["xxx"]) == [UNKNOWN]


@pytest.mark.parametrize(
    "row",
    [
        {"nsf": "12", "iscedf": "0511", "basis": "same"}, {"nsf": "118", "iscedf": "", "basis": "same"},
        {"nsf": "118", "iscedf": "511", "basis": "same"}, {"nsf": "118", "iscedf": "0511", "basis": "perhaps"},
    ],
)  # fmt: skip
def test_wrong_row_of_the_table_is_named(row: dict[str, str]) -> None:
    assert row["basis"] not in BASES or row["basis"] == "same"
    with pytest.raises(BadTable, match=r"nsf_iscedf\.csv"):
        read_fields([row])
    right = {"nsf": "118", "iscedf": "0511", "basis": "same"}
    with pytest.raises(BadTable):
        read_fields([right, right])
