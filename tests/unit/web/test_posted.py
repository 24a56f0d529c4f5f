"""A posted body is read within limits, and nothing that was posted is in what is said about it."""

import asyncio
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from starlette.requests import Request

from funding import Person
from search_app.base import posted
from search_app.base.errors import AppError, BadParameters, Fault
from search_app.base.posted import (
    FORM,
    JSON,
    MOST_BYTES,
    form_to_person,
    read_form,
    read_json,
    to_day,
    to_person,
    to_session,
    unknown_names,
    without_values,
)

CANARY = "zq9canary"


def request_of(*parts: bytes, headers: Sequence[tuple[str, str]] = (("content-type", JSON),), ends: bool = True) -> Any:
    """Return a request whose body comes in parts; unless it ``ends``, nothing follows them."""
    left = list(parts)

    async def receive() -> dict[str, Any]:
        if left:
            return {"type": "http.request", "body": left.pop(0), "more_body": bool(left) or not ends}
        if ends:
            return {"type": "http.disconnect"}
        await asyncio.sleep(60)
        raise AssertionError("nobody waits so long")

    rows = [(name.encode(), value.encode()) for name, value in headers]
    return Request({"type": "http", "method": "POST", "headers": rows, "path": "/", "query_string": b""}, receive)


def told_of(request: Request, read: Any = read_json) -> AppError:
    with pytest.raises(AppError) as told:
        asyncio.run(read(request))
    assert CANARY not in json.dumps(told.value.to_json())
    assert told.value.__cause__ is None
    return told.value


def test_json_object_is_read_from_parts() -> None:
    assert asyncio.run(read_json(request_of(b'{"person": {"sta', b'tus": "employee"}}'))) == {
        "person": {"status": "employee"}
    }
    charset = [("content-type", "Application/JSON; charset=utf-8")]
    assert asyncio.run(read_json(request_of(b"{}", headers=charset))) == {}


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b'"zq9canary"', b'{"zq9canary": ', b'{"zq9canary": NaN}', b"\xff\xfe", b"[" * 20_000],
    ids=lambda body: repr(body[:12]),
)
def test_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    error = told_of(request_of(body))
    assert (error.status, error.code) == (400, "bad_form")


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("content-type", "text/plain")],
        [("content-type", f"application/{CANARY}")],
        [("content-type", f"multipart/form-data; boundary={CANARY}")],
        [("content-type", JSON), ("content-type", "text/plain")],
        [("content-type", JSON), ("content-encoding", "gzip")],
    ],
)
def test_other_content_is_refused(headers: Sequence[tuple[str, str]]) -> None:
    assert told_of(request_of(b"{}", headers=headers)).status == 415


def test_body_is_refused_from_its_stated_length() -> None:
    headers = [("content-type", JSON), ("content-length", str(MOST_BYTES + 1))]
    assert told_of(request_of(b"{}", headers=headers)).status == 413


def test_body_is_refused_when_it_grows_beyond_the_limit() -> None:
    filling = b" " * (MOST_BYTES - 2)
    assert asyncio.run(read_json(request_of(b"{}", filling))) == {}
    assert told_of(request_of(b"{}", filling, b" ", ends=False)).status == 413


def test_slow_body_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posted, "MOST_SECONDS", 0.01)
    assert told_of(request_of(b"{", ends=False)).status == 408


def test_client_that_leaves_is_no_unexpected_error() -> None:
    assert told_of(request_of()).status == 400


def test_form_is_read_in_order_with_repeated_and_empty_fields() -> None:
    request = request_of(b"q=cl%C3%A9+fine&funder=2&funder=4&status=", headers=[("content-type", FORM)])
    fields = (("q", "clé fine"), ("funder", "2"), ("funder", "4"), ("status", ""))
    assert asyncio.run(read_form(request)) == fields


def test_form_with_very_many_fields_is_refused() -> None:
    request = request_of(b"&".join([b"zq9canary=1"] * 1001), headers=[("content-type", FORM)])
    assert told_of(request, read_form).status == 400


