"""Ctrl-C and SIGTERM: the first one ends a command orderly with one line, further ones are ignored.

Imports very little, because it is active before other modules are loaded.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
LINE: Final = "indexer: interrupted; run the same command again"
# Seconds for the clean-up. What takes longer (an engine that does not answer) is left to the next run, which handles it
# as after kill -9.
GRACE: Final = 10


class Interrupted(BaseException):
    """SIGINT or SIGTERM was received; ``status`` is the exit status, 130 or 143."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.status = 128 + number


class _Held:
    """Whether signals are held back, and the first one received meanwhile."""

    depth = 0
    number: int | None = None


_held = _Held()


def leave_at_once() -> None:
    """From now on a signal ends the process immediately: there is nothing to clean up yet."""
    for number in SIGNALS:
        signal.signal(number, _leave)


def raise_once() -> None:
    """From now on the first signal raises Interrupted in the main thread, further ones are ignored."""
    for number in SIGNALS:
        signal.signal(number, _interrupt)


def run_orderly(work: Callable[[], int]) -> int:
    """Do the work and return its exit status; the first signal ends it with one line, none afterwards."""
    try:
        raise_once()
        return work()
    except Interrupted as interrupted:
        print(LINE, file=sys.stderr)
        return interrupted.status
    finally:
        ignore()


def ignore() -> None:
    """From now on signals do not change how the process ends."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    signal.alarm(0)


@contextmanager
def hold_signals() -> Iterator[None]:
    """Hold signals back until the block ends; a process started in it has them blocked until it unblocks them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    _held.depth += 1  # a signal blocked here may be delivered to another thread, and its handler runs in this one
    try:
        yield
    finally:
        _held.depth -= 1
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if _held.number is not None and not _held.depth:
            number, _held.number = _held.number, None
            _interrupt(number, None)


def _interrupt(number: int, frame: FrameType | None) -> None:
    if _held.depth:
        _held.number = _held.number or number
        return
    ignore()
    signal.signal(signal.SIGALRM, lambda *_: _leave(number, None))
    signal.alarm(GRACE)
    raise Interrupted(number)


def _leave(number: int, frame: FrameType | None) -> None:
    os.write(2, f"{LINE}\n".encode())
    os._exit(128 + number)
