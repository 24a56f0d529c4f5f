"""Columns by which rules on funding are searched, and the facts that are read from the same stored offers."""

from datetime import date
from typing import Any

import pytest

from funding.facts.offer import OfferFacts, Period, SessionFacts
from funding.facts.stored import offer_facts, session_facts
from funding.facts.values import Span
from mappings.columns.funding import FIELDS, NO_PERIOD, index_funding, pack_period, to_euros
from mappings.columns.kinds import to_kind
from mappings.offer import CpfPeriod
from mappings.session_index import LAST_DAY

ALL_BLOCKS = "Totale: tous les blocs"
PARTIAL = "Partielle: certains blocs mais pas la totalité de date à date"
ON = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("codes", "title", "kind"),
    [
        (["15064"], "Accompagnement", "vae"),
        (["44591"], "Accompagnement à la VAE", "vae"),
        (["44591"], "Devenir accompagnateur VAE", "training"),
        (["15064"], "VAE conseiller en insertion professionnelle", "vae"),
        (["42752", "15064"], "CAP cuisine", "training"),
        (["42752", "15064"], "CAP cuisine par la VAE", "vae"),
        (["42752"], "BTS MCO accessible par la VAE", "training"),
        ([], "Validation des acquis de l’expérience", "vae"),
        ([], "Préparation à la VAE", "vae"),
        (["15081"], "Point sur ma carrière", "bilan"),
        (["15081"], "Praticien en bilan de compétences", "training"),
        (["15061", "15081"], "BILAN DE COMPÉTENCES 24 h", "bilan"),
        (["15061", "15081"], "Trouver un emploi", "training"),
        (["31812"], "Conduite automobile", "licence_light"),
        (["31815", "31812"], "Ambulancier", "training"),
        (["31812"], "PERMIS DE CONDUIRE B", "licence_light"),
        (["31811"], "Permis A2", "licence_light"),
        (["31820"], "Stage permis à points", "training"),
        (["31820"], "PERMIS A POINTS", "training"),
        (["31816"], "Permis C", "licence_heavy"),
        (["31812"], "Permis de conduire catégorie CE", "licence_heavy"),
        (["31805"], "Permis D1E", "licence_heavy"),
        ([], "Permis poids lourd", "licence_heavy"),
        ([], "Permis moto", "licence_light"),
        (["31816"], "Éco-conduite des poids lourds", "training"),
        ([], "Permis de chasser", None),
        (["12040"], "PERMIS DE CHASSER", "training"),
        (["42787"], "PERMIS D’EXPLOITATION", "training"),
        (["42822"], "Agent de sécurité, avec permis B", "training"),
        ([], "CAP cuisine", None),
    ],
)
def test_kind_is_told_by_the_main_formacode_or_the_title(codes: list[str], title: str, kind: str | None) -> None:
    assert to_kind({"formacode": codes, "title": title}) == kind


def test_a_registered_certification_that_includes_a_licence_is_a_training() -> None:
    offer = {"formacode": ["31816"], "title": "Conducteur routier, permis C", "rncp": ["1884"]}
    assert to_kind(offer) == "training"
    assert to_kind({**offer, "rncp": []}) == "licence_heavy"
    assert to_kind({**offer, "formacode": ["31812"], "title": "Enseignant de la conduite"}) == "training"


@pytest.mark.parametrize(
    ("offer", "kinds"),
    [
        ({"certifications": [{"rncp": "4911", "certifinfo": "56927"}]}, ["rncp"]),
        ({"certifications": [{"rs": "5080"}]}, ["clea"]),
        ({"certifications": [{"certifinfo": "84482"}]}, ["clea"]),
        ({"certifications": [{"rs": "5802"}, {"rncp": "1"}]}, ["rncp", "rs"]),
        ({"certifications": [{"certifinfo": "1"}], "certifying": True}, None),
        ({"certifications": [{"certifinfo": "1"}], "certifying": False}, None),
        ({"certifications": [{"cpf": "237261"}], "certifying": False}, None),
        ({"certifying": False}, ["none"]),
        ({"certifying": True}, None),
        ({}, None),
        ({"certifying": False, "sessions": [{"certifications": [{"rs": "1"}]}]}, ["rs"]),
    ],
)
def test_certifications_are_known_by_their_register(offer: dict[str, Any], kinds: list[str] | None) -> None:
    assert index_funding(offer).get("certification_kind") == kinds


@pytest.mark.parametrize(("validation", "kinds"), [(PARTIAL, ["block", "rncp"]), (ALL_BLOCKS, ["rncp"])])
def test_single_blocks_of_a_certification_are_told(validation: str, kinds: list[str]) -> None:
    skills = {"validation": validation, "certifications": [{"rncp": "38676"}], "blocks": [{"code": "BC01"}]}
    assert index_funding({"sessions": [{"skills": [skills]}]})["certification_kind"] == kinds


def dispositif(**texts: str) -> dict[str, Any]:
    return {
        "detail": {"others": {f"action/dispositif/{name.replace('_', '-')}": [text] for name, text in texts.items()}}
    }


