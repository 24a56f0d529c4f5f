"""Response times of the app, and of the engine alone for bodies of the same kind, measured in turns within one run.

``request_cache=false`` keeps the engine from answering a whole request again, not from keeping the filters in it: a
request asked a second time takes three quarters of the time. So times of values that were never asked before, and those
of the same requests again, have columns of their own. The requests to the engine alone have other values than those to
the app, because either would fill the filter cache for the other.
"""

import json
import random
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from bench.http_client import Connection, Target, get, post, target
from bench.kinds import Values, kinds
from bench.processes import App

Quantiles = tuple[float, float]


@dataclass(frozen=True)
class Prepared:
    """The requests of one kind: to the app, and to the engine the search bodies of others; some to warm both."""

    kind: str
    app: Target
    engine: Target
    warming: tuple[Target, Target]


@dataclass(frozen=True)
class Times:
    """Milliseconds of one kind: (median, 95th percentile) of app and engine alone, of values never asked before and of
    the same ones again; the app's CPU a request.
    """

    kind: str
    hits: float
    app: Quantiles
    engine: Quantiles
    app_again: Quantiles
    engine_again: Quantiles
    cpu_ms: float


def prepare(app: App, engine_url: str, alias: str, today: date, each: int, seed: int) -> list[Prepared]:
    """Draw that many requests of each kind for the app and for the engine, and half as many to warm both."""
    values = Values(fetch(app, {"size": "1"})["facets"])
    rng = random.Random(seed)
    path = f"/{alias}/_search?request_cache=false"

    def to_app(drawn: Sequence[Mapping[str, str]]) -> Target:
        return target(app.url, [get(f"/api/v1/offers?{urlencode(parameters)}") for parameters in drawn])

    def to_engine(drawn: Sequence[Mapping[str, str]]) -> Target:
        bodies = [fetch(app, {**parameters, "explain": "true"})["explain"]["request"] for parameters in drawn]
        return target(engine_url, [post(path, json.dumps(body, ensure_ascii=False).encode()) for body in bodies])

    prepared = []
    for kind, draw in kinds(values, today).items():
        drawn = [draw(rng) for _ in range(2 * each + each // 2)]
        warming = drawn[2 * each :]
        prepared.append(
            Prepared(
                kind, to_app(drawn[:each]), to_engine(drawn[each : 2 * each]), (to_app(warming), to_engine(warming))
            )
        )
    return prepared


def warm(prepared: Sequence[Prepared], rounds: int) -> None:
    """Send other requests some times: a fresh engine is slower until it has answered some thousands."""
    for each in prepared:
        for aim in each.warming:
            connection = Connection(aim)
            for request in list(aim.requests) * rounds:
                connection.ask(request)
            connection.close()


def measure(app: App, prepared: Prepared, rounds: int, alias: str) -> Times:
    """Time both in turns: each request once with the engine's filter cache empty, then ``rounds`` times again.

    CPU is that of the app's process while only the app is asked.
    """
    _forget_filters(prepared.engine, alias)
    to_app, to_engine = Connection(prepared.app), Connection(prepared.engine)

    def in_turns(rounds: int) -> tuple[Quantiles, Quantiles]:
        app_ms: list[float] = []
        engine_ms: list[float] = []
        for _ in range(rounds):
            for one, other in zip(prepared.app.requests, prepared.engine.requests, strict=True):
                app_ms.append(to_app.timed(one))
                engine_ms.append(to_engine.timed(other))
        return _quantiles(app_ms), _quantiles(engine_ms)

    fresh, again = in_turns(1), in_turns(rounds)
    before = app.cpu_seconds()
    hits = [json.loads(to_app.ask(request))["total"] for request in prepared.app.requests for _ in range(2)]
    cpu_ms = (app.cpu_seconds() - before) * 1000 / len(hits)
    to_app.close()
    to_engine.close()
    return Times(prepared.kind, statistics.median(hits), *fresh, *again, cpu_ms)


def _forget_filters(engine: Target, alias: str) -> None:
    request = Request(f"http://{engine.host}:{engine.port}/{alias}/_cache/clear?query=true", method="POST")
    urlopen(request, timeout=60).close()


def mixed(prepared: Sequence[Prepared], seed: int) -> tuple[Target, Target]:
    """Return all requests of all kinds in one random order, the same for the app and for the engine."""
    pairs = [pair for each in prepared for pair in zip(each.app.requests, each.engine.requests, strict=True)]
    random.Random(seed).shuffle(pairs)
    app, engine = prepared[0].app, prepared[0].engine
    return (
        Target(app.host, app.port, [one for one, _ in pairs]),
        Target(engine.host, engine.port, [other for _, other in pairs]),
    )


def fetch(app: App, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return the API's answer to a search."""
    with urlopen(f"{app.url}/api/v1/offers?{urlencode(parameters)}", timeout=60) as response:
        answer: dict[str, Any] = json.load(response)
    return answer


def _quantiles(milliseconds: Sequence[float]) -> Quantiles:
    ordered = sorted(milliseconds)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
