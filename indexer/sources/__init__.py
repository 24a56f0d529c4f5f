"""Reads catalogue feeds as a stream of records; see docs/feeds.md."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.records import FileEnd, Limits, RawRecord, Reject, UnusableFeed
from indexer.sources.containers import BadPart, Part, open_parts
from indexer.sources.encodings import TextChunks
from indexer.sources.regroup import Regrouper
from indexer.sources.scanner import RecordScanner


def read_records(paths: Sequence[Path], limits: Limits) -> Iterator[RawRecord | Reject | FileEnd]:
    """Yield every record of the files, in order and in flat memory, and a FileEnd after those of each document.

    A file that is not a feed yields only an incomplete FileEnd; if all files do, UnusableFeed is raised.
    """
    usable = False
    problems: list[str] = []
    for path in paths:
        try:
            with open_parts(path, limits) as parts:
                for part in parts:
                    for item in _read_part(part, limits):
                        usable |= not isinstance(item, FileEnd) or item.complete
                        if isinstance(item, FileEnd) and item.problem:
                            problems.append(item.problem)
                        yield item
        except UnusableFeed as error:
            problems.append(str(error))
            yield FileEnd(str(path), False, str(error))
    if not usable:
        raise UnusableFeed("\n".join(problems) or "no file")


def _read_part(part: Part | BadPart, limits: Limits) -> Iterator[RawRecord | Reject | FileEnd]:
    if isinstance(part, BadPart):
        yield FileEnd(part.name, False, f"{part.name}: {part.problem}")
        return
    chunks = TextChunks(part.stream)
    try:
        scanner = RecordScanner(part.name, iter(chunks), limits)
        yield from _regrouped(scanner, limits) if scanner.prolog.root == "lheo-index" else scanner
    except UnusableFeed as error:
        yield FileEnd(part.name, False, str(error))
        return
    problems = [problem for problem in (chunks.problem, scanner.prolog.warning, scanner.problem) if problem]
    complete = scanner.complete and scanner.problem is None
    yield FileEnd(part.name, complete, f"{part.name}: {'; '.join(problems)}" if problems else None)


def _regrouped(scanner: RecordScanner, limits: Limits) -> Iterator[RawRecord | Reject]:
    with Regrouper(scanner.file, limits) as regrouper:
        for item in scanner:
            if isinstance(item, Reject):
                yield item
            else:
                regrouper.add(item)
        yield from regrouper.groups()
