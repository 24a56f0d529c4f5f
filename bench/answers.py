"""Response times of the app, and of the engine alone for the same bodies, measured in turns within one run."""

import json
import random
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from bench.http_client import Connection, Target, get, post, target
from bench.kinds import Values, kinds
from bench.processes import App


@dataclass(frozen=True)
class Prepared:
    """The requests of one kind: to the app, and the resulting search bodies to the engine."""

    kind: str
    app: Target
    engine: Target


@dataclass(frozen=True)
class Times:
    """Milliseconds of one kind: (median, 95th percentile) of app and engine alone; the app's CPU a request."""

    kind: str
    hits: float
    app: tuple[float, float]
    engine: tuple[float, float]
    cpu_ms: float


def prepare(app: App, engine_url: str, alias: str, today: date, each: int, seed: int) -> list[Prepared]:
    """Draw that many requests of each kind and record the search bodies that the app sends for them."""
    values = Values(fetch(app, {"size": "1"})["facets"])
    rng = random.Random(seed)
    prepared = []
    for kind, draw in kinds(values, today).items():
        drawn = [draw(rng) for _ in range(each)]
        bodies = [fetch(app, {**parameters, "explain": "true"})["explain"]["request"] for parameters in drawn]
        asked = [get(f"/api/v1/offers?{urlencode(parameters)}") for parameters in drawn]
        path = f"/{alias}/_search?request_cache=false"
        direct = [post(path, json.dumps(body, ensure_ascii=False).encode()) for body in bodies]
        prepared.append(Prepared(kind, target(app.url, asked), target(engine_url, direct)))
    return prepared


def warm(prepared: Sequence[Prepared], rounds: int) -> None:
    """Send each request some times: a fresh engine is slower until it has answered some thousands."""
    for each in prepared:
        for aim in (each.app, each.engine):
            connection = Connection(aim)
            for request in list(aim.requests) * rounds:
                connection.ask(request)
            connection.close()


def measure(app: App, prepared: Prepared, rounds: int) -> Times:
    """Time both in turns, each request once per round; CPU is that of the app's process while only the app is asked."""
    to_app, to_engine = Connection(prepared.app), Connection(prepared.engine)
    app_ms: list[float] = []
    engine_ms: list[float] = []
    for _ in range(rounds):
        for one, other in zip(prepared.app.requests, prepared.engine.requests, strict=True):
            app_ms.append(to_app.timed(one))
            engine_ms.append(to_engine.timed(other))
    before = app.cpu_seconds()
    hits = [json.loads(to_app.ask(request))["total"] for request in prepared.app.requests for _ in range(2)]
    cpu_ms = (app.cpu_seconds() - before) * 1000 / len(hits)
    to_app.close()
    to_engine.close()
    return Times(prepared.kind, statistics.median(hits), _quantiles(app_ms), _quantiles(engine_ms), cpu_ms)


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


def _quantiles(milliseconds: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(milliseconds)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
