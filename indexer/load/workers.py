"""Stage 2, convert: worker processes convert records into spooled offers on all cores."""

import multiprocessing
import os
import queue
import signal
import threading
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from indexer.interruption import SIGNALS, hold_signals
from indexer.load.batches import CHARACTERS, NOTHING, Batch, BatchResult, Converter
from indexer.load.convert import ConvertContext
from indexer.records import RawRecord

DIED: Final = "a worker process ended unexpectedly: killed, or out of memory"
AHEAD: Final = 2  # full batches queued for each worker beside the current one
MOST_WAITING: Final = 20  # batches, known ones behind an unread one included: 20 MB of text
ENOUGH: Final = CHARACTERS // 2  # queued characters per worker before another one is started
SMALL_FEED: Final = 3_000_000  # bytes; to start workers would take longer than to convert it in this process


class WorkerDied(Exception):
    """A worker process ended without an answer: killed from outside, or out of memory."""


class _Worker:
    """A worker process and the connection for batches and, in the same order, their results.

    There is no thread or queue of the main process between them, so that it may be killed at any moment.
    """

    def __init__(self, spool: Path, make_context: Callable[[], ConvertContext]) -> None:
        # Not forked: a fork would copy locked locks of the main process's threads, and count its memory twice.
        spawn = multiprocessing.get_context("spawn")
        self._connection, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_work, args=(theirs, spool, make_context), daemon=True)
        resource_tracker.ensure_running()  # starting it later would unblock signals
        with hold_signals():
            self._process.start()
        theirs.close()
        self.load = 0  # characters sent and not answered yet

    def send(self, batch: list[RawRecord] | None) -> None:
        """Send a batch, or None for "no more batches"; raises WorkerDied."""
        try:
            self._connection.send(batch)
        except OSError as error:
            raise WorkerDied(DIED) from error

    def receive(self) -> BatchResult:
        """Wait for the next result; raises WorkerDied, or the worker's exception, such as a full disk."""
        try:
            answer: BatchResult | Exception = self._connection.recv()
        except (EOFError, OSError) as error:
            raise WorkerDied(DIED) from error
        if isinstance(answer, Exception):
            raise answer
        return answer

    def join(self) -> None:
        """Wait until the process has ended after None was sent."""
        self._process.join()

    def end(self) -> None:
        """Kill the process."""
        self._process.kill()
        self._process.join()
        self._connection.close()


def _work(connection: Connection, spool: Path, make_context: Callable[[], ConvertContext]) -> None:
    """Answer each batch with its result or its exception; runs in a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is handled by the main process, which ends its workers
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    batches: queue.SimpleQueue[list[RawRecord] | None] = queue.SimpleQueue()
    threading.Thread(target=_take_batches, args=(connection, batches), daemon=True).start()
    converter: Converter | None = None
    while (batch := batches.get()) is not None:
        answer: BatchResult | Exception
        try:
            converter = converter or Converter(spool, make_context())
            answer = converter.convert(batch)
        except Exception as error:
            answer = error
        try:
            connection.send(answer)
        except OSError:
            os._exit(1)  # the main process is gone
    if converter is not None:
        converter.close()


def _take_batches(connection: Connection, batches: queue.SimpleQueue[list[RawRecord] | None]) -> None:
    """Receive batches in a thread, so that sending never waits for results; exit when the main process ends.

    A worker would not notice otherwise that the main process was killed.
    """
    while True:
        try:
            batch = connection.recv()
        except (EOFError, OSError):
            os._exit(1)
        batches.put(batch)
        if batch is None:
            return


def choose_workers(files: Iterable[Path], asked: int | None) -> int:
    """Return how many processes convert: what was asked for, else one for each core, or one if the feed is small."""
    if asked is not None:
        return max(asked, 1)
    size = sum(path.stat().st_size * (1 if path.suffix == ".xml" else 10) for path in files)
    return 1 if size < SMALL_FEED else os.cpu_count() or 1


def convert_batches(
    batches: Iterable[Batch], spool: Path, make_context: Callable[[], ConvertContext], workers: int
) -> Generator[tuple[Batch, BatchResult], None, None]:
    """Yield each batch, in order, with the result of its unread records; some batches are read ahead."""
    waiting: deque[Batch] = deque()

    def unread() -> Iterator[list[RawRecord]]:
        for batch in batches:
            waiting.append(batch)
            yield batch.unread

    with closing(convert_all(unread(), spool, make_context, workers)) as results:
        for result in results:
            yield waiting.popleft(), result


def convert_all(
    batches: Iterable[list[RawRecord]], spool: Path, make_context: Callable[[], ConvertContext], workers: int
) -> Generator[BatchResult, None, None]:
    """Yield the result of each batch, in order; ``make_context`` is picklable, and called once per process.

    No process is started, and no context is created, before there is a batch that is not empty.
    """
    convert = _convert_here if workers == 1 else _convert_in_pool
    yield from convert(batches, spool, make_context, workers)


def _convert_here(
    batches: Iterable[list[RawRecord]], spool: Path, make_context: Callable[[], ConvertContext], _: int
) -> Generator[BatchResult, None, None]:
    with ExitStack() as stack:
        converter: Converter | None = None
        for batch in batches:
            if batch and converter is None:
                converter = stack.enter_context(closing(Converter(spool, make_context())))
            yield converter.convert(batch) if batch and converter else NOTHING


def _convert_in_pool(
    batches: Iterable[list[RawRecord]], spool: Path, make_context: Callable[[], ConvertContext], workers: int
) -> Generator[BatchResult, None, None]:
    waiting: deque[tuple[_Worker | None, int]] = deque()  # worker (None for an empty batch) and characters
    with closing(_Pool(spool, make_context, workers)) as pool:
        for batch in batches:
            waiting.append(pool.send(batch) if batch else (None, 0))
            while waiting and (waiting[0][0] is None or pool.is_full(waiting)):
                yield _receive(*waiting.popleft())
        while waiting:
            yield _receive(*waiting.popleft())
        pool.join()


def _receive(worker: _Worker | None, characters: int) -> BatchResult:
    if worker is None:
        return NOTHING
    worker.load -= characters
    return worker.receive()


class _Pool:
    """Worker processes, started one by one when the running ones have enough to do."""

    def __init__(self, spool: Path, make_context: Callable[[], ConvertContext], most: int) -> None:
        self._start = partial(_Worker, spool, make_context)
        self._most = most
        self._workers: list[_Worker] = []

    def send(self, batch: list[RawRecord]) -> tuple[_Worker, int]:
        """Send a batch to the least busy worker; return the worker and the batch's characters."""
        characters = sum(len(text) for record in batch for text in record.texts)
        worker = min(self._workers, key=lambda each: each.load, default=None)
        if worker is None or (worker.load >= ENOUGH and len(self._workers) < self._most):
            with hold_signals():  # a worker that was started and is not in the pool would not be ended
                worker = self._start()
                self._workers.append(worker)
        worker.send(batch)
        worker.load += characters
        return worker, characters

    def is_full(self, waiting: Collection[tuple[_Worker | None, int]]) -> bool:
        """Tell whether a result must be received before more is sent."""
        unread = sum(characters for _, characters in waiting)
        return len(waiting) > MOST_WAITING or unread > self._most * (1 + AHEAD) * CHARACTERS

    def join(self) -> None:
        """End the input of all workers, and wait until they have ended."""
        for worker in self._workers:
            worker.send(None)
            worker.join()

    def close(self) -> None:
        """Kill all workers."""
        for worker in self._workers:
            worker.end()
