"""The measures of a day: what an offer adds to the cells of its funders, and what is stored of a place."""

from __future__ import annotations

import random
from datetime import date
from typing import Any, Final

import pytest

from indexer.history.offer import Columns, Months, additions_of
from indexer.history.sums import PlaceSums
from mappings.analytics.history import ANY, MONTHS, SUMS, months_between, unpack_sums
from mappings.columns.purchases import index_purchases
from mappings.session_index import index_sessions

DAY: Final = date(2026, 11, 29)
KEPT: Final = Months(DAY)


def session(key: str, first: str | None, last: str | None = None, **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"key": key, "recruiting": "open", **more}
    if first is not None:
        told |= {"start": first, "start_last": first, "window": {"gte": first, "lte": last or first}}
    return told


def columns(sessions: list[dict[str, Any]], funding: list[dict[str, Any]]) -> Columns:
    funders = [*dict.fromkeys(line["funder"] for line in funding)]
    made = index_sessions(sessions, funders)
    bought = index_purchases({"funding": funding}).get("bought", [])
    return Columns(funders, made["session_spans"], made["session_left"], made["session_capacity"], bought)


def cells_of(*offers: tuple[list[str], Columns]) -> dict[str, str]:
    sums = PlaceSums()
    for domains, offer in offers:
        sums.add(domains, additions_of(offer, KEPT))
    return sums.to_cells()


def told(cells: dict[str, str], funder: str = ANY, month: str = "", domain: str = ANY) -> dict[str, int]:
    at = 1 + months_between(KEPT.first, month) if month else 0
    return {name: value for name, value in unpack_sums(cells[domain], funder, at).items() if value}


MARCH: Final = session("a", "2027-03-08", left={"2": 3, "4": 5, "any": 5}, capacity={"2": 12, "4": 4})
OFFER: Final = columns(
    [MARCH, session("b", "2027-03-20"), session("c", None)],
    [{"funder": "2", "seats_bought": 12}, {"funder": "4"}, {"funder": "2", "market": "M", "seats_bought": 3}],
)


def test_offer_counts_once_in_each_cell_and_its_sessions_in_their_months() -> None:
    cells = cells_of((["230", "427"], OFFER))
    # 5 left of 4 in all is no number of filled seats
    assert told(cells) == {
        "offers": 1, "bought": 15, "bought_told": 2, "sessions": 3, "seats_known": 1, "left_at_least": 5, "left": 8,
        "left_told": 2, "capacity": 16, "capacity_told": 2, "filled": 9, "filled_capacity": 12, "filled_told": 1,
    }  # fmt: skip
    assert told(cells, month="2027-03") == told(cells) | {"sessions": 2}
    assert told(cells, month="2027-04") == {}
    assert {domain: told(cells, domain=domain)["offers"] for domain in cells} == {ANY: 1, "230": 1, "427": 1}


def test_funder_has_its_own_lines_and_figures() -> None:
    cells = cells_of((["230"], OFFER))
    assert told(cells, "4") == {
        "offers": 1, "sessions": 3, "seats_known": 1, "left_at_least": 5, "left": 5, "left_told": 1, "capacity": 4,
        "capacity_told": 1,
    }  # fmt: skip
    assert told(cells, "2", "2027-03")["bought"] == 15
    assert told(cells, "16") == {}


def test_offer_of_two_sessions_in_a_month_is_one_offer_of_the_month() -> None:
    cells = cells_of(([], OFFER), ([], OFFER))
    assert (told(cells, month="2027-03")["offers"], told(cells, month="2027-03")["sessions"]) == (2, 4)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2026-11-30", "2027-01-01", ["2026-11", "2026-12", "2027-01"]),
        ("2020-01-01", "2025-11-01", ["2025-11"]),
        ("2028-11-30", "9999-12-31", ["2028-11"]),
        ("2028-12-01", "9999-12-31", []),
        ("2020-01-01", "2025-10-31", []),
    ],
)
def test_session_is_in_every_month_that_it_meets(first: str, last: str, months: list[str]) -> None:
    cells = cells_of(([], columns([session("a", first, last)], [])))
    every = [f"{2025 + (10 + n) // 12}-{(10 + n) % 12 + 1:02}" for n in range(MONTHS)]
    assert [month for month in every if told(cells, month=month)] == months


