"""What makes one answer another one."""

from starlette.requests import Request
from starlette.responses import Response

from search_app.base.responses import cacheable, conditional, json_response


def request_with(etag: str = "") -> Request:
    return Request({"type": "http", "headers": [(b"if-none-match", etag.encode())] if etag else []})


def tag_of(answer: Response) -> str:
    return answer.headers["etag"]


def test_another_body_has_another_etag() -> None:
    one, same, other = (cacheable(request_with(), body, "text/plain") for body in (b"a", b"a", b"b"))
    assert tag_of(one) == tag_of(same) != tag_of(other)


def test_what_may_differ_is_sent_and_no_part_of_the_etag() -> None:
    answers = [json_response(request_with(), {"n": 1, "at": at}, stable={"n": 1}) for at in (1, 2)]
    assert [bytes(answer.body) for answer in answers] == [b'{"n":1,"at":1}', b'{"n":1,"at":2}']
    assert tag_of(answers[0]) == tag_of(answers[1])
    assert tag_of(answers[0]) != tag_of(json_response(request_with(), {"n": 2, "at": 1}, stable={"n": 2}))


def test_a_body_that_the_client_has_is_neither_made_nor_sent() -> None:
    made: list[bytes] = []

    def make() -> bytes:
        made.append(b"body")
        return made[-1]

    for known in ('"x"', 'W/"x"', '"w", "x"', "*"):
        answer = conditional(request_with(known), '"x"', make, "text/plain")
        assert (answer.status_code, bytes(answer.body), tag_of(answer)) == (304, b"", '"x"')
    assert made == []
    answer = conditional(request_with('"w"'), '"x"', make, "text/plain")
    assert (answer.status_code, bytes(answer.body), made) == (200, b"body", [b"body"])
