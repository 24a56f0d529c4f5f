"""Requests of ``bench.kinds`` that were never drawn before in this run, and the two servers that are asked."""

import csv
import gzip
import io
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from urllib.request import urlopen

import orjson

from bench.http_client import Connection, get, target
from bench.kinds import Drawn, Values, kinds
from bench.peers.postgres.cluster import Cluster
from bench.processes import await_ready, free_port

PATIENCE: Final = 60
TRIES: Final = 200  # draws of which one is new, or the kind has no more
WORDS_ALONE: Final = "words"
Draw = Callable[[random.Random], Drawn]


@dataclass
class Draws:
    """New requests of each kind."""

    kinds: dict[str, Draw]
    rng: random.Random
    seen: set[str] = field(default_factory=set)
    repeated: int = 0

    def new(self, kind: str, without: Sequence[str] = ()) -> Drawn:
        """Return parameters that were not drawn before; counts those that had to be repeated."""
        for _ in range(TRIES):
            drawn = {name: value for name, value in self.kinds[kind](self.rng).items() if name not in without}
            address = urlencode(drawn)
            if address not in self.seen:
                self.seen.add(address)
                return drawn
        self.repeated += 1
        return drawn


def draws_for(app_url: str, seed: int, titles: Sequence[str]) -> tuple[Draws, date]:
    """Return draws over the app's own values, and its day; with job titles, these are the words."""
    with urlopen(f"{app_url}/api/v1/offers?size=1", timeout=PATIENCE) as response:
        first: dict[str, Any] = orjson.loads(response.read())
    today = date.fromisoformat(first["today"])
    drawn = kinds(Values(first["facets"]), today)
    if titles:
        drawn = {kind: _with_titles(draw, titles) for kind, draw in drawn.items()}
    return Draws(drawn, random.Random(seed)), today


def _with_titles(draw: Draw, titles: Sequence[str]) -> Draw:
    def with_title(rng: random.Random) -> Drawn:
        drawn = draw(rng)
        return drawn | {"q": rng.choice(titles)} if "q" in drawn else drawn

    return with_title


def read_titles(path: Path | None) -> list[str]:
    """Return the job titles of a file with a column ``appellation``, plain or gzipped."""
    if path is None:
        return []
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    return sorted({row["appellation"] for row in csv.DictReader(io.StringIO(text), delimiter=";")})


def request_of(drawn: Drawn) -> bytes:
    """Return the request that both sides get."""
    return get(f"/api/v1/offers?{urlencode(drawn)}")


class Side:
    """One of the two servers, and a connection to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connect()

    def connect(self) -> None:
        """Open a new connection: a server closes one that was idle for some seconds."""
        self.connection = Connection(target(self.url, ()))

    def ask(self, drawn: Drawn) -> dict[str, Any]:
        """Return the answer."""
        answer: dict[str, Any] = orjson.loads(self.connection.ask(request_of(drawn)))
        return answer


@contextmanager
def running_peer(cluster: Cluster, today: date, plans: str) -> Iterator[Side]:
    """Serve the thin app on a free port while the block runs."""
    port = free_port()
    options = [str(cluster.folder), "--port", str(port), "--day", today.isoformat(), "--plans", plans]
    served = subprocess.Popen([sys.executable, "-m", "bench.peers.postgres.server", *options])
    try:
        url = f"http://127.0.0.1:{port}"
        await_ready(f"{url}/readyz", served)
        yield Side(url)
    finally:
        served.terminate()
        served.wait(20)
