"""The stream of seats: real statements, the real app in processes of its own."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from mappings.keys import key_of
from search_app.web.policies import SECURITY_HEADERS
from tests.engine.fault_proxy import Asked, fault_proxy
from tests.engine.installation import Action, Installation, statement
from tests.engine.listening import listening
from tests.served import Served, serving

LAST = 99  # the sequence of a statement that tells a test that nothing else comes


@pytest.fixture(scope="module")
def installation(engine_url: str, module_index_prefix: str, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = Installation(engine_url, module_index_prefix, Path(tmp_path_factory.mktemp("stream")))
    assert made.seats(statement("first of all", 1)).status == 0  # the stream tells of sessions that no feed has told of
    return made


@pytest.fixture(scope="module")
def served(installation: Installation) -> Iterator[Served]:
    with serving(installation.engine_url, installation.prefix) as app:
        yield app


@pytest.fixture
def own(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Session numbers that no other test uses: all share one ledger, and in it sequences only rise."""
    return lambda name: f"{request.node.name} {name}"


def test_a_statement_is_an_event_on_every_process_within_a_second(
    installation: Installation, served: Served, own: Callable[[str], str]
) -> None:
    with ExitStack() as stack:
        other = stack.enter_context(serving(installation.engine_url, installation.prefix))
        listeners = [stack.enter_context(listening(app.address, [own("S1"), own("S3")])) for app in (served, other)]
        assert all(1_500 <= listener.retry <= 2_500 for listener in listeners)
        waits = []
        for sequence in range(1, 11):
            assert installation.state(statement(own("S1"), sequence, sequence)).accepted == 1
            accepted = time.monotonic()
            for listener in listeners:
                heard = listener.next()
                waits.append(time.monotonic() - accepted)
                assert (heard.seats["session"], heard.seats["sequence"]) == (own("S1"), sequence)
        assert statistics.median(waits) < 1
    assert heard.seats == {
        "session": own("S1"), "key": key_of(own("S1")), "funder": "2", "label": "Région",
        "capacity": 20, "available": 10,
        "sequence": 10, "observed_at": "2026-11-22T18:25:00Z", "age_days": 1,
        "text": "10\u00a0places restantes sur 20", "short": "10\u00a0places",
        "age": "vu hier", "old": False, "tone": "some",
    }  # fmt: skip


def test_only_the_sessions_asked_for_are_told_by_number_or_key(
    installation: Installation, served: Served, own: Callable[[str], str]
) -> None:
    with listening(served.address, [key_of(own("S1")), own("S3")]) as listener:
        installation.state(
            statement(own("S2"), 1), statement(own("S1"), 2), statement(own("S9"), 3), statement(own("S3"), 4, LAST)
        )
        heard = [listener.next(), listener.next()]
    assert [(each.seats["session"], each.seats["available"]) for each in heard] == [(own("S1"), 2), (own("S3"), 4)]
    assert heard[0].number < heard[1].number


def test_a_number_that_looks_like_a_key_is_found_too(installation: Installation, served: Served) -> None:
    installation.state(statement("abcdefghijkl", 1, 1))
    with listening(served.address, ["abcdefghijkl"], after=-1) as listener:
        installation.state(statement("abcdefghijkl", 2, 2))
        assert [listener.next().seats["sequence"] for _ in range(2)] == [1, 2]


def test_a_client_that_comes_back_gets_what_it_missed_and_nothing_else(
    installation: Installation, served: Served, own: Callable[[str], str]
) -> None:
    installation.state(statement(own("S1"), 9, 1), statement(own("S3"), 9, 1))
    with listening(served.address, [own("S1"), own("S2"), own("S3")], after=-1) as listener:
        before = [listener.next(), listener.next()]
    installation.state(
        statement(own("S1"), 5, 2),
        statement(own("S2"), None, 1),
        statement(own("S1"), 4, 3),
        statement(own("S9"), 1, 1),
    )
    with listening(
        served.address, [own("S1"), own("S2"), own("S3")], headers={"Last-Event-ID": str(before[-1].number)}
    ) as listener:
        installation.state(statement(own("S3"), 0, LAST))
        missed = [listener.next() for _ in range(3)]
    assert [(each.seats["session"], each.seats["sequence"]) for each in before] == [(own("S1"), 1), (own("S3"), 1)]
    assert [(each.seats["session"], each.seats["sequence"], each.seats["tone"]) for each in missed] == [
        (own("S2"), 1, "unknown"), (own("S1"), 3, "some"), (own("S3"), LAST, "none")
    ]  # fmt: skip
    assert [each.number for each in missed] == sorted(each.number for each in missed)


def test_a_number_of_another_ledger_gives_all_figures(
    installation: Installation, served: Served, own: Callable[[str], str]
) -> None:
    installation.state(statement(own("S1"), 5, 1))
    with listening(served.address, [own("S1")], after=1_000_000) as listener:
        assert listener.next().seats["available"] == 5


def test_the_first_statement_ever_is_an_event(
    engine_url: str, index_prefix: str, tmp_path: Path, own: Callable[[str], str]
) -> None:
    with serving(engine_url, index_prefix) as app, listening(app.address, [own("S1")]) as listener:
        Installation(engine_url, index_prefix, tmp_path).seats(statement(own("S1"), 7))
        assert listener.next().seats["available"] == 7