def faults_of(read: Any, *values: Any) -> tuple[Fault, ...]:
    with pytest.raises(BadParameters) as told:
        read(*values)
    assert CANARY not in repr(told.value.faults)
    assert CANARY not in json.dumps(told.value.to_json())
    assert told.value.__cause__ is None
    return told.value.faults


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (CANARY, ["person"]),
        ([CANARY], ["person"]),
        ({CANARY: 1}, ["person"]),
        ({"status": CANARY, CANARY: True, "cpf_euros": CANARY}, ["person", "status", "cpf_euros"]),
        ({"status": {CANARY: CANARY}}, ["status"]),
    ],
)
def test_wrong_person_is_told_by_fact_and_without_values(value: Any, where: list[str]) -> None:
    faults = faults_of(to_person, value)
    assert [fault.parameter for fault in faults] == where
    assert all(fault.value == "" and fault.allowed in fault.message for fault in faults)


def test_nobody_is_a_person_of_whom_nothing_is_known() -> None:
    assert to_person(None) == to_person({}) == Person()


def test_person_of_a_form_takes_its_facts_only() -> None:
    fields = (("status", "employee"), ("session", "x"), (CANARY, "1"), ("disabled", ""), ("cpf_euros", "1 250,50"))
    assert form_to_person(fields) == Person(status="employee", cpf_euros=1250.5)


def test_fact_given_twice_in_a_form_is_a_fault() -> None:
    (fault,) = faults_of(form_to_person, [("status", "employee"), ("status", CANARY), ("age", "")])
    assert (fault.parameter, fault.allowed) == ("status", "une seule valeur")
    both = faults_of(form_to_person, [("status", "employee"), ("status", "student"), ("age", CANARY)])
    assert [fault.parameter for fault in both] == ["status", "age"]


def test_session_is_a_text_or_null() -> None:
    assert to_session(None) is None
    assert to_session("14_SE_1|14_SE_2") == "14_SE_1|14_SE_2"
    for wrong in (1, "", [CANARY], CANARY * 500):
        assert [fault.parameter for fault in faults_of(to_session, wrong)] == ["session"]


def test_day_is_a_date_or_today() -> None:
    today = date(2026, 11, 30)
    assert to_day(None, today) == today
    assert to_day("2027-02-28", today) == date(2027, 2, 28)
    for wrong in (1, CANARY, "2027-02-29", "20270228", "2027-W01-1", "1999-12-31", "2201-01-01", ["2027-01-01"]):
        assert [fault.parameter for fault in faults_of(to_day, wrong, today)] == ["on"]


def test_unknown_names_are_one_fault_that_names_none_of_them() -> None:
    assert unknown_names({"person": {}}, ("person", "on")) == []
    (fault,) = unknown_names({CANARY: 1, "person": {}, CANARY * 2: 2}, ("person", "on"))
    assert fault.parameter == "body"
    assert "person, on" in fault.allowed
    assert CANARY not in repr(fault)


def test_faults_of_search_parameters_lose_what_was_posted() -> None:
    message = f"radius : ce n’est pas un nombre (reçu : « {CANARY} » ; possible : un nombre de 1 à 500)."
    wrong = Fault("radius", CANARY, "un nombre de 1 à 500", message, message, (CANARY,))
    unknown = [Fault(f"{CANARY}{number}", "", "place, radius", CANARY) for number in range(2)]
    found = without_values([wrong, *unknown], ("place", "radius"))
    assert [fault.parameter for fault in found] == ["radius", "body"]
    assert CANARY not in repr(found)
    assert "un nombre de 1 à 500" in found[0].message


@pytest.mark.parametrize("body", [b'{"a": 1, "a": 2}', b'{"person": {"age": "' + CANARY.encode() + b'", "age": "15"}}'])
def test_names_that_stand_twice_in_an_object_are_refused(body: bytes) -> None:
    assert told_of(request_of(body)).status == 400
