"""Kills loads and repeats them: checks that everything is stored once, and that derived data are right.

``python -m bench.kills.load --engine URL --kills 50 --seed N``: two catalogues are loaded in turns under the
measurement's own prefix; each load is killed, at every named stage first and then at random moments, and run again.
After each, the offers with their seat figures, the lexicon, the records of removed offers, sources, names of providers
and the loader's state are compared with those of uninterrupted loads. Exit status 1 if anything differs.
"""

import argparse
import gzip
import json
import os
import random
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bench.kills.stages import STAGES
from bench.kills.state import State, delete_indices, differences, read_state
from fixtures.traps.hostile import document, record

DATA: Final = Path(__file__).parents[2] / "fixtures" / "data"
TITLE: Final = re.compile(r"<intitule-formation>([^<]+)<")
RECORDS: Final = 2_500
MOST_TRIES: Final = 3  # attempts per kill: a load may end before its moment
SOURCE: Final = "killed"
OLDER: Final = "older than the offers: "


@dataclass
class Installation:
    """An index prefix in an engine, and a work directory."""

    engine: str
    folder: Path
    prefix: str = field(default_factory=lambda: f"kill-{secrets.token_hex(4)}-")
    seconds: float = 0.0  # duration of its last complete load

    def run(self, *arguments: str, stage: str = "none", seconds: float | None = None) -> tuple[int, str]:
        """Run a command, killed at a stage or after some seconds; return its status and output."""
        environment = os.environ | {
            "BOUSSOLE_OPENSEARCH_URL": self.engine,
            "BOUSSOLE_INDEX_PREFIX": self.prefix,
            "BOUSSOLE_WORK_DIR": str(self.folder / "work"),
        }
        command = [sys.executable, "-m", "bench.kills.stages", stage, *arguments]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            try:
                out, _ = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                out, _ = process.communicate()
            return process.returncode, out.decode()

    def must(self, *arguments: str) -> str:
        """Run a command that has to succeed; return its output."""
        status, out = self.run(*arguments)
        if status != 0:
            raise SystemExit(f"{' '.join(arguments)} ended with {status}:\n{out}")
        return out

    def load(self, feed: Path) -> None:
        """Load a catalogue completely."""
        began = time.monotonic()
        self.must("load", "--source", SOURCE, "--max-fewer", "1", str(feed))
        self.seconds = time.monotonic() - began

    def state(self) -> State:
        """Return everything that is stored, without timestamps."""
        return read_state(self.engine, self.prefix, self.folder / "work")


def write_feeds(folder: Path) -> tuple[Path, Path]:
    """Write two catalogues: some records are in one of them only, some differ, most are equal."""
    text = gzip.decompress((DATA / "occitanie-1.xml.gz").read_bytes()).decode()
    titles = [title.replace("&amp;", "&") for title in dict.fromkeys(TITLE.findall(text))]
    feeds = folder / "one.xml", folder / "two.xml"
    for which, feed in enumerate(feeds):
        records = (_record(number, which, titles) for number in range(RECORDS) if number % (11, 7)[which])
        feed.write_text(document(records), encoding="utf-8")
    return feeds


def _record(number: int, which: int, titles: Sequence[str]) -> str:
    title = titles[number % len(titles)]
    return record(f"K{number}", f"{title} approfondi" if which and number % 5 == 0 else title)


def write_statements(folder: Path) -> Path:
    """Write seat statements for a part of the sessions."""
    path = folder / "seats.ndjson"
    row = {"funder": "2", "capacity": 20, "sequence": 1, "observed_at": "2026-11-22T18:25:00Z"}
    rows = [row | {"session": f"K{number}_S1", "available": number % 20} for number in range(0, RECORDS, 3)]
    path.write_text("".join(json.dumps(each) + "\n" for each in rows))
    return path


def draw_moments(draw: random.Random) -> Iterator[str | float]:
    """Yield the moments of the kills: each stage, then random shares of the duration of a load."""
    stages: list[str | float] = list(STAGES)
    draw.shuffle(stages)
    yield from stages
    while True:
        yield draw.random()


def measure(installations: Sequence[Installation], feeds: Sequence[Path]) -> list[State]:
    """Load both catalogues twice, in turns, uninterrupted; return the resulting states."""
    undisturbed, killed = installations
    statements = str(write_statements(feeds[0].parent))
    for installation in installations:
        installation.load(feeds[0])
        installation.must("seats", statements)
        installation.load(feeds[1])
    states = []
    for feed in feeds:
        undisturbed.load(feed)
        states.append(undisturbed.state())
    if found := differences(states[1], killed.state(), but=("gone",)):
        raise SystemExit(f"two loads that nobody killed differ: {found}")
    return states


def kill(installation: Installation, feed: Path, moment: str | float) -> dict[str, Any]:
    """Kill a load, check the state, and load again; return what was seen between."""
    arguments = ("load", "--source", SOURCE, "--max-fewer", "1", str(feed))
    stage, seconds = (moment, None) if isinstance(moment, str) else ("none", moment * installation.seconds)
    status, out = installation.run(*arguments, stage=stage, seconds=seconds)
    told = installation.must("status")
    older = [line.partition(OLDER)[2].partition(";")[0] for line in told.splitlines() if OLDER in line]
    installation.load(feed)
    after = json.loads(installation.must("status", "--json"))
    how = "killed" if status == -signal.SIGKILL else f"ended with {status}: {(out.splitlines() or [''])[-1][:80]}"
    return {"how": how, "older": older, "still older": after["older_than_offers"]}


def run(engine: str, kills: int, seed: int, folder: Path) -> int:
    """Kill that many loads and print the result of each; return the exit status."""
    draw = random.Random(seed)
    installations = [Installation(engine, folder / name) for name in ("undisturbed", "killed")]
    failed = died = 0
    try:
        feeds = write_feeds(folder)
        states = measure(installations, feeds)
        sizes = " and ".join(str(len(state["offers"])) for state in states)
        print(f"{sizes} offers, {installations[1].seconds:.1f} s a load, seed {seed}", flush=True)
        for number, moment in enumerate(draw_moments(draw)):
            if died >= kills or number >= MOST_TRIES * kills:
                break
            which = number % 2
            seen = kill(installations[1], feeds[which], moment)
            found = differences(states[which], installations[1].state()) + [str(row) for row in seen["still older"]]
            failed += bool(found)
            died += seen["how"] == "killed"
            name = moment if isinstance(moment, str) else f"{moment:.0%} of the time"
            told = ", ".join(seen["older"]) or "nothing older"
            result = "; ".join(found)[:500] or "as undisturbed"
            print(f"{number + 1:3} {name:24} {seen['how']}; {told}; {result}", flush=True)
    finally:
        for installation in installations:
            delete_indices(engine, installation.prefix)
    print(f"{died} loads killed, {failed} differ from undisturbed ones after the next run")
    return 1 if failed or died < kills else 0


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", required=True, metavar="URL")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None, help="default: a fresh one")
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(2**31) if options.seed is None else options.seed
    folder = Path(tempfile.mkdtemp(prefix="boussole-kill-"))
    try:
        return run(options.engine, options.kills, seed, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
