"""Processes of a measurement: the app, and indexer commands whose memory is observed."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

SAMPLE_SECONDS = 0.05
START_SECONDS = 60


@dataclass(frozen=True)
class Run:
    """A finished command: exit status, output, duration and peak resident memory (bytes, with child processes)."""

    status: int
    output: str
    seconds: float
    peak_memory: int


@dataclass(frozen=True)
class App:
    """A running app and its process."""

    url: str
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """Return the CPU time that the process has used so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


def run_watched(arguments: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Run ``python -m …`` to its end and return its time and memory, child processes included."""
    began = time.monotonic()
    command = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    peak = [0]
    watcher = threading.Thread(target=_watch, args=(psutil.Process(command.pid), peak))
    watcher.start()
    output, _ = command.communicate()
    seconds = time.monotonic() - began
    watcher.join()
    return Run(command.returncode, output, seconds, peak[0])


@contextmanager
def running_app(environment: Mapping[str, str]) -> Iterator[App]:
    """Serve the app on a free port while the block runs; raises RuntimeError if it does not start."""
    port = free_port()
    served = subprocess.Popen(
        [sys.executable, "-m", "search_app"],
        env={**os.environ, **environment, "BOUSSOLE_PORT": str(port), "BOUSSOLE_WORKERS": "1"},
    )
    try:
        url = f"http://127.0.0.1:{port}"
        await_ready(f"{url}/readyz", served)
        yield App(url, psutil.Process(served.pid))
    finally:
        served.terminate()
        served.wait(20)


@contextmanager
def running_module(arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[None]:
    """Run ``python -m …`` beside the block; raises RuntimeError if it ended before the block did."""
    beside = subprocess.Popen([sys.executable, "-m", *arguments], env={**os.environ, **environment})
    try:
        yield
        if beside.poll() is not None:
            raise RuntimeError(f"{arguments[0]} ended early with status {beside.returncode}")
    finally:
        beside.terminate()
        beside.wait(20)


def _watch(process: psutil.Process, peak: list[int]) -> None:
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        total = 0
        try:
            for member in (process, *process.children(recursive=True)):
                total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
        peak[0] = max(peak[0], total)
        time.sleep(SAMPLE_SECONDS)


def free_port() -> int:
    """Return a local port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def await_ready(url: str, served: subprocess.Popen[bytes]) -> None:
    """Return when an address answers; raises RuntimeError if the process ends or a minute passes before."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and served.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(SAMPLE_SECONDS)
    raise RuntimeError(f"the app did not get ready at {url}")
