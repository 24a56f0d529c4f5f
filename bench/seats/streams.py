"""``python -m bench.seats.streams``: cost of open streams of seats, and delay of statements on them.

Opens streams, each on some sessions of which every one is in two streams, sends statements about them at a steady rate
and records when they arrive. BOUSSOLE_OPENSEARCH_URL is the engine; the indices are its own and deleted afterwards.
"""

import argparse
import asyncio
import http.client
import json
import re
import resource
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from bench.engine_address import engine_to_measure
from bench.processes import App, run_watched, running_app
from bench.seats.updates import drive
from bench.tables import table
from mappings.keys import key_of
from mappings.names import IndexNames
from mappings.settings import EngineSettings
from seats.statements.forms import read_ndjson
from seats.statements.producers import COMMAND
from seats.statements.record import record_lines
from seats.statements.tally import SeatsAnswer

FIXTURES = Path(__file__).parents[2] / "fixtures" / "data"
MEBIBYTE = 1 << 20
WANTED_BY = 2
BATCHES_A_SECOND = 10
SPARE_FILES = 200
SEQUENCE = re.compile(rb'"sequence":(\d+)')


@dataclass
class Times:
    """When each sequence was sent, when that was answered, and when it arrived on each stream."""

    sent: dict[int, float] = field(default_factory=dict)
    answered: dict[int, float] = field(default_factory=dict)
    arrived: list[tuple[int, float]] = field(default_factory=list)

    def after(self, begun: dict[int, float]) -> list[float]:
        """Return the milliseconds from one of the two to each arrival, in order."""
        return sorted(max(0.0, when - begun[sequence]) * 1000 for sequence, when in self.arrived)


def main() -> int:
    """Run from the command line."""
    options = _parser().parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (options.streams + SPARE_FILES,) * 2)
    engine_url = engine_to_measure()
    names = IndexNames("bench-streams-")
    environment = {
        "BOUSSOLE_INDEX_PREFIX": names.prefix,
        "BOUSSOLE_OPENSEARCH_URL": engine_url,
        "BOUSSOLE_STREAMS_PER_CLIENT": "0",
        "BOUSSOLE_STREAMS": str(options.streams),
    }
    with _ledger(engine_url, names, environment), running_app(environment | {"BOUSSOLE_HOST": "127.0.0.1"}) as app:
        asyncio.run(_measure(app, engine_url, names, options))
    return 0


async def _measure(app: App, engine_url: str, names: IndexNames, options: argparse.Namespace) -> None:
    times = Times()
    before = _resident(app)
    readers = []
    for number in range(options.streams):
        readers.append(asyncio.create_task(_read(app, _sessions_of(number, options), times)))
        if number % 50 == 49:
            await asyncio.sleep(0.05)
    await asyncio.sleep(2)
    opened = _resident(app)
    idle = await _cpu(app, options.seconds / 2)
    began, cpu = time.monotonic(), app.cpu_seconds()
    await asyncio.to_thread(_state, engine_url, names, options, times)
    busy = (app.cpu_seconds() - cpu) / (time.monotonic() - began)
    await asyncio.sleep(2)
    alive = sum(not reader.done() for reader in readers)
    _report(options, times, alive, [before, opened, _resident(app)], [idle, busy])
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)


def _sessions_of(stream: int, options: argparse.Namespace) -> list[str]:
    """Return the sessions of a stream: each number is in two of them."""
    total = options.streams * options.sessions // WANTED_BY
    return [f"SE_{(stream * options.sessions + n) % total}" for n in range(options.sessions)]


