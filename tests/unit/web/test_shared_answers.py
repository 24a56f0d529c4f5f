"""Answers that several requests share, over an app that only counts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from search_app.base.metrics import answers_shared
from search_app.base.sharing import answer_for_one
from search_app.web import shared_answers
from search_app.web.shared_answers import SharedAnswers

PAGE = "/formations/soudeur"


@dataclass
class Counting:
    """An app that answers with the number of the request; ``hold`` keeps it from answering."""

    status: int = 200
    only_one: bool = False
    size: int = 0
    fails: bool = False
    hold: asyncio.Event | None = None
    asked: list[dict[str, str]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append({name.decode(): value.decode() for name, value in scope["headers"]})
        number = len(self.asked)
        scope["endpoint"] = self
        if self.only_one:
            answer_for_one()
        if self.hold is not None:
            await self.hold.wait()
        if self.fails:
            raise LookupError(number)
        headers = [(b"etag", b'"%d"' % number), (b"cache-control", b"no-cache"), (b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"answer ", "more_body": True})
        await send({"type": "http.response.body", "body": b"%d" % number + b"." * self.size})


@dataclass
class Told:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    endpoint: object = None


async def ask(app: SharedAnswers, path: str = PAGE, query: str = "", method: str = "GET", **headers: str) -> Told:
    told = Told()

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            told.status = message["status"]
            told.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            told.body += message.get("body", b"").decode()

    given = {"host": "here", **headers}
    scope = {
        "type": "http", "method": method, "scheme": "http", "path": path, "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip
    await app(scope, receive, send)
    told.endpoint = scope.get("endpoint")
    return told


def sharing(app: Counting, seconds: float = 1, version: Callable[[], int] = lambda: 1) -> SharedAnswers:
    return SharedAnswers(app, seconds, version)


@pytest.fixture(name="clock")
def clock_of_the_answers(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(shared_answers, "monotonic", lambda: now[0])
    return now


async def test_a_hundred_requests_at_once_are_one_and_all_get_the_whole_answer() -> None:
    app = Counting(hold=asyncio.Event())
    shared = sharing(app)
    every = [asyncio.create_task(ask(shared)) for _ in range(100)]
    await asyncio.sleep(0)
    assert app.hold is not None
    app.hold.set()
    told = await asyncio.gather(*every)
    assert len(app.asked) == 1
    assert {(one.status, one.body, one.headers["etag"]) for one in told} == {(200, "answer 1", '"1"')}
    assert [one.endpoint for one in told] == [app] * 100  # by which answers are counted
    assert ["age" in one.headers for one in told] == [False] + [True] * 99


async def test_an_answer_is_kept_for_its_seconds_from_its_beginning_and_says_its_age(clock: list[float]) -> None:
    app = Counting()
    shared = sharing(app, 0.8)
    assert "age" not in (await ask(shared)).headers
    clock[0] += 0.3
    assert ((told := await ask(shared)).body, told.headers["age"]) == ("answer 1", "1")
    clock[0] += 0.51
    assert (await ask(shared)).body == "answer 2"


async def test_an_answer_that_takes_long_is_as_old_as_its_beginning(clock: list[float]) -> None:
    app = Counting(hold=asyncio.Event())
    shared = sharing(app)
    first = asyncio.create_task(ask(shared))
    await asyncio.sleep(0)
    clock[0] += 0.9
    joined = asyncio.create_task(ask(shared))
    await asyncio.sleep(0)
    clock[0] += 0.2  # the first began longer ago than an answer may be kept
    other = asyncio.create_task(ask(shared))
    await asyncio.sleep(0)
    assert app.hold is not None
    app.hold.set()
    assert [(await one).body for one in (first, joined, other)] == ["answer 1", "answer 1", "answer 2"]
    assert len(app.asked) == 2


# seconds that the answer took, the age at which it is still enough, and that at which a new one is begun
RENEWALS = [(0.0, 0.79, 0.81), (0.1, 0.69, 0.71), (0.3, 0.49, 0.51)]


@pytest.mark.parametrize(("took", "early", "late"), RENEWALS)
async def test_a_busy_address_is_renewed_before_its_answer_is_too_old(
    clock: list[float], took: float, early: float, late: float
) -> None:
    app = Counting(hold=asyncio.Event())
    shared = sharing(app)
    began = clock[0]
    first = asyncio.create_task(ask(shared))
    await asyncio.sleep(0)
    clock[0] += took
    assert app.hold is not None
    app.hold.set()
    await first
    for age, asked in ((early, 1), (late, 2)):
        clock[0] = began + age
        assert (await ask(shared)).body == "answer 1"
        await asyncio.sleep(0.01)
        assert len(app.asked) == asked
    clock[0] += 0.6
    assert (await ask(shared)).body == "answer 2"  # at once, though the first one is too old


@pytest.mark.parametrize(
    "other", [{"query": "page=2"}, {"path": "/formations/autre"}, {"accept_encoding": "gzip"}, {"host": "there"}]
)
async def test_requests_that_differ_in_what_the_answer_depends_on_share_nothing(other: dict[str, str]) -> None:
    shared = sharing(Counting())
    assert (await ask(shared)).body == "answer 1"
    assert (await ask(shared, **other)).body == "answer 2"
    assert (await ask(shared)).body == "answer 1"


async def test_another_version_of_the_catalogue_shares_nothing_with_the_one_before() -> None:
    app, versions = Counting(), iter([1, 2, 2])
    shared = sharing(app, version=lambda: next(versions))
    assert [(await ask(shared)).body for _ in range(3)] == ["answer 1", "answer 2", "answer 2"]


@pytest.mark.parametrize(
    "request_of",
    [
        {"method": "POST"}, {"method": "HEAD"}, {"content_length": "3"}, {"authorization": "Bearer x"},
        {"range": "bytes=0-1"}, {"path": "/alertes"}, {"path": "/offres/1"}, {"path": "/api/v1/offers.csv"},
        {"path": "/selection"}, {"path": "/healthz"}, {"path": "/api/v1/seats/stream"}, {"path": "/sources"},
    ],
)  # fmt: skip
async def test_what_is_not_about_the_catalogue_alone_is_never_shared(request_of: dict[str, str]) -> None:
    app = Counting()
    shared = sharing(app)
    told = [await ask(shared, **request_of) for _ in range(2)]
    assert [(one.body, "age" in one.headers) for one in told] == [("answer 1", False), ("answer 2", False)]


async def test_without_seconds_nothing_is_shared() -> None:
    app = Counting()
    shared = sharing(app, 0)
    assert [(await ask(shared)).body for _ in range(2)] == ["answer 1", "answer 2"]


async def test_an_answer_for_one_request_only_is_not_kept_and_who_has_joined_gets_one_at_once() -> None:
    app = Counting(only_one=True, hold=asyncio.Event())
    shared = sharing(app)
    every = [asyncio.create_task(ask(shared)) for _ in range(3)]
    await asyncio.sleep(0.01)
    assert len(app.asked) == 3, "those who joined waited for an answer that is not theirs"
    assert app.hold is not None
    app.hold.set()
    assert sorted([(await one).body for one in every]) == ["answer 1", "answer 2", "answer 3"]
    assert (await ask(shared)).body == "answer 4"


async def test_a_refusal_is_shared_while_it_is_made_and_not_kept() -> None:
    app = Counting(status=503, hold=asyncio.Event())
    shared = sharing(app)
    every = [asyncio.create_task(ask(shared)) for _ in range(3)]
    await asyncio.sleep(0)
    assert app.hold is not None
    app.hold.set()
    assert {((await one).status, (await one).body) for one in every} == {(503, "answer 1")}
    assert (await ask(shared)).body == "answer 2"


async def test_an_error_is_told_to_whom_it_befell_and_the_others_ask_for_themselves() -> None:
    app = Counting(fails=True, hold=asyncio.Event())
    shared = sharing(app)
    every = [asyncio.create_task(ask(shared)) for _ in range(3)]
    await asyncio.sleep(0)
    assert app.hold is not None
    app.hold.set()
    told = await asyncio.gather(*every, return_exceptions=True)
    assert sorted(str(one) for one in told) == ["1", "2", "3"]
    assert not shared._flights


async def test_an_answer_that_cannot_be_made_anew_is_logged(
    clock: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    app = Counting()
    shared = sharing(app)
    await ask(shared)
    clock[0] += 0.9
    app.fails = True
    assert (await ask(shared)).body == "answer 1"
    await asyncio.sleep(0.01)
    assert "an answer could not be made anew" in caplog.text
    assert "LookupError: 2" in caplog.text


async def test_who_asked_first_may_leave() -> None:
    app = Counting(hold=asyncio.Event())
    shared = sharing(app)
    first, second = asyncio.create_task(ask(shared)), asyncio.create_task(ask(shared))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    assert app.hold is not None
    app.hold.set()
    assert (await second).body == "answer 1"
    assert len(app.asked) == 1


async def test_a_client_that_has_the_answer_gets_304_and_others_the_whole() -> None:
    app = Counting()
    shared = sharing(app)
    had = await ask(shared, if_none_match='W/"1"')
    assert (had.status, had.body) == (304, "")
    assert app.asked == [{"host": "here"}], "the answer for all was asked for with the tag of one"
    assert had.headers == {"etag": '"1"', "cache-control": "no-cache"}
    whole = await ask(shared, if_none_match='"0"')
    assert (whole.status, whole.body, whole.headers["content-type"]) == (200, "answer 1", "text/html")


async def test_kept_answers_have_a_bounded_size(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    monkeypatch.setattr(shared_answers, "MOST_BYTES", 1_000)
    monkeypatch.setattr(shared_answers, "LARGEST", 500)
    app = Counting(size=100)
    shared = sharing(app)
    for number in range(50):
        await ask(shared, query=f"page={number}")
    assert 1 <= len(shared._kept) < 10
    assert shared._bytes == sum(len(one.body) for one in shared._kept.values()) <= 1_000
    clock[0] += 1.5
    app.size = 600
    await ask(shared, query="page=too large")
    assert not shared._kept
    assert shared._bytes == 0


async def test_how_answers_came_about_is_counted() -> None:
    def counts() -> list[float]:
        return [answers_shared.labels(how)._value.get() for how in ("made", "joined", "kept")]

    before = counts()
    shared = sharing(Counting())
    await asyncio.gather(ask(shared), ask(shared))
    await ask(shared)
    assert [now - then for now, then in zip(counts(), before, strict=True)] == [1, 1, 1]
