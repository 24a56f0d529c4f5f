"""Takes the offers of a batch in, in feed order: what was converted, and what is known from the last load."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import orjson

from indexer.load.batches import Batch
from indexer.load.convert import ConvertContext
from indexer.load.intake import Intake
from indexer.load.settle import Clash, OfferRow
from indexer.load.workers import BatchResult, Converter, RecordRows
from indexer.records import REJECT_TEXT, RawRecord, Reject
from indexer.work_files.spool import BlockRef

MESSAGES: Final = {
    "repeated-number": "the number stood before in this load: the first offer stands",
    "key-collision": "the number has the same short key as another one: {key}",
    "repeated-session": "the session number stood before in this load: the offer stays, without this session",
}


class Rereader:
    """Converts in the main process what was thought to be known and has to be read after all, which is rare."""

    def __init__(self, spool: Path, make_context: Callable[[], ConvertContext]) -> None:
        self._spool, self._make_context = spool, make_context
        self._converter: Converter | None = None

    def convert(self, record: RawRecord) -> BatchResult:
        """Convert one record."""
        if self._converter is None:
            self._converter = Converter(self._spool, self._make_context(), "again")
        return self._converter.convert([record])

    def close(self) -> None:
        """Close the spool file."""
        if self._converter is not None:
            self._converter.close()


def take_in(batch: Batch, result: BatchResult, intake: Intake, rereader: Rereader) -> None:
    """Take a batch in: ``result`` is that of its unread records."""
    intake.report.read += len(result.rows) + sum(reject.whole for reject in result.rejects)
    intake.worker_memory[result.worker] = result.peak_memory
    for reject in result.rejects:
        intake.set_aside(reject)
    parts = list(_parts(batch, result))
    clashes = _add(batch, parts, result.block, intake, rereader)
    _tell_repairs(result, [clash.offer for clash in clashes if clash.session is None], intake)
    texts = {(raw.file, raw.line): raw.texts for raw in batch.records} if clashes else {}
    for clash in clashes:
        record = "\n".join(texts.pop((clash.offer.file, clash.offer.line), ()))  # with the first clash of it alone
        intake.set_aside(_reject_of(clash, record))
    _remember(batch, parts, {clash.offer for clash in clashes}, intake)


def _parts(batch: Batch, result: BatchResult) -> Iterator[RecordRows]:
    """Yield the offers of each record, known or read."""
    read = iter(result.records)
    for known in batch.known:
        yield RecordRows(known, is_sound=True) if known else next(read)


def _add(batch: Batch, parts: Sequence[RecordRows], block: BlockRef, intake: Intake, rereader: Rereader) -> list[Clash]:
    """Add all offers to the settlement; returns those read that cannot stand. Known ones that cannot are read."""
    settlement = intake.settlement
    rows = [row for part in parts for row in part.rows]
    known = sum(map(len, batch.known))
    if not known:
        return settlement.add_block(block, rows)
    if settlement.add_whole(block, rows):
        _count_known(known, intake)
        return []
    clashes: list[Clash] = []
    for index, part in enumerate(parts):
        if not batch.known[index]:
            clashes += settlement.add_block(block, part.rows)
        elif settlement.stood_before(part.rows):
            again = Batch()
            again.add(batch.records[index], batch.digests[index], [])
            take_in(again, rereader.convert(batch.records[index]), intake, rereader)
        else:
            settlement.add_block(block, part.rows)
            _count_known(len(part.rows), intake)
    return clashes


def _count_known(offers: int, intake: Intake) -> None:
    intake.report.read += offers
    intake.report.known += offers


def _remember(batch: Batch, parts: Sequence[RecordRows], clashing: set[OfferRow], intake: Intake) -> None:
    """Remember for the next load each record of which nothing had to be told."""
    intake.next.add(
        (digest, part.rows)
        for digest, part in zip(batch.digests, parts, strict=True)
        if part.is_sound and part.rows and not (clashing and clashing.intersection(part.rows))
    )


def _tell_repairs(result: BatchResult, refused: list[OfferRow], intake: Intake) -> None:
    """Count and write down the faults of a batch, without those of offers that do not stand."""
    if not refused:
        intake.report.faults += result.faults
        intake.space.repairs.write(result.repairs)
        return
    without = {(offer.file, offer.line, offer.id) for offer in refused}
    for line in result.repairs.splitlines(keepends=True):
        fault = orjson.loads(line)
        if (fault["file"], fault["line"], fault["id"]) not in without:
            intake.report.faults[fault["kind"]] += 1
            intake.space.repairs.write(line)


def _reject_of(clash: Clash, record: str) -> Reject:
    offer = clash.offer
    return Reject(
        file=offer.file,
        line=offer.line,
        identifier=clash.session or offer.id,
        identifiers=(offer.id,),
        reason=clash.reason,
        message=f"{clash.session or offer.id}: {MESSAGES[clash.reason].format(key=offer.key)}",
        record=record[:REJECT_TEXT],
        whole=clash.session is None,
    )
