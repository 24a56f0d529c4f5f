"""``python -m bench.cluster``: searches and statements while nodes of a cluster are lost, join again and restart.

Starts three nodes of its own on successive ports, each a process, loads the fixtures (two shards, one copy of each) and
serves the app over all three addresses. Searches are of all the measured kinds, with values drawn anew each time, as
JSON and as pages. Exit status 1 if a search failed or an accepted statement was lost.

Another catalogue: ``--load FILE`` is a shell script that loads it, with the settings of the cluster in its environment;
``--data FOLDER`` keeps the cluster's data, and what was loaded there before is used as it is.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

from bench.answers import fetch
from bench.cluster.traffic import HEAD, Traffic
from bench.kinds import Values, kinds
from bench.processes import App, run_watched, running_app
from bench.seats.client import ENVIRONMENT, draw_sessions
from bench.tables import table
from engine.local.members import Cluster
from engine.local.settings import EngineOptions
from mappings.names import IndexNames

PREFIX = "bench-cluster-"
SESSIONS = 200
ACTIONS = ("killed", "rebuild", "restarts", "frozen")


class Course:
    """One run: the cluster, the traffic, and what is done to the cluster meanwhile."""

    def __init__(self, cluster: Cluster, traffic: Traffic, environment: dict[str, str], calm: float) -> None:
        self.cluster, self.traffic, self.environment, self.calm = cluster, traffic, environment, calm
        self.troubles: list[str] = []

    def killed(self) -> None:
        """Lose the manager, then a node that is none; each joins again."""
        for name in ("manager", "other node"):
            manager = self.cluster.manager()
            number = manager if name == "manager" else next(each for each in self.cluster.numbers if each != manager)
            with self.traffic.phase(f"{name} killed"):
                self.cluster.kill(number)
                time.sleep(self.calm)
            self._join(number)

    def rebuild(self) -> None:
        """Rebuild with every node there, and while one is killed, run again until it is through."""
        with self.traffic.phase("rebuild"):
            self._rebuild()
        number = next(each for each in self.cluster.numbers if each != self.cluster.manager())
        with self.traffic.phase("node killed, rebuild without it"):
            self.cluster.kill(number)
            self._rebuild()
        self._join(number)

    def restarts(self) -> None:
        """Restart each node in turn, as an upgrade does."""
        for number in self.cluster.numbers:
            with self.traffic.phase(f"node {number} restarted"):
                self.cluster.stop(number)
                self.cluster.start(number)
                self.cluster.wait_for(number, "wait_for_status=green")

    def frozen(self) -> None:
        """Let a node stand still as a machine without power does: connections stay open, nothing answers."""
        number = next(each for each in self.cluster.numbers if each != self.cluster.manager())
        with self.traffic.phase("node frozen"):
            self.cluster.freeze(number)
            time.sleep(4 * self.calm)
        with self.traffic.phase("thawed"):
            self.cluster.thaw(number)
            self.cluster.wait_for(number, "wait_for_status=green&wait_for_nodes=3")

    def _join(self, number: int) -> None:
        with self.traffic.phase(f"node {number} joins again, until all copies are there"):
            self.cluster.start(number)
            self.cluster.wait_for(number, "wait_for_status=green")

    def _rebuild(self) -> None:
        run = run_watched(["indexer", "rebuild"], self.environment)
        if run.status:
            self.troubles.append(f"rebuild ended with status {run.status}: {run.output.strip()}")


def main() -> int:
    """Run from the command line."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))  # the nodes end with this process
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=9431, help="of the first of the three nodes")
    parser.add_argument("--heap", default="512m", help="of each node")
    parser.add_argument("--rate", type=float, default=10, help="searches a second")
    parser.add_argument("--calm", type=float, default=15, help="seconds before the first loss, and without a lost node")
    parser.add_argument("--warm", type=float, default=3, help="seconds of traffic that are not counted")
    parser.add_argument("--seed", type=int, default=1, help="of the searches and the sessions that are drawn")
    parser.add_argument("--data", type=Path, help="of the cluster, kept (default: a folder that is removed)")
    parser.add_argument("--load", type=Path, metavar="FILE", help="shell script that loads a catalogue of your own")
    parser.add_argument("actions", nargs="*", metavar="ACTION", help=f"of {', '.join(ACTIONS)}; all if none is named")
    options = parser.parse_args()
    if unknown := set(options.actions) - set(ACTIONS):
        parser.error(f"no such action: {', '.join(sorted(unknown))}")
    with (
        tempfile.TemporaryDirectory() as folder,
        Cluster(EngineOptions(options.port, options.data or Path(folder) / "engine", options.heap, nodes=3)) as cluster,
    ):
        cluster.start()
        return _measure(cluster, Path(folder), options)


def _measure(cluster: Cluster, folder: Path, options: argparse.Namespace) -> int:
    environment = ENVIRONMENT | {
        "BOUSSOLE_OPENSEARCH_URL": cluster.urls,
        "BOUSSOLE_INDEX_PREFIX": PREFIX,
        "BOUSSOLE_SHARDS": "2",
        "BOUSSOLE_REPLICAS": "1",
        "BOUSSOLE_WORK_DIR": str(folder / "work"),
        "BOUSSOLE_ENGINE_TIMEOUT": "10",  # longer than a node that stands still is waited for
        "BOUSSOLE_RATE_LIMIT": "0",
    }
    alias = IndexNames(PREFIX).offers
    if not cluster.ask(f"_cat/aliases/{alias}?format=json"):
        _load(options.load, folder, environment)
    cluster.wait_for(1, "wait_for_status=green")
    rng = random.Random(options.seed)
    sessions = draw_sessions(cluster.url(1), alias, SESSIONS, rng)
    with running_app(environment) as app:
        traffic = Traffic(app.url, _paths(app, rng), sessions, options.rate, bodies=5)
        course = Course(cluster, traffic, environment, options.calm)
        try:
            with traffic.at_work():
                traffic.warm(options.warm)
                with traffic.phase("three nodes"):
                    time.sleep(options.calm)
                for name in options.actions or ACTIONS:
                    action: Callable[[], None] = getattr(course, name)
                    action()
            lost = traffic.lost(cluster.url(cluster.running[0]), alias)
        finally:  # also of a run that is interrupted
            print(table(HEAD, [phase.row() for phase in traffic.phases]), flush=True)
    print(f"\nsearches failed: {len(traffic.failures)}; statements lost: {lost or 'none'}")
    print("\n".join(course.troubles), file=sys.stderr)
    return int(bool(lost or traffic.failures))


def _load(script: Path | None, folder: Path, environment: dict[str, str]) -> None:
    """Load the fixtures, or what a script loads; raises subprocess.CalledProcessError."""
    fixtures = [sys.executable, "-m", "engine.local.demo", "load", str(folder / "fixtures")]
    subprocess.run(["sh", "-e", str(script)] if script else fixtures, env=os.environ | environment, check=True)


def _paths(app: App, rng: random.Random) -> Iterator[str]:
    """Yield addresses of searches without end, every other one a page."""
    draws = kinds(Values(fetch(app, {})["facets"]), date.today())
    for draw, address in zip(cycle(draws.values()), cycle(("/api/v1/offers", "/offres")), strict=False):
        yield f"{address}?{urlencode(draw(rng))}"


if __name__ == "__main__":
    sys.exit(main())
