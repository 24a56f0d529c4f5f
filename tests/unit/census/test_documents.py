"""Documents of the census: facts dated or unknown, names, sites, and nothing of private persons' streets."""

from collections import Counter
from typing import Any

import pytest

from indexer.census.bodies import Body
from indexer.census.document import Census, to_document
from indexer.census.facts import NO_FACTS, Facts, ListFacts, SiteFacts, UnitFacts
from indexer.normalize.places import Locator
from mappings.census.name_index import FIELDS as INDEX_ONLY
from mappings.census.provider import Provider
from mappings.reference import Commune, Reference
from tests.register_files import ONE, siret_of

DAY, WRITTEN = "2026-11-23", "2026-11-23T10:00:00+00:00"
ALBI = Commune("81004", "Albi", ("81000",), 48_970, "81", "76", 43.9258, 2.147)
SITE = SiteFacts(siret_of(ONE), address="1 rue A", postal_code="81000", town="ALBI")
LISTED = Facts(ListFacts(legal_name="ATELIERS DU PASTEL", qualiopi=["vae"], sites=[SITE]), listed=True, listed_at=DAY)


def made(facts: Facts = NO_FACTS, body: Body | None = None, edition: str | None = DAY, siren: str = ONE) -> Any:
    reference = Reference(communes={"81004": ALBI}, by_postal_code={"81000": ("81004",)})
    document = to_document(siren, facts, body or Body(), Census(edition, Counter(), Locator(reference), WRITTEN))
    Provider.model_validate({name: value for name, value in document.items() if name not in INDEX_ONLY})
    return document


def test_without_a_register_every_fact_is_unknown() -> None:
    document = made(NO_FACTS, Body(responsible=True, names=Counter({"GRETA": 2})), edition=None)
    unknown = ("listed", "qualiopi", "state", "edition", "trainees")
    assert [name for name in unknown if name in document] == []
    assert (document["state_rows"], document["qualiopi_rows"]) == (["unknown"], ["unknown"])
    assert document["name"] == "GRETA"
    assert "gaps" not in document


def test_listed_body_has_its_facts_with_their_day_and_its_site_in_its_commune() -> None:
    document = made(LISTED)
    assert (document["listed"], document["listed_at"], document["qualiopi"], document["qualiopi_at"]) == (
        *(True, DAY),
        *(["vae"], DAY),
    )
    assert (document["state_rows"], document["qualiopi_rows"]) == (["active", "listed"], ["vae", "any"])
    assert (document["region"], document["department"], document["location"]) == (
        *(["76"], ["81"]),
        [{"lat": 43.9258, "lon": 2.147}],
    )
    assert document["sites"][0]["insee"] == "81004"


def test_body_without_located_site_is_where_its_offers_are() -> None:
    body = Body(responsible=True, departments={"81", "974"})
    document = made(NO_FACTS, body)
    assert (document["department"], document["region"]) == (["81", "974"], ["04", "76"])
    assert "location" not in document
    located = made(LISTED, Body(responsible=True, departments={"974"}))
    assert (located["department"], located["region"]) == (["81"], ["76"])


def test_days_of_loading_are_told_of_the_dates_that_a_body_has() -> None:
    facts = Facts(LISTED.register, listed=False, listed_at="2026-01-01", left_at="2026-02-01")
    untold = frozenset(("2026-01-01", "2026-01-15", DAY))
    document = to_document(ONE, facts, Body(), Census(DAY, Counter(), Locator(Reference()), WRITTEN, untold))
    assert document["untold_dates"] == ["2026-01-01", DAY]
    assert "untold_dates" not in made(LISTED)
    dated = facts.redated("2026-02-01", "2026-01-31")
    assert (dated.listed_at, dated.left_at, facts.left_at) == ("2026-01-01", "2026-01-31", "2026-02-01")


def test_known_absence_of_a_certification_is_stored_unknown_is_not() -> None:
    without = Facts(ListFacts(qualiopi=[]), listed=True, listed_at=DAY)
    assert made(without)["qualiopi"] == []
    assert "qualiopi" not in made(Facts(ListFacts(), listed=True, listed_at=DAY))


