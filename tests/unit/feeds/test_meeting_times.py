"""When a meeting is: whatever text is stored of it, it has its event or none, and never stops the answer."""

import asyncio
from datetime import UTC, date, datetime
from itertools import chain
from types import SimpleNamespace
from typing import Any, cast

import pytest
from icalendar import Calendar
from starlette.requests import Request

from fixtures.traps.hostile import record
from mappings.offer import Meeting, Offer
from search_app.base.errors import NotFound
from search_app.exports.calendar import session_calendar
from search_app.exports.calendar_events import Days, to_event, to_session_events
from search_app.exports.meeting_events import to_span
from search_app.pages.offer.enrolment import registration_end
from search_app.pages.offer.page import About, build_offer_page
from search_app.pages.shared.render import render
from search_app.search.present.offer import to_offer_view
from search_app.search.reference_data import Snapshot
from search_app.search.results import PlaceView
from search_app.search.stored_meetings import read_meetings
from search_app.text.meetings import PASSED, meeting_passed, meeting_text
from tests.unit.exports.test_files import rows_of
from tests.unit.load.test_convert import offer_of
from tests.unit.pages.pages_samples import TODAY, card, session

SITE = "https://boussole.example"
SNAPSHOT = Snapshot()
REUNION = PlaceView("Saint-Denis", "97400", "974", "04", -20.9, 55.4)
WALLIS, TAHITI = (PlaceView(None, f"{start}00", None, None, None, None) for start in ("986", "987"))
FIELDS = ("start_text", "end_text", "start_time", "end_time")


def told(day: tuple[str, str], times: tuple[str, str] = ("", ""), more: str = "") -> str:
    return (
        f"<recrutement><modalite-recrutement>9</modalite-recrutement>{more}"
        f"<periode><debut>{day[0]}</debut><fin>{day[1]}</fin></periode>"
        f"<heure-debut>{times[0]}</heure-debut><heure-fin>{times[1]}</heure-fin></recrutement>"
    )


def with_meetings(*meetings: str, **changes: str) -> dict[str, Any]:
    """Return the stored offer of a record whose session has these meetings."""
    return offer_of(record("A1", **changes).replace("</session>", f"{''.join(meetings)}</session>"))


