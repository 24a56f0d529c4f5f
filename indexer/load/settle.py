"""Stage 3, settle: determines the offers that are kept, new, changed and gone, and whether they may be written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import orjson

from indexer.load.batches import Batch, BatchResult, Converter, RecordRows
from indexer.load.convert import ConvertContext
from indexer.load.foreign import set_aside_foreign
from indexer.load.gates import GateCounts, check_gates
from indexer.load.state import Load
from indexer.progress import Progress
from indexer.records import REJECT_TEXT, BlockRef, Clash, OfferRow, RawRecord, Reject

MESSAGES: Final = {
    "repeated-number": "the number stood before in this load: the first offer stands",
    "key-collision": "the number has the same short key as another one: {key}",
    "repeated-session": "the session number stood before in this load: the offer stays, without this session",
}


def take_in_all(load: Load, converted: Iterable[tuple[Batch, BatchResult]], progress: Progress) -> None:
    """Add the offers of all batches to the settlement, in feed order."""
    with closing(Rereader(load.space.spool, load.make_context)) as rereader:
        for batch, result in converted:
            take_in(batch, result, load, rereader)
            progress.advance(len(batch.records))
    load.settlement.end_intake()


def settle(load: Load) -> None:
    """Reject what is live under another source, and count the effects of the load."""
    index = load.indices.live_index()
    if index is not None:
        set_aside_foreign(load, index)
    load.report.live_before = load.settlement.live_count()
    count_plan(load)


def count_plan(load: Load) -> None:
    """Count the effects of the current plan: the engine may refuse offers while they are written."""
    report, counts = load.report, load.settlement.count()
    report.new, report.changed, report.same = counts.new, counts.changed, counts.same
    withheld = report.removals_withheld is not None
    report.kept = counts.kept + (counts.gone if withheld else 0)
    report.removed = 0 if withheld else counts.gone
    report.live = report.live_before - report.removed + counts.new


def passes_gates(load: Load) -> bool:
    """Tell whether the plan may be written; refusals are added to the report."""
    report, source = load.report, load.source
    counts = GateCounts(
        read=report.read,
        rejected=report.rejected_offers,
        offers=report.new + report.changed + report.same,
        before=report.live_before,
        after=report.live,
    )
    refusals = [each for each in check_gates(counts, load.options.limits) if each.gate not in load.options.force]
    report.refused_by = [f"{refusal.gate}: {refusal.message}" for refusal in refusals]
    if refusals:
        index = load.indices.live_index()
        live = load.indices.count_by_source(index) if index else {}
        report.live, report.sessions = live.get(source, (0, 0))
    return not refusals


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


def take_in(batch: Batch, result: BatchResult, load: Load, rereader: Rereader) -> None:
    """Take a batch in: ``result`` is that of its unread records."""
    load.report.read += len(result.rows) + sum(reject.whole for reject in result.rejects)
    load.worker_memory[result.worker] = result.peak_memory
    for reject in result.rejects:
        load.set_aside(reject)
    parts = list(_parts(batch, result))
    clashes = _add(batch, parts, result.block, load, rereader)
    _tell_repairs(result, [clash.offer for clash in clashes if clash.session is None], load)
    texts = {(raw.file, raw.line): raw.texts for raw in batch.records} if clashes else {}
    for clash in clashes:
        record = "\n".join(texts.pop((clash.offer.file, clash.offer.line), ()))  # with the first clash of it alone
        load.set_aside(_reject_of(clash, record))
    _remember(batch, parts, {clash.offer for clash in clashes}, load)


def _parts(batch: Batch, result: BatchResult) -> Iterator[RecordRows]:
    """Yield the offers of each record, known or read."""
    read = iter(result.records)
    for known in batch.known:
        yield RecordRows(known, is_sound=True) if known else next(read)


def _add(batch: Batch, parts: Sequence[RecordRows], block: BlockRef, load: Load, rereader: Rereader) -> list[Clash]:
    """Add all offers to the settlement; returns those read that cannot stand. Known ones that cannot are read."""
    settlement = load.settlement
    rows = [row for part in parts for row in part.rows]
    known = sum(map(len, batch.known))
    if not known:
        return settlement.add_block(block, rows)
    if settlement.add_whole(block, rows):
        _count_known(known, load)
        return []
    clashes: list[Clash] = []
    for index, part in enumerate(parts):
        if not batch.known[index]:
            clashes += settlement.add_block(block, part.rows)
        elif settlement.stood_before(part.rows):
            again = Batch()
            again.add(batch.records[index], batch.digests[index], [])
            take_in(again, rereader.convert(batch.records[index]), load, rereader)
        else:
            settlement.add_block(block, part.rows)
            _count_known(len(part.rows), load)
    return clashes


def _count_known(offers: int, load: Load) -> None:
    load.report.read += offers
    load.report.known += offers


def _remember(batch: Batch, parts: Sequence[RecordRows], clashing: set[OfferRow], load: Load) -> None:
    """Remember for the next load each record of which nothing had to be told."""
    load.next.add(
        (digest, part.rows)
        for digest, part in zip(batch.digests, parts, strict=True)
        if part.is_sound and part.rows and not (clashing and clashing.intersection(part.rows))
    )


def _tell_repairs(result: BatchResult, refused: list[OfferRow], load: Load) -> None:
    """Count and write down the faults of a batch, without those of offers that do not stand."""
    if not refused:
        load.report.faults += result.faults
        load.space.repairs.write(result.repairs)
        return
    without = {(offer.file, offer.line, offer.id) for offer in refused}
    for line in result.repairs.splitlines(keepends=True):
        fault = orjson.loads(line)
        if (fault["file"], fault["line"], fault["id"]) not in without:
            load.report.faults[fault["kind"]] += 1
            load.space.repairs.write(line)


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
