"""What the pool’s extras tell of funding: days of the CPF, contracts, programmes; and nothing of them is lost."""

from typing import Any

import pytest

from fixtures.traps.hostile import record
from mappings.columns.funding import index_funding
from tests.unit.load.test_convert import OLD, offer_of

SOURCE = "COPANEF"


def declared(first: str, last: str, number: str = "130900", **extra: str) -> str:
    rows = {"source": SOURCE, "debut-validite": first, "fin-validite": last, **extra}
    inner = "".join(f'<extra info="{name.replace("_", "-")}">{text}</extra>' for name, text in rows.items())
    return f'<extras info="eligibilite-cpf" numero="{number}">{inner}</extras>'


def offer_with(action: str = "", session: str = "", formation: str = "") -> dict[str, Any]:
    text = record("A1").replace("</action>", f"{action}</action>{formation}")
    return offer_of(text.replace("</session>", f"{session}</session>"))


def periods_of(offer: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = offer.get("detail", {}).get("cpf_periods", [])
    return found


FOR_ALL = {"public": "3", "france_entiere": "1", "inter_branche": "1"}


def test_days_are_read_wherever_they_stand_and_each_once() -> None:
    period = declared("20260101", "20261231", **FOR_ALL)
    offer = offer_with(period, period, declared("20270100", "20270000"))
    assert periods_of(offer) == [
        {"first": "2027-01-01", "last": "2027-12-31"},
        {"first": "2026-01-01", "last": "2026-12-31"},
    ]
    assert "fault_kinds" not in offer


@pytest.mark.parametrize("place", ["action", "session", "formation"])
def test_all_but_the_days_stays_among_the_other_elements(place: str) -> None:
    offer = offer_with(**{place: declared("20260101", "20261231", **FOR_ALL, branche="43.21A")})
    others = offer["sessions"][0]["others"] if place == "session" else offer["detail"]["others"]
    prefix = "action/" if place == "action" else ""
    assert others == {
        f"{prefix}eligibilite-cpf/@numero": ["130900"],
        f"{prefix}eligibilite-cpf/source": [SOURCE],
        f"{prefix}eligibilite-cpf/public": ["3"],
        f"{prefix}eligibilite-cpf/france-entiere": ["1"],
        f"{prefix}eligibilite-cpf/inter-branche": ["1"],
        f"{prefix}eligibilite-cpf/branche": ["43.21A"],
    }


@pytest.mark.parametrize(
    ("extra", "limited"),
    [
        ({}, False),
        (FOR_ALL, False),
        (FOR_ALL | {"public": "1"}, True),
        (FOR_ALL | {"public": "2"}, True),
        (FOR_ALL | {"france_entiere": "0", "region": "76"}, True),
        (FOR_ALL | {"inter_branche": "non"}, True),
        ({"branche": "43.21A"}, True),
        ({"region": "76"}, True),
    ],
)
def test_a_period_that_holds_for_some_people_only_is_limited(extra: dict[str, str], limited: bool) -> None:
    (period,) = periods_of(offer_with(session=declared("20260101", "20261231", **extra)))
    assert period.get("limited", False) is limited


@pytest.mark.parametrize(
    ("first", "last", "period", "kinds"),
    [
        ("20260101", "99999999", {"first": "2026-01-01"}, None),
        ("00000000", "20261231", {"last": "2026-12-31"}, None),
        ("00000000", "99999999", {"limited": True}, None),
        ("2026-01-01", "20261231", {"first": "2026-01-01", "last": "2026-12-31"}, ["iso-date"]),
        ("20260231", "20261231", {"last": "2026-12-31", "limited": True}, ["bad-date"]),
        ("20260101", "demain", {"first": "2026-01-01", "limited": True}, ["bad-date"]),
        ("20261231", "20260101", {"first": "2026-12-31", "limited": True}, ["inverted-period"]),
    ],
)
def test_open_and_damaged_days(first: str, last: str, period: dict[str, Any], kinds: list[str] | None) -> None:
    offer = offer_with(session=declared(first, last))
    assert periods_of(offer) == [period]
    assert offer.get("fault_kinds") == kinds


@pytest.mark.parametrize("extra", [{"public": "9"}, {"france_entiere": "peut-être"}, {"inter_branche": "2"}])
def test_an_unknown_code_is_a_fault_and_promises_nothing(extra: dict[str, str]) -> None:
    offer = offer_with(session=declared("20260101", "20261231", **extra))
    assert periods_of(offer)[0]["limited"] is True
    assert offer["fault_kinds"] == ["unknown-code"]


DISPOSITIF = (
    '<extras info="dispositif"><extra info="contrat-apprentissage">1</extra>'
    '<extra info="contrat-professionnalisation">0</extra><extra info="poec">1</extra></extras>'
)


@pytest.mark.parametrize("place", ["action", "session", "formation"])
def test_contracts_and_programmes_are_known_from_the_extras_wherever_they_stand(place: str) -> None:
    made = index_funding(offer_with(**{place: DISPOSITIF}))
    assert (made["contract_type"], made["funding_programme"]) == (["apprenticeship"], ["poec"])


def test_the_same_extras_are_understood_in_lheo_1_3() -> None:
    inside = OLD.replace("</session>", f"{declared('20260101', '20261231', **FOR_ALL)}{DISPOSITIF}</session>")
    offer = offer_of(inside, "1.3")
    assert periods_of(offer) == [{"first": "2026-01-01", "last": "2026-12-31"}]
    assert index_funding(offer)["contract_type"] == ["apprenticeship"]


def test_programmes_of_funder_lines_and_hours_and_fees_of_the_action_are_read() -> None:
    line = (
        "<organisme-financeur><code-financeur>16</code-financeur><extras info='specificites'>"
        "<extra info='programme-financeur'>POEC Numérique</extra></extras></organisme-financeur>"
    )
    told = "<nombre-heures-entreprise>140</nombre-heures-entreprise><frais-restants>50,00 €</frais-restants>"
    offer = offer_with(told + line)
    assert (offer["funding_programme"], offer["hours_company"], offer["remaining_fees"]) == (["poec"], 140, 50.0)


def test_paths_of_other_extras_are_their_names() -> None:
    extras = "<extras info='specificites'><extra info='code-public-vise' ref='V12'>80006</extra></extras>"
    funder = f"<organisme-financeur><code-financeur>2</code-financeur>{extras}</organisme-financeur>"
    others = offer_with(funder)["detail"]["others"]
    assert others["action/organisme-financeur/specificites/code-public-vise"] == ["80006"]
    assert others["action/organisme-financeur/specificites/code-public-vise/@ref"] == ["V12"]