async def _read(app: App, sessions: Sequence[str], times: Times) -> None:
    parts = urlsplit(app.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=1 << 16)
    query = "&".join(f"session={key_of(session)}" for session in sessions)
    writer.write(f"GET /api/v1/seats/stream?{query} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
    try:
        while line := await reader.readline():
            if found := SEQUENCE.search(line):
                times.arrived.append((int(found[1]), time.monotonic()))
    finally:
        writer.close()


def _state(engine_url: str, names: IndexNames, options: argparse.Namespace, times: Times) -> None:
    connection = http.client.HTTPConnection(urlsplit(engine_url).netloc, timeout=60)
    cutoff = EngineSettings.from_environment().seats_cutoff
    total = options.streams * options.sessions // WANTED_BY
    size = options.rate // BATCHES_A_SECOND
    began = time.monotonic()
    for number in range(int(options.seconds * BATCHES_A_SECOND)):
        sequences = range(number * size + 1, (number + 1) * size + 1)
        lines = [_statement(sequence, (sequence * 7919) % total) for sequence in sequences]
        times.sent.update(dict.fromkeys(sequences, time.monotonic()))
        with closing(SeatsAnswer()) as answer:
            drive(record_lines(names, lines, read_ndjson, COMMAND, answer, cutoff), connection)
        times.answered.update(dict.fromkeys(sequences, time.monotonic()))
        time.sleep(max(0.0, (number + 1) / BATCHES_A_SECOND - (time.monotonic() - began)))


def _statement(sequence: int, session: int) -> bytes:
    observed_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    row = {"session": f"SE_{session}", "funder": "2", "capacity": 20, "available": sequence % 20}
    return json.dumps(row | {"sequence": sequence, "observed_at": observed_at}).encode()


def _report(
    options: argparse.Namespace, times: Times, alive: int, resident: Sequence[int], cpu: Sequence[float]
) -> None:
    from_answer, from_sending = times.after(times.answered), times.after(times.sent)
    each = (resident[1] - resident[0]) / max(1, alive) / 1024
    rows: list[tuple[str, object]] = [
        ("streams open to the end", f"{alive} of {options.streams}"),
        ("statements, arrivals (two each)", f"{len(times.sent)}, {len(times.arrived)}"),
        ("app resident MiB: no stream, all open, at the end", ", ".join(f"{n / MEBIBYTE:.0f}" for n in resident)),
        ("kB a stream", f"{each:.1f}"),
        ("app CPU, nothing stated", f"{cpu[0]:.1%} of a core"),
        (f"app CPU, {options.rate} statements/s", f"{cpu[1]:.1%} of a core"),
        ("answered to arrived ms, p50, p99, most", _quantiles(from_answer)),
        ("sent to arrived ms, p50, p99, most", _quantiles(from_sending)),
    ]
    print(f"\n## {options.streams} open streams of {options.sessions} sessions\n")
    print(table(["what", "measured"], rows), flush=True)


def _quantiles(ordered: Sequence[float]) -> str:
    if not ordered:
        return "none arrived"
    return f"{ordered[len(ordered) // 2]:.0f}, {ordered[int(len(ordered) * 0.99)]:.0f}, {ordered[-1]:.0f}"


def _resident(app: App) -> int:
    return int(app.process.memory_info().rss)


async def _cpu(app: App, seconds: float) -> float:
    cpu = app.cpu_seconds()
    await asyncio.sleep(seconds)
    return (app.cpu_seconds() - cpu) / seconds


@contextmanager
def _ledger(engine_url: str, names: IndexNames, environment: dict[str, str]) -> Iterator[None]:
    """Load the fixtures with their code tables, which the app holds in memory, and delete the indices afterwards."""
    manifest = json.loads((FIXTURES / "manifest.json").read_text(encoding="utf-8"))
    tables = [(f"--{name}".replace("_", "-"), str(FIXTURES / path)) for name, path in manifest["reference"].items()]
    source = manifest["sources"][0]
    files = [str(FIXTURES / name) for name in source["files"]]
    try:
        for arguments in (
            ["reference", *chain.from_iterable(tables)],
            ["load", "--source", source["name"], *files],
            ["seats", str(FIXTURES / manifest["seats"])],
        ):
            run = run_watched(["indexer", *arguments], environment)
            if run.status not in (0, 3):  # 3: loaded, and a file was damaged, as one of the fixtures is on purpose
                raise RuntimeError(f"indexer {arguments[0]} ended with status {run.status}:\n{run.output}")
        yield
    finally:
        request = urllib.request.Request(f"{engine_url}/{names.prefix}*?expand_wildcards=all", method="DELETE")
        urllib.request.urlopen(request, timeout=60).close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=2000)
    parser.add_argument("--sessions", type=int, default=10, help="of one stream")
    parser.add_argument("--rate", type=int, default=100, help="statements a second")
    parser.add_argument("--seconds", type=float, default=30)
    return parser


if __name__ == "__main__":
    sys.exit(main())