def cycles(**cycle: str) -> dict[str, Any]:
    return {"sessions": [{}, {"cycles": [cycle]}]}


@pytest.mark.parametrize(
    ("offer", "contracts"),
    [
        (dispositif(contrat_apprentissage="1", contrat_professionnalisation="0"), ["apprenticeship"]),
        (dispositif(contrat_apprentissage="oui", contrat_professionnalisation="1"), ["apprenticeship", "contrat_pro"]),
        (dispositif(contrat_apprentissage="0", contrat_professionnalisation="0"), ["none"]),
        (dispositif(contrat_apprentissage="0"), None),
        (dispositif(contrat_apprentissage="?", contrat_professionnalisation="0"), None),
        (dispositif(dispositif="Contrat de professionnalisation"), ["contrat_pro"]),
        (cycles(kind="Contrat d'apprentissage"), ["apprenticeship"]),
        (cycles(kind="Formation initiale"), None),
        (cycles(contract="Contrat de professionalisation (CP)"), ["contrat_pro"]),
        (cycles(contract="Tout type de contrat d'alternance"), ["apprenticeship", "contrat_pro"]),
        ({**dispositif(contrat_apprentissage="0", contrat_professionnalisation="0"),
          **cycles(contract="Contrat d'apprentissage (CA)")}, ["apprenticeship"]),
        ({"rhythm": ["alternating"]}, None),
    ],
)  # fmt: skip
def test_contracts_are_those_of_cycles_and_extras(offer: dict[str, Any], contracts: list[str] | None) -> None:
    assert index_funding(offer).get("contract_type") == contracts


@pytest.mark.parametrize(
    ("programme", "found"),
    [
        ("POEC Numérique", ["poec"]),
        ("POE collective", ["poec"]),
        ("Préparation opérationnelle à l’emploi individuelle", ["poei"]),
        ("AFPR", ["poei"]),
        ("POE", None),
        ("AFC 2026 lot 3", ["afc"]),
        ("Programme régional 2017 : Parcours métiers", ["prf"]),
        ("PRF2026", ["prf"]),
        ("Pacte régional d’investissement", ["other"]),
        (".", None),
    ],
)
def test_programmes_are_recognised_by_their_words(programme: str, found: list[str] | None) -> None:
    assert index_funding({"funding": [{"funder": "2", "programme": programme}]}).get("funding_programme") == found


def test_programmes_of_extras_count_and_contracts_are_none() -> None:
    both = dispositif(poec="1", poei="0", contrat_apprentissage="1", dispositif="AFC")
    assert index_funding(both)["funding_programme"] == ["afc", "poec"]
    assert "funding_programme" not in index_funding(dispositif(contrat_apprentissage="1"))


def test_one_ambiguous_programme_leaves_the_list_untold() -> None:
    lines = [{"funder": "4", "programme": "POE"}, {"funder": "2", "programme": "PRF"}]
    assert "funding_programme" not in index_funding({"funding": lines})


def periods(*rows: dict[str, Any], **offer: Any) -> list[int] | None:
    found: list[int] | None = index_funding({"detail": {"cpf_periods": rows}, **offer}).get("cpf_periods")
    return found


def test_periods_of_the_cpf_are_packed_and_open_ends_are_the_ends_of_the_axis() -> None:
    told = [{"first": "2026-01-01", "last": "2026-12-31"}, {"first": "2027-01-01"}, {"last": "2025-12-31"}]
    assert periods(*told) == sorted(pack_period(row.get("first"), row.get("last")) for row in told)
    assert pack_period(None, None) == LAST_DAY


def test_without_a_period_the_list_is_told_only_with_the_certifications() -> None:
    assert periods(certifying=False) == periods(certifications=[{"rncp": "1"}]) == [NO_PERIOD]
    assert periods() is periods(certifications=[{"certifinfo": "1"}]) is None


@pytest.mark.parametrize("place", ["session", "offer"])
def test_days_that_an_earlier_version_did_not_read_leave_the_list_untold(place: str) -> None:
    others = {"action/eligibilite-cpf/fin-validite": ["20261231"], "eligibilite-cpf/public": ["3"]}
    holder = {"others": others if place == "offer" else {"eligibilite-cpf/debut-validite": ["20260101"]}}
    offer = {"sessions": [{}, holder]} if place == "session" else {"detail": holder}
    assert "cpf_periods" not in index_funding({"certifying": False, **offer})
    other = {"detail": {"others": {"eligibilite-cpf/public": ["3"]}}}
    assert index_funding({"certifying": False, **other})["cpf_periods"] == [NO_PERIOD]


def test_a_period_for_some_people_only_leaves_the_list_untold_if_it_adds_days() -> None:
    for_all = {"first": "2026-01-01", "last": "2026-12-31"}
    within, longer = {"first": "2026-01-01", "last": "2026-12-31"}, {"first": "2026-03-01", "last": "2027-01-01"}
    assert periods(for_all, within | {"limited": True}) == periods(for_all)
    assert periods(for_all, longer | {"limited": True}, certifying=False) is None
    assert periods(for_all, {"limited": True}, certifying=False) is None
    assert periods(within | {"limited": True}, certifying=False) is None


