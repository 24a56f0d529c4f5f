"""What of an offer is sent to the engine: the newest figures, and the version that it must still be."""

from typing import Any

import orjson

from indexer.load.bulk import CONFLICT, ItemFault, Operation, Version, with_figures, with_first_seen, without_sessions
from seats.ledger.store import Figure


def figure(funder: str, available: int | None, sequence: int) -> Figure:
    return {"funder": funder, "capacity": 9, "available": available, "sequence": sequence, "observed_at": "2026-11-22"}


def sessions_with(*told: dict[str, list[Figure]]) -> list[dict[str, Any]]:
    offer = {"funder": ["2"], "sessions": [{"key": "s1"}, {"key": "s2"}]}
    sessions: list[dict[str, Any]] = orjson.loads(with_figures(orjson.dumps(offer), "", *told))["sessions"]
    return sessions


def test_of_live_figures_and_those_of_the_ledger_the_newest_stand() -> None:
    live = {"s1": [figure("2", 5, 3), figure("4", 1, 1)]}
    ledger = {"s1": [figure("2", 7, 2), figure("4", 2, 2), figure("6", 0, 1)]}
    first, second = sessions_with(live, ledger)
    assert first["seats"] == [figure("2", 5, 3), figure("4", 2, 2), figure("6", 0, 1)]
    assert first["left"] == {"2": 5, "any": 5}
    assert second == {"key": "s2"}


def test_a_live_figure_that_the_ledger_does_not_show_yet_stands() -> None:
    assert sessions_with({"s2": [figure("2", None, 4)]}, {})[1] == {
        "key": "s2",
        "seats": [figure("2", None, 4)],
        "left": {},
    }


def test_only_an_operation_that_names_a_version_is_overtaken() -> None:
    with_version = Operation("index", "k", b"{}", Version(1, 1))
    assert ItemFault(with_version, CONFLICT, "").is_overtaken
    assert not ItemFault(with_version, 400, "").is_overtaken
    assert not ItemFault(Operation("create", "k", b"{}"), CONFLICT, "").is_overtaken


def test_what_is_rewritten_keeps_the_moment_at_which_it_came() -> None:
    sessions = [{"key": key, "first_seen": "2026-11-23"} for key in ("old", "new")]
    fresh = {"first_seen": "2026-11-23", "news_at": "2026-11-23", "sessions": sessions}
    offer = orjson.loads(
        with_first_seen(orjson.dumps(fresh), "2026-10-01", {"old": "2026-10-08", "gone": "2026-11-01"})
    )
    assert offer["first_seen"] == "2026-10-01"
    assert [session["first_seen"] for session in offer["sessions"]] == ["2026-10-08", "2026-11-23"]
    assert offer["news_at"] == "2026-11-23"
    again = orjson.loads(with_first_seen(orjson.dumps(fresh), "2026-10-01", {"old": "2026-10-08", "new": "2026-10-09"}))
    assert again["news_at"] == "2026-10-09"


def test_an_offer_that_loses_its_newest_session_is_no_news_any_more() -> None:
    sessions = [{"key": "a", "first_seen": "2026-10-01"}, {"key": "b", "first_seen": "2026-11-23"}]
    offer = {"first_seen": "2026-10-01", "news_at": "2026-11-23", "sessions": sessions}
    assert orjson.loads(without_sessions(orjson.dumps(offer), {1}, "h"))["news_at"] == "2026-10-01"
