"""The dialect of the national training account: what it keeps in extras is where readers look for it."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from indexer.load.convert import ConvertContext, convert_record
from indexer.records import FileEnd, Limits, RawRecord, UnusableFeed
from indexer.sources import read_records
from mappings.offer import OfferBody
from mappings.reference import Reference

SAMPLE = Path(__file__).parents[2] / "samples" / "training-account.xml"
CONTEXT = ConvertContext("account", Reference())


def convert_text(text: str) -> dict[str, dict[str, Any]]:
    prepared, rejects, _ = convert_record(RawRecord("feed.xml", 1, "cpf", (text,)), CONTEXT)
    assert rejects == []
    return {each.id: orjson.loads(each.body) for each in prepared}


@pytest.fixture(scope="module", name="record")
def sample_record() -> RawRecord:
    record, end = read_records([SAMPLE], Limits())
    assert isinstance(record, RawRecord)
    assert isinstance(end, FileEnd)
    assert (end.complete, end.problem) == (True, None)
    return record


@pytest.fixture(scope="module", name="offers")
def sample_offers(record: RawRecord) -> dict[str, dict[str, Any]]:
    return convert_text(record.texts[0])


def test_it_is_a_form_of_its_own_told_by_its_namespace(record: RawRecord, offers: dict[str, dict[str, Any]]) -> None:
    assert record.format == "cpf"
    assert {number: OfferBody.model_validate(offer).format for number, offer in offers.items()} == {
        "TA_A1": "cpf",
        "TA_A2": "cpf",
    }


def test_prices_hours_and_what_one_pays_beside_them(offers: dict[str, dict[str, Any]]) -> None:
    dated, permanent = offers["TA_A1"], offers["TA_A2"]
    assert (dated["price"], dated["hours"]) == (1800, 175)
    assert (dated["detail"]["hours_centre"], dated["detail"]["hours_company"]) == (140, 35)
    assert dated["detail"]["remaining_costs"] == "45 € : Carnet de stage"
    assert (permanent["price"], permanent["hours"]) == (1500, 160)
    assert "remaining_costs" not in permanent["detail"]


def test_contacts_are_those_of_the_action_and_of_the_session(offers: dict[str, dict[str, Any]]) -> None:
    offer = offers["TA_A1"]
    (information,) = offer["detail"]["contacts"]
    (registration,) = offer["sessions"][0]["contacts"]
    assert (information["email"], information["phones"]) == ("information@causses.example", ["05 99 00 01 03"])
    assert (registration["email"], registration["phones"]) == ("inscription@causses.example", ["05 99 00 01 02"])
    assert "Élie" in str(information)
    assert "Zoé" in str(registration)
    assert "contacts" not in offers["TA_A2"]["detail"]


def test_sessions_without_a_period_are_permanent_or_undated_as_the_action_says(
    offers: dict[str, dict[str, Any]],
) -> None:
    undated = offers["TA_A1"]["sessions"][1]
    permanent = offers["TA_A2"]["sessions"][0]
    assert (offers["TA_A1"]["entry"], offers["TA_A2"]["entry"]) == ("fixed", "permanent")
    for session in (undated, permanent):
        assert (session["start_precision"], session["open_until"]) == ("unknown", "9999-12-31")
    assert "window" not in undated
    assert permanent["window"] == {"gte": "1900-01-01", "lte": "9999-12-31"}


def test_a_permanent_session_whose_dates_are_stated_as_unknown_is_no_more_open_than_in_lheo(record: RawRecord) -> None:
    period = '<session numero="TA_S3"><periode><debut>00000000</debut><fin>99999999</fin></periode>'
    text = re.sub('<session numero="TA_S3"[^>]*>', period, record.texts[0])
    assert "window" not in convert_text(text)["TA_A2"]["sessions"][0]


def test_what_no_rule_reads_is_kept(offers: dict[str, dict[str, Any]]) -> None:
    others = offers["TA_A1"]["detail"]["others"]
    assert others["formation/resume-contenu"] == ["Un métier d'écoute, en petits groupes"]
    assert others["action/action/info-admission"] == ["Entretien de motivation"]
    assert '/garantie":["1"]' in orjson.dumps(offers["TA_A1"]).decode()
    assert not any("courriel" in path for path in others)


def test_letters_and_html_are_those_of_the_declared_encoding(offers: dict[str, dict[str, Any]]) -> None:
    offer = offers["TA_A1"]
    assert (offer["title"], offer["goal"]) == (
        "Secrétaire médico-social à Béziers",
        "Accueillir & orienter les usagers.",
    )
    assert "faults" not in offer


def test_what_was_used_of_the_extras_is_not_kept_twice(record: RawRecord, offers: dict[str, dict[str, Any]]) -> None:
    used = ("voie", "frais-", "taux-tva", "duree-apprentissage")
    line = "<ligne>3 rue des Tanneurs</ligne>"
    for offer in (offers["TA_A1"], convert_text(record.texts[0].replace(line, "", 1))["TA_A1"]):
        assert [path for path in offer["detail"]["others"] if any(name in path for name in used)] == []
    assert {**offers["TA_A2"]["detail"]["others"]}.keys() == {"formation/resume-contenu", "action/action/frais-anpec"}


def test_parts_that_say_something_else_than_the_element_are_kept(record: RawRecord) -> None:
    text = record.texts[0].replace("<ligne>3 rue des Tanneurs</ligne>", "<ligne>Zone nord</ligne>", 1)
    text = text.replace('"taux-tva">0.0<', '"taux-tva">20.0<').replace('"frais-ht">1800.00<', '"frais-ht">1500.00<')
    offer = convert_text(text)["TA_A1"]
    kept = {path.rpartition("/")[2]: texts for path, texts in offer["detail"]["others"].items()}
    assert (offer["price"], kept["frais-ht"], kept["taux-tva"]) == (1800, ["1500.00"], ["20.0"])
    assert [kept[name] for name in ("numero-voie", "code-nature-voie", "libelle-voie")] == [
        ["3"],
        ["RUE"],
        ["des Tanneurs"],
    ]
    assert "frais-ttc" not in kept


def test_nothing_to_pay_is_told_with_its_detail(record: RawRecord) -> None:
    text = record.texts[0].replace('"frais-anpec">45.00<', '"frais-anpec">0<')
    assert convert_text(text)["TA_A1"]["detail"]["remaining_costs"] == "0 € : Carnet de stage"


def test_elements_of_lheo_go_before_what_the_extras_say(record: RawRecord) -> None:
    stated = "<prix-total-TTC>1700</prix-total-TTC><nombre-heures-total>170</nombre-heures-total>"
    text = record.texts[0].replace("<langue-formation>", f"{stated}<langue-formation>", 1)
    offer = convert_text(text)["TA_A1"]
    assert (offer["price"], offer["hours"]) == (1700, 170)


def test_a_street_in_parts_is_written_where_there_is_no_line(record: RawRecord) -> None:
    text = record.texts[0].replace("<ligne>3 rue des Tanneurs</ligne>", "", 1)
    assert convert_text(text)["TA_A1"]["places"][0]["lines"] == ["3 RUE des Tanneurs"]


def test_a_prefix_for_the_namespace_changes_nothing(record: RawRecord, offers: dict[str, dict[str, Any]]) -> None:
    namespace = 'xmlns:p="https://www.of.moncompteformation.gouv.fr"'
    text = (
        record.texts[0]
        .replace("<![CDATA[", "\0")
        .replace("<", "<p:")
        .replace("<p:/", "</p:")
        .replace("\0", "<![CDATA[")
    )
    text = text.replace("<p:p>", "<p>").replace("</p:p>", "</p>")
    text = (
        text.replace("<p:ul>", "<ul>").replace("</p:ul>", "</ul>").replace("<p:li>", "<li>").replace("</p:li>", "</li>")
    )
    assert convert_text(text.replace("<p:formation", f"<p:formation {namespace}", 1)) == offers


@pytest.mark.parametrize(
    ("namespace", "form", "warning"),
    [
        ("https://www.of.moncompteformation.gouv.fr", "cpf", None),
        ("http://of.moncompteformation.gouv.fr/lheo/2.4", "cpf", None),
        ("http://lheo.gouv.fr/2.4", "2.3", "LHEO 2.4 is not known, read as 2.3"),
        ("http://lheo.gouv.fr/2.10", "2.3", "LHEO 2.10 is not known, read as 2.3"),
        ("http://lheo.gouv.fr/2.3.3", "2.3", None),
    ],
)
def test_a_version_that_nobody_knows_is_read_as_the_nearest_with_a_warning(
    namespace: str, form: str, warning: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(f'<lheo xmlns="{namespace}"><offres><formation numero="1"/></offres></lheo>')
    record, end = read_records([path], Limits())
    assert isinstance(record, RawRecord)
    assert isinstance(end, FileEnd)
    assert (record.format, end.complete) == (form, True)
    assert end.problem == (f"{path}: {warning}" if warning else None)


@pytest.mark.parametrize(
    "namespace", ["http://lheo.gouv.fr/3.0", "http://example.org/of.moncompteformation.gouv.fr/7.0"]
)
def test_a_version_that_is_another_standard_is_refused(namespace: str, tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(f'<lheo xmlns="{namespace}"><offres/></lheo>')
    with pytest.raises(UnusableFeed, match="unknown version of LHEO"):
        list(read_records([path], Limits()))
