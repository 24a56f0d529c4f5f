"""``python -m bench.seats.beside_load``: loads and alias swaps during seat statements; does a figure ever go back?

BOUSSOLE_BENCH_FEED names a directory with ``catalogue.xml`` and ``seats.ndjson``; BOUSSOLE_OPENSEARCH_URL is the
engine. Every load changes every offer. Exit status 1 if a figure went back, was missing or lost, or if a search or a
command failed.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.engine_address import engine_to_measure
from bench.processes import Run, run_watched
from bench.seats.witness import Pair, Witness
from bench.tables import table
from engine.blocking import Engine
from indexer.settings import IndexerSettings

PREFIX = "bench-beside-"
TEXT_END = b"</contenu-formation>"
KILLED_AT = 0.7  # of the duration of a whole load: during its writes
FAULTS = ("back", "gone", "absent", "failed")  # of a figure, a figure, a session, a search
MEBIBYTE = 1 << 20


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=1_000, help="statements a second")
    parser.add_argument("--watch-each", type=int, default=40, help="one of so many sessions is watched")
    options = parser.parse_args()
    feed = os.environ.get("BOUSSOLE_BENCH_FEED")
    if not feed:
        print("BOUSSOLE_BENCH_FEED is not set: name a directory with catalogue.xml and seats.ndjson", file=sys.stderr)
        return 2
    address = engine_to_measure()
    environment = {"BOUSSOLE_INDEX_PREFIX": PREFIX, "BOUSSOLE_OPENSEARCH_URL": address}
    settings = IndexerSettings(opensearch_url=address, index_prefix=PREFIX)
    with tempfile.TemporaryDirectory() as folder:
        environment["BOUSSOLE_WORK_DIR"] = str(Path(folder) / "work")
        changed = _change(Path(feed) / "catalogue.xml", Path(folder) / "changed.xml")
        try:
            return _measure(settings, environment, Path(feed), changed, options)
        finally:
            _delete(address)


def _measure(
    settings: IndexerSettings, environment: Mapping[str, str], feed: Path, changed: Path, options: argparse.Namespace
) -> int:
    original = feed / "catalogue.xml"
    rows: list[list[object]] = []
    statuses: list[int] = []

    def step(name: str, *arguments: str) -> Run:
        before, began = witness.accepted, time.monotonic()
        run = run_watched(["indexer", *arguments], environment)
        rate = (witness.accepted - before) / (time.monotonic() - began)
        rows.append([name, run.seconds, run.peak_memory // MEBIBYTE, rate, witness.seen.searches])
        statuses.append(run.status)
        if run.status:
            print(f"{name}: exit status {run.status}\n{run.output}", file=sys.stderr)
        return run

    witness = Witness(settings, _pairs(feed / "seats.ndjson"), 500, options.rate, options.watch_each)
    step("first load", *_load(original))
    step("seat statements", "seats", str(feed / "seats.ndjson"))
    alone = step("all changed, alone", *_load(changed))
    with witness.at_work():
        step("all changed, beside statements", *_load(original))
        step("rebuild", "rebuild")
        step("rollback", "rollback")
        _kill(_load(changed), environment, alone.seconds * KILLED_AT)
        step("all changed, after one that was killed", *_load(changed))
    print(table(["step", "s", "resident MiB", "statements/s", "searches so far"], rows))
    engine = Engine.connect(settings.connection)
    lost = witness.lost(engine)
    engine.close()
    faults = witness.seen.faults
    told = [witness.accepted, witness.seen.searches, len(lost), *(faults[each] for each in FAULTS)]
    print(f"\n{table(['statements', 'searches', 'lost', *FAULTS], [told])}")
    print("\n".join(witness.seen.examples + lost[:5]), file=sys.stderr)
    return int(bool(lost or faults or any(statuses)))


def _load(path: Path) -> list[str]:
    return ["load", "--json", "--source", "bench", str(path)]


def _kill(arguments: list[str], environment: Mapping[str, str], seconds: float) -> None:
    """Start a command and kill it after some time; raises RuntimeError if it ended before."""
    command = subprocess.Popen(
        [sys.executable, "-m", "indexer", *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        command.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(command.pid, signal.SIGKILL)
        command.wait()
    else:
        raise RuntimeError("the load that was to be killed was over before")


def _change(feed: Path, changed: Path) -> Path:
    """Write a feed in which the content of each offer differs."""
    with feed.open("rb") as lines, changed.open("wb") as out:
        out.writelines(line.replace(TEXT_END, b" bis" + TEXT_END) for line in lines)
    return changed


def _pairs(seats: Path) -> list[Pair]:
    return list(dict.fromkeys(_read_pairs(seats)))


def _read_pairs(seats: Path) -> Iterator[Pair]:
    with seats.open("rb") as lines:
        for line in lines:
            statement = json.loads(line)
            yield statement["session"], statement["funder"]


def _delete(address: str) -> None:
    request = urllib.request.Request(f"{address}/{PREFIX}*?expand_wildcards=all", method="DELETE")
    urllib.request.urlopen(request, timeout=60).close()


if __name__ == "__main__":
    sys.exit(main())
