"""What LHEO 2.3 tells of a session stays with that session: meetings, certifications, blocks of skills, cycles."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from fixtures.traps.hostile import record
from mappings.offer import Meeting
from search_app.api.openapi import build_openapi
from search_app.exports.calendar_events import Days, to_session_events
from search_app.exports.meeting_events import to_span
from search_app.text.meetings import meeting_text
from tests.unit.exports.test_files import rows_of
from tests.unit.load.test_convert import offer_of
from tests.unit.pages.pages_samples import card, session

MULHOUSE = (
    "<adresse><ligne>3 rue du Canal</ligne><codepostal>68100</codepostal><ville>Mulhouse</ville>"
    "<departement>68</departement><region>44</region></adresse>"
)


def meeting(day: str, times: tuple[str, str], seats: int, number: str = "") -> str:
    return (
        f'<recrutement numero="{number}"><modalite-recrutement>9</modalite-recrutement><a-distance>0</a-distance>'
        f"{MULHOUSE}<urlweb>www.example.org/reunion</urlweb><nb-places>{seats}</nb-places>"
        f"<periode><debut>{day}</debut><fin>{day}</fin></periode>"
        f"<heure-debut>{times[0]}</heure-debut><heure-fin>{times[1]}</heure-fin>"
        "<commentaire>Venir avec un CV.</commentaire></recrutement>"
    )


def with_sessions(*parts: str) -> dict[str, Any]:
    """Return the offer of a record with one session for each of the parts."""
    text = record("A1", session="A1_S1")
    first, end = text.index("<session "), text.index("</session>") + len("</session>")
    whole = text[first:end]
    sessions = [
        whole.replace("A1_S1", f"A1_S{at}").replace("</session>", f"{part}</session>")
        for at, part in enumerate(parts, 1)
    ]
    return offer_of(text.replace(whole, "".join(sessions)))


def test_meetings_of_two_sessions_stay_with_their_sessions() -> None:
    offer = with_sessions(
        meeting("20270121", ("09h00", "12h00"), 12, "R1") + meeting("20270218", ("14:00", "16h30"), 8, "R2"),
        meeting("20270408", ("9h", "12h"), 10),
    )
    first, second = ([meeting_text(Meeting(**row)).replace("\xa0", " ") for row in each["meetings"]]
                     for each in offer["sessions"])  # fmt: skip
    assert first == [
        "Réunion d’information : 21 janvier 2027, 9 h–12 h, Mulhouse, 12 places",
        "Réunion d’information : 18 février 2027, 14 h–16 h 30, Mulhouse, 8 places",
    ]
    assert second == ["Réunion d’information : 8 avril 2027, 9 h–12 h, Mulhouse, 10 places"]
    assert "others" not in offer.get("detail", {})
    told = offer["sessions"][0]["meetings"][0]
    assert told == {
        "number": "R1", "kind": "information collective", "start_text": "20270121", "end_text": "20270121",
        "start_time": "09:00", "end_time": "12:00", "remote": False, "town": "Mulhouse", "postal_code": "68100",
        "address": "3 rue du Canal, 68100 Mulhouse", "seats": 12, "url": "http://www.example.org/reunion",
        "comment": "Venir avec un CV.",
    }  # fmt: skip


def test_certifications_blocks_and_cycles_of_a_session_are_read() -> None:
    reference = (
        "<reference-certification><reference-code-RNCP>RNCP37948</reference-code-RNCP></reference-certification>"
    )
    block = (
        "<bloc-competences><libelle-bloc>{0}</libelle-bloc><code-bloc>RNCP37948BC0{1}</code-bloc></bloc-competences>"
    )
    blocks = block.format("Accueillir", 1) + block.format("Conseiller", 2)
    cycle = (
        "<cycle><type-cycle>1</type-cycle><annee-cycle>1</annee-cycle><annee-cycle>2</annee-cycle>"
        "<capacite-simultanee>24</capacite-simultanee><alternance><type-alternance>1</type-alternance>"
        "<rythme-alternance><unite-rythme-alternance>3</unite-rythme-alternance><unites-entreprise>3</unites-entreprise>"
        "<unites-centre>1</unites-centre></rythme-alternance></alternance></cycle>"
    )
    skills = f"<blocs-competences><validation-blocs>1</validation-blocs>{reference}{blocks}</blocs-competences>"
    told = with_sessions(reference + skills + cycle)["sessions"][0]
    assert told["certifications"] == [{"rncp": "37948"}]
    assert told["skills"][0]["certifications"] == [{"rncp": "37948"}]
    assert [row["code"] for row in told["skills"][0]["blocks"]] == ["RNCP37948BC01", "RNCP37948BC02"]
    assert told["skills"][0]["validation"] == "Totale: tous les blocs"
    assert told["cycles"] == [
        {"kind": "Contrat d'apprentissage", "years": [1, 2], "at_once": 24, "contract": "Contrat d'apprentissage (CA)",
         "rhythm_unit": "Semaine", "units_company": 3, "units_centre": 1}
    ]  # fmt: skip


def test_other_elements_of_a_session_stay_with_it() -> None:
    first, second = with_sessions('<extras info="cpf"><extra info="public">3</extra></extras>', "")["sessions"]
    assert first["others"] == {"cpf/public": ["3"]}
    assert "others" not in second


def test_a_place_has_its_mail_its_person_and_the_lines_of_both() -> None:
    text = record("A1").replace(
        "<lieu-de-formation><coordonnees>",
        "<lieu-de-formation><coordonnees><civilite>Mme</civilite><nom>Roux</nom><prenom>Anne</prenom>"
        "<ligne>Bâtiment B</ligne><courriel>anne.roux@example.org</courriel>",
    )
    (place,) = offer_of(text)["places"]
    assert (place["person"], place["email"]) == ("Mme Anne Roux", "anne.roux@example.org")
    assert place["lines"] == ["Bâtiment B", "1 place du Marché"]


def test_meetings_are_events_of_the_calendar_of_their_session() -> None:
    row = {
        "id": "S1", "key": "s1", "start_precision": "day",
        "meetings": [
            {"kind": "information collective", "start_text": "20270121", "end_text": "20270121", "start_time": "09:00",
             "end_time": "12:00", "address": "3 rue du Canal, 68100 Mulhouse", "postal_code": "68100"},
            {"kind": "concours", "start_text": "20270200"},
        ],
    }  # fmt: skip
    stored = {"written_at": "2026-11-20T04:00:00+00:00", "sessions": [row], "provider": {}}
    days = Days(date(2027, 3, 1), date(2027, 3, 1))
    text = to_session_events(stored, card(), row, session(), days, "https://boussole.example").decode()
    lines = text.replace("\r\n ", "").split("\r\n")
    assert lines.count("BEGIN:VEVENT") == 2  # a meeting of which only the month is known is none
    assert ("DTSTART:20270121T080000Z" in lines, "DTEND:20270121T110000Z" in lines) == (True, True)
    assert "SUMMARY:Réunion d’information : CAP maçon" in lines
    assert r"LOCATION:3 rue du Canal\, 68100 Mulhouse" in lines
    assert len({line for line in lines if line.startswith("UID:")}) == 2


@pytest.mark.parametrize(
    ("fields", "span"),
    [
        ({"start_text": "20270121"}, (date(2027, 1, 21), date(2027, 1, 22))),
        ({"start_text": "20270121", "end_text": "20270125", "start_time": "09:00"},
         (date(2027, 1, 21), date(2027, 1, 26))),
        ({"start_text": "20270121", "start_time": "matin"}, (date(2027, 1, 21), date(2027, 1, 22))),
        ({"start_text": "20270721", "start_time": "09:00", "postal_code": "68100"},
         (datetime(2027, 7, 21, 7, tzinfo=UTC), None)),
        ({"start_text": "20270721", "start_time": "09:00", "postal_code": "97400"},
         (datetime(2027, 7, 21, 5, tzinfo=UTC), None)),
        ({"start_text": "20270231"}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_a_meeting_has_the_hours_of_its_place_or_whole_days(fields: dict[str, str], span: Any) -> None:
    assert to_span(Meeting.model_validate(fields)) == span


def test_a_line_of_a_table_has_the_meetings_of_its_session() -> None:
    row = {"key": "s1", "meetings": [{"kind": "concours", "start_text": "20270300"}, {"seats": 3}]}
    (line,) = rows_of(card(), sessions=[row])
    assert line["reunions"].replace("\xa0", " ") == "Concours : mars 2027 | Recrutement : 3 places"


def test_the_api_document_describes_the_meetings_of_a_session() -> None:
    schemas = build_openapi()["components"]["schemas"]
    assert schemas["OfferView"]["properties"]["record"] == {"$ref": "#/components/schemas/StoredOffer"}
    meetings = schemas["StoredSession"]["properties"]["meetings"]
    assert meetings["items"] == {"$ref": "#/components/schemas/StoredMeeting"}
    assert set(schemas["StoredMeeting"]["properties"]) == set(Meeting.model_fields)
