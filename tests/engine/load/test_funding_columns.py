"""What rules on funding ask of offers is found by the engine: after a load, and after a rebuild of an older shape."""

from pathlib import Path
from typing import Any

import pytest

from mappings.columns.funding import FIELDS, NO_PERIOD, pack_period
from tests.engine.installation import Action, Installation
from tests.engine.load.test_lifecycle import restate

PERIOD = (
    '<extras info="eligibilite-cpf"><extra info="debut-validite">20260101</extra>'
    '<extra info="fin-validite">20271231</extra><extra info="public">3</extra></extras>'
)
CONTRACTS = (
    '<extras info="dispositif"><extra info="contrat-apprentissage">{}</extra>'
    '<extra info="contrat-professionnalisation">0</extra></extras>'
)
PROGRAMME = (
    "<organisme-financeur><code-financeur>16</code-financeur>"
    "<extras info='specificites'><extra info='programme-financeur'>POEC</extra></extras></organisme-financeur>"
)


def record(number: str, title: str, formacode: str, *, before: str = "", inside: str = "", session: str = "") -> str:
    """Return the record of an action: elements of its formation, of the action, and of its session."""
    text = Action(number, title, sessions=(f"S_{number}",)).to_xml()
    domain = f"<domaine-formation><code-FORMACODE>{formacode}</code-FORMACODE></domaine-formation>"
    text = text.replace("<contenu", f"{domain}{before}<contenu")
    return text.replace("</action>", f"{inside}</action>").replace("</session>", f"{session}</session>")


TOLD = (
    "<certifiante>0</certifiante>",
    "<certifiante>1</certifiante><certification><code-RNCP>38430</code-RNCP></certification>",
)
AMOUNTS = "<frais-restants>50 €</frais-restants><nombre-heures-entreprise>140</nombre-heures-entreprise>"
RECORDS = (
    record("VAE", "Accompagnement à la VAE", "15064", before=TOLD[0], session=PERIOD),
    record("POEC", "Soudeur", "23026", before=TOLD[1], inside=AMOUNTS + PROGRAMME + CONTRACTS.format(0)),
    record("CFA", "CAP cuisine", "42752", inside=CONTRACTS.format(1)),
)
FOUND: dict[tuple[str, Any], set[str]] = {
    ("kind", "vae"): {"VAE"},
    ("kind", "training"): {"POEC", "CFA"},
    ("certification_kind", "none"): {"VAE"},
    ("certification_kind", "rncp"): {"POEC"},
    ("contract_type", "none"): {"POEC"},
    ("contract_type", "apprenticeship"): {"CFA"},
    ("funding_programme", "poec"): {"POEC"},
    ("cpf_periods", pack_period("2026-01-01", "2027-12-31")): {"VAE"},
    ("cpf_periods", NO_PERIOD): {"POEC"},
    ("hours_company", 140): {"POEC"},
    ("remaining_fees", 50): {"POEC"},
}


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    installation = Installation(engine_url, index_prefix, tmp_path)
    assert installation.load(*RECORDS).status == 0
    return installation


def found(installation: Installation, field: str, value: Any) -> set[str]:
    """Return the offers with a value of a field, by the engine's index."""
    installation.call("POST", f"{installation.names.offers}/_refresh")
    answer = installation.call("POST", f"{installation.names.offers}/_search", {"query": {"term": {field: value}}})
    return {hit["_source"]["id"] for hit in answer["hits"]["hits"]}


def columns(installation: Installation, field: str) -> dict[str, list[int]]:
    body = {"docvalue_fields": [field], "query": {"match_all": {}}}
    answer = installation.call("POST", f"{installation.names.offers}/_search", body)
    return {hit["_source"]["id"]: hit["fields"][field] for hit in answer["hits"]["hits"]}


def test_a_load_writes_the_fields_and_a_rebuild_makes_them_for_an_index_of_shape_5(installation: Installation) -> None:
    assert {row: found(installation, *row) for row in FOUND} == FOUND
    months = {"VAE": [4 << 8 | 4], "POEC": [4 << 8 | 4], "CFA": [4 << 8 | 4]}
    assert columns(installation, "session_months") == months
    restate(installation, 5)
    assert not any(found(installation, *row) for row in FOUND)
    assert not any(name in offer for offer in installation.offers().values() for name in FIELDS)
    assert installation.run("rebuild").status == 0
    assert {row: found(installation, *row) for row in FOUND} == FOUND
    assert columns(installation, "session_months") == months
