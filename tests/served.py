"""The real app in a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from engine.local.node import free_ports
from tests.engine.loaded import TODAY

ROOT = Path(__file__).parents[1]
START_SECONDS = 60  # two workers on two busy cores take half of it
STOP_SECONDS = 10


@dataclass
class Served:
    """A running app that can be stopped and started again at its address."""

    address: str
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    log: Path | None = None  # where its outputs go, instead of those of the tests

    def start(self) -> None:
        """Start the app; back when it answers."""
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
        assert process.wait(timeout=STOP_SECONDS) == 0
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
    """Yield the app over an installation; settings are named as in the environment, without their prefix."""
    with serving_into(None, engine_url, prefix, **settings) as served:
        yield served


@contextmanager
def serving_into(log: Path | None, engine_url: str, prefix: str, **settings: str) -> Iterator[Served]:
    """Yield the app; what it prints is added to a file, if one is named."""
    port = free_ports(1)[0]
    environment = environment_of(engine_url, prefix, port, **settings)
    served = Served(f"http://127.0.0.1:{port}", environment, log=log)
    try:
        served.start()
        yield served
    finally:
        if served.process is not None and served.process.poll() is None:
            served.stop()
