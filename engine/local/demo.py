"""`make demo`: engine, fixtures and app in one command; Ctrl-C stops what it started, and only that.

`python -m engine.local.demo load FOLDER` only writes the fixtures into FOLDER and loads them, into the engine that
BOUSSOLE_OPENSEARCH_URL names.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

from engine.local import check, process
from engine.local.children import STOPS, child_process
from engine.local.errors import EngineError
from engine.local.host import other_site
from engine.local.loading import loading_commands
from engine.local.settings import LOOPBACK, EngineOptions
from engine.local.sources import document_sources

FIXTURES = Path(".boussole/demo")
LOG_NAME = "load.log"
READY_SECONDS = 60
POLL_SECONDS = 0.2
DOCUMENTS_PORT = 2  # beyond the app's: the page of another site is on the next one

# Status 1 is a part left out: the fixtures have statements for an unknown funder, and an edition of the register
# that is older than the one loaded at an earlier start.
REFUSED = 1
MAY_REFUSE = ("seats", "providers")


class Interrupted(BaseException):
    """Ctrl-C or SIGTERM: everything that was started must be stopped."""


@dataclass(frozen=True)
class _Engine:
    """The address of the engine, and its process if the demonstration started it."""

    url: str
    process: subprocess.Popen[bytes] | None = None

    def check(self) -> None:
        """Raise EngineError if the engine was started here and has ended since."""
        if self.process and self.process.poll() is not None:
            status = self.process.returncode
            raise EngineError(f"The engine at {self.url} has ended with status {status}: the demonstration ends too.")


def main(arguments: list[str] | None = None) -> int:
    """Run the demonstration until Ctrl-C; exit status 0 if the user ended it, 1 on an error (reported in one line)."""
    parser = argparse.ArgumentParser(prog="python -m engine.local.demo", description=__doc__)
    load = parser.add_subparsers(dest="command").add_parser("load", help="only write the fixtures and load them")
    load.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    for sign in STOPS:
        signal.signal(sign, _interrupt)
    try:
        if options.command:
            _write_and_load(options.folder)
        else:
            _demonstrate(_port("BOUSSOLE_PORT", "8000"))
    except Interrupted:
        return 0
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _demonstrate(port: int) -> None:
    """Start the engine if needed, load the fixtures and serve them on the port until interrupted."""
    _check_port(port)
    FIXTURES.mkdir(parents=True, exist_ok=True)
    log = FIXTURES / LOG_NAME
    log.unlink(missing_ok=True)
    # The fixtures are generated while the engine starts.
    with _generator(FIXTURES, os.environ, log) as generator, _engine() as engine:
        token = secrets.token_urlsafe(24)
        address = {"BOUSSOLE_OPENSEARCH_URL": engine.url, "BOUSSOLE_PORT": str(port)}
        environment = {**os.environ, **address, **_producer(token)}
        print(f"Loading the fixtures (what each step says is in {log})", flush=True)
        try:
            _finish(generator, "fixtures generate", log)
            _load(FIXTURES, environment, log)
        except EngineError:
            engine.check()
            raise
        _serve(port, environment, token, engine, log)


def _producer(token: str) -> dict[str, str]:
    """Return settings with which the app accepts a demonstration producer of invented statements, says so, and
    sends no mail.
    """
    tokens = [os.environ.get("BOUSSOLE_SEATS_TOKENS", ""), f"demonstration:{token}"]
    return {
        "BOUSSOLE_DEMONSTRATION": "true",
        "BOUSSOLE_SMTP_URL": "",  # mails are displayed at /courriels
        "BOUSSOLE_SEATS_TOKENS": ",".join(filter(None, tokens)),
    }


def _write_and_load(folder: Path) -> None:
    """Write the fixtures into the folder and load them into the configured engine, printing the output of each
    command.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _generator(folder, os.environ, None) as generator:
        _finish(generator, "fixtures generate", None)
    _load(folder, os.environ, None)


@contextlib.contextmanager
def _engine() -> Iterator[_Engine]:
    """Yield the configured engine, else one on ENGINE_PORT, else one started here and stopped at the end."""
    named = os.environ.get("BOUSSOLE_OPENSEARCH_URL")
    if named:
        if not any(check.answers(url.strip().rstrip("/")) for url in named.split(",")):
            raise EngineError(f"No engine answers at {named} (BOUSSOLE_OPENSEARCH_URL).")
        yield _Engine(named)
        return
    heap = os.environ.get("ENGINE_HEAP", "1g")
    data = Path(os.environ.get("ENGINE_DATA", ".engine"))
    options = EngineOptions(_port("ENGINE_PORT", "9200"), data, heap, nodes=1)
    if check.answers(options.url):
        print(f"Using the engine that answers at {options.url}.")
        yield _Engine(options.url)
        return
    print(process.start(options), flush=True)
    try:
        yield _Engine(options.url, process.started(data))
    finally:
        said = process.stop_started(data)
        if said:
            print(said, flush=True)


