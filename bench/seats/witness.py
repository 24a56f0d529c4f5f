"""A continuous writer of statements and a continuous reader of searches: does a figure ever go back?"""

import itertools
import json
import math
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from engine.blocking import Engine
from engine.errors import EngineError
from indexer.settings import IndexerSettings
from mappings.keys import key_of
from mappings.names import IndexNames
from seats.statements.forms import read_ndjson
from seats.statements.producers import COMMAND
from seats.statements.record import record_lines
from seats.statements.tally import SeatsAnswer

Pair = tuple[str, str]  # session, funder
Row = TypeVar("Row")
SESSIONS_AT_ONCE = 500
FIRST_SEQUENCE = 1_000_000
EXAMPLES = 5


@dataclass
class Seen:
    """Faults that a reader found in search answers, compared with earlier answers."""

    searches: int = 0
    highest: dict[str, dict[str, int]] = field(default_factory=dict)  # sequence by session and funder
    faults: Counter[str] = field(default_factory=Counter)  # back, gone, absent, failed
    examples: list[str] = field(default_factory=list)

    def tell(self, fault: str, what: str) -> None:
        """Count a fault; keep the text of the first ones."""
        self.faults[fault] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"{fault}: {what}")

    def take(self, sessions: Sequence[str], hits: Sequence[Mapping[str, Any]]) -> None:
        """Compare a search answer for sessions with what was seen of them before."""
        asked, shown = set(sessions), set()
        for hit in hits:
            for session in hit["_source"]["sessions"]:
                if session["id"] in asked:
                    shown.add(session["id"])
                    self._compare(session["id"], {each["funder"]: each for each in session.get("seats", ())})
        for session in asked - shown:
            if session in self.highest:
                self.tell("absent", session)

    def _compare(self, session: str, figures: Mapping[str, Mapping[str, Any]]) -> None:
        before = self.highest.setdefault(session, {})
        for funder in before.keys() - figures.keys():
            self.tell("gone", f"{session} {funder}: was {before[funder]}")
        for funder, figure in figures.items():
            if figure["sequence"] < before.get(funder, -1):
                self.tell("back", f"{session} {funder}: {before[funder]}, then {figure['sequence']}")
            else:
                before[funder] = figure["sequence"]


class Witness:
    """Sends figures of sessions and watches them, each in its own thread, while a block runs."""

    def __init__(
        self,
        settings: IndexerSettings,
        pairs: Sequence[Pair],
        batch: int = 20,
        rate: float = math.inf,
        watch_each: int = 1,
    ) -> None:
        """Send figures of all pairs in turn, at most ``rate`` per second, and watch each nth of their sessions."""
        self.names = IndexNames(settings.index_prefix)
        self.stated: dict[Pair, int] = {}
        self.accepted = 0
        self.seen = Seen()
        self._settings, self._batch, self._seconds = settings, batch, batch / rate
        self._sessions = list(dict.fromkeys(session for session, _ in pairs))
        self._watched = self._sessions[::watch_each]
        self._sequences = itertools.count(FIRST_SEQUENCE)
        self._next = itertools.cycle(pairs)
        self._stop = threading.Event()
        self._troubles: list[BaseException] = []

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Write and search while the block runs; raises the exception that ended the writer early."""
        threads = [threading.Thread(target=self._keep, args=(each,)) for each in (self.state, self.search)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
        for trouble in self._troubles:
            raise trouble

    def _keep(self, work: Any) -> None:
        engine = Engine.connect(self._settings.connection)
        try:
            while not self._stop.is_set():
                work(engine)
        except BaseException as error:
            self._troubles.append(error)
        finally:
            engine.close()

    def state(self, engine: Engine) -> None:
        """Send the next figures, each with a higher sequence than any before."""
        began = time.monotonic()
        batch = {next(self._next): next(self._sequences) for _ in range(self._batch)}
        lines = [_line(pair, sequence) for pair, sequence in batch.items()]
        with closing(SeatsAnswer()) as answer:
            engine.run(record_lines(self.names, lines, read_ndjson, COMMAND, answer, self._settings.seats_cutoff))
        if answer.accepted != len(lines):
            raise AssertionError(f"{answer.accepted} of {len(lines)} statements were accepted")
        self.stated |= batch
        self.accepted += len(lines)
        time.sleep(max(0.0, self._seconds - (time.monotonic() - began)))

    def search(self, engine: Engine) -> None:
        """Search all watched sessions once and compare."""
        for chunk in _chunks(self._watched, SESSIONS_AT_ONCE):
            self.seen.searches += 1
            try:
                hits = find_sessions(engine, self.names, chunk)
            except EngineError as error:
                self.seen.tell("failed", str(error))
            else:
                self.seen.take(chunk, hits)

    def lost(self, engine: Engine) -> list[str]:
        """Return the figures that were accepted and are not in the offers now, after a refresh."""
        engine.call_patiently("POST", f"/{self.names.offers}/_refresh", None)
        found = Seen()
        for chunk in _chunks(self._sessions, SESSIONS_AT_ONCE):
            found.take(chunk, find_sessions(engine, self.names, chunk))
        shown = {pair: found.highest.get(pair[0], {}).get(pair[1]) for pair in self.stated}
        return [f"{pair}: {n}, not {shown[pair]}" for pair, n in self.stated.items() if shown[pair] != n]


def find_sessions(engine: Engine, names: IndexNames, sessions: Sequence[str]) -> list[dict[str, Any]]:
    """Return the hits of a search for the offers with some sessions; an incomplete answer is an error."""
    keys = [key_of(session) for session in sessions]
    query = {"terms": {"session_keys": keys}}
    body = {"size": 10_000, "_source": ["sessions.id", "sessions.seats"], "query": {"bool": {"filter": [query]}}}
    answer = engine.call("POST", f"/{names.offers}/_search", body, {"request_cache": "false"}, timeout=60)
    if answer["timed_out"] or answer["_shards"]["failed"]:
        raise EngineError("the answer is not whole")
    hits: list[dict[str, Any]] = answer["hits"]["hits"]
    return hits


def _chunks(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _line(pair: Pair, sequence: int) -> bytes:
    session, funder = pair
    statement = {"session": session, "funder": funder, "capacity": 20, "available": sequence % 20}
    observed_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps(statement | {"sequence": sequence, "observed_at": observed_at}).encode()
