"""What people and programs ask of a site together, as requests of an open loop: searches as JSON and as pages, offers,
suggestions, home and domain pages, exports, and statements of seats; streams stay open beside them.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime
from itertools import cycle, islice
from typing import Final
from urllib.parse import quote, urlencode

from bench.answers import fetch
from bench.http_client import get, post, target
from bench.kinds import WORDS, Values, kinds
from bench.processes import App
from bench.seats.client import TOKEN

# Out of thirty: half are searches, a third of them as JSON; an export and a batch of statements each.
SHARES: Final = {
    "search": 5, "page": 10, "offer": 6, "suggest": 4, "home": 1, "domain": 1, "export": 1, "statements": 2,
}  # fmt: skip
STATED: Final = 10  # statements of one request
FOLLOWED: Final = 5  # sessions of one stream
Request = tuple[str, bytes]


class Mix:
    """Draws requests of all kinds; without ``statements`` those are left out. The app must take the bench's token."""

    def __init__(self, app: App, today: date, seed: int, *, statements: bool) -> None:
        first = fetch(app, {"size": "100"})
        rows = first["results"]
        self.app = app
        self.shares = {kind: share for kind, share in SHARES.items() if statements or kind != "statements"}
        self.sessions = [session["id"] for row in rows for session in row["sessions"]]
        self._values = Values(first["facets"])
        self._searches = list(kinds(self._values, today).values())
        self._keys = [row["key"] for row in rows]
        self._rng = random.Random(seed)
        self._sequence = int(datetime.now(UTC).timestamp() * 1000)

    def requests(self) -> Iterator[Request]:
        """Yield kind and request, endlessly."""
        names, weights = [*self.shares], [*self.shares.values()]
        while True:
            kind = self._rng.choices(names, weights)[0]
            yield kind, self._request(kind)

    def _request(self, kind: str) -> bytes:
        rng = self._rng
        if kind == "offer":
            return get(f"/offres/{rng.choice(self._keys)}")
        if kind == "suggest":
            word = rng.choice(WORDS)
            return get(f"/api/v1/suggest?q={quote(word[: rng.randint(2, len(word))])}")
        if kind == "home":
            return get("/")
        if kind == "domain":
            return get("/domaines")
        if kind == "export":
            asked = {"department": self._values.draw(rng, "department"), "q": rng.choice(WORDS)}
            return get(f"/api/v1/offers.csv?{urlencode(asked)}")
        if kind == "statements":
            return post("/api/v1/seats", self._statements(), "application/x-ndjson", TOKEN)
        address = "/api/v1/offers" if kind == "search" else "/offres"
        return get(f"{address}?{urlencode(rng.choice(self._searches)(rng))}")

    def _statements(self) -> bytes:
        """Return statements of some sessions, each later than all before."""
        self._sequence += 1
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        rows = [
            {"session": session, "funder": "2", "capacity": 20, "available": self._rng.randint(0, 20),
             "sequence": self._sequence, "observed_at": moment}
            for session in self._rng.sample(self.sessions, min(STATED, len(self.sessions)))
        ]  # fmt: skip
        return b"".join(json.dumps(row).encode() + b"\n" for row in rows)

    @asynccontextmanager
    async def streams(self, count: int) -> AsyncIterator[list[int]]:
        """Keep streams of seats open; yields the bytes that each has received so far."""
        received, sessions = [0] * count, cycle(self.sessions)
        readers = [
            asyncio.create_task(_follow(self.app.url, [*islice(sessions, FOLLOWED)], received, number))
            for number in range(count)
        ]
        try:
            yield received
        finally:
            for reader in readers:
                reader.cancel()
            await asyncio.gather(*readers, return_exceptions=True)


async def _follow(url: str, sessions: list[str], received: list[int], number: int) -> None:
    """Read a stream until cancelled; it is opened again when it ends."""
    aim = target(url, ())
    asked = get(f"/api/v1/seats/stream?{urlencode([('session', session) for session in sessions])}")
    while True:
        reader, writer = await asyncio.open_connection(aim.host, aim.port)
        try:
            writer.write(asked)
            while chunk := await reader.read(1 << 16):
                received[number] += len(chunk)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        await asyncio.sleep(1)