@contextlib.contextmanager
def _generator(folder: Path, environment: Mapping[str, str], log: Path | None) -> Iterator[subprocess.Popen[bytes]]:
    """Return the process that writes the fixtures into the folder, as of today or of BOUSSOLE_TODAY."""
    today = environment.get("BOUSSOLE_TODAY") or datetime.now(ZoneInfo("Europe/Paris")).date().isoformat()
    with child_process(["fixtures", "generate", str(folder), "--today", today], environment, log) as child:
        yield child


def _load(folder: Path, environment: Mapping[str, str], log: Path | None) -> None:
    """Load the files of the folder's manifest: reference tables, catalogues, register, seats; the funding rules; and
    the documents of its sources, which are served meanwhile two ports beyond the app's.
    """
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    _run_all(loading_commands(manifest, folder), environment, log)
    port = int(environment.get("BOUSSOLE_PORT") or "8000") + DOCUMENTS_PORT
    with document_sources(port, manifest, environment, log) as commands:
        _run_all(commands, environment, log)


def _run_all(commands: list[list[str]], environment: Mapping[str, str], log: Path | None) -> None:
    """Run command lines of the indexer, all in one process: most do little, and each process imports for a second."""
    if not commands:
        return
    series = [(arguments, (0, REFUSED) if arguments[0] in MAY_REFUSE else (0,)) for arguments in commands]
    with child_process(["indexer.series", json.dumps(series)], environment, log) as child:
        _finish(child, "indexer", log)


def _finish(child: subprocess.Popen[bytes], name: str, log: Path | None) -> None:
    """Wait for a process; raises EngineError with its last log line if it failed."""
    if child.wait():
        said = log.read_text("utf-8").splitlines()[-1:] if log else []
        raise EngineError(" ".join([f"python -m {name} ended with status {child.returncode}.", *said]))


def _serve(port: int, environment: Mapping[str, str], token: str, engine: _Engine, log: Path) -> None:
    """Serve until interrupted, with statements of the token's producer; raises EngineError if the app does not start,
    or if app or engine end unexpectedly.
    """
    url = f"http://{LOOPBACK}:{port}"
    with child_process(["search_app"], environment, None) as child:
        deadline = time.monotonic() + READY_SECONDS
        while child.poll() is None and not check.responds(f"{url}/readyz"):
            engine.check()
            if time.monotonic() > deadline:
                raise EngineError(f"The app does not answer at {url} after {READY_SECONDS} s.")
            time.sleep(POLL_SECONDS)
        # Not a setting of the app, which would report it as unknown.
        traffic = {**environment, "BOUSSOLE_TRAFFIC_TOKEN": token}
        with (
            other_site(url, port + 1, environment, log) as told,
            child_process(["fixtures", "traffic", url, "--parent", str(os.getpid())], traffic, log),
        ):
            if child.poll() is None:
                print(f"\n{told}\nBoussole: {url}  (seats go on changing; Ctrl-C to stop)", flush=True)
            while child.poll() is None:
                engine.check()
                time.sleep(POLL_SECONDS)
    raise EngineError(f"The app ended with status {child.returncode}.")


def _port(variable: str, default: str) -> int:
    """Return the port that the environment names; raises EngineError if it is not a number."""
    value = os.environ.get(variable, default)
    if not value.isdecimal():
        raise EngineError(f"{variable}={value} is not a port.")
    return int(value)


def _check_port(port: int) -> None:
    """Raise EngineError if another program listens on the app's port."""
    try:
        socket.create_server((LOOPBACK, port)).close()
    except (OSError, OverflowError) as error:
        raise EngineError(
            f"Port {port} is taken by another program: choose another one, as in PORT={port + 1}."
        ) from error


def _interrupt(_signal: int, _frame: object) -> NoReturn:
    """Leave every block in order, once: a second Ctrl-C must not interrupt the clean-up."""
    for sign in STOPS:
        signal.signal(sign, signal.SIG_IGN)
    raise Interrupted


if __name__ == "__main__":
    sys.exit(main())