def meetings_of(offer: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = offer["sessions"][0]["meetings"]
    return rows


def events_of(*meetings: dict[str, Any], days: Days | None = None, **changes: Any) -> list[str]:
    """Return the unfolded lines of the calendar of a stored session with these meetings."""
    row = {"id": "S1", "key": "s1", "start_precision": "day", "meetings": list(meetings)}
    stored = {"written_at": "2026-11-20T04:00:00+00:00", "sessions": [row], "provider": {}}
    text = to_session_events(stored, card(**changes), row, session(), days, SITE).decode()
    return text.replace("\r\n ", "").split("\r\n")


def calendar_of(offer: dict[str, Any]) -> list[Any]:
    """Return the events of the calendar of an offer's session, as the app answers; raises NotFound."""

    async def stored(_: str) -> dict[str, Any]:
        return offer

    settings = SimpleNamespace(current_day=lambda: TODAY, seats_old_after_days=7, public_url=SITE)
    reference = SimpleNamespace(current=lambda: SNAPSHOT)
    services = SimpleNamespace(settings=settings, offer=stored, reference=reference)
    app = SimpleNamespace(state=SimpleNamespace(services=services))
    path = {"offer": offer["key"], "session": offer["sessions"][0]["key"]}
    scope = {"type": "http", "method": "GET", "headers": [], "app": app, "path_params": path, "path": "/x.ics",
             "query_string": b"", "server": ("boussole.example", 443), "scheme": "https"}  # fmt: skip
    answer = asyncio.run(session_calendar(Request(scope)))
    return list(cast("Any", Calendar.from_ical(bytes(answer.body))).walk("VEVENT"))


def page_of(offer: dict[str, Any]) -> str:
    view = to_offer_view(offer, SNAPSHOT, TODAY, 7)
    page = build_offer_page(view, SNAPSHOT, TODAY, About(site=SITE, public_url=SITE))
    return render("offer.html", page).decode()


def test_any_hour_that_is_stored_is_an_hour_or_none() -> None:
    for hour in range(100):
        for minute in range(100):
            text = f"{hour:02}:{minute:02}"
            readable = hour < 24 and minute < 60
            begin = cast("datetime", to_span(Meeting(start_text="20270121", start_time=text))[0])  # type: ignore[index]
            assert isinstance(begin, datetime) == readable, text
            span = to_span(Meeting(start_text="20270121", start_time="00:00", end_time=text))
            assert span is not None
            assert (span[1] is not None) == (readable and text != "00:00"), text
            assert readable or text in meeting_text(Meeting(start_time=text))


def test_any_date_that_is_stored_is_a_day_within_reason_or_none() -> None:
    days = (date.fromordinal(number) for number in range(1, date.max.toordinal(), 199))
    edges = (date(year, month, day) for year in (1, 1899, 1900, 2200, 2201, 9999) for month, day in ((1, 1), (12, 31)))
    for day in chain(days, edges):
        text = f"{day.year:04}{day.month:02}{day.day:02}"
        for hour, place in (("00:00", WALLIS), ("23:59", TAHITI), ("", None)):  # the furthest clocks in both directions
            meeting = Meeting(start_text=text, end_text=text, start_time=hour, end_time="23:59")
            assert (to_span(meeting, place) is not None) == (1900 <= day.year <= 2200), text
        meeting_passed(meeting, TODAY)
        assert meeting_text(meeting)


NO_DATES = (
    "",
    " ",
    "00000000",
    "99999999",
    "99991231",
    "00010101",
    "20270231",
    "20271301",
    "2027",
    "20270121\n",
    "-0270121",
)


@pytest.mark.parametrize("text", [*NO_DATES, "x" * 50, "٢٠٢٧٠١٢١"])
@pytest.mark.parametrize("field", FIELDS)
def test_a_text_that_means_nothing_leaves_the_others_to_be_read(field: str, text: str) -> None:
    good = {"kind": "concours", "start_text": "20270121", "start_time": "09:00"}
    sound = {"start_text": "20270121", "end_text": "20270121", "start_time": "09:00", "end_time": "12:00"}
    lines = events_of(sound | {field: text}, good)
    assert "SUMMARY:Concours : CAP maçon" in lines
    assert meeting_passed(Meeting.model_validate(sound | {field: text}), date(2028, 1, 1)) in (None, PASSED)


def test_what_another_indexer_stored_of_a_meeting_is_left_out() -> None:
    rows = [{"kind": "concours", "seats": "many", "colour": "red"}, "none", {"start_text": 20270121}]
    assert read_meetings({"meetings": rows}) == [Meeting(kind="concours"), Meeting()]
    assert read_meetings({"meetings": None}) == []
    (line,) = rows_of(card(), sessions=[{"key": "s1", "meetings": rows[:1]}])
    assert line["reunions"] == "Concours"
    assert events_of({"kind": "concours", "seats": "many", "start_text": "20270121"}).count("BEGIN:VEVENT") == 1


@pytest.mark.parametrize("hour", ["25:00", "24:00", "99:99"])
def test_one_bad_hour_costs_no_calendar(hour: str) -> None:
    offer = with_meetings(told(("20270121", ""), (hour, "")), told(("20270122", ""), ("09:00", hour)))
    start, whole, open_end = calendar_of(offer)
    assert (start["DTSTART"].dt, whole["DTSTART"].dt) == (date(2027, 3, 1), date(2027, 1, 21))
    assert (open_end["DTSTART"].dt, "DTEND" in open_end) == (datetime(2027, 1, 22, 8, tzinfo=UTC), False)
    assert [fault["kind"] for fault in offer["faults"]] == ["bad-time"] * len(offer["faults"])


@pytest.mark.parametrize("day", ["99991231", "00010101", "22010101", "20270231"])
def test_a_date_that_is_told_as_unknown_is_unknown_everywhere(day: str) -> None:
    offer = with_meetings(told((day, ""), ("00:00", "")), told(("20270122", day)))
    assert [fault["kind"] for fault in offer["faults"]] == ["bad-date", "bad-date"][: len(offer["faults"])]
    assert [event["DTSTART"].dt for event in calendar_of(offer)] == [date(2027, 3, 1), date(2027, 1, 22)]
    first = Meeting.model_validate(meetings_of(offer)[0])
    assert meeting_text(first).replace("\xa0", " ") == f"Réunion d’information : {day}, 0 h"  # as it stood
    assert meeting_passed(first, date(2100, 1, 1)) is None
    shown = page_of(offer).replace(day, "")
    assert not any(text in shown for text in (f" {int(day[:4])},", "31 février", PASSED))


@pytest.mark.parametrize("first", [date(1, 1, 1), date(1900, 1, 1), date(9999, 12, 31)])
def test_a_session_of_any_day_has_its_event(first: date) -> None:
    stored = {"written_at": "2026-11-20T04:00:00+00:00", "provider": {}}
    for last in {first, date.max}:
        event = to_event(stored, card(), {"key": "s1"}, session(), Days(first, last), SITE)
        assert f"DTSTART;VALUE=DATE:{first:%Y%m%d}".encode() in event.to_ical() or first.year < 1000
        assert ("DTEND" in event) == (last < date.max)


@pytest.mark.parametrize(
    "changes", [{"start": "00000000", "end": "99999999"}, {"start": "20270000", "end": "99999999"}]
)
def test_a_session_without_a_day_has_a_calendar_of_its_meetings(changes: dict[str, str]) -> None:
    offer = with_meetings(told(("20270121", ""), ("09:00", "12:00")), **changes)
    (event,) = calendar_of(offer)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (
        datetime(2027, 1, 21, 8, tzinfo=UTC), datetime(2027, 1, 21, 11, tzinfo=UTC),
    )  # fmt: skip
    assert f"/{offer['sessions'][0]['key']}.ics" in page_of(offer)


@pytest.mark.parametrize("day", ["20270100", "99991231", "20250121"])
def test_a_session_without_any_day_to_come_has_no_link_to_a_calendar(day: str) -> None:
    offer = with_meetings(told((day, "")), start="00000000", end="99999999")
    assert ".ics" not in page_of(offer)
    if day != "20250121":
        with pytest.raises(NotFound):
            calendar_of(offer)


@pytest.mark.parametrize(
    ("day", "times", "kept", "faults"),
    [
        (("20270121", "20270120"), ("09:00", "12:00"), ("20270121", None, "09:00", "12:00"), 1),
        (("20270121", "20270121"), ("14:00", "09:00"), ("20270121", "20270121", "14:00", None), 1),
        (("20270121", "20270121"), ("23:30", "00:30"), ("20270121", "20270121", "23:30", None), 1),
        (("20270121", "20260121"), ("14:00", "09:00"), ("20270121", None, "14:00", None), 2),
        (("20270121", "99999999"), ("23:30", "00:30"), ("20270121", "99999999", "23:30", "00:30"), 0),
        (("20270121", "99999999"), ("18:00", "06:00"), ("20270121", "99999999", "18:00", "06:00"), 0),
        (("20270121", "99999999"), ("17:59", "06:00"), ("20270121", "99999999", "17:59", None), 1),
        (("20270121", "99999999"), ("18:00", "06:01"), ("20270121", "99999999", "18:00", None), 1),
        (("20270121", "20270122"), ("23:30", "00:30"), ("20270121", "20270122", "23:30", "00:30"), 0),
        (("20270121", "20270125"), ("14:00", "09:00"), ("20270121", "20270125", "14:00", "09:00"), 0),
        (("20270121", "20270121"), ("09:00", "09:00"), ("20270121", "20270121", "09:00", "09:00"), 0),
    ],
)
def test_an_end_before_the_start_is_unknown_and_told(
    day: tuple[str, str], times: tuple[str, str], kept: tuple[str | None, ...], faults: int
) -> None:
    offer = with_meetings(told(day, times))
    assert tuple(meetings_of(offer)[0].get(name) for name in FIELDS) == kept
    assert [fault["kind"] for fault in offer.get("faults", ())] == ["inverted-period"] * faults
    # As an older loader stored it.
    stated = Meeting(
        kind="information collective", start_text=day[0], end_text=day[1], start_time=times[0], end_time=times[1]
    )
    read = Meeting.model_validate(meetings_of(offer)[0])
    assert (to_span(stated), meeting_text(stated)) == (
        to_span(read),
        meeting_text(read),
    )  # as an older loader stored it


@pytest.mark.parametrize("end", [None, "99999999", "20270122"])
def test_a_meeting_from_evening_to_early_morning_ends_on_the_next_day(end: str | None) -> None:
    meeting = Meeting(start_text="20270121", end_text=end, start_time="23:30", end_time="00:30")
    assert to_span(meeting) == (datetime(2027, 1, 21, 22, 30, tzinfo=UTC), datetime(2027, 1, 21, 23, 30, tzinfo=UTC))
    assert "23\xa0h\xa030–0\xa0h\xa030" in meeting_text(meeting)


def test_an_event_never_ends_before_it_begins_where_clocks_change() -> None:
    meeting = Meeting(start_text="20270328", start_time="02:30", end_time="03:00")
    assert to_span(meeting) == (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), None)


