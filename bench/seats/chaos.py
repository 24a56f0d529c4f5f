"""Statements from many writers while app and engine are killed; readers check that no figure goes back.

``python -m bench.seats.chaos --prefix P --engine-data DIR --engine-port N`` over loaded offers, on a local engine that
may be killed. Exit status 1 if a figure is lost or went back.
"""

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.seats.client import ENVIRONMENT, Figure, await_figures, draw_sessions, figures_in_search, send
from engine.local import process
from engine.local.settings import EngineOptions
from mappings.names import IndexNames

LINES: Final = 100  # lines of one body
AGAIN: Final = 0.2  # seconds until an unanswered body is sent again


@dataclass(frozen=True)
class Plan:
    """The plan of a run: statements, writers, and how often which process is killed."""

    statements: int = 100_000
    sessions: int = 1_000
    repeated: float = 0.2
    writers: int = 8
    app_kills: int = 5
    engine_kills: int = 1
    seed: int = 1


@dataclass
class Outcome:
    """The result of a run; ``gone_back`` are (session, figure before, figure after)."""

    sent: int = 0
    bodies_again: int = 0
    reads: int = 0
    kills: int = 0
    gone_back: list[tuple[str, int, int]] = field(default_factory=list)
    seconds: float = 0.0


class KilledApp:
    """An app process that is killed occasionally and restarted on the same port."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._environment = {**os.environ, **environment, "BOUSSOLE_PORT": str(self._port)}
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", "search_app"], env=self._environment)

    def kill(self) -> None:
        """Kill it with SIGKILL and start it again."""
        self._process.kill()
        self._process.wait()
        self._start()

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(20)


def plan_bodies(plan: Plan, sessions: Sequence[str]) -> tuple[list[list[Figure]], dict[str, int]]:
    """Return shuffled bodies, a part of their lines repeated elsewhere, and the highest sequence of each session."""
    rng = random.Random(plan.seed)
    highest = plan.statements // len(sessions)
    begin = time.time_ns() // 1_000_000_000
    figures = [Figure(session, begin + n) for session in sessions for n in range(1, highest + 1)]
    figures += rng.sample(figures, int(len(figures) * plan.repeated))
    rng.shuffle(figures)
    bodies = [figures[start : start + LINES] for start in range(0, len(figures), LINES)]
    return bodies, dict.fromkeys(sessions, begin + highest)


class Chaos:
    """One run of a plan over an engine that may be killed."""

    def __init__(self, plan: Plan, engine: EngineOptions, prefix: str) -> None:
        self._plan, self._engine = plan, engine
        self._alias = IndexNames(prefix).offers
        self._environment = {
            **ENVIRONMENT,
            "BOUSSOLE_INDEX_PREFIX": prefix,
            "BOUSSOLE_OPENSEARCH_URL": engine.url,
            "BOUSSOLE_WORKERS": "1",
        }
        self._outcome = Outcome()
        self._done = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> Outcome:
        """Run it; raises NeverSeen if a figure is lost."""
        rng = random.Random(self._plan.seed)
        sessions = draw_sessions(self._engine.url, self._alias, self._plan.sessions, rng)
        bodies, highest = plan_bodies(self._plan, sessions)
        app = KilledApp(self._environment)
        began = time.monotonic()
        reader = threading.Thread(target=self._read, args=(sessions,))
        writers = [
            threading.Thread(target=self._write, args=(app.url, bodies[n :: self._plan.writers]))
            for n in range(self._plan.writers)
        ]
        try:
            for thread in (reader, *writers):
                thread.start()
            self._kill(app, rng, len(bodies))
            for thread in writers:
                thread.join()
            await_figures(self._engine.url, self._alias, [Figure(*pair) for pair in highest.items()])
            self._outcome.seconds = time.monotonic() - began
        finally:
            self._done.set()
            reader.join()
            app.stop()
        return self._outcome

    def _write(self, url: str, bodies: Sequence[Sequence[Figure]]) -> None:
        for body in bodies:
            while not self._done.is_set():
                try:
                    send(url, body, timeout=60)
                    break
                except (OSError, ValueError):
                    with self._lock:
                        self._outcome.bodies_again += 1
                    self._done.wait(AGAIN)
            with self._lock:
                self._outcome.sent += len(body)

    def _read(self, sessions: Sequence[str]) -> None:
        """Search repeatedly; record every figure that is lower than one seen before."""
        seen: dict[tuple[str, str], int] = {}
        while not self._done.is_set():
            try:
                for session, funder, sequence in figures_in_search(self._engine.url, self._alias, sessions):
                    before = seen.get((session, funder), 0)
                    if sequence < before:
                        self._outcome.gone_back.append((session, before, sequence))
                    seen[session, funder] = max(sequence, before)
                self._outcome.reads += 1
            except (OSError, ValueError):
                self._done.wait(AGAIN)  # the engine is being killed

    def _kill(self, app: KilledApp, rng: random.Random, bodies: int) -> None:
        """Kill at random moments of the work, in a random order."""
        whom = ["app"] * self._plan.app_kills + ["engine"] * self._plan.engine_kills
        rng.shuffle(whom)
        moments = sorted(rng.uniform(0.05, 0.9) * bodies * LINES for _ in whom)
        for moment, each in zip(moments, whom, strict=True):
            while self._outcome.sent < moment:
                time.sleep(0.05)
            if each == "app":
                app.kill()
            else:
                self._kill_engine()
            self._outcome.kills += 1

    def _kill_engine(self) -> None:
        owner, child = process.running(self._engine.data), process.started(self._engine.data)
        assert owner is not None
        os.kill(owner.pid, signal.SIGKILL)
        if child is not None:
            child.wait()
        while process.running(self._engine.data) is not None:
            time.sleep(AGAIN)
        process.start(self._engine)


def main() -> int:
    """Run from the command line."""
    plan = Plan()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--engine-data", type=Path, required=True)
    parser.add_argument("--engine-port", type=int, required=True)
    parser.add_argument("--engine-heap", default="2g")
    parser.add_argument("--statements", type=int, default=plan.statements)
    options = parser.parse_args()
    engine = EngineOptions(options.engine_port, options.engine_data.resolve(), options.engine_heap, nodes=1)
    outcome = Chaos(Plan(statements=options.statements), engine, options.prefix).run()
    told = f"{outcome.sent} statements, {outcome.kills} kills, {outcome.bodies_again} bodies sent again"
    print(f"{told}; {outcome.reads} readings of all sessions, {len(outcome.gone_back)} figures gone back;"
          f" all final figures in searches after {outcome.seconds:.0f} s")  # fmt: skip
    return 1 if outcome.gone_back else 0


if __name__ == "__main__":
    sys.exit(main())
