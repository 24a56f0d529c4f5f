"""What of an offer is sent to the engine: the stored document, and the version that it must still be."""

from typing import Any

import orjson

from fixtures.traps.hostile import record
from indexer.load.convert import ConvertContext, convert_record
from indexer.offers.bulk import CONFLICT, ItemFault, Operation, Version
from indexer.offers.document import FirstSeen, Head, Seats, to_document
from indexer.records import RawRecord
from mappings.offer import Offer
from mappings.reference import Reference
from seats.ledger.store import Figure

NOW = "2026-11-23"
HEAD = Head("h", 1, NOW)


def figure(funder: str, available: int | None, sequence: int) -> Figure:
    return {"funder": funder, "capacity": 9, "available": available, "sequence": sequence, "observed_at": "2026-11-22"}


def document_of(body: dict[str, Any], *arguments: Any, **named: Any) -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(to_document(body, *arguments, **named))
    return document


def sessions_with(*told: dict[str, list[Figure]], cutoff: str = "") -> list[dict[str, Any]]:
    body = {"funder": ["2"], "sessions": [{"key": "s1"}, {"key": "s2"}]}
    sessions: list[dict[str, Any]] = document_of(body, HEAD, seats=Seats(told, cutoff))["sessions"]
    return sessions


def test_document_is_what_the_record_says_and_what_is_kept_beside_it() -> None:
    ((prepared,), _, _) = convert_record(
        RawRecord("feed.xml", 1, "2.3", (record("A1"),)), ConvertContext("one", Reference())
    )
    body = orjson.loads(prepared.body)
    document = document_of(body, Head(prepared.hash, 3, NOW))
    offer = Offer.model_validate(document)
    assert (offer.hash, offer.copy_number, offer.written_at) == (prepared.hash, 3, NOW)
    assert (offer.first_seen, offer.news_at) == (NOW, NOW)
    assert [session.first_seen for session in offer.sessions] == [NOW]
    for session in document["sessions"]:
        del session["first_seen"]
    assert {name: value for name, value in document.items() if name in body} == body


def test_document_without_sessions_has_no_fields_of_sessions() -> None:
    document = document_of({"id": "A1"}, HEAD)
    assert document.pop("purchases")  # of an offer without funder lines
    assert document.pop("funding_set")
    assert document.pop("funding_facts")
    assert document == {
        "id": "A1", "hash": "h", "copy_number": 1, "written_at": NOW, "first_seen": NOW, "news_at": NOW,
    }  # fmt: skip


def test_of_live_figures_and_those_of_the_ledger_the_newest_stand() -> None:
    live = {"s1": [figure("2", 5, 3), figure("4", 1, 1)]}
    ledger = {"s1": [figure("2", 7, 2), figure("4", 2, 2), figure("6", 0, 1)]}
    first, second = sessions_with(live, ledger)
    assert first["seats"] == [figure("2", 5, 3), figure("4", 2, 2), figure("6", 0, 1)]
    assert first["left"] == {"2": 5, "any": 5}
    assert second == {"key": "s2", "first_seen": NOW}


def test_a_live_figure_that_the_ledger_does_not_show_yet_stands() -> None:
    assert sessions_with({"s2": [figure("2", None, 4)]}, {})[1] == {
        "key": "s2",
        "first_seen": NOW,
        "seats": [figure("2", None, 4)],
        "left": {},
        "capacity": {"2": 9},  # a withdrawn number of seats left tells nothing of it
    }


def test_figure_observed_before_the_cutoff_is_shown_and_does_not_count() -> None:
    (first, _) = sessions_with({"s1": [figure("2", 5, 3)]}, cutoff="2026-11-23")
    assert (first["seats"], first["left"], first["capacity"]) == ([figure("2", 5, 3)], {}, {})


def test_rows_of_seats_follow_from_the_figures() -> None:
    body = {"sessions": [{"key": "s1"}, {"key": "s2"}]}
    assert document_of(body, HEAD)["seats_rows"] == ["unknown"]
    assert document_of(body, HEAD, seats=Seats([{"s1": [figure("2", 6, 1)]}]))["seats_rows"] == ["1", "5", "unknown"]


def test_only_an_operation_that_names_a_version_is_overtaken() -> None:
    with_version = Operation("index", "k", b"{}", Version(1, 1))
    assert ItemFault(with_version, CONFLICT, "").is_overtaken
    assert not ItemFault(with_version, 400, "").is_overtaken
    assert not ItemFault(Operation("create", "k", b"{}"), CONFLICT, "").is_overtaken


def test_what_is_rewritten_keeps_the_moment_at_which_it_came() -> None:
    body = {"sessions": [{"key": "old"}, {"key": "new"}]}
    offer = document_of(body, HEAD, FirstSeen("2026-10-01", {"old": "2026-10-08", "gone": "2026-11-25"}))
    assert offer["first_seen"] == "2026-10-01"
    assert [session["first_seen"] for session in offer["sessions"]] == ["2026-10-08", NOW]
    assert offer["news_at"] == NOW
    again = document_of(body, HEAD, FirstSeen("2026-10-01", {"old": "2026-10-08", "new": "2026-10-09"}))
    assert again["news_at"] == "2026-10-09"


def test_an_offer_that_loses_its_newest_session_is_no_news_any_more() -> None:
    sessions: list[dict[str, Any]] = [
        {"key": "a", "recruiting": "open", "left": {"any": 12}, "seats": [figure("2", 12, 1)]},
        {"key": "b", "recruiting": "closed", "left": {"any": 0}},
    ]
    stored = {"hash": "before", "news_at": "2026-11-23", "sessions": sessions, "recruiting": ["open", "closed"]}
    seen = FirstSeen("2026-10-01", {"a": "2026-10-01", "b": "2026-11-23"})
    offer = document_of(stored, HEAD, seen, without={1})
    assert (offer["hash"], offer["news_at"]) == ("h", "2026-10-01")
    assert offer["sessions"] == [sessions[0] | {"first_seen": "2026-10-01"}]
    assert (offer["recruiting"], offer["seats_rows"]) == (["open"], ["1", "5", "10"])
