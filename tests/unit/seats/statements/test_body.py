"""What a body of statements may be: of one kind that is known, and not coded."""

import pytest
from starlette.requests import Request

from search_app.base.errors import UnsupportedForm
from search_app.seats.api import _form_of

NDJSON, CSV = (b"content-type", b"application/x-ndjson"), (b"content-type", b"text/csv; charset=utf-8")


def taken(*headers: tuple[bytes, bytes]) -> bool:
    try:
        _form_of(Request({"type": "http", "headers": list(headers)}))
    except UnsupportedForm:
        return False
    return True


@pytest.mark.parametrize(
    ("codings", "expected"),
    [
        ([], True), ([b"identity"], True), ([b"Identity"], True), ([b"gzip"], False), ([b"identity, gzip"], False),
        ([b"identity", b"gzip"], False), ([b"gzip", b"identity"], False),
    ],
)  # fmt: skip
def test_a_coded_body_is_refused_whichever_header_says_so(codings: list[bytes], expected: bool) -> None:
    assert taken(*((b"content-encoding", coding) for coding in codings)) is expected


def test_a_body_is_of_one_kind() -> None:
    assert taken(NDJSON)
    assert taken(CSV)
    assert not taken(NDJSON, CSV)
    assert not taken(CSV, CSV)
    assert not taken((b"content-type", b"text/html"))
