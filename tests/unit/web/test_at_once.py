"""Limit of requests that are much work, and the end of their work when the client leaves."""

import asyncio
import time
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from search_app.base.at_once import CLIENT_LEFT, AtOnce, while_connected
from search_app.base.deadline import deadline, seconds_left
from search_app.base.errors import BadParameters, EngineOverloaded, TooManyRequests


async def _places_of_a_client() -> None:
    places = AtOnce(3, 2, patience=0.01)
    async with places.place("192.0.2.1"):
        async with places.place("192.0.2.1"):
            with pytest.raises(TooManyRequests) as refused:
                async with places.place("192.0.2.1"):
                    raise AssertionError
            assert refused.value.headers()["Retry-After"] == "5"
            async with places.place("192.0.2.2"):
                assert len(places) == 3
        async with places.place("192.0.2.1"):
            assert len(places) == 2
    assert len(places) == 0


def test_client_has_no_more_places_than_its_own_and_gets_them_back() -> None:
    asyncio.run(_places_of_a_client())


async def _places_of_the_process() -> None:
    places = AtOnce(1, 0, patience=0.01)
    async with places.place("a"):
        with pytest.raises(EngineOverloaded) as refused:
            async with places.place("b"):
                raise AssertionError
    assert refused.value.retry_after == 5
    with pytest.raises(KeyError):
        async with places.place("a"):
            raise KeyError
    assert len(places) == 0


def test_process_has_no_more_places_than_its_own() -> None:
    asyncio.run(_places_of_the_process())


async def _no_limit() -> None:
    places = AtOnce(0, 0)
    async with places.place("a"), places.place("a"), places.place("a"):
        assert len(places) == 3


def test_zero_is_no_limit() -> None:
    asyncio.run(_no_limit())


async def _many(places: AtOnce, requests: int) -> tuple[int, float]:
    """Return the most places held at once by as many requests, and the seconds that the deadline was moved."""
    most = 0

    async def one() -> float:
        nonlocal most
        with deadline(time.monotonic() + 1):
            before = seconds_left(10)
            async with places.place("a"):
                most = max(most, len(places))
                left = seconds_left(10)
                await asyncio.sleep(0.02)
        return before - left

    taken = await asyncio.gather(*(one() for _ in range(requests)))
    return most, max(taken)


def test_requests_wait_for_a_place_without_losing_time_for_their_answer() -> None:
    most, taken = asyncio.run(_many(AtOnce(2, 0, patience=5), 8))
    assert most == 2
    assert taken < 0.02  # the last one waited for three others


def request_of(*messages: str) -> Request:
    """Return a request whose client sends these messages, and then stays."""
    left = [*messages]

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.Event().wait()
        return {"type": left.pop(0)}

    return Request({"type": "http"}, receive)


def test_work_is_cancelled_when_the_client_leaves() -> None:
    cancelled = []

    async def work() -> Response:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            cancelled.append(True)
            raise
        return Response()

    request = request_of("http.request", "http.disconnect")
    answer = asyncio.run(asyncio.wait_for(while_connected(request, work()), 5))
    assert answer.status_code == CLIENT_LEFT
    assert cancelled == [True]


def test_work_for_a_client_that_stays_is_returned_or_raises() -> None:
    async def work() -> Response:
        await asyncio.sleep(0)
        return Response(status_code=201)

    async def fails() -> Response:
        raise BadParameters([])

    assert asyncio.run(while_connected(request_of("http.request"), work())).status_code == 201
    with pytest.raises(BadParameters):
        asyncio.run(while_connected(request_of("http.request"), fails()))
