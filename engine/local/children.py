"""The processes that the demonstration starts: ended with it, however it is interrupted."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

STOPS = (signal.SIGINT, signal.SIGTERM)
STOP_SECONDS = 15


@contextlib.contextmanager
def child_process(
    arguments: list[str], environment: Mapping[str, str], log: Path | None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python -m` arguments in a process group of their own, so that Ctrl-C reaches only this process; ended with
    the block.
    """
    with contextlib.ExitStack() as started:
        # An interruption while the process is started would leave it running, as nothing would know of it.
        with _interrupted_later():
            child = _start(arguments, environment, log)
            started.callback(_end, child)
        yield child


def _start(arguments: list[str], environment: Mapping[str, str], log: Path | None) -> subprocess.Popen[bytes]:
    with contextlib.ExitStack() as files:
        output = files.enter_context(log.open("ab")) if log else None
        return subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def _end(child: subprocess.Popen[bytes]) -> None:
    """Terminate the process if it still runs, kill it if it does not end then."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if child.poll() is None:
            os.killpg(child.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(STOP_SECONDS)


@contextlib.contextmanager
def _interrupted_later() -> Iterator[None]:
    """Defer Ctrl-C and SIGTERM to the end of the block."""
    signs: list[int] = []
    handlers = {sign: signal.signal(sign, lambda sign, _: signs.append(sign)) for sign in STOPS}
    try:
        yield
    finally:
        for sign, handler in handlers.items():
            signal.signal(sign, handler)
    if signs:
        signal.raise_signal(signs[0])
