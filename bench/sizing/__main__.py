"""``python -m bench.sizing``: measure an installation, fit the model to measured points, plan one of another size.

    python -m bench.sizing measure NAME APP_URL --pid PID --engine-pid PID [--statements 2000] [--points FILE]
    python -m bench.sizing fit NAME NAME … [--check NAME …]
    python -m bench.sizing plan NAME NAME … --offers N … --statements N … --searches N … --stating N …

``measure`` asks a running app, and reads the engine that BOUSSOLE_OPENSEARCH_URL and BOUSSOLE_INDEX_PREFIX name: the
machine must have nothing else to do. ``fit`` and ``plan`` take the points of a file and ask nothing.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import psutil

from bench.engine_address import engine_to_measure
from bench.processes import App
from bench.sizing.measuring import Course, Meter, measure
from bench.sizing.model import Need, fit
from bench.sizing.points import POINTS_FILE, BadPoints, add_point, pick, read_points
from bench.sizing.showing import show_kinds, show_model, show_plans, show_points
from mappings.names import IndexNames
from mappings.settings import EngineSettings

GIB = 1 << 30


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; exit status 1 if the points cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except BadPoints as error:
        print(f"bench.sizing: {error}", file=sys.stderr)
        return 1
    return 0


def _measure(options: argparse.Namespace) -> None:
    names = IndexNames(EngineSettings.from_environment().index_prefix)
    app = App(options.url, psutil.Process(options.pid))
    meter = Meter(app, [psutil.Process(pid) for pid in options.engine_pid])
    course = Course(options.each, options.rounds, options.statements, options.day, options.seed)
    point = measure(options.name, meter, engine_to_measure(), names, course)
    add_point(options.points, point)
    print(show_points([point]))
    print(show_kinds(point))


def _fit(options: argparse.Namespace) -> None:
    points = read_points(options.points)
    fitted = pick(points, options.names)
    print(show_points([*fitted, *pick(points, options.check)]))
    print(show_model(fit(fitted), fitted, pick(points, options.check)))


def _plan(options: argparse.Namespace) -> None:
    model = fit(pick(read_points(options.points), options.names))
    several = (options.offers, options.statements, options.searches, options.stating)
    if len({len(each) for each in several}) > 1:
        raise BadPoints("--offers, --statements, --searches and --stating need as many numbers as each other")
    common = (options.replicas, options.most_ms, options.cores, options.memory * GIB)
    print(show_plans(model, [Need(*each, *common) for each in zip(*several, strict=True)]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.sizing", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    measuring = commands.add_parser("measure", help="one installation, into a file of points")
    measuring.set_defaults(run=_measure)
    measuring.add_argument("name", help="of the point")
    measuring.add_argument("url", help="of the app")
    measuring.add_argument("--pid", type=int, required=True, help="process of the app")
    measuring.add_argument("--engine-pid", type=int, required=True, nargs="+", help="processes of the engine")
    measuring.add_argument("--each", type=int, default=40, help="requests of a kind in a round")
    measuring.add_argument("--rounds", type=int, default=3)
    measuring.add_argument("--statements", type=int, default=0, help="to send; the app needs the bench's token")
    measuring.add_argument("--day", type=date.fromisoformat, default=date.today())
    measuring.add_argument("--seed", type=int, default=1)
    fitting = commands.add_parser("fit", help="the model to some points, with its error at others")
    fitting.set_defaults(run=_fit)
    fitting.add_argument("--check", nargs="*", default=[], help="points that are not fitted")
    planning = commands.add_parser("plan", help="shards, nodes and disk of an installation")
    planning.set_defaults(run=_plan)
    planning.add_argument("--offers", type=int, nargs="+", required=True)
    planning.add_argument("--statements", type=int, nargs="+", default=[0], help="in the ledger")
    planning.add_argument("--searches", type=float, nargs="+", default=[10], help="a second")
    planning.add_argument("--stating", type=float, nargs="+", default=[10], help="statements a second")
    planning.add_argument("--replicas", type=int, default=1)
    planning.add_argument("--most-ms", type=float, default=100, help="of a search on one shard")
    planning.add_argument("--cores", type=int, default=4, help="of a node")
    planning.add_argument("--memory", type=int, default=16, help="of a node, GiB")
    for command in (fitting, planning):
        command.add_argument("names", nargs="+", help="points to fit")
    for command in (measuring, fitting, planning):
        command.add_argument("--points", type=Path, default=POINTS_FILE, help="file of points")
    return parser


if __name__ == "__main__":
    sys.exit(main())
