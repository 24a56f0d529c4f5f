"""Steady searches and seat statements through an app, by phase: how long they took, and whether any was lost."""

import itertools
import statistics
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Final

from bench.seats.client import Figure, NeverSeen, await_figures, send

SEARCHERS: Final = 8  # at once: what a slow search delays is counted with it, from the moment it was due
LINES: Final = 5  # of one body of statements
AGAIN: Final = 0.2  # seconds until a body that was not accepted is sent again
MOST_SHOWN: Final = 3  # failures of a phase
SEARCH_SECONDS: Final = 30.0  # a search that takes longer failed
PATIENCE: Final = 60.0


@dataclass
class Phase:
    """What happened while a phase lasted."""

    name: str
    seconds: float = 0.0
    took: list[float] = field(default_factory=list)  # milliseconds of each search
    failures: list[str] = field(default_factory=list)
    accepted: int = 0
    bodies_again: int = 0

    def percentile(self, share: int) -> float:
        """Return a percentile of the searches' milliseconds."""
        return statistics.quantiles(self.took, n=100, method="inclusive")[share - 1] if len(self.took) > 1 else 0.0

    def row(self) -> list[object]:
        """Return the row of a table with the columns HEAD."""
        times = [self.percentile(50), self.percentile(95), max(self.took, default=0.0)]
        return [self.name, self.seconds, len(self.took), len(self.failures), *times, self.accepted, self.bodies_again]


HEAD: Final = ("phase", "s", "searches", "failed", "p50 ms", "p95 ms", "most ms", "statements", "bodies sent again")


class Traffic:
    """Searchers in an open loop, and one writer, at work on an app."""

    def __init__(self, app_url: str, paths: Iterator[str], sessions: Sequence[str], rate: float, bodies: float) -> None:
        """``paths`` are endless; ``rate`` are searches a second, ``bodies`` those of statements."""
        self.phases: list[Phase] = []
        self.stated: dict[str, int] = {}
        self.searched = self.accepted = 0
        self._url, self._paths, self._rate, self._bodies = app_url, paths, rate, bodies
        self._sessions = itertools.cycle(sessions)
        self._sequence = itertools.count(time.time_ns() // 1_000_000_000)
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._now = Phase("before the first")
        self._from = time.monotonic()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Search and state while the block runs."""
        threads = [threading.Thread(target=self._search, args=(number,)) for number in range(SEARCHERS)]
        threads.append(threading.Thread(target=self._state))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def warm(self, seconds: float) -> None:
        """Let engines that were just started warm up; what they leave undone is not caught up with."""
        time.sleep(seconds)
        self._from = time.monotonic()

    @contextmanager
    def phase(self, name: str) -> Iterator[Phase]:
        """Count what begins while the block runs under a name."""
        phase, began = Phase(name), time.monotonic()
        self.phases.append(phase)
        self._now = phase
        yield phase
        phase.seconds = time.monotonic() - began
        told = f"{phase.name}: {len(phase.took)} searches, {len(phase.failures)} failed"
        print("\n".join([told, *phase.failures[:MOST_SHOWN]]), file=sys.stderr, flush=True)

    def await_searches(self, count: int) -> None:
        """Wait until so many more searches ended, and a body of statements."""
        wanted, accepted, last = self.searched + count, self.accepted, time.monotonic() + PATIENCE
        while self.searched < wanted or self.accepted == accepted:
            if time.monotonic() > last:
                raise NeverSeen(f"{self.searched} of {wanted} searches, {self.accepted} statements accepted")
            time.sleep(AGAIN)

    @property
    def failures(self) -> list[str]:
        """The searches that failed."""
        return [failure for phase in self.phases for failure in phase.failures]

    def lost(self, engine_url: str, alias: str) -> str:
        """Return which accepted statements searches do not show, "" if they show all."""
        try:
            await_figures(engine_url, alias, [Figure(*each) for each in self.stated.items()], PATIENCE)
        except NeverSeen as error:
            return str(error)
        return ""

    def _search(self, number: int) -> None:
        pause = SEARCHERS / self._rate
        due = time.monotonic() + pause * number / SEARCHERS
        while not self._stop.wait(max(0.0, due - time.monotonic())):
            with self._lock:
                phase, path = self._now, next(self._paths)
            try:
                with urllib.request.urlopen(f"{self._url}{path}", timeout=SEARCH_SECONDS) as response:
                    response.read()
            except (OSError, HTTPException) as error:
                told = error.read()[:200] if isinstance(error, urllib.error.HTTPError) else b""
                phase.failures.append(f"{path}: {error} {told!r}")
            phase.took.append((time.monotonic() - due) * 1_000)
            with self._lock:
                self.searched += 1
            due = max(due + pause, self._from)

    def _state(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            figures = [Figure(next(self._sessions), next(self._sequence)) for _ in range(LINES)]
            self._send(figures)
            self._stop.wait(max(0.0, 1 / self._bodies - (time.monotonic() - began)))

    def _send(self, figures: Sequence[Figure]) -> None:
        """Send a body until it is accepted; what is not when the work ends was never accepted, and is not counted."""
        while not self._stop.is_set():
            phase = self._now
            try:
                send(self._url, figures, timeout=SEARCH_SECONDS)
            except (OSError, ValueError):
                phase.bodies_again += 1
                self._stop.wait(AGAIN)
            else:
                phase.accepted += len(figures)
                self.accepted += len(figures)
                self.stated |= {figure.session: figure.sequence for figure in figures}
                return