@pytest.mark.parametrize(
    ("text", "euros"),
    [("0", 0), ("150 €", 150), ("1\u202f250,50 €", 1250.5), ("1.250 euros TTC", 1250), ("Aucun", None), ("12,5", 12.5),
     ("99999999", None), ("10 % du prix", None), ("environ 30 €", None), ("-5", None), ("30 ou 40", None), ("", None)],
)  # fmt: skip
def test_remaining_fees_are_read_where_the_text_is_a_figure(text: str, euros: float | None) -> None:
    assert to_euros(text) == euros
    assert index_funding({"detail": {"remaining_costs": text}}).get("remaining_fees") == euros


WHOLE: dict[str, Any] = {
    "title": "Soudeur", "formacode": ["23026"], "funder": ["2", "16"], "state_funded": False, "certifying": True,
    "certifications": [{"rncp": "4911"}], "hours": 400.0, "price": 0.0, "level": "13", "region": ["76"],
    "mode": "remote", "funding": [{"funder": "16", "programme": "POEC"}], "entry": "fixed",
    "detail": {"hours_company": 140, "remaining_costs": "50 €", "cpf_periods": [{"last": "2026-12-31"}],
               "others": {"action/dispositif/contrat-apprentissage": ["0"],
                          "action/dispositif/contrat-professionnalisation": ["0"]}},
}  # fmt: skip


def test_facts_of_a_stored_offer_are_what_its_columns_say() -> None:
    assert offer_facts(WHOLE) == OfferFacts(
        funders=frozenset({"2", "16"}), state_funded=False, programmes=frozenset({"poec"}), kind="training",
        certifications=frozenset({"rncp"}), certifying=True, cpf_periods=(Period(None, date(2026, 12, 31)),),
        contract_types=frozenset(), hours=400, hours_company=140, price=0, remaining_fees=50, level="13",
        regions=frozenset({"76"}), remote=True,
    )  # fmt: skip
    assert offer_facts(WHOLE | index_funding(WHOLE)) == offer_facts(WHOLE)
    assert {name for name in FIELDS if "months" not in name} == index_funding(WHOLE).keys()


def test_a_period_without_an_end_stays_open_in_the_facts() -> None:
    facts = offer_facts({"detail": {"cpf_periods": [{"first": "2026-01-01"}, {"first": "1900-01-01"}]}})
    assert facts.cpf_periods == (Period(None, None), Period(date(2026, 1, 1), None))


def test_an_offer_that_tells_nothing_has_no_facts() -> None:
    assert offer_facts({"title": "?", "funder": [], "region": []}) == OfferFacts()
    assert offer_facts({"certifying": False}) == OfferFacts(
        certifying=False, certifications=frozenset(), cpf_periods=()
    )


SESSIONS: tuple[dict[str, Any], ...] = (
    {"start": "2027-03-01", "start_last": "2027-03-31", "end": "2027-06-30", "end_precision": "month"},
    {"start": "2027-03-01", "start_last": "2027-03-01", "end": "2027-08-31", "end_precision": "day"},
    {"start": "2027-03-01", "start_last": "2027-03-01"},
    {"end": "2027-06-30", "end_precision": "day"},
    {"start": "2027-01-01", "start_last": "2027-12-31", "end": "2027-12-31", "end_precision": "year"},
    {"start": "2000-01-01", "start_last": "2000-01-01", "end": "2100-01-01", "end_precision": "day"},
    {},
)


@pytest.mark.parametrize("entry", ["fixed", "permanent", None])
def test_months_of_sessions_are_those_of_their_facts(entry: str | None) -> None:
    packed = index_funding({"sessions": SESSIONS, "entry": entry}).get("session_months", [])
    facts = [session_facts(session, entry).months(ON) for session in SESSIONS]
    assert packed == [
        at << 16 | min(int(span.low), 255) << 8 | min(int(span.high or 0), 255)
        for at, span in enumerate(facts)
        if span is not None
    ]
    assert bool(packed) == (entry != "permanent")


def test_days_of_a_session_are_those_that_its_dates_can_mean() -> None:
    first, *_, year, _, _ = (session_facts(session, "permanent", ["part_time"]) for session in SESSIONS)
    assert first == SessionFacts(
        date(2027, 3, 1), date(2027, 3, 31), date(2027, 6, 1), date(2027, 6, 30), permanent=True, part_time=True
    )
    assert (year.end, year.end_last) == (date(2027, 1, 1), date(2027, 12, 31))
    assert session_facts(SESSIONS[0], None).months(ON) == Span(3, 4)


@pytest.mark.parametrize(
    ("rhythms", "part_time"),
    [
        (["full_time"], False),
        (["part_time"], True),
        (["full_time", "part_time"], None),
        (["evening"], None),
        ([], None),
    ],
)
def test_only_one_rhythm_tells_whether_a_session_is_part_time(rhythms: list[str], part_time: bool | None) -> None:
    assert session_facts({}, None, rhythms).part_time is part_time


def test_model_of_a_period_takes_open_ends() -> None:
    assert CpfPeriod.model_validate_json('{"last": "2026-12-31"}').first is None
