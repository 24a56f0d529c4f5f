"""Facts and gaps in French: dated or « non connu », questions and never accusations."""

import json
from dataclasses import replace

import pytest

from mappings.census.provider import GAP_CODES
from search_app.census.gaps import OF_SEVERAL, QUESTIONS, to_gap
from search_app.census.present import to_provider
from search_app.exports.providers import COLUMNS, to_cells
from search_app.exports.structured_providers import build_body
from search_app.pages.providers import facts
from search_app.pages.providers.gaps_page import MEANINGS
from tests.unit.census.census_samples import COUNTED, STORED, UNKNOWN, VIEW


def test_four_facts_are_told_with_their_dates() -> None:
    assert facts.declared_text(VIEW) == "Oui, dans la liste publique (édition du 20 novembre 2026)"
    assert facts.state_text(VIEW) == "Indiqué ouvert (répertoire Sirene du 19 novembre 2026)"
    assert facts.trainees_texts(VIEW) == ["1\u202f200\u00a0stagiaires (exercice clos le 31 décembre 2025)"]
    assert facts.offers_text(VIEW.offers).replace("\u00a0", " ") == "12 offres au catalogue, dont 5 à venir"
    told, note = facts.certification_texts(VIEW)
    assert told.startswith("Oui : actions de formation, actions de validation")
    assert told.endswith("(édition du 20 novembre 2026)")
    assert "date de fin" in note


def test_without_register_everything_is_unknown_and_nothing_is_denied() -> None:
    texts = [
        facts.declared_text(UNKNOWN), facts.state_text(UNKNOWN), *facts.certification_texts(UNKNOWN),
        *facts.trainees_texts(UNKNOWN), *facts.short_facts(UNKNOWN),
    ]  # fmt: skip
    assert all("on connu" in text for text in texts), texts
    assert facts.offers_text(UNKNOWN.offers) == "Aucune offre au catalogue"


def test_day_of_loading_stands_for_an_edition_without_date() -> None:
    loaded = replace(VIEW, untold_dates=["2026-11-20"])
    told = "(liste chargée le 20 novembre 2026, date de l’édition non connue)"
    assert facts.declared_text(loaded) == f"Oui, dans la liste publique {told}"
    assert facts.certification_texts(replace(loaded, qualiopi=[]))[0] == f"Aucune n’est indiquée {told}"
    lost = facts.certification_texts(replace(loaded, qualiopi=[], qualiopi_lost_at="2026-11-20"))[0]
    assert lost == "N’est plus indiquée depuis la liste chargée le 20 novembre 2026, date de l’édition non connue"
    gap = to_gap({"code": "not-listed", "source": "list", "date": "2026-11-20"}, untold=["2026-11-20"])
    assert (gap.date_told, "liste publique des organismes de formation chargée le 20" in gap.question) == (False, True)
    assert to_gap({"code": "not-listed", "source": "list", "date": "2026-11-20"}).date_told


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"listed": False}, "Non : absent de la liste publique (édition du 20 novembre 2026)"),
        (
            {"listed": False, "left_list_at": "2026-11-20"},
            "Non : sorti de la liste publique (édition du 20 novembre 2026)",
        ),
    ],
)
def test_absence_from_the_list_is_dated(changes: dict[str, object], text: str) -> None:
    assert facts.declared_text(replace(VIEW, **changes)) == text  # type: ignore[arg-type]


def test_certification_lost_is_not_no_certification() -> None:
    lost = replace(VIEW, qualiopi=[], qualiopi_lost_at="2026-11-20")
    assert facts.certification_texts(lost)[0] == "N’est plus indiquée depuis l’édition du 20 novembre 2026"
    none = replace(VIEW, qualiopi=[])
    assert facts.certification_texts(none)[0] == "Aucune n’est indiquée (édition du 20 novembre 2026)"
    assert facts.short_facts(none)[1] == "Qualiopi\u00a0: aucune indiquée"
    assert facts.short_facts(replace(VIEW, qualiopi=["any"]))[1] == "Qualiopi\u00a0: oui"


def test_every_gap_is_a_question_with_source_and_date() -> None:
    assert set(QUESTIONS) == set(MEANINGS) == set(GAP_CODES)
    for code in GAP_CODES:
        for detail in ([], ["A"], ["A", "B"]):
            gap = to_gap({"code": code, "detail": detail, "source": "list", "date": "2026-11-20"})
            assert "\u00a0?" in gap.question, code
            assert "{" not in gap.question, code
            assert (gap.source, gap.date, gap.detail) == ("list", "2026-11-20", detail)


def test_what_offers_tell_has_the_day_of_their_load() -> None:
    stored = {"code": "several-names", "detail": ["A", "B"], "source": "catalogue"}
    assert (to_gap(stored).date, to_gap(stored, "2026-11-23").date) == (None, "2026-11-23")
    assert to_gap({"code": "not-listed", "source": "list"}, "2026-11-23").date is None


def test_question_tells_its_values_in_the_right_number() -> None:
    one, several = (
        to_gap({"code": "site-unknown", "detail": detail, "source": "list"}).question
        for detail in (["1"], list("1234567"))
    )
    assert one.startswith("Le SIRET 1 est-il le bon")
    assert several.startswith(
        "Ces SIRET sont-ils les bons\u00a0: 1\u00a0; 2\u00a0; 3\u00a0; 4\u00a0; 5 et 2 autres\u00a0?"
    )
    assert set(OF_SEVERAL) < set(QUESTIONS)


def test_head_office_gives_the_town() -> None:
    assert VIEW.town == "ALBI"
    assert to_provider(STORED | {"sites": STORED["sites"][:1]}, COUNTED).town == "GAILLAC"
    assert UNKNOWN.town is None


@pytest.mark.parametrize("private", [{"natural_person": True}, {"diffusible": False}])
def test_no_street_and_no_position_of_a_natural_person(private: dict[str, bool]) -> None:
    view = to_provider(STORED | private, COUNTED)
    assert [(site.address, site.lat, site.lon) for site in view.sites] == [(None, None, None)] * 2
    assert view.sites[1].town == "ALBI"
    assert "RUE NEUVE" not in json.dumps(build_body(view, "/organismes/100000009"))


def test_csv_tells_unknown_none_and_zero_apart() -> None:
    told, unknown = (dict(zip(COLUMNS, to_cells(view), strict=True)) for view in (VIEW, UNKNOWN))
    assert (told["certification"], told["offres"], told["dans_la_liste_publique"]) == (
        "actions de formation | actions de validation des acquis de l’expérience (VAE)", 12, "oui"
    )  # fmt: skip
    assert (unknown["certification"], unknown["dans_la_liste_publique"], unknown["stagiaires"]) == (None, None, None)
    assert unknown["offres"] == 0
    none = dict(zip(COLUMNS, to_cells(replace(VIEW, qualiopi=[], trainees=0)), strict=True))
    assert (none["certification"], none["stagiaires"]) == ("aucune indiquée", 0)


def test_structured_data_describe_the_body() -> None:
    thing = build_body(VIEW, "https://boussole.example/organismes/100000009")
    assert (thing["@type"], thing["taxID"]) == ("EducationalOrganization", "100000009")
    assert thing["alternateName"] == ["EMT"]
    assert thing["address"]["addressLocality"] == "ALBI"
    assert [place["address"]["addressLocality"] for place in thing["location"]] == ["ALBI"]
    assert {each["propertyID"] for each in thing["identifier"]} == {"SIREN", "NDA"}
    person = build_body(replace(VIEW, natural_person=True), "")
    assert person["@type"] == "Person"
    assert "location" not in person
