"""Throughput of statements and delay until they are searchable, over loaded offers.

``python -m bench.seats.statements --prefix P`` prints tables in Markdown: one request of many statements, single ones,
and the memory over very many. BOUSSOLE_OPENSEARCH_URL is the engine. The seats of the offers are changed: use
disposable indices.
"""

import argparse
import itertools
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence

from bench.engine_address import engine_to_measure
from bench.processes import App, running_app
from bench.seats.client import ENVIRONMENT, Figure, ask_engine, await_figures, draw_sessions, send
from bench.tables import table
from mappings.names import IndexNames

MEBIBYTE = 1 << 20


def main() -> int:
    """Run from the command line."""
    options = _parser().parse_args()
    engine_url = engine_to_measure()
    names = IndexNames(options.prefix)
    rng = random.Random(options.seed)
    sessions = draw_sessions(engine_url, names.offers, options.statements, rng)
    sequences = itertools.count(time.time_ns() // 1_000_000_000)
    environment = {**ENVIRONMENT, "BOUSSOLE_INDEX_PREFIX": names.prefix, "BOUSSOLE_OPENSEARCH_URL": engine_url}
    with running_app(environment) as app:
        send(app.url, [Figure(session, next(sequences)) for session in sessions[:500]])
        _many(app, engine_url, names, sessions, sequences, options.rounds)
        _single(app, engine_url, names, sessions, sequences, options.singles)
        if options.million:
            _million(app, engine_url, names, sessions, sequences, options.million)
    return 0


def _many(
    app: App, engine_url: str, names: IndexNames, sessions: Sequence[str], sequences: Iterator[int], rounds: int
) -> None:
    rows = []
    for _ in range(rounds):
        figures = [Figure(session, next(sequences)) for session in sessions]
        began, cpu = time.monotonic(), app.cpu_seconds()
        answer = send(app.url, figures)
        answered = time.monotonic() - began
        await_figures(engine_url, names.offers, figures)
        found = time.monotonic() - began
        rates = [round(len(figures) / seconds) for seconds in (answered, found)]
        rows.append((len(figures), answer["accepted"], f"{answered:.2f}", f"{found:.2f}", *rates,
                     f"{app.cpu_seconds() - cpu:.2f}"))  # fmt: skip
    head = ["statements", "accepted", "answered s", "all in searches s", "answered /s", "in searches /s", "app CPU s"]
    print(f"\n## One request of {len(sessions)} statements\n\n{table(head, rows)}", flush=True)


def _single(
    app: App, engine_url: str, names: IndexNames, sessions: Sequence[str], sequences: Iterator[int], count: int
) -> None:
    answered, found = [], []
    for session in itertools.islice(itertools.cycle(sessions), count):
        figure = Figure(session, next(sequences))
        began = time.monotonic()
        send(app.url, [figure])
        answered.append((time.monotonic() - began) * 1000)
        await_figures(engine_url, names.offers, [figure])
        found.append((time.monotonic() - began) * 1000)
    rows = [(name, *_quantiles(times)) for name, times in (("answered", answered), ("in searches", found))]
    print(f"\n## {count} single statements, ms\n\n{table(['', 'p50', 'p95', 'p99'], rows)}", flush=True)


def _million(
    app: App, engine_url: str, names: IndexNames, sessions: Sequence[str], sequences: Iterator[int], count: int
) -> None:
    rows = []
    sent = 0
    began = time.monotonic()
    while sent < count:
        for _ in range(10):
            send(app.url, [Figure(session, next(sequences)) for session in sessions])
            sent += len(sessions)
        resident = app.process.memory_info().rss // MEBIBYTE
        rows.append((sent, round(sent / (time.monotonic() - began)), resident))
    print(f"\n## {sent} statements\n\n{table(['statements', 'a second', 'app resident MiB'], rows)}", flush=True)
    ask_engine(engine_url, f"{names.ledger}*/_forcemerge?max_num_segments=1", {})
    stats = ask_engine(engine_url, f"{names.ledger}*/_stats/store,docs")["indices"]
    sizes = [(name, each["primaries"]["docs"]["count"], each["primaries"]["store"]["size_in_bytes"])
             for name, each in sorted(stats.items())]  # fmt: skip
    head = ["index", "documents", "bytes", "bytes a document"]
    print("\n" + table(head, [(*row, round(row[2] / max(1, row[1]))) for row in sizes]), flush=True)


def _quantiles(values: Sequence[float]) -> tuple[str, str, str]:
    cut = statistics.quantiles(values, n=100)
    return f"{statistics.median(values):.1f}", f"{cut[94]:.1f}", f"{cut[98]:.1f}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prefix", required=True, help="of the indices that are loaded")
    parser.add_argument("--statements", type=int, default=10_000, help="of one request")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--singles", type=int, default=300)
    parser.add_argument("--million", type=int, default=0, metavar="N", help="then as many statements, for the memory")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