def test_times_and_dates_of_xml_are_read() -> None:
    offer = with_meetings(
        told(("2027-01-21T00:00:00", ""), ("09:00:00", "12:00:00+01:00")), start="2027-03-15T09:00:00+01:00"
    )
    assert {name: meetings_of(offer)[0].get(name) for name in FIELDS} == {
        "start_text": "20270121", "end_text": None, "start_time": "09:00", "end_time": "12:00",
    }  # fmt: skip
    assert (offer["sessions"][0]["start"], {fault["kind"] for fault in offer["faults"]}) == ("2027-03-15", {"iso-date"})


@pytest.mark.parametrize(
    ("meeting", "place", "hour"),
    [
        ({}, REUNION, 5),
        ({"postal_code": "68100"}, REUNION, 8),
        ({"postal_code": "974"}, REUNION, 5),
        ({}, PlaceView("Saint-Denis", None, "974", "04", None, None), 5),
        ({"postal_code": "97400"}, None, 5),
        ({}, None, 8),
    ],
)
def test_a_meeting_without_an_address_has_the_clocks_of_the_offers_place(
    meeting: dict[str, str], place: PlaceView | None, hour: int
) -> None:
    span = to_span(Meeting.model_validate(meeting | {"start_text": "20270121", "start_time": "09:00"}), place)
    assert span is not None
    assert span[0] == datetime(2027, 1, 21, hour, tzinfo=UTC)