def test_body_that_left_the_list_has_no_known_certification() -> None:
    document = made(Facts(LISTED.register, listed=False, listed_at=DAY, left_at="2026-12-01"))
    assert (document["listed"], document["left_list_at"], document["qualiopi_rows"]) == (
        *(False, "2026-12-01"),
        ["unknown"],
    )
    assert document["gap_codes"] == ["left-list"]


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        (None, False),  # nobody says that it is a legal person
        (UnitFacts(natural=False, diffusible=True), True),
        (UnitFacts(natural=False, diffusible=False), False),
        (UnitFacts(natural=True, diffusible=True), False),
        (UnitFacts(natural=None, diffusible=True), False),
    ],
)
def test_street_is_stored_of_legal_persons_without_partial_diffusion_alone(unit: Any, shown: bool) -> None:
    facts = Facts(LISTED.register, listed=True, listed_at=DAY, unit=unit, unit_at=DAY)
    document = made(facts)
    assert ("address" in document["sites"][0]) == shown
    assert ("1 rue A" in str(document)) == shown  # in no other field either
    assert document["sites"][0]["town"] == "ALBI"


def test_street_that_sirene_hides_at_one_establishment_is_not_stored() -> None:
    hidden = SiteFacts(siret_of(ONE), closed=False, diffusible=False)
    facts = Facts(LISTED.register, listed=True, listed_at=DAY, unit=UnitFacts(natural=False), sites=[hidden])
    assert "1 rue A" not in str(made(facts))


def test_public_body_shows_its_street() -> None:
    assert made(LISTED, siren="130002850")["sites"][0]["address"] == "1 rue A"


def test_closed_site_counts_for_no_area_unless_all_are_closed() -> None:
    closed = SiteFacts(siret_of(ONE, 2), postal_code="75001", town="PARIS", closed=True)
    both = Facts(ListFacts(sites=[SITE, closed]), listed=True, listed_at=DAY)
    assert made(both)["department"] == ["81"]
    assert made(Facts(ListFacts(sites=[closed]), listed=True, listed_at=DAY))["department"] == ["75"]


def test_legal_name_is_shown_and_the_others_once_with_their_kind() -> None:
    unit = UnitFacts(legal_name="Ateliers du pastel", names=[("acronym", "ADP"), ("usual", "Le Pastel")])
    body = Body(
        responsible=True, names=Counter({"LE PASTEL": 9, "Pastel Albi": 1}), deliverer_names=Counter({"CFA Pastel": 1})
    )
    document = made(Facts(LISTED.register, listed=True, listed_at=DAY, unit=unit), body)
    assert document["name"] == "ATELIERS DU PASTEL"
    assert [(each["kind"], each["name"]) for each in document["also"]] == [
        ("usual", "Le Pastel"),
        ("acronym", "ADP"),
        ("catalogue", "Pastel Albi"),
        ("deliverer", "CFA Pastel"),
    ]
    assert document["acronyms_folded"] == ["adp"]
    assert "ateliers du pastel" in document["names_folded"]


def test_without_a_legal_name_the_catalogue_s_most_used_one_is_shown() -> None:
    body = Body(responsible=True, names=Counter({"Zeta": 3, "Alpha": 1}), deliverer_names=Counter({"Beta": 9}))
    assert made(NO_FACTS, body)["name"] == "Zeta"
    assert made(NO_FACTS, Body(trainer=True, deliverer_names=Counter({"Beta": 9})))["name"] == "Beta"


def test_sites_of_offers_stand_beside_those_of_the_list() -> None:
    body = Body(responsible=True, trainer=True, sirets={siret_of(ONE, 2)}, delivering={siret_of(ONE)})
    sites = made(LISTED, body)["sites"]
    assert [(s["siret"], s.get("listed"), s.get("in_offers"), s.get("delivers")) for s in sites] == [
        (siret_of(ONE), True, None, True),
        (siret_of(ONE, 2), None, True, None),
    ]


def test_sirene_s_state_counts_before_the_list_s() -> None:
    facts = Facts(
        ListFacts(state="active"), listed=True, listed_at=DAY, unit=UnitFacts(state="ceased"), unit_at="2026-11-20"
    )
    document = made(facts)
    assert (document["state"], document["state_source"], document["state_at"]) == ("ceased", "sirene", "2026-11-20")
    assert document["state_rows"] == ["listed", "ceased"]
