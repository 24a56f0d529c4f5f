"""Command line: `python -m engine.local start|stop|status|lock`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.local import jars, node, process
from engine.local.errors import EngineError
from engine.local.settings import EngineOptions

NOT_RUNNING = 3


def main(arguments: list[str] | None = None) -> int:
    """Run one command; exit status 0 done, 1 it could not be done, 3 (status) no engine runs."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    """Run the command and print its result."""
    if options.command == "lock":
        locked = jars.resolve_jars(jars.cache_dir())
        jars.write_lock(locked)
        print(f"{len(locked)} jars, {sum(jar.size for jar in locked) / 1e6:.0f} MB, in {jars.LOCK_FILE.name}")
        return 0
    if options.command == "stop":
        print(process.stop(options.data))
        return 0
    if options.command == "status":
        owner = process.running(options.data)
        print(f"OpenSearch runs at {owner.url} (process {owner.pid})." if owner else "No engine runs on these data.")
        return 0 if owner else NOT_RUNNING
    engine = EngineOptions(options.port, options.data, options.heap, options.nodes)
    if options.command == "run":
        return node.run(engine)
    print(process.start(engine), flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    """Return the parser of commands and options."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.local", description="A local OpenSearch, without Docker or Java."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("start", "start it in the background and return when it answers"),
        ("run", "run it in the foreground, until Ctrl-C"),
        ("stop", "stop it; its data stay"),
        ("status", "say whether it runs"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--data", type=Path, default=Path(".engine"), help="data directory (default: .engine)")
        if name in ("start", "run"):
            command.add_argument("--port", type=int, default=9200, help="HTTP port (default: 9200)")
            command.add_argument("--heap", default="1g", help="JVM heap (default: 1g)")
            command.add_argument("--nodes", type=int, default=1, help="nodes, on successive ports (default: 1)")
    commands.add_parser("lock", help="resolve the jars anew and write jars.lock")
    return parser


if __name__ == "__main__":
    sys.exit(main())
