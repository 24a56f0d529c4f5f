"""A calendar shows the days on which one can start, and never a day that nobody told."""

from datetime import date
from typing import Any

import pytest
from icalendar import Calendar, Event

from search_app.exports.calendar import ABOUT, END, NAME, frame
from search_app.exports.calendar_events import Days, to_days, to_events
from search_app.search.contacts import phones_of
from search_app.search.results import OfferCard, PlaceView
from tests.unit.pages.pages_samples import card, seats, session

SITE = "https://boussole.example"


def stored(precision: str = "day", first: str = "2027-03-01", last: str = "2027-03-01", **more: Any) -> dict[str, Any]:
    window = {"gte": first, "lte": last}
    row = {"id": "S1", "key": "s1", "start_precision": precision, "window": window}
    return {"written_at": "2026-11-20T04:00:00+00:00", "sessions": [row], "provider": {}, **more}


def lines_of(event: Event) -> list[str]:
    text: str = event.to_ical().decode()
    return text.replace("\r\n ", "").split("\r\n")


def event_of(offer: OfferCard, record: dict[str, Any] | None = None) -> list[str]:
    (event,) = to_events(record or stored(), offer, SITE)
    return lines_of(event)


def test_a_day_is_one_whole_day_that_takes_nobodys_time() -> None:
    lines = event_of(card())
    assert "DTSTART;VALUE=DATE:20270301" in lines
    assert "DTEND;VALUE=DATE:20270302" in lines
    assert "TRANSP:TRANSPARENT" in lines
    assert "UID:session-s1@boussole" in lines
    assert f"URL:{SITE}/offres/abcdefghijkl" in lines


def test_a_month_is_the_whole_month_and_says_that_the_day_is_not_known() -> None:
    offer = card(sessions=[session(precision="month", when="de mars 2027 à juin 2027")])
    lines = event_of(offer, stored("month", last="2027-03-31"))
    assert ("DTSTART;VALUE=DATE:20270301" in lines, "DTEND;VALUE=DATE:20270401" in lines) == (True, True)
    assert r"SUMMARY:CAP maçon\, Albi (mars 2027\, jour non précisé)" in lines


def test_a_permanent_entry_lasts_as_long_as_one_can_enter() -> None:
    lines = event_of(card(entry="permanent"), stored(first="2026-09-01", last="2027-06-30"))
    assert ("DTSTART;VALUE=DATE:20260901" in lines, "DTEND;VALUE=DATE:20270701" in lines) == (True, True)
    assert r"SUMMARY:CAP maçon\, Albi (entrée toute l’année)" in lines


@pytest.mark.parametrize(
    ("precision", "window", "days"),
    [
        ("day", {"gte": "2027-03-01", "lte": "9999-12-31"}, Days(date(2027, 3, 1), date(2027, 3, 1))),
        ("year", {"gte": "2027-01-01", "lte": "2027-12-31"}, None),
        ("unknown", None, None),
    ],
)
def test_an_open_end_is_left_out_and_a_year_is_no_day(precision: str, window: Any, days: Days | None) -> None:
    assert to_days({"start_precision": precision, "window": window}) == days


def test_only_sessions_that_match_are_events() -> None:
    assert list(to_events(stored(), card(sessions=[session(matches=False)]), SITE)) == []


def test_lines_are_folded_at_75_bytes_and_signs_are_escaped() -> None:
    title = "Électricité ; niveau 1, « suite »\\n" + "é" * 200 + "\r\nEND:VCALENDAR"
    (event,) = to_events(stored(), card(title=title), SITE)
    raw = event.to_ical()
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\r\nEND:VCALENDAR" not in raw
    assert r"SUMMARY:Électricité \; niveau 1\, « suite »\\n" in "\n".join(lines_of(event))
    read = Calendar.from_ical(frame().removesuffix(END) + raw + END)
    (back,) = read.walk("VEVENT")
    assert str(back["SUMMARY"]) == title.replace("\r\n", "\n") + ", Albi (début)"


def test_what_is_known_is_told_and_seats_have_the_day_of_their_reading() -> None:
    contacts = {"contacts": [{"phones": ["0563000000", "05.63.00.00.00"]}]}
    place = {"town": "Albi", "postal_code": "81000", "name": "Lycée", "lines": ["1 rue du Pont"]}
    offer = card(sessions=[session(seats=[seats(3), seats(0, funder="4", label="France Travail")])])
    lines = event_of(offer, stored(provider=contacts, places=[{"town": "Castres"}, place]))
    text = next(line for line in lines if line.startswith("DESCRIPTION")).replace("\xa0", " ").replace("\u202f", " ")
    assert r"LOCATION:Lycée\, 1 rue du Pont\, 81000 Albi" in lines
    assert "CONTACT:Les Ateliers\\, 05\xa063\xa000\xa000\xa000" in lines
    assert "Qui paie : Région" in text
    assert "3 places restantes sur 12 (Région\\, vu le 21 novembre 2026)" in text
    assert "Complet\\, aucune place restante sur 12 (France Travail" in text
    assert "il y a" not in text
    assert "LAST-MODIFIED:20261121T080000Z" in lines  # the figure is newer than the offer


def test_what_is_not_known_is_said_or_left_out() -> None:
    lines = event_of(card(place=None, funders=[], mode=None))
    text = "\n".join(lines).replace("\xa0", " ")
    assert "LOCATION:Lieu non précisé" in lines
    assert "Qui paie : non précisé" in text
    assert "Places : à demander" in text
    assert ("CONTACT" in text, "GEO" in text, "Téléphone" in text) == (False, False, False)


def test_a_remote_offer_has_no_place() -> None:
    lines = event_of(card(mode="remote", place=PlaceView("Albi", "81000", "81", "76", 43.9, 2.1)))
    assert "LOCATION:À distance" in lines
    assert not [line for line in lines if line.startswith("GEO")]


def test_the_session_is_called_before_the_provider_and_nobody_twice() -> None:
    record = {"provider": {"contacts": [{"phones": ["01", "0199000001"]}]}, "detail": {"contacts": [{"phones": []}]}}
    assert phones_of(record, {"contacts": [{"phones": ["3949"]}]}) == ["3949", "01", "01\xa099\xa000\xa000\xa001"]


def test_the_calendar_says_how_often_it_is_worth_asking() -> None:
    head = frame(NAME, ABOUT).decode().replace("\r\n ", "").split("\r\n")
    assert head[0] == "BEGIN:VCALENDAR"
    assert "REFRESH-INTERVAL;VALUE=DURATION:P1D" in head
    assert "VERSION:2.0" in head
    assert head[-2:] == ["END:VCALENDAR", ""]
    assert "REFRESH" not in frame().decode()
