"""Takes in what a source tells: every item into the spool, rejects into their file."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import orjson

from indexer.harvest.faults import SourceFault, one_line
from indexer.harvest.fetch.fetcher import Fetcher
from indexer.harvest.read.dila import read_dila
from indexer.harvest.read.feed import read_feed
from indexer.harvest.read.oai import OaiQuery, read_oai
from indexer.harvest.read.sitemap import read_sitemap
from indexer.harvest.record.codes import LONGEST
from indexer.harvest.record.make import RULES_VERSION, Setting, record_key, to_record
from indexer.harvest.run.options import HarvestOptions
from indexer.harvest.run.report import HarvestReport
from indexer.harvest.run.spool import HarvestSpool
from indexer.harvest.store import stored_records
from indexer.harvest.told import Item, Reading, Rejected, Removed, Told, Unchanged
from indexer.installation.indices import Indices
from indexer.installation.locks import Lock
from indexer.normalize.texts import bare_words
from indexer.progress import show_progress
from indexer.work_files.workspace import Workspace
from mappings.documents.record import DocumentRecord, HarvestState


@dataclass(slots=True)
class Harvest:
    """A harvest in progress."""

    options: HarvestOptions
    indices: Indices
    report: HarvestReport
    lock: Lock
    space: Workspace
    spool: HarvestSpool
    setting: Setting
    fetcher: Fetcher
    state: HarvestState | None
    reading: Reading = field(default_factory=Reading)
    stored: int = 0  # bytes written to disk

    def write_down(self, size: int) -> None:
        """Count bytes that go to disk; raises SourceFault if they are too many: a source may never end."""
        self.stored += size
        if self.stored > self.options.bounds.stored:
            raise SourceFault(f"{one_line(self.options.url)}: more than {self.options.bounds.stored} bytes to store")

    def key(self, identifier: str) -> str:
        """Return the key of a record of this harvest."""
        return record_key(self.options.source, self.options.scope, identifier)

    def known_datestamp(self, identifier: str) -> str | None:
        """Return the datestamp under which a record is stored, None if it has to be read in any case."""
        if self.options.full or (self.state is not None and self.state.rules != RULES_VERSION):
            return None
        return self.spool.live_datestamp(self.key(identifier))


def read_live(harvest: Harvest) -> None:
    """Read what is stored of the source."""
    indices, options = harvest.indices, harvest.options
    indices.refresh(indices.names.document_records)
    harvest.spool.add_live(stored_records(indices, options.source, options.scope))


def read_source(harvest: Harvest) -> None:
    """Read the source to its end, or to where it breaks off; raises SourceFault if nothing came at all."""
    report = harvest.report
    try:
        with show_progress("Harvesting", unit="records", quiet=harvest.options.quiet) as progress:
            for item in _items(harvest):
                report.requests = harvest.fetcher.requests
                harvest.fetcher.check_time(item.identifier or "a record")
                _take_in(harvest, item)
                progress.advance(1)
        report.notes += harvest.reading.notes
    except SourceFault as fault:
        if not report.read:
            raise
        report.problems.append(str(fault))
        report.is_incomplete = True
        report.removals_withheld = report.removals_withheld or "the source did not come whole"
    finally:
        report.requests = harvest.fetcher.requests
    if not harvest.reading.next_from and harvest.options.kind == "oai" and not report.is_incomplete:
        report.notes.append("the provider tells no usable responseDate: the next harvest reads everything")


def _items(harvest: Harvest) -> Iterator[Item]:
    options, fetcher, reading = harvest.options, harvest.fetcher, harvest.reading
    if options.kind == "oai":
        query = OaiQuery(options.url, options.prefix, options.set, harvest.report.since)
        return read_oai(fetcher, query, reading)
    if options.kind == "feed":
        return read_feed(fetcher, options.url, reading)
    if options.kind == "dila":
        return read_dila(fetcher, options.url, reading)
    return read_sitemap(fetcher, options.url, reading, harvest.known_datestamp)


def _take_in(harvest: Harvest, item: Item) -> None:
    report, spool = harvest.report, harvest.spool
    report.read += 1
    if isinstance(item, Unchanged):
        report.unchanged += 1
        spool.keep(harvest.key(item.identifier))
    elif isinstance(item, Removed):
        spool.add_removed(harvest.key(item.identifier))
    elif isinstance(item, Rejected):
        _set_aside(harvest, item)
    elif not _is_about(item, harvest.options.about):
        report.passed_over += 1
        spool.add_removed(harvest.key(item.identifier))  # it may be stored, from a time when it was about them
    else:
        record = to_record(item, harvest.setting)
        if isinstance(record, Rejected):
            _set_aside(harvest, record)
        else:
            body = to_body(record)
            harvest.write_down(len(body))
            report.repeated += spool.add_told(record.key, record.hash, record.datestamp, body)


def _is_about(told: Told, words: tuple[str, ...]) -> bool:
    """Tell whether a subject or the title of a record contains one of the words; without words everything is meant."""
    if not words:
        return True
    texts = [f" {bare_words(text[:LONGEST])} " for text in (*told.subjects, *told.titles)]
    return any(f" {bare_words(word)} " in text for word in words for text in texts)


def _set_aside(harvest: Harvest, rejected: Rejected) -> None:
    """Write a reject down, and keep what is stored of it unless it is gone; without an identifier nothing that is
    missing may be removed.
    """
    report = harvest.report
    report.rejected[rejected.reason] += 1
    place, identifier = rejected.place, rejected.identifier
    texts = (harvest.options.source, place, identifier, rejected.reason, rejected.message, rejected.raw)
    row = {
        name: text and text.encode("utf-8", "replace").decode()
        for name, text in zip(("source", "place", "identifier", "reason", "message", "record"), texts, strict=True)
    }
    line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    harvest.write_down(len(line))
    harvest.space.rejects.write(line)
    if identifier and rejected.is_gone:
        harvest.spool.add_removed(harvest.key(identifier))
    elif identifier:
        harvest.spool.keep(harvest.key(identifier))
    else:
        report.removals_withheld = report.removals_withheld or f"a reject has no identifier ({place})"


def to_body(record: DocumentRecord) -> bytes:
    """Return a record as it is stored; what has no value is left out."""
    return record.model_dump_json(exclude_none=True).encode()
