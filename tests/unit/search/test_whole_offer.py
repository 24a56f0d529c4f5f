"""What only a newer indexer knows is left out of an offer; what no offer is without is demanded."""

import pytest
from pydantic import ValidationError

from search_app.search.whole_offer import read_offer
from tests.stored_offers import Document, whole_offer


def changed(**changes: object) -> Document:
    return whole_offer() | changes


def test_fields_that_this_version_does_not_know_are_passed_over() -> None:
    offer = changed(to_come={"a": 1})
    offer["sessions"][0]["to_come"] = [1]
    assert read_offer(offer) == read_offer(whole_offer())


def test_codes_that_this_version_does_not_know_are_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    offer = changed(mode="hologram", format="3.0", recruiting=["open", "maybe"])
    offer["sessions"][1]["recruiting"] = "maybe"
    read = read_offer(offer)
    assert (read.mode, read.format, read.recruiting) == (None, "3.0", ["open"])
    assert [session.recruiting for session in read.sessions] == ["closed", "unknown"]
    assert "('sessions', 1, 'recruiting')" in caplog.text
    assert offer["mode"] == "hologram"


def test_a_part_without_what_it_must_have_is_left_out_and_the_others_stay() -> None:
    offer = whole_offer()
    del offer["sessions"][0]["seats"][0]["funder"]
    del offer["faults"][1]["kind"]
    read = read_offer(offer)
    assert ([len(session.seats) for session in read.sessions], len(read.faults)) == ([1, 2], 1)


def test_a_record_without_what_every_offer_has_is_none() -> None:
    offer = whole_offer()
    del offer["title"]
    with pytest.raises(ValidationError, match="title"):
        read_offer(offer)
