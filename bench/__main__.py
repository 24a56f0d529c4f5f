"""``python -m bench``: loads a catalogue into its own indices, measures, prints Markdown tables, deletes the indices.

BOUSSOLE_BENCH_FEED names a directory with ``catalogue.xml`` and, optionally, ``seats.ndjson``;
BOUSSOLE_BENCH_REFERENCE gives the options of ``indexer reference`` (``--communes FILE …``);
BOUSSOLE_OPENSEARCH_URL is the engine. Exit status 1 if a load fails or the soak run drifts.
"""

import argparse
import asyncio
import json
import os
import shlex
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.answers import Prepared, Times, measure, mixed, prepare, warm
from bench.clients.soak import SHARE, soak
from bench.engine_address import engine_to_measure
from bench.http_client import throughput
from bench.processes import App, Run, run_watched, running_app, running_module
from bench.tables import table
from mappings.names import IndexNames

CLIENTS = 8
COUNTS = ("read", "new", "changed", "same", "removed", "live", "accepted", "stale", "unknown")
MEBIBYTE = 1 << 20


def main() -> int:
    """Run from the command line."""
    options = _parser().parse_args()
    feed = os.environ.get("BOUSSOLE_BENCH_FEED")
    if not feed and not options.prefix:
        print("BOUSSOLE_BENCH_FEED is not set: name a directory with catalogue.xml (and seats.ndjson)", file=sys.stderr)
        return 2
    engine_url = engine_to_measure()
    names = IndexNames(options.prefix or "bench-")
    environment = {"BOUSSOLE_INDEX_PREFIX": names.prefix, "BOUSSOLE_OPENSEARCH_URL": engine_url}
    with _indices(engine_url, names, kept=bool(options.prefix) or options.keep):
        if not options.prefix and not _load(Path(str(feed)), environment):
            return 1
        if options.loading_only:
            return 0
        with running_app(environment) as app:
            today = datetime.now(ZoneInfo("Europe/Paris")).date()
            prepared = prepare(app, engine_url, names.offers, today, options.each, options.seed)
            _answers(app, prepared, names.offers, options.rounds, options.warm)
            _throughput(prepared, options.seconds)
            if feed and (Path(feed) / "seats.ndjson").exists():
                with running_module(["bench.seats.updates", str(Path(feed) / "seats.ndjson")], environment):
                    when = "while 1,000 seat statements a second come in"
                    _answers(app, prepared, names.offers, options.rounds, 1, when)
            if options.soak:
                watched = argparse.Namespace(
                    minutes=options.soak, share=[SHARE], seed=options.seed, statements=False, streams=0
                )
                return 0 if asyncio.run(soak(app, watched)) else 1
    return 0


def _load(feed: Path, environment: Mapping[str, str]) -> bool:
    print(f"\n## Loading {feed.name}: {(feed / 'catalogue.xml').stat().st_size / MEBIBYTE:.0f} MiB\n", flush=True)
    steps: list[tuple[str, list[str]]] = []
    reference = os.environ.get("BOUSSOLE_BENCH_REFERENCE")
    if reference:
        steps.append(("code tables", ["indexer", "reference", *shlex.split(reference)]))
    load = ["indexer", "load", "--json", "--source", "bench", str(feed / "catalogue.xml")]
    steps.append(("first load", load))
    if (feed / "seats.ndjson").exists():
        steps.append(("seat statements", ["indexer", "seats", str(feed / "seats.ndjson")]))
    steps.append(("the same feed again", load))
    runs: list[tuple[str, Run]] = []
    for name, arguments in steps:
        runs.append((name, run_watched(arguments, environment)))
        good = (0, 1) if arguments[1] == "seats" else (0,)  # 1: some lines were rejected, all others were recorded
        if runs[-1][1].status not in good:
            print(f"{name}: exit status {runs[-1][1].status}\n{runs[-1][1].output}", file=sys.stderr)
            return False
    rows = [(name, run.seconds, run.peak_memory // MEBIBYTE, _told(run)) for name, run in runs]
    print(table(["step", "s", "resident MiB, all processes", "what it said"], rows), flush=True)
    return True


def _answers(
    app: App, prepared: Sequence[Prepared], alias: str, rounds: int, warm_rounds: int, when: str = "nothing else runs"
) -> None:
    warm(prepared, warm_rounds)
    times = [measure(app, each, rounds, alias) for each in prepared]
    head = ["one client", "hits", "app p50 ms", "p95", "engine alone p50 ms", "p95", "app ÷ engine",
            "asked again: app p50 ms", "p95", "engine alone p50 ms", "p95", "app CPU ms"]  # fmt: skip
    print(f"\n## Answers, one client, {when}\n")
    print(table(head, [_row(row) for row in times]), flush=True)


def _row(times: Times) -> list[object]:
    ratio = f"{times.app[0] / times.engine[0]:.2f}"
    fresh = [*times.app, *times.engine, ratio]
    return [times.kind, int(times.hits), *fresh, *times.app_again, *times.engine_again, f"{times.cpu_ms:.2f}"]


def _throughput(prepared: Sequence[Prepared], seconds: float) -> None:
    to_app, to_engine = mixed(prepared, 1)
    rates: list[tuple[float, float]] = []
    for _ in range(3):
        engine = asyncio.run(throughput(to_engine, CLIENTS, seconds))
        rates.append((asyncio.run(throughput(to_app, CLIENTS, seconds)), engine))
    rows = [(app, engine, f"{app / engine:.0%}") for app, engine in rates]
    print(f"\n## Throughput, {CLIENTS} clients, all kinds mixed, values asked before, three rounds in turns\n")
    print(table(["app requests/s", "engine alone requests/s", "share"], rows), flush=True)


@contextmanager
def _indices(engine_url: str, names: IndexNames, kept: bool) -> Iterator[None]:
    """Delete the measurement's own indices before and after, unless they are to be kept."""
    try:
        if not kept:
            _delete(engine_url, names)
        yield
    finally:
        if not kept:
            _delete(engine_url, names)


def _delete(engine_url: str, names: IndexNames) -> None:
    request = urllib.request.Request(f"{engine_url}/{names.prefix}*?expand_wildcards=all", method="DELETE")
    urllib.request.urlopen(request, timeout=60).close()


def _told(run: Run) -> str:
    """Return the main figures of a command's report: counts of a load and of seat statements, else its last line."""
    start = run.output.find("{")
    try:
        report = json.loads(run.output[start : run.output.rindex("}") + 1])
    except ValueError:
        return (run.output.strip().splitlines() or [""])[-1].replace("|", "¦")[:100]
    told = [f"{name} {report[name]}" for name in COUNTS if name in report]
    if "rejected" in report:
        rejected = report["rejected"]
        told.append(f"rejected {sum(rejected.values()) if isinstance(rejected, dict) else len(rejected)}")
    if "spool_bytes" in report:
        told.append(f"spool {report['spool_bytes'] / MEBIBYTE:.0f} MiB")
    return ", ".join(told)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=60, help="different requests of each kind")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is asked again and timed")
    parser.add_argument("--warm", type=int, default=4, help="how often others are asked before that")
    parser.add_argument("--seconds", type=float, default=10, help="length of one throughput round")
    parser.add_argument("--soak", type=float, default=30, help="minutes at 70 %% of the peak at the end; 0 is none")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--prefix", help="measure over indices that are loaded already, and keep them")
    parser.add_argument("--keep", action="store_true", help="keep the indices that were loaded")
    parser.add_argument("--loading-only", action="store_true", help="measure no answers")
    return parser


if __name__ == "__main__":
    sys.exit(main())
