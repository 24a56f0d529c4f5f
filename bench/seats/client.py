"""Shared parts of the measurements of seat statements: sending, expected figures, and searching for them."""

import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any, Final

from mappings.keys import key_of

TOKEN: Final = "bench-0123456789abcdef"
ENVIRONMENT: Final = {"BOUSSOLE_SEATS_TOKENS": f"bench:{TOKEN}"}
PATIENCE: Final = 120.0  # seconds until a figure that is not visible counts as lost
PAUSE: Final = 0.01


class NeverSeen(Exception):
    """Searches did not show a figure in time."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A stated figure; ``sequence`` is also the number of seats left, so that a reader can identify it."""

    session: str
    sequence: int
    funder: str = "2"

    def line(self) -> bytes:
        """Return the statement."""
        return json.dumps({
            "session": self.session, "funder": self.funder, "capacity": None, "available": self.sequence,
            "sequence": self.sequence, "observed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }).encode()  # fmt: skip


def send(url: str, figures: Iterable[Figure], timeout: float = PATIENCE) -> dict[str, Any]:
    """Send statements in one request; raises OSError unless all were recorded; sending again is safe."""
    body = b"\n".join(figure.line() for figure in figures)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/x-ndjson"}
    request = urllib.request.Request(f"{url}/api/v1/seats", body, headers)
    answer: dict[str, Any] = _answer_to(request, timeout)
    return answer


def ask_engine(engine_url: str, path: str, body: Any = None) -> Any:
    """Send a request to the engine directly; raises OSError if the answer is incomplete."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{engine_url}/{path}", data, {"Content-Type": "application/json"})
    return _answer_to(request, PATIENCE)


def _answer_to(request: urllib.request.Request, timeout: float) -> Any:
    """Return the JSON of an answer; a truncated answer of a killed program is an OSError, like a time-out."""
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return json.load(response)
    except HTTPException as error:
        raise ConnectionError(f"the answer was cut: {error!r}") from error


def draw_sessions(engine_url: str, alias: str, count: int, rng: random.Random) -> list[str]:
    """Return the numbers of that many sessions of random offers."""
    with_sessions = {"exists": {"field": "session_keys"}}
    sessions: list[str] = []
    while len(sessions) < count:
        random_score = {"seed": rng.randrange(2**31), "field": "_seq_no"}
        query = {"function_score": {"query": {"bool": {"filter": [with_sessions]}}, "random_score": random_score}}
        body = {"size": min(10_000, count), "_source": ["sessions.id"], "query": query}
        hits = ask_engine(engine_url, f"{alias}/_search", body)["hits"]["hits"]
        sessions += [session["id"] for hit in hits for session in hit["_source"]["sessions"]]
    return list(dict.fromkeys(sessions))[:count]


def figures_in_search(engine_url: str, alias: str, sessions: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Yield (session, funder, sequence) of these sessions from searches."""
    wanted = set(sessions)
    for start in range(0, len(sessions), 1_000):
        keys = [key_of(session) for session in sessions[start : start + 1_000]]
        query = {"terms": {"session_keys": keys}}
        body = {"size": 10_000, "_source": ["sessions.id", "sessions.seats"], "query": {"bool": {"filter": [query]}}}
        for hit in ask_engine(engine_url, f"{alias}/_search?request_cache=false", body)["hits"]["hits"]:
            for session in hit["_source"]["sessions"]:
                if session["id"] in wanted:
                    for figure in session.get("seats", ()):
                        yield session["id"], figure["funder"], figure["sequence"]


def await_figures(engine_url: str, alias: str, figures: Sequence[Figure], patience: float = PATIENCE) -> None:
    """Wait until searches show all these figures, or newer ones; raises NeverSeen."""
    waiting = {(figure.session, figure.funder): figure.sequence for figure in figures}
    deadline = time.monotonic() + patience
    while waiting:
        for session, funder, sequence in figures_in_search(engine_url, alias, sorted({key[0] for key in waiting})):
            if sequence >= waiting.get((session, funder), 2**60):
                del waiting[session, funder]
        if waiting and time.monotonic() > deadline:
            raise NeverSeen(f"{len(waiting)} figures, for example of session {next(iter(waiting))[0]}")
        time.sleep(PAUSE)
