"""Which session made an offer match, and how dates and seats are told."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec import convert
from msgspec.structs import replace as changed

from search_app.search.present.sessions import order_sessions, session_matches, to_session_view
from search_app.search.query.sessions import SessionConditions
from search_app.search.reference_data import Snapshot
from search_app.search.stored import StoredSession
from search_app.text.dates import french_period

TODAY = date(2026, 11, 23)
MARCH = SessionConditions(start_from="2027-03-01", start_to="2027-03-31")


def session(start: str, last: str | None = None, **others: Any) -> StoredSession:
    window = {"gte": start, "lte": others.pop("until", last or start)}
    base = {"id": start, "key": "k", "start": start, "start_last": last or start, "window": window}
    return convert({**base, "open_until": last or start, "recruiting": "unknown", "left": {}, **others}, StoredSession)


def test_a_session_in_march_without_a_seat_does_not_match_march_with_a_seat() -> None:
    in_march, with_seat = session("2027-03-08"), session("2027-04-05", left={"2": 3, "any": 3})
    conditions = replace(MARCH, seats=1, funders=("2",))
    assert not session_matches(in_march, conditions)
    assert not session_matches(with_seat, conditions)
    assert session_matches(session("2027-03-08", left={"2": 1, "any": 1}), conditions)


def test_a_seat_under_another_funder_is_not_a_seat_under_the_chosen_one() -> None:
    conditions = SessionConditions(seats=1, funders=("4",))
    assert not session_matches(session("2027-03-08", left={"2": 5, "any": 5}), conditions)


@pytest.mark.parametrize(
    ("left", "funders", "is_full", "is_unknown"),
    [
        ({}, (), False, True),
        ({"any": 0}, (), True, False),
        ({"2": 0, "4": 3, "any": 3}, (), False, False),
        ({"2": 0, "4": 3, "any": 3}, ("2",), True, False),
        ({"2": 0, "4": 3, "any": 3}, ("2", "4"), False, False),
        ({"2": 0, "any": 0}, ("2", "4"), True, False),
        ({"2": 0, "any": 0}, ("4",), False, True),
    ],
)
def test_full_is_every_known_figure_at_zero_and_unknown_none_known(
    left: dict[str, int], funders: tuple[str, ...], is_full: bool, is_unknown: bool
) -> None:
    stored = session("2027-03-08", left=left)
    assert session_matches(stored, SessionConditions(seats="full", funders=funders)) is is_full
    assert session_matches(stored, SessionConditions(seats="unknown", funders=funders)) is is_unknown


@pytest.mark.parametrize(("days", "old"), [(7, False), (8, True), (0, False)])
def test_a_figure_is_old_when_it_was_observed_longer_ago_than_is_set(days: int, old: bool) -> None:
    observed_at = f"{TODAY - timedelta(days=days)}T08:00:00Z"
    figure = {"funder": "2", "capacity": 12, "available": 3, "observed_at": observed_at}
    stored = session("2027-03-08", seats=[figure])
    assert to_session_view(stored, Snapshot(), TODAY, matches=True, old_after_days=7).seats[0].old is old
    assert to_session_view(stored, Snapshot(), TODAY, matches=True, old_after_days=days).seats[0].old is False


def test_a_month_only_start_matches_a_window_that_overlaps_the_month() -> None:
    march = session("2027-03-01", "2027-03-31")
    assert session_matches(march, SessionConditions(start_from="2027-03-31"))
    assert session_matches(march, SessionConditions(start_to="2027-03-01"))
    assert not session_matches(march, SessionConditions(start_from="2027-04-01"))


def test_a_permanent_entry_matches_any_window_that_its_period_overlaps() -> None:
    permanent = session("2026-01-01", until="9999-12-31")
    assert session_matches(permanent, MARCH)
    assert not session_matches(permanent, SessionConditions(start_to="2025-12-31"))


def test_an_unknown_start_matches_no_window_but_counts_as_upcoming() -> None:
    unknown = changed(session("2027-01-01"), start=None, window=None, open_until="9999-12-31")
    assert not session_matches(unknown, MARCH)
    assert session_matches(unknown, SessionConditions(upcoming_on=TODAY.isoformat()))


def test_today_counts_as_not_begun() -> None:
    assert session_matches(session("2026-11-23"), SessionConditions(upcoming_on=TODAY.isoformat()))
    assert not session_matches(session("2026-11-22"), SessionConditions(upcoming_on=TODAY.isoformat()))


def test_matching_sessions_come_first_and_each_part_is_today_or_later_then_past_then_unknown() -> None:
    unknown = changed(session("2027-01-01"), id="unknown", start=None, window=None)
    rows = [unknown, session("2026-01-05"), session("2027-03-01"), session("2026-12-01"), session("2027-03-20")]
    matching, others = order_sessions(rows, MARCH, TODAY)
    assert [row.id for row in matching] == ["2027-03-01", "2027-03-20"]
    assert [row.id for row in others] == ["2026-12-01", "2026-01-05", "unknown"]


@pytest.mark.parametrize(
    ("recruiting", "available", "contradicts"),
    [("open", 0, True), ("open", 2, False), ("closed", 2, True), ("closed", 0, False), ("unknown", 0, False),
     ("open", None, False), ("closed", None, False)],
)  # fmt: skip
def test_state_and_seats_that_contradict_each_other_are_told(
    recruiting: str, available: int | None, contradicts: bool
) -> None:
    figure = {"funder": "2", "capacity": 12, "available": available, "observed_at": "2026-11-20T08:00:00Z"}
    stored = session("2027-03-08", recruiting=recruiting, seats=[figure])
    view = to_session_view(stored, Snapshot(), TODAY, matches=True)
    assert (view.contradiction is not None) is contradicts
    assert view.seats[0].label == "Région"
    assert view.seats[0].age_days == 3


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("2027-08-01", "month", None, "unknown"), "à partir d’août 2027"),
        (("2027-01-01", "year", "2028-12-31", "year"), "de 2027 à 2028"),
        (("2027-03-01", "day", "2027-06-30", "month"), "du 1er mars 2027 à juin 2027"),
    ],
)
def test_a_period_is_never_told_more_exactly_than_it_is_known(arguments: tuple[Any, ...], text: str) -> None:
    assert french_period(*arguments) == text
