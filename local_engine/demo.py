"""`make demo`: engine, fixtures and app in one command; Ctrl-C stops what it started, and only that.

`python -m local_engine.demo load FOLDER` only writes the fixtures into FOLDER and loads them, into the engine that
BOUSSOLE_OPENSEARCH_URL names.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from local_engine import check, process
from local_engine.errors import EngineError
from local_engine.settings import LOOPBACK, EngineOptions

FIXTURES = Path(".boussole/demo")
READY_SECONDS = 30
STOP_SECONDS = 15
POLL_SECONDS = 0.1


class Interrupted(BaseException):
    """Ctrl-C, or SIGTERM: everything that was started is to be stopped."""


def main(arguments: list[str] | None = None) -> int:
    """Run the demonstration until Ctrl-C; exit status 0 ended by the user, 1 something failed (one line says what)."""
    parser = argparse.ArgumentParser(prog="python -m local_engine.demo", description=__doc__)
    load = parser.add_subparsers(dest="command").add_parser("load", help="only write the fixtures and load them")
    load.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    try:
        if options.command:
            _load_fixtures(options.folder, os.environ)
        else:
            _demonstrate(_port("BOUSSOLE_PORT", "8000"))
    except Interrupted:
        return 0
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _demonstrate(port: int) -> None:
    """Start what is missing, load the fixtures and serve them on the port until interrupted."""
    _check_port(port)
    with _engine() as url:
        environment = {**os.environ, "BOUSSOLE_OPENSEARCH_URL": url, "BOUSSOLE_PORT": str(port)}
        _load_fixtures(FIXTURES, environment)
        _serve(port, environment)


@contextlib.contextmanager
def _engine() -> Iterator[str]:
    """Address of the engine: one that is named, else one on ENGINE_PORT, else one of our own, stopped at the end."""
    named = os.environ.get("BOUSSOLE_OPENSEARCH_URL")
    if named:
        if not any(check.answers(url.strip().rstrip("/")) for url in named.split(",")):
            raise EngineError(f"No engine answers at {named} (BOUSSOLE_OPENSEARCH_URL).")
        yield named
        return
    heap = os.environ.get("ENGINE_HEAP", "1g")
    data = Path(os.environ.get("ENGINE_DATA", ".engine"))
    options = EngineOptions(_port("ENGINE_PORT", "9200"), data, heap, nodes=1)
    if check.answers(options.url):
        print(f"Using the engine that answers at {options.url}.")
        yield options.url
        return
    print(process.start(options), flush=True)
    try:
        yield options.url
    finally:
        print(process.stop(data), flush=True)


def _load_fixtures(folder: Path, environment: Mapping[str, str]) -> None:
    """Write the fixtures as of today into the folder and load them: reference tables, catalogues, seats."""
    folder.mkdir(parents=True, exist_ok=True)
    today = datetime.now(ZoneInfo("Europe/Paris")).date().isoformat()
    _run("fixtures", "generate", str(folder), "--today", today, environment=environment)
    for arguments in loading_commands(json.loads((folder / "manifest.json").read_text("utf-8")), folder):
        _run("indexer", *arguments, environment=environment)


def loading_commands(manifest: Mapping[str, Any], folder: Path) -> list[list[str]]:
    """The indexer's command lines that load everything that a fixtures manifest names."""
    reference = ["reference"]
    for table, name in manifest["reference"].items():
        reference += [f"--{table.replace('_', '-')}", str(folder / name)]
    sources = [
        ["load", "--source", source["name"], *(str(folder / name) for name in source["files"])]
        for source in manifest["sources"]
    ]
    return [reference, *sources, ["seats", str(folder / manifest["seats"])]]


def _run(module: str, *arguments: str, environment: Mapping[str, str]) -> None:
    """Run one of our commands to its end; EngineError if it fails."""
    with _child(module, *arguments, environment=environment) as child:
        status = child.wait()
    if status:
        raise EngineError(f"python -m {module} {arguments[0]} ended with status {status}: the demo stops here.")


def _serve(port: int, environment: Mapping[str, str]) -> None:
    """Serve until interrupted; EngineError if the app does not come up or ends by itself."""
    url = f"http://{LOOPBACK}:{port}"
    with _child("search_app", environment=environment) as child:
        deadline = time.monotonic() + READY_SECONDS
        while child.poll() is None and not check.responds(f"{url}/readyz"):
            if time.monotonic() > deadline:
                raise EngineError(f"The app does not answer at {url} after {READY_SECONDS} s.")
            time.sleep(POLL_SECONDS)
        if child.poll() is None:
            print(f"\nBoussole: {url}  (Ctrl-C to stop)", flush=True)
        status = child.wait()
    raise EngineError(f"The app ended with status {status}.")


@contextlib.contextmanager
def _child(module: str, *arguments: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours, in a group of its own so that only we see Ctrl-C; ended with the block if it has not ended."""
    command = [sys.executable, "-m", module, *arguments]
    child = subprocess.Popen(command, env=dict(environment), stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        yield child
    finally:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _port(variable: str, default: str) -> int:
    """The port that the environment names; EngineError if it is not a number."""
    value = os.environ.get(variable, default)
    if not value.isdecimal():
        raise EngineError(f"{variable}={value} is not a port.")
    return int(value)


def _check_port(port: int) -> None:
    """EngineError if another program listens where the app is to answer."""
    try:
        socket.create_server((LOOPBACK, port)).close()
    except (OSError, OverflowError) as error:
        raise EngineError(
            f"Port {port} is taken by another program: choose another one, as in PORT={port + 1}."
        ) from error


def _interrupt(_signal: int, _frame: object) -> NoReturn:
    """Leave every block in order, once: a second Ctrl-C must not cut the clean-up short."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Interrupted


if __name__ == "__main__":
    sys.exit(main())
