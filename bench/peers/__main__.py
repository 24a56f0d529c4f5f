"""The app beside PostgreSQL with PostGIS, and beside tantivy for words, over the same catalogue, in one run.

    python -m bench.peers setup DIR --feed FEED --app URL --communes FILE --former-communes FILE --job-titles FILE
    python -m bench.peers check DIR --app URL
    python -m bench.peers compare DIR --app URL
    python -m bench.peers stop DIR

DIR is a folder of the measurement's own, with the data and the socket of its server. FEED holds the ``truth.jsonl`` of
the catalogue (and of its seat statements) that the app at URL serves; the other files are those given to
``indexer reference``. BOUSSOLE_OPENSEARCH_URL and BOUSSOLE_INDEX_PREFIX name the app's index, for ``setup`` alone.
Needs the packages of requirements/peers.txt and PostgreSQL with PostGIS. Exit status 1 if answers differ.
"""

import argparse
import os
import statistics
import sys
from pathlib import Path

from bench.engine_address import engine_to_measure
from bench.peers.agree import Agreement, compare_answers
from bench.peers.compare import many_clients, one_client, warm
from bench.peers.draws import WORDS_ALONE, Side, draws_for, read_titles, running_peer
from bench.peers.inverted import WordsIndex, build_index, measure_words
from bench.peers.postgres.cluster import Cluster
from bench.peers.postgres.setup import Sources, fill
from mappings.names import IndexNames
from mappings.settings import EngineSettings


def main() -> int:
    """Run from the command line."""
    options = _parser().parse_args()
    cluster = Cluster(options.dir.resolve())
    if options.command == "stop":
        cluster.stop()
        return 0
    cluster.start(options.shared_buffers)
    if options.command == "setup":
        _set_up(cluster, options)
        return 0
    return _measure(cluster, options)


def _set_up(cluster: Cluster, options: argparse.Namespace) -> None:
    sources = Sources(
        options.feed,
        options.communes,
        options.former_communes,
        options.job_titles,
        options.app,
        engine_to_measure(),
        IndexNames(EngineSettings.from_environment().index_prefix).offers,
    )
    fill(cluster, sources)
    build_index(_words_folder(cluster), cluster)


def _measure(cluster: Cluster, options: argparse.Namespace) -> int:
    draws, today = draws_for(options.app, options.seed, read_titles(options.titles))
    with running_peer(cluster, today, options.plans) as peer:
        app = Side(options.app)
        agreement = compare_answers(app, peer, draws, options.checks)
        print(agreement.told(), flush=True)
        if options.command == "check" or _refused(agreement, options.differing):
            return 1 if agreement.differing else 0
        draws.repeated = 0
        index = WordsIndex(_words_folder(cluster))
        print(f"load before: {_load()}", flush=True)
        warm((app, peer), draws, options.warm)
        measure_words(index, [draws.new(WORDS_ALONE)["q"] for _ in range(options.warm)])
        print(f"\n{one_client((app, peer), draws, options.rounds, options.each)}\n", flush=True)
        (p50, p95), totals = measure_words(index, [draws.new(WORDS_ALONE)["q"] for _ in range(options.each)])
        print(
            f"{WORDS_ALONE}, tantivy in the process of the bench, {index.size} offers, first 20 and total, no counts,"
            f" no HTTP: p50 {p50:.2f} ms, p95 {p95:.2f} ms, {statistics.median(totals):.0f} hits\n"
        )
        print(many_clients((app, peer), draws, options.rounds, options.seconds), flush=True)
        print(f"\nload after: {_load()}; {draws.repeated} requests were drawn twice", flush=True)
    return 0


def _load() -> str:
    return ", ".join(f"{load:.1f}" for load in os.getloadavg())


def _refused(agreement: Agreement, most: int) -> bool:
    if agreement.differing > most:
        print(f"No figures: {agreement.told()} (--differing {most})", file=sys.stderr)
        return True
    return False


def _words_folder(cluster: Cluster) -> Path:
    return cluster.folder.with_name(f"{cluster.folder.name}-words")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    setup, check, compare, stop = (commands.add_parser(name) for name in ("setup", "check", "compare", "stop"))
    for command in (setup, check, compare, stop):
        command.add_argument("dir", type=Path)
        command.add_argument("--shared-buffers", default="4GB")
    for command in (setup, check, compare):
        command.add_argument("--app", required=True, help="address of the running app")
    setup.add_argument("--feed", type=Path, required=True, help="folder with truth.jsonl")
    setup.add_argument("--communes", type=Path, required=True)
    setup.add_argument("--former-communes", type=Path)
    setup.add_argument("--job-titles", type=Path, required=True, help="columns rome and appellation")
    for command in (check, compare):
        command.add_argument(
            "--checks", type=int, default=20, help="filter-only requests of each kind that are compared"
        )
        command.add_argument("--seed", type=int, default=1)
        command.add_argument(
            "--titles", type=Path, help="job titles to be asked in the place of the words of bench.kinds"
        )
        command.add_argument("--plans", default="auto", choices=("auto", "force_generic_plan", "force_custom_plan"))
    compare.add_argument("--differing", type=int, default=0, help="most answers that may differ; else no figures")
    compare.add_argument("--rounds", type=int, default=3)
    compare.add_argument("--each", type=int, default=40, help="requests of each kind and side in a round")
    compare.add_argument("--warm", type=int, default=30, help="requests of each kind before that")
    compare.add_argument("--seconds", type=float, default=10, help="length of a round of eight clients")
    return parser


if __name__ == "__main__":
    sys.exit(main())
