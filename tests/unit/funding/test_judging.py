"""A stored offer is judged for one of its sessions, or for the earliest that can still be joined."""

from datetime import date
from typing import Any

import pytest

from funding import Answer, Person, SessionFacts, unpack_funding
from funding.evaluation.versions import NO_RULE
from mappings.keys import key_of
from search_app.base.errors import NotFound
from search_app.funding.judging import Judged, judge_offer
from search_app.search.reference_data import Snapshot
from tests.funded import own_rules
from tests.stored_offers import least_offer

SNAPSHOT = Snapshot(funding=unpack_funding(own_rules()))
ON = date(2026, 11, 30)
JOB_SEEKER = Person(status="job_seeker")


def session(number: str, start: str, end: str = "2027-12-01") -> dict[str, Any]:
    return {"id": f"14_SE_{number}", "key": key_of(number), "start": start, "start_last": start,
            "start_precision": "day", "end": end, "end_precision": "day"}  # fmt: skip


def offer(*sessions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return least_offer() | {"funder": ["2"], "sessions": list(sessions)} | fields


PAST, NEAR, FAR = session("past", "2026-09-01"), session("near", "2026-12-14"), session("far", "2027-03-01")
OFFER = offer(FAR, PAST, NEAR)


def judged(stored: dict[str, Any], chosen: str | None = None, person: Person = JOB_SEEKER, on: date = ON) -> Judged:
    return judge_offer(SNAPSHOT, stored, chosen, person, on)


def verdict(answer: Answer, scheme: str) -> str:
    row = next(each for each in (*answer.verdicts, *answer.income) if each.scheme == scheme)
    return str(row.to_json()["verdict"])


def test_every_scheme_with_a_version_has_one_verdict() -> None:
    answer = judged(OFFER).answer
    found = [each.scheme for each in (*answer.verdicts, *answer.income)]
    assert sorted(found) == sorted(scheme.id for scheme in SNAPSHOT.funding.book.schemes if scheme.versions)
    assert answer.rules_version == SNAPSHOT.funding.book.version
    assert verdict(answer, "prf") == "yes"


def test_without_a_session_the_earliest_that_can_be_joined_is_judged() -> None:
    assert judged(OFFER).session == NEAR
    assert judged(OFFER, on=date(2026, 12, 15)).session == FAR
    assert judged(OFFER, on=date(2026, 8, 1)).session == PAST


@pytest.mark.parametrize("recruiting", ["closed", "suspended"])
def test_open_first_a_session_whose_registration_is_closed_is_judged_only_if_all_are(recruiting: str) -> None:
    closed, later = NEAR | {"recruiting": recruiting}, FAR | {"recruiting": "unknown"}

    def first_open(*sessions: dict[str, Any]) -> Any:
        return judge_offer(SNAPSHOT, offer(*sessions), None, JOB_SEEKER, ON, open_first=True).session

    assert first_open(later, PAST, closed) == later
    assert first_open(FAR | {"recruiting": recruiting}, PAST, closed) == closed
    assert judged(offer(later, PAST, closed)).session == closed  # by days alone


def test_not_full_first_a_full_session_is_judged_only_if_no_other_is_open() -> None:
    full, closed = NEAR | {"left": {"any": 0}}, FAR | {"recruiting": "closed"}

    def first_not_full(*sessions: dict[str, Any]) -> Any:
        return judge_offer(SNAPSHOT, offer(*sessions), None, JOB_SEEKER, ON, not_full_first=True).session

    assert first_not_full(full, FAR) == FAR
    assert first_not_full(full, closed) == full
    assert first_not_full(closed, NEAR | {"recruiting": "closed"}) == NEAR | {"recruiting": "closed"}
    assert first_not_full(NEAR | {"left": {"any": 1}}, FAR) == NEAR | {"left": {"any": 1}}
    assert judged(offer(full, FAR)).session == full  # by days alone


def test_permanent_entry_can_be_joined_after_its_start() -> None:
    found = judged(offer(PAST, FAR, entry="permanent"))
    assert found.session == PAST
    assert found.session_facts is not None
    assert found.session_facts.permanent


def test_without_a_session_to_join_the_day_chooses_the_version() -> None:
    for stored in (offer(PAST), offer()):
        for on, doubt in ((ON, ""), (date(2027, 1, 15), NO_RULE)):
            found = judged(stored, on=on)
            assert (found.session, found.session_facts) == (None, None)
            assert next(each.doubt for each in found.answer.verdicts if each.scheme == "csp") == doubt


@pytest.mark.parametrize("name", [FAR["id"], FAR["key"], FAR["key"].upper()])
def test_session_is_named_by_its_number_or_its_key(name: str) -> None:
    found = judged(OFFER, name)
    assert found.session == FAR
    assert found.session_facts is not None
    assert found.session_facts.start == date(2027, 3, 1)


def test_start_of_the_session_chooses_the_version() -> None:
    person = Person(status="employee", seniority_24_months=True)
    stored = offer(NEAR, FAR, certifying=True)
    assert verdict(judged(stored, NEAR["id"], person).answer, "ptp") == "yes"
    assert verdict(judged(stored, FAR["id"], person).answer, "ptp") == "unknown"


def test_session_that_has_begun_comes_too_late() -> None:
    answer = judged(OFFER, PAST["id"]).answer
    assert all(each.too_late for each in answer.verdicts)


@pytest.mark.parametrize("name", ["14_SE_other", key_of("other"), "", "14_se_far"])
def test_session_of_another_offer_is_not_found(name: str) -> None:
    with pytest.raises(NotFound, match="n’est pas une session de cette offre") as told:
        judged(OFFER, name)
    assert "other" not in told.value.message


def test_rhythm_of_the_offer_reaches_the_session() -> None:
    found = judged(offer(NEAR, rhythm=["part_time"]))
    assert found.session_facts == SessionFacts(
        date(2026, 12, 14), date(2026, 12, 14), date(2027, 12, 1), date(2027, 12, 1), part_time=True
    )


def test_without_rules_there_are_no_verdicts() -> None:
    found = judge_offer(Snapshot(), OFFER, None, JOB_SEEKER, ON)
    assert (found.answer.verdicts, found.answer.income, found.answer.questions) == ((), (), ())
    assert found.answer.rules_version == "none"
