"""A postal code that is written with a town's name is no part of the name, in no address."""

from typing import Any

import pytest

from fixtures.traps.hostile import record
from indexer.normalize.town_codes import split_town
from tests.unit.load.test_convert import offer_of

STATED = "<codepostal>81000</codepostal><ville>Albi</ville><code-INSEE-commune>81004</code-INSEE-commune>"


def placed(postal_code: str, town: str, more: str = "") -> dict[str, Any]:
    """Return the offer whose places, and whose meeting, are at this address."""
    address = f"<ligne>3 rue du Canal</ligne><codepostal>{postal_code}</codepostal><ville>{town}</ville>{more}"
    text = record("A1").replace("<ligne>1 place du Marché</ligne>", "").replace(STATED, address)
    meeting = f"<recrutement><adresse>{address}</adresse></recrutement></session>"
    return offer_of(text.replace("</session>", meeting))


@pytest.mark.parametrize(
    ("postal_code", "town"),
    [("", "75000 PARIS"), ("75000", "75000 PARIS"), ("00000", "75000 - PARIS"), ("75000", "PARIS (75000)")],
)
def test_a_town_is_told_without_its_postal_code(postal_code: str, town: str) -> None:
    offer = placed(postal_code, town)
    (place,) = offer["places"]
    (meeting,) = offer["sessions"][0]["meetings"]
    assert (place["town"], place["postal_code"], place["department"]) == ("PARIS", "75000", "75")
    assert (meeting["town"], meeting["address"]) == ("PARIS", "3 rue du Canal, 75000 PARIS")
    assert offer["place_text"] == "PARIS"
    told = [fault for fault in offer["faults"] if fault["kind"] != "place-not-found"]
    assert [(fault["kind"], fault["field"], fault["value"]) for fault in told] == [
        ("postal-code-in-town", "ville", town)
    ]


def test_another_postal_code_stands_and_both_are_told() -> None:
    offer = placed("81000", "81100 CASTRES")
    assert (offer["places"][0]["town"], offer["places"][0]["postal_code"]) == ("CASTRES", "81000")
    assert {"postal-code-in-town", "postal-code-elsewhere"} <= {fault["kind"] for fault in offer["faults"]}
    assert offer["sessions"][0]["meetings"][0]["address"] == "3 rue du Canal, 81000 81100 CASTRES"


@pytest.mark.parametrize("town", ["Albi BP 81000", "99000 X", "LYON 03", "750001 PARIS", "Albi 12345", "2 Rives"])
def test_digits_that_are_no_certain_postal_code_stay(town: str) -> None:
    assert split_town(town, "81000", lambda code: code == "81000") == (town, None)


def test_a_place_abroad_keeps_its_town_as_told() -> None:
    offer = placed("", "10115 Berlin", "<pays>DE</pays>")
    assert (offer["places"][0]["town"], "postal_code" in offer["places"][0]) == ("10115 Berlin", False)


def letters(text: str) -> int:
    return sum(map(str.isalpha, text))


@pytest.mark.parametrize("part", [" ", ",", "(", "é", "81000 ", "b.p", "f-"])
def test_any_text_is_split_without_losing_a_letter(part: str) -> None:
    for text in (part * 300, f"81000 {part * 300}", f"{part * 300} 81000", f"{part * 300}81000)"):
        name, code = split_town(text, "81000", lambda _: True)
        assert letters(text) - letters(name or "") <= (code is not None and part == "f-")  # F-81000
