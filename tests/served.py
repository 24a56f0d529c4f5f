"""The real app in a process of its own."""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import httpx

from engine.local.node import free_ports
from tests.engine.loaded import TODAY

ROOT = Path(__file__).parents[1]
START_SECONDS = 60  # two workers on two busy cores take half of it
STOP_SECONDS = 10
# Forks apps that have imported everything: to import it takes ten times as long as to start.
FORKS: Final = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["search_app.__main__", "search_app.web.app", "search_app.web.server.protocol", "uvloop"])


class AppProcess(Protocol):
    """What tests need of a process, as ``subprocess.Popen`` has it."""

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


class ForkedProcess:
    """An app forked from a process that has imported it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = FORKS.Process(target=_run_app, args=(dict(environment),), daemon=True)
        self._process.start()

    def poll(self) -> int | None:
        """Return the status if the process has ended."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return the status once the process has ended; raises TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("search_app", timeout or 0)
        return self._process.exitcode

    def terminate(self) -> None:
        """Send SIGTERM."""
        self._process.terminate()

    def kill(self) -> None:
        """Send SIGKILL."""
        self._process.kill()


def _run_app(environment: dict[str, str]) -> None:
    from search_app.__main__ import main

    os.environ.clear()
    os.environ.update(environment)
    sys.exit(main())


@dataclass
class Served:
    """A running app that can be stopped and started again at its address."""

    address: str
    environment: Mapping[str, str]
    process: AppProcess | None = None
    log: Path | None = None  # where its outputs go, instead of those of the tests
    is_forked: bool = False

    def start(self) -> None:
        """Start the app; back when it answers."""
        if self.is_forked:
            self.process = ForkedProcess(self.environment)
        else:
            with nullcontext() if self.log is None else self.log.open("ab") as output:
                command = [sys.executable, "-m", "search_app"]
                self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=output, stderr=output)
        self.wait_until_it_answers()

    def stop(self) -> float:
        """Stop the app as an operator would; returns the seconds that it took. An orderly stop has status 0."""
        assert self.process is not None
        began = time.monotonic()
        self.process.terminate()
        process, self.process = self.process, None
        try:
            assert process.wait(timeout=STOP_SECONDS) == 0
        except subprocess.TimeoutExpired:  # at its end Python waits for forked processes without a limit
            process.kill()
            raise
        return time.monotonic() - began

    def wait_until_it_answers(self) -> None:
        """Return when the process answers; raises AssertionError if it does not in time."""
        assert self.process is not None
        last = time.monotonic() + START_SECONDS
        while time.monotonic() < last:
            with suppress(httpx.TransportError):
                httpx.get(f"{self.address}/healthz", timeout=1).raise_for_status()
                return
            # Either it ends, and will never answer, or it is asked again.
            with suppress(subprocess.TimeoutExpired):
                raise AssertionError(f"the app ended with status {self.process.wait(timeout=0.05)}")
        raise AssertionError(f"the app at {self.address} did not answer within {START_SECONDS} s")


def environment_of(engine_url: str, prefix: str, port: int, **settings: str) -> dict[str, str]:
    """Return the environment of an app over an installation; settings are named without their prefix."""
    named = {"OPENSEARCH_URL": engine_url, "INDEX_PREFIX": prefix, "PORT": str(port), "TODAY": TODAY.isoformat()}
    return {**os.environ, **{f"BOUSSOLE_{name}": value for name, value in (named | settings).items()}}


@contextmanager
def serving(engine_url: str, prefix: str, **settings: str) -> Iterator[Served]:
    """Yield the app over an installation, in a forked process; settings are named without their prefix."""
    with _running(True, None, engine_url, prefix, settings) as served:
        yield served


@contextmanager
def serving_command(engine_url: str, prefix: str, **settings: str) -> Iterator[Served]:
    """Yield the app as ``python -m search_app`` starts it, for tests of the process itself and of several workers."""
    with _running(False, None, engine_url, prefix, settings) as served:
        yield served


@contextmanager
def serving_command_into(log: Path, engine_url: str, prefix: str, **settings: str) -> Iterator[Served]:
    """The same; what the process prints is added to a file."""
    with _running(False, log, engine_url, prefix, settings) as served:
        yield served


@contextmanager
def _running(
    is_forked: bool, log: Path | None, engine_url: str, prefix: str, settings: Mapping[str, str]
) -> Iterator[Served]:
    port = free_ports(1)[0]
    environment = environment_of(engine_url, prefix, port, **settings)
    served = Served(f"http://127.0.0.1:{port}", environment, log=log, is_forked=is_forked)
    try:
        served.start()
        yield served
    finally:
        if served.process is not None and served.process.poll() is None:
            served.stop()