def test_zero_is_known_and_nothing_is_not() -> None:
    none_left = session("a", "2027-03-08", left={"2": 0, "any": 0}, capacity={"2": 0})
    cells = cells_of(([], columns([none_left], [{"funder": "2"}])))
    assert told(cells) == {
        "offers": 1, "sessions": 1, "seats_known": 1, "left_told": 1, "capacity_told": 1, "filled_told": 1,
    }  # fmt: skip


def test_sums_equal_those_of_each_offer_for_itself() -> None:
    """Random offers: the cells are what a count of every offer and session gives."""
    rng = random.Random(3)
    drawn = [(rng.sample(["230", "427", "334"], rng.randint(0, 2)), _draw(rng)) for _ in range(60)]
    cells = cells_of(*((domains, columns(sessions, funding)) for domains, (sessions, funding) in drawn))
    for domain in cells:
        for funder in (ANY, "2", "4"):
            for month in ("", "2027-01", "2027-02", "2027-03"):
                offers = [offer for domains, offer in drawn if domain in (ANY, *domains)]
                assert told(cells, funder, month, domain) == _counted(offers, funder, month)


Drawn = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def _draw(rng: random.Random) -> Drawn:
    funders = rng.sample(["2", "4"], rng.randint(0, 2))
    sessions = []
    for number in range(rng.randint(0, 3)):
        known = {code: rng.randint(0, 9) for code in funders if rng.random() < 0.6}
        left = known | ({"any": max(known.values())} if known else {})
        capacity = {code: rng.randint(0, 9) for code in funders if rng.random() < 0.6}
        first, last = sorted(f"2027-0{rng.randint(1, 4)}-{rng.randint(1, 28):02}" for _ in range(2))
        sessions.append(session(f"{number}", rng.choice((first, None)), last, left=left, capacity=capacity))
    return sessions, [{"funder": code, "seats_bought": rng.choice((None, 4))} for code in funders]


def _counted(offers: list[Drawn], funder: str, month: str) -> dict[str, int]:
    counts = dict.fromkeys(SUMS, 0)
    for sessions, funding in offers:
        codes = [line["funder"] for line in funding if funder in (ANY, line["funder"])]
        met = [each for each in sessions if not month or _meets(each, month)]
        if (funder != ANY and not codes) or (month and not met):
            continue
        counts["offers"] += 1
        bought = [line["seats_bought"] for line in funding if line["funder"] in codes and line["seats_bought"]]
        counts["bought"] += sum(bought)
        counts["bought_told"] += len(bought)
        for each in met:
            counts["sessions"] += 1
            left = [each["left"][code] for code in codes if code in each["left"]]
            capacity = [each["capacity"][code] for code in codes if code in each["capacity"]]
            both = [
                (each["capacity"][c], each["left"][c]) for c in codes if c in each["left"] and c in each["capacity"]
            ]
            filled = [(of, of - left_) for of, left_ in both if left_ <= of]
            counts["seats_known"] += bool(left)
            counts["left_at_least"] += max(left, default=0)
            for name, values in (("left", left), ("capacity", capacity), ("filled", [each for _, each in filled])):
                counts[name] += sum(values)
                counts[f"{name}_told"] += len(values)
            counts["filled_capacity"] += sum(of for of, _ in filled)
    return {name: value for name, value in counts.items() if value}


def _meets(each: dict[str, Any], month: str) -> bool:
    window = each.get("window")
    return window is not None and window["gte"][:7] <= month <= window["lte"][:7]
