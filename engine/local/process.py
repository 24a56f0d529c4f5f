"""Starts, stops and inspects the engine's background process."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from engine.local import check
from engine.local.errors import EngineError
from engine.local.jars import cache_dir, fetch_jars, load_lock
from engine.local.node import LOCK_NAME, LOCK_TAKEN
from engine.local.settings import LOOPBACK, MIN_FREE_BYTES, EngineOptions

START_SECONDS = 120
STOP_SECONDS = 30
POLL_SECONDS = 0.1
LOG_NAME = "start.log"
MEGABYTE = 2**20

# Messages of a JVM or OpenSearch that cannot start, and an explanation for the user.
KNOWN_FAILURES = (
    ("No space left on device", "the disk is full"),
    ("Address already in use", "the port was taken by another program meanwhile"),
    ("failed to obtain node locks", "another OpenSearch uses these data"),
    ("Could not reserve enough space", "there is not enough memory for this heap"),
    ("OutOfMemoryError", "the heap is too small"),
    ("cannot downgrade a node", "these data were written by a newer OpenSearch"),
    ("Permission denied", "the data directory may not be written"),
)


# Engines started by this process and left running: Popen objects must be kept to be waited for.
_started: dict[Path, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class Owner:
    """The process named in the lock file, and the address of its engine."""

    pid: int
    port: int
    nodes: int
    heap: str

    @property
    def url(self) -> str:
        """The address of its first node."""
        return f"http://{LOOPBACK}:{self.port}"


def running(data: Path) -> Owner | None:
    """Return the running engine on these data; None if there is none, also after a killed one."""
    return _read_owner(data) if _is_held(data) else None


def start(options: EngineOptions) -> str:
    """Start an engine in the background; return a message once it answers and is complete. Raises EngineError."""
    owner = running(options.data)
    if owner:
        return _already(owner, options)
    options = replace(options, data=options.data.resolve())
    _check_ports(options)
    _check_disk(options.data)
    killed = _read_owner(options.data)
    fetch_jars(load_lock(), cache_dir())
    began = time.monotonic()
    child = _spawn(options)
    _wait_until_up(child, options)
    _started[options.data] = child
    said = f"OpenSearch answers at {options.url} after {time.monotonic() - began:.1f} s, data in {options.data}."
    if killed is None:
        return said
    return f"A killed engine (process {killed.pid}) had left its lock here: cleared, the data are kept.\n{said}"


def started(data: Path) -> subprocess.Popen[bytes] | None:
    """Return the engine's process on these data, running or ended, if this process started it."""
    return _started.get(data.resolve())


def stop_started(data: Path) -> str | None:
    """Stop the engine that this process started on these data, and no other; return a message, None if there is
    none.
    """
    child = _started.pop(data.resolve(), None)
    if child is None or child.poll() is not None:
        return None
    for end in (child.terminate, child.kill):
        end()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(STOP_SECONDS)
            return "The engine is stopped; its data are kept."
    raise EngineError(f"Process {child.pid} cannot be stopped.")


def stop(data: Path) -> str:
    """Stop the engine on these data and return a message; the data are kept."""
    owner = running(data)
    if owner is None:
        return "No engine runs on these data."
    for sign, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, STOP_SECONDS)):
        os.kill(owner.pid, sign)
        if _wait_for(lambda: not _is_held(data), seconds):
            _reap(data)
            return f"The engine at {owner.url} is stopped; its data are kept."
    raise EngineError(f"Process {owner.pid} cannot be stopped.")


def _already(owner: Owner, options: EngineOptions) -> str:
    """Return a message about an engine that already runs; raises EngineError if its options differ."""
    if (owner.port, owner.nodes) != (options.port, options.nodes):
        raise EngineError(
            f"An engine with {owner.nodes} node(s) runs on these data, at {owner.url}: use it, or stop it first."
        )
    if not _wait_for(lambda: check.answers(owner.url, owner.nodes), START_SECONDS):
        raise EngineError(
            f"The engine on these data (process {owner.pid}) does not answer at {owner.url}: stop it first."
        )
    return f"OpenSearch runs already at {owner.url}."


def _spawn(options: EngineOptions) -> subprocess.Popen[bytes]:
    """Start the engine's process in a session of its own, so that Ctrl-C does not end it."""
    arguments = ["run", "--port", str(options.port), "--data", str(options.data)]
    arguments += ["--heap", options.heap, "--nodes", str(options.nodes)]
    with (options.data / LOG_NAME).open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "engine.local", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=Path(__file__).parents[2],
        )


def _wait_until_up(child: subprocess.Popen[bytes], options: EngineOptions) -> None:
    """Return when every node answers and nothing is missing; otherwise (or on Ctrl-C) end the child and raise the
    reason.
    """
    try:
        up = _wait_for(lambda: child.poll() is not None or check.answers(options.url, options.nodes), START_SECONDS)
        if child.poll() is not None:
            raise EngineError(_why_it_ended(child.returncode, options.data))
        if not up:
            raise EngineError(f"The engine does not answer after {START_SECONDS} s; see {options.data / LOG_NAME}.")
        check.check_complete(options.url)
    except BaseException:
        child.kill()
        child.wait()
        raise


def _why_it_ended(status: int, data: Path) -> str:
    """Return one line on why the engine's process ended during its start."""
    if status == LOCK_TAKEN:
        return "Another start on the same data is under way."
    log = data / LOG_NAME
    text = log.read_text("utf-8", errors="replace")
    for sign, meaning in KNOWN_FAILURES:
        if sign in text:
            return f"The engine did not start: {meaning}. Details: {log}"
    return f"The engine ended with status {status} during its start. Details: {log}"


def _check_ports(options: EngineOptions) -> None:
    """Raise EngineError if another program listens on a port that this engine needs."""
    for port in options.ports:
        try:
            socket.create_server((LOOPBACK, port)).close()
        except OSError as error:
            raise EngineError(
                f"Port {port} is taken by another program: choose another one, as in ENGINE_PORT={port + 100}."
            ) from error


def _check_disk(data: Path) -> None:
    """Create the data directory; raises EngineError if it is not writable or its disk is full."""
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(f"{data} cannot be made: {error.strerror}.") from error
    if not os.access(data, os.W_OK):
        raise EngineError(f"{data} may not be written by this user.")
    free = shutil.disk_usage(data).free
    if free < MIN_FREE_BYTES:
        raise EngineError(
            f"The disk is full: {free // MEGABYTE} MB free at {data}, the engine needs {MIN_FREE_BYTES // MEGABYTE} MB."
        )


def _reap(data: Path) -> None:
    """Collect the exit status of an engine that this process started, so that it does not remain as a zombie."""
    child = _started.pop(data.resolve(), None)
    if child:
        child.wait()


def _is_held(data: Path) -> bool:
    """Tell whether a live process holds the data directory: the kernel releases the lock of a killed one."""
    try:
        with (data / LOCK_NAME).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _read_owner(data: Path) -> Owner | None:
    """Return the owner named in the lock file; None if there is none, as after an orderly stop."""
    try:
        return Owner(**json.loads((data / LOCK_NAME).read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _wait_for(condition: check.Condition, seconds: float) -> bool:
    """Return True as soon as the condition holds, False after that many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