def test_no_one_ever_sees_a_figure_go_back(
    installation: Installation, served: Served, own: Callable[[str], str]
) -> None:
    """Two writers state one session as fast as they can, while a client reads and comes back with its last number."""

    def write(first: int) -> None:
        for sequence in range(first, 41, 2):
            installation.state(statement(own("S1"), sequence, sequence))

    writers = [threading.Thread(target=write, args=(first,)) for first in (1, 2)]
    for writer in writers:
        writer.start()
    seen: list[int] = []
    last = -1
    while not seen or seen[-1] != 40:
        with listening(served.address, [own("S1")], after=last) as listener:
            for _ in range(3):
                heard = listener.next()
                seen.append(heard.seats["sequence"])
                last = heard.number
                if seen[-1] == 40:
                    break
    for writer in writers:
        writer.join()
    assert seen == sorted(set(seen))


def test_streams_stay_open_while_the_engine_fails_new_ones_wait_and_all_miss_nothing(
    installation: Installation, own: Callable[[str], str]
) -> None:
    failing = threading.Event()
    refused = threading.Event()

    def rule(asked: Asked) -> tuple[int, bytes] | None:
        if not failing.is_set():
            return None
        refused.set()
        return 503, b"{}"

    with (
        fault_proxy(installation.engine_url, rule) as engine_url,
        serving(engine_url, installation.prefix, ENGINE_TIMEOUT="1") as app,
        listening(app.address, [own("S1")]) as listener,
    ):
        failing.set()
        assert refused.wait(10)
        installation.state(statement(own("S1"), 3, 1))
        address, query = f"{app.address}/api/v1/seats/stream", {"session": own("S1"), "last_event_id": "-1"}
        answer = httpx.get(address, params=query, timeout=10)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "moteur" in answer.json()["error"]["message"]
        failing.clear()
        assert listener.next().seats["available"] == 3
        with listening(app.address, [own("S1")], after=-1) as opened_later:
            assert opened_later.next().seats["available"] == 3


def test_the_ledger_is_asked_only_while_somebody_listens_and_cheaply_while_nothing_is_new(
    installation: Installation, own: Callable[[str], str]
) -> None:
    installation.state(statement(own("S1"), 1, 1))
    asked: list[str] = []
    enough = threading.Event()

    def rule(request: Asked) -> tuple[int, bytes] | None:
        if "seats" in request.path:
            asked.append(request.path.partition("?")[0].rpartition("/")[2])
            if len(asked) >= 8:
                enough.set()
        return None

    with fault_proxy(installation.engine_url, rule) as engine_url, serving(engine_url, installation.prefix) as app:
        assert asked == []
        with listening(app.address, [own("S1")]):
            assert enough.wait(10)
        assert asked[:2] == ["_stats", "_refresh"]
        assert set(asked[2:]) == {"_stats"}


def test_an_answer_tells_from_which_number_on_the_stream_goes_on(
    installation: Installation, served: Served, own: Callable[[str], str]
) -> None:
    installation.state(statement(own("S1"), 1, 1))
    with serving(installation.engine_url, installation.prefix) as app:
        # It was just started, and does not know yet which number was settled ten seconds ago.
        installation.load(Action("A1", sessions=(own("S1"),), funders=("2",)))
        answer = httpx.get(f"{app.address}/api/v1/offers").json()
        one = httpx.get(f"{app.address}/api/v1/offers/A1").json()
        assert (answer["seats_checkpoint"], one["seats_checkpoint"]) == (-1, -1)
        with listening(app.address, [own("S1")], after=answer["seats_checkpoint"]) as listener:
            assert listener.next().seats["sequence"] == 1


def test_a_stream_carries_the_headers_that_let_it_pass(served: Served, own: Callable[[str], str]) -> None:
    with listening(
        served.address, [own("S1")], headers={"Origin": "https://portail.example.fr", "Accept-Encoding": "gzip"}
    ) as (listener):
        headers = listener.answer.headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert headers["access-control-allow-origin"] == "*"
    assert "content-encoding" not in headers
    assert {name: headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert httpx.head(f"{served.address}/api/v1/seats/stream?session=S1").status_code == 200


def test_streams_are_limited_in_a_process_and_by_client_and_places_come_back(
    installation: Installation, own: Callable[[str], str]
) -> None:
    settings = {"STREAMS": "3", "STREAMS_PER_CLIENT": "2"}
    proxied = {"X-Forwarded-For": "192.0.2.7"}
    with serving(installation.engine_url, installation.prefix, **settings) as app, ExitStack() as stack:
        address = f"{app.address}/api/v1/seats/stream?session=S1"
        for _ in range(2):
            stack.enter_context(listening(app.address, [own("S1")]))
        refused = httpx.get(address)
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_requests")
        assert int(refused.headers["retry-after"]) > 0
        with listening(app.address, [own("S1")], headers=proxied):
            full = httpx.get(address, headers=proxied)
            assert (full.status_code, full.json()["error"]["code"]) == (503, "streams_full")
            assert int(full.headers["retry-after"]) > 0
        stack.close()
        for _ in range(2):
            stack.enter_context(wait_for_a_place(app.address))


def wait_for_a_place(address: str) -> ExitStack:
    """Open a stream as soon as the app has noticed that others were closed."""
    deadline = time.monotonic() + 10
    while True:
        stack = ExitStack()
        try:
            stack.enter_context(listening(address, ["S1"]))
        except AssertionError:
            assert time.monotonic() < deadline, "the place of a client that left was never given back"
        else:
            return stack


def test_a_stream_ends_by_age(installation: Installation, own: Callable[[str], str]) -> None:
    with (
        serving(installation.engine_url, installation.prefix, STREAM_SECONDS="0.5") as app,
        listening(app.address, [own("S1")]) as listener,
    ):
        assert [heard.seats for heard in listener.rest()] == []


def test_an_app_that_stops_ends_its_streams_at_once(installation: Installation, own: Callable[[str], str]) -> None:
    with serving(installation.engine_url, installation.prefix) as app, listening(app.address, [own("S1")]) as listener:
        assert app.stop() < 5
        assert listener.rest() == []
