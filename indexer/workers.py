"""Converts records on all cores: each worker spools its offers and sends back only what is remembered of them."""

import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from indexer.convert import ConvertContext, convert_record
from indexer.records import RawRecord, Reject
from indexer.settle import OfferRow
from indexer.spool import BlockRef, SpoolWriter
from mappings.keys import key_of
from mappings.reference import PROVIDERS_PREFIX, build_reference

BATCH: Final = 1_000_000  # characters of records that one worker is given at a time
BATCH_RECORDS: Final = 500
AHEAD: Final = 2  # batches that wait for each worker beside the one that it converts


class WorkerDied(Exception):
    """A worker process ended without an answer: killed from outside, or out of memory."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a worker tells of a batch."""

    block: BlockRef
    rows: list[OfferRow]
    rejects: list[Reject]
    repairs: bytes  # NDJSON of the faults
    faults: Counter[str]
    worker: int
    peak_memory: int


class Converter:
    """Converts batches and spools the offers; lives in a worker, or in the main process for small feeds."""

    def __init__(self, spool: Path, context: ConvertContext) -> None:
        self._context = context
        self._writer = SpoolWriter(spool, f"{os.getpid()}.spool")

    def close(self) -> None:
        """Close the spool file."""
        self._writer.close()

    def convert(self, records: list[RawRecord]) -> BatchResult:
        """Convert records in order."""
        rows: list[OfferRow] = []
        bodies: list[bytes] = []
        rejects: list[Reject] = []
        repairs: list[bytes] = []
        faults: Counter[str] = Counter()
        start = 0
        for record in records:
            offers, set_aside, found = convert_record(record, self._context)
            rejects += set_aside
            for fault in found:
                faults[fault.kind] += 1
                repairs.append(orjson.dumps(asdict(fault), option=orjson.OPT_APPEND_NEWLINE))
            for offer in offers:
                keys = tuple(map(key_of, offer.session_ids))
                rows.append(
                    OfferRow(
                        *(offer.id, offer.key, offer.hash, start, len(offer.body), offer.session_ids, keys),
                        *(offer.siren, offer.provider_name, offer.file, offer.line),
                    )
                )
                bodies.append(offer.body)
                start += len(offer.body)
        block = self._writer.append(bodies)
        return BatchResult(block, rows, rejects, b"".join(repairs), faults, os.getpid(), peak_memory())


def peak_memory() -> int:
    """Return the most bytes that this process ever had resident."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def save_tables(path: Path, documents: Sequence[Mapping[str, Any]]) -> None:
    """Write the reference tables where the workers read them; names of providers are no business of theirs."""
    path.write_bytes(orjson.dumps([each for each in documents if not each["name"].startswith(PROVIDERS_PREFIX)]))


def read_context(tables: Path, source: str, written_at: str) -> ConvertContext:
    """Return what conversion depends on, with the tables that ``save_tables`` wrote."""
    return ConvertContext(source, build_reference(orjson.loads(tables.read_bytes())), written_at)


_converters: list[Converter] = []  # of this worker process: one, from its start to its end


def _start_worker(spool: Path, make_context: Callable[[], ConvertContext]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which ends its workers
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _converters.append(Converter(spool, make_context()))


def _end_with_parent() -> None:
    """End this worker when the main process is gone, even by kill -9; nothing else would tell it."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    multiprocessing.connection.wait([parent.sentinel])
    os._exit(1)


def _convert_in_worker(records: list[RawRecord]) -> BatchResult:
    return _converters[0].convert(records)


def convert_all(
    batches: Iterable[list[RawRecord]], spool: Path, make_context: Callable[[], ConvertContext], workers: int
) -> Iterator[tuple[list[RawRecord], BatchResult]]:
    """Yield each batch with its result, in order; ``make_context`` is picklable and called once in each worker."""
    if workers == 1:
        converter = Converter(spool, make_context())
        try:
            for batch in batches:
                yield batch, converter.convert(batch)
        finally:
            converter.close()
        return
    yield from _convert_in_pool(batches, spool, make_context, workers)


def _convert_in_pool(
    batches: Iterable[list[RawRecord]], spool: Path, make_context: Callable[[], ConvertContext], workers: int
) -> Iterator[tuple[list[RawRecord], BatchResult]]:
    # Not forked: a fork would copy the main process's threads' locks, and count its memory twice.
    method = multiprocessing.get_context("spawn")
    waiting: deque[tuple[list[RawRecord], Future[BatchResult]]] = deque()
    with ProcessPoolExecutor(workers, method, _start_worker, (spool, make_context)) as pool:
        try:
            for batch in batches:
                waiting.append((batch, pool.submit(_convert_in_worker, batch)))
                if len(waiting) > workers * (1 + AHEAD):
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        except BrokenProcessPool as error:
            raise WorkerDied("a worker process ended unexpectedly: killed, or out of memory") from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
