"""Session conditions as ranges on the offer: the same answers as a look at each session, for drawn sessions and
conditions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from mappings.codes import FUNDER_LABELS
from mappings.session_index import DELTA_BITS, NO_START, Span, day_number, index_sessions, to_span
from search_app.search.params.search_params import Seats
from search_app.search.present.sessions import session_matches
from search_app.search.query.session_scripts import MEETS, NEWS, SEATS, START
from search_app.search.query.sessions import SessionConditions
from search_app.search.stored import StoredSession
from seats.statements.parse import SEATS_LIMIT

Session = dict[str, Any]
STATES = ("open", "closed", "suspended", "unknown")
FUNDERS = ("2", "4", "11")  # that pay the drawn offers, or not
NEAR = date(2026, 11, 1)
LEFT = st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 60, 32_767, 40_000, 2**31 - 1])


def day(offset: int) -> str:
    return (NEAR + timedelta(days=offset)).isoformat()


@st.composite
def sessions(draw: st.DrawFn, funders: tuple[str, ...]) -> Session:
    """Draw a session as the loader stores it: of a day, of a month or a year, permanent, or without a start."""
    first = draw(st.integers(0, 60))
    last = first + draw(st.sampled_from([0, 0, 0, 30, 365]))
    until = draw(st.sampled_from([day(last), day(last + 40), "9999-12-31"]))
    kind = draw(st.sampled_from(["fixed", "permanent", "unknown", "any day"]))
    told: Session = {"key": "k", "id": "i", "recruiting": draw(st.sampled_from(STATES))}
    if kind != "unknown":
        end = day(last) if kind == "fixed" else until
        told |= {"start": day(first), "start_last": day(last), "window": {"gte": day(first), "lte": end}}
        until = end
    if kind == "any day":
        told |= {"window": {"gte": "1900-01-01", "lte": "9999-12-31"}}
        until = "9999-12-31"
        del told["start"], told["start_last"]
    known = draw(st.dictionaries(st.sampled_from([*funders, "13"]), LEFT, max_size=3))
    left = {funder: number for funder, number in known.items() if funder in funders}
    return told | {"open_until": until, "left": left | ({"any": max(known.values())} if known else {})}


@st.composite
def offers(draw: st.DrawFn) -> tuple[list[Session], tuple[str, ...]]:
    funders = tuple(draw(st.lists(st.sampled_from(FUNDERS), unique=True)))
    return draw(st.lists(sessions(funders), max_size=4)), funders


DAYS = st.none() | st.integers(-5, 90).map(day) | st.sampled_from(["1815-03-01", "2999-01-01"])


@st.composite
def conditions(draw: st.DrawFn) -> SessionConditions:
    start_from, start_to = draw(DAYS), draw(DAYS)
    if start_from and start_to and start_from > start_to:
        start_from, start_to = start_to, start_from
    seats: Seats | None = draw(st.none() | st.sampled_from([*range(1, 13), 60, 40_000, "full", "unknown"]))
    return SessionConditions(
        start_from,
        start_to,
        seats,
        tuple(draw(st.lists(st.sampled_from(FUNDERS), unique=True))) if seats is not None else (),
        tuple(draw(st.lists(st.sampled_from(STATES), unique=True))),
        draw(st.none() | st.integers(0, 70).map(day)),
    )


def holds(clause: dict[str, Any], fields: dict[str, Any]) -> bool:
    """Evaluate a clause on the fields of an offer, as the engine does."""
    ((kind, body),) = clause.items()
    if kind == "bool":
        return all(holds(each, fields) for each in body.get("filter", ())) and (
            "should" not in body or any(holds(each, fields) for each in body["should"])
        )
    if kind == "match_none":
        return False
    if kind == "script":
        assert body["script"]["source"] == MEETS
        return any(meets(span, fields, body["script"]["params"]) for span in fields["session_spans"])
    bounds = body["windows"]
    first, last = bounds["gte"], bounds["lte"]
    if bounds["relation"] == "contains":
        return any(each["gte"] <= first and last <= each["lte"] for each in fields["windows"])
    assert first <= last, "the engine refuses this range"
    return any(each["gte"] <= last and first <= each["lte"] for each in fields["windows"])


def meets(span: int, fields: dict[str, Any], params: dict[str, int]) -> bool:
    """Do what MEETS does, written for the test."""
    session, first, last, state = span >> 48, span >> 30 & 0x3FFFF, span >> 12 & 0x3FFFF, span >> 9 & 7
    if not any(first <= params[f"last{n}"] and last >= params[f"first{n}"] for n in ("", "2")):
        return False
    if not params["states"] & 1 and not params["states"] >> state & 1:
        return False
    figures = [each for each in fields["session_left"] if each >> 36 == session]
    most = max((each & 0x7FFFFFFF for each in figures if params["funders"] >> (each >> 31 & 31) & 1), default=-1)
    return params["least"] <= most <= params["most"]


@given(offers(), conditions())
def test_ranges_hold_where_one_session_meets_all_conditions(
    offer: tuple[list[Session], tuple[str, ...]], asked: SessionConditions
) -> None:
    drawn, funders = offer
    if asked.funders and not {*asked.funders} & {*funders}:
        return  # beside chosen funders only offers that they pay are asked
    fields = index_sessions(drawn, funders)
    stored = msgspec.convert(drawn, list[StoredSession])
    expected = any(session_matches(each, asked) for each in stored)
    for clause in asked.query():
        assert holds(clause, fields) is expected
    params = asked.script_params()  # the scripts decide the same where a range would do
    assert any(meets(span, fields, params) for span in fields["session_spans"]) is expected or not asked.any_set


@given(offers(), conditions(), st.lists(st.sampled_from(FUNDERS), min_size=1, unique=True))
def test_full_under_a_funder_and_under_any_is_a_range_of_the_same_session(
    offer: tuple[list[Session], tuple[str, ...]], asked: SessionConditions, under: list[str]
) -> None:
    drawn, funders = offer
    fields = index_sessions(drawn, funders)
    under_any = replace(asked, seats="full", funders=())
    under_these = replace(under_any, funders=tuple(under))
    stored = msgspec.convert(drawn, list[StoredSession])
    expected = any(session_matches(each, under_any) and session_matches(each, under_these) for each in stored)
    (clause,) = replace(under_these, wholly=True).query()
    assert holds(clause, fields) is expected


def test_a_range_is_of_one_session() -> None:
    march = {"key": "a", "start": "2027-03-01", "start_last": "2027-03-01", "recruiting": "open",
             "window": {"gte": "2027-03-01", "lte": "2027-03-01"}, "open_until": "2027-03-01"}  # fmt: skip
    may = march | {"window": {"gte": "2027-05-03", "lte": "2027-05-03"}, "left": {"2": 1, "any": 1}}
    fields = index_sessions([march, may], ["2"])
    (in_march,) = SessionConditions("2027-03-01", "2027-03-31", 1, ("2",)).query()
    (in_may,) = SessionConditions("2027-05-01", "2027-05-31", 1, ("2",)).query()
    assert (holds(in_march, fields), holds(in_may, fields)) == (False, True)


def test_numbers_of_the_fields_are_these() -> None:
    session = {"key": "a", "start": "2027-03-01", "start_last": "2027-03-31", "recruiting": "closed",
               "window": {"gte": "2027-03-01", "lte": "2027-03-31"}, "open_until": "2027-03-31",
               "left": {"2": 2, "any": 4}, "capacity": {"2": 12, "16": 5},
               "first_seen": "2026-11-20T04:00:00+00:00"}  # fmt: skip
    assert index_sessions([session], ["2", "4"]) == {
        "session_keys": ["a"],
        "session_spans": [46_445 << 30 | 46_475 << 12 | 2 << 9 | 30],
        "session_seen": [1_795_147_200_000],
        "starts": [{"gte": 46_445, "lte": 46_475}],
        "session_left": [0 << 31 | 4, 3 << 31 | 2],
        "session_capacity": [3 << 31 | 12],
        "contradictions": {"closed_left": 1},
        "windows": [
            {"gte": funder * 2**25 + tier * 2**21 + state * 2**18 + 46_445,
             "lte": funder * 2**25 + tier * 2**21 + state * 2**18 + 46_475}
            for funder, tier in ((0, 0), (0, 1), (0, 2), (0, 3), (3, 1), (3, 2), (5, 7))
            for state in (0, 2)
        ],
    }  # fmt: skip


def test_every_number_fits_the_place_that_it_has() -> None:
    last = Span(5_000, 0x3FFFF, 0x3FFFF, 4, NO_START).packed()
    assert (last < 2**63, last >> 48) == (True, 5_000)
    assert max(int(code) + 1 for code in FUNDER_LABELS) < 32
    assert (5_000 << 5 | 31) << 31 | SEATS_LIMIT < 2**63
    assert SEATS_LIMIT < 2**31
    widest = {"start": "2200-01-01", "start_last": "2200-12-31", "window": {"gte": "2200-01-01", "lte": "2200-12-31"}}
    assert to_span(widest, 0).delta < 2**DELTA_BITS - 1
    assert day_number("2200-12-31") < day_number("2999-01-01") < day_number("9999-12-31") < 2**17


def test_orders_compare_so() -> None:
    """The engine runs the scripts in tests/engine; these are the comparisons that an order depends on."""
    for source in START.values():
        assert "if (first + delta >= today) { if (first < next) { next = first; } }" in source
        assert "else if (first < past) { past = first; }" in source
        assert source.endswith("return next * 131072L + past;")
    assert "if (most > best) { best = most; }" in SEATS
    assert "if (moment > latest) { latest = moment; }" in NEWS