def test_a_meeting_without_an_address_is_at_the_offers_place() -> None:
    row = {"start_text": "20270121", "start_time": "09:00"}
    assert {"LOCATION:97400 Saint-Denis", "DTSTART:20270121T050000Z"} <= {*events_of(row, place=REUNION)}
    assert "LOCATION:Mulhouse" in events_of(row | {"town": "Mulhouse"}, place=REUNION)
    assert "LOCATION:Lieu non précisé" in events_of(row, place=None)


def test_meetings_of_one_number_are_two_events() -> None:
    rows = ({"number": "R1", "start_text": "20270121"}, {"number": "R1", "start_text": "20270122"})
    assert len({line for line in events_of(*rows) if line.startswith("UID:")}) == 2


def test_a_meeting_that_is_behind_is_marked() -> None:
    offer = with_meetings(told(("20261122", "")), told(("20261100", "")), told(("20261120", "20261123")))
    page = page_of(offer)
    assert page.count(PASSED) == 1
    assert page.index("22 novembre 2026") < page.index(PASSED) < page.index("Réunion d’information\xa0: novembre 2026")


def test_a_registration_that_ends_on_no_day_is_not_told_as_ended() -> None:
    offer = with_meetings(
        "<periode-inscription><periode><debut>20261001</debut><fin>00010101</fin></periode></periode-inscription>"
    )
    registration = Offer.model_validate(offer).sessions[0].registration
    assert registration is not None
    assert registration_end(registration, TODAY) is None
