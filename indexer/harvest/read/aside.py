"""A process beside the harvest for large bodies: libraries may need hours for a hostile one, and cannot be stopped."""

import multiprocessing
import resource
import signal
from collections.abc import Callable
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Final, ParamSpec, Self, TypeVar

from indexer.harvest.faults import SourceFault
from indexer.interruption import SIGNALS, hold_signals

SMALL: Final = 100_000  # bytes: at worst two seconds of work, for which no process is started
SECONDS: Final = 60
MEMORY: Final = 3_000_000_000  # bytes of address space
P = ParamSpec("P")
T = TypeVar("T")


class Aside:
    """Calls functions in a process of its own, which is started when it is needed and killed if one takes too long."""

    def __init__(self, seconds: int = SECONDS) -> None:
        self._seconds = seconds
        self._connection: Connection | None = None
        self._process: BaseProcess | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def read(self, size: int, what: str, function: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Return what a function returns for a body of so many bytes; raises its exception, or SourceFault."""
        if size <= SMALL:
            return function(*args, **named)
        connection = self._connection or self._start()
        try:
            connection.send((self._seconds, function, args, named))
            if not connection.poll(self._seconds + 1):
                raise EOFError
            answer: T | Exception = connection.recv()
        except (EOFError, OSError) as error:  # too slow, or killed by its limits
            self._end()
            raise SourceFault(f"{what}: takes more than {self._seconds} s or too much memory to read") from error
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _start(self) -> Connection:
        spawn = multiprocessing.get_context("spawn")
        self._connection, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs,), daemon=True)
        resource_tracker.ensure_running()  # starting it later would unblock signals
        with hold_signals():
            self._process.start()
        theirs.close()
        return self._connection

    def _end(self) -> None:
        if self._process is not None and self._connection is not None:
            self._process.kill()
            self._process.join()
            self._connection.close()
        self._process = self._connection = None


def _serve(connection: Connection) -> None:
    """Answer each call with its result or its exception, within its seconds of processor time, until the harvest ends.

    The limits are those of the system: they hold inside a library, and after the harvest was killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is handled by the harvest
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    _, hardest = resource.getrlimit(resource.RLIMIT_CPU)
    while True:
        try:
            seconds, function, args, named = connection.recv()
        except (EOFError, OSError):
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hardest))
        answer: Any
        try:
            answer = function(*args, **named)
        except Exception as error:
            answer = error
        connection.send(answer)
