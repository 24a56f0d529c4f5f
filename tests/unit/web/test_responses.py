"""What makes one answer another one."""

from collections.abc import Sequence

import pytest
from starlette.requests import Request

from search_app.base.responses import cacheable


def tag_of(body: bytes, apart: Sequence[bytes] = ()) -> str:
    request = Request({"type": "http", "headers": []})
    return cacheable(request, body, "text/plain", apart=apart).headers["etag"]


@pytest.mark.parametrize(
    ("body", "apart"),
    [
        (b"same 14:04", [b"14:04"]),
        (b"sa14:04me ", [b"14:04"]),  # wherever it stands
        (b'same <time at="14:04"> 14:04', [b"14:04", b'<time at="14:04"> ']),  # both parts, the one in the other
        (b'same 14:04<time at="14:04">', [b'<time at="14:04">', b"14:04"]),
        (b"same ", [b"14:04"]),  # not there
        (b"14:04same ", [b"14:04", b"14:04"]),  # once, asked for twice
    ],
)
def test_parts_that_change_by_themselves_make_no_other_answer(body: bytes, apart: Sequence[bytes]) -> None:
    assert tag_of(body, apart) == tag_of(b"same ")


def test_only_one_occurrence_of_a_part_is_left_out() -> None:
    assert tag_of(b"14:04 and 14:04", [b"14:04"]) == tag_of(b"14:04 and ")
    assert tag_of(b"other 14:04", [b"14:04"]) != tag_of(b"same 14:04", [b"14:04"])
