"""Writes the export: offers are read page by page from one point in time and written one by one.

The file is one JSON-LD document with a node on each line. It replaces an older one only when it is complete.
"""

import gzip
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import orjson
from pydantic import ValidationError

from engine.paging import close_view, open_view, read_page
from indexer.elm.bodies import Bodies, read_names
from indexer.elm.fields import all_fields
from indexer.elm.nodes import Frame, to_nodes
from indexer.elm.vocabulary import CONTEXT, concepts
from indexer.installation.indices import Indices
from indexer.work_files.os_errors import naming
from mappings.offer import Offer
from mappings.reference import Reference

PAGE: Final = 200  # offers: some have thousands of sessions
KEPT: Final = "10m"
NOT_READABLE: Final = "stored by another version of the indexer"


@dataclass(slots=True)
class Report:
    """What was written; ``left_out`` counts offers by the reason why the model cannot hold them."""

    offers: int = 0
    bodies: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


def write_export(indices: Indices, index: str, path: Path, site: str, today: date) -> Report:
    """Write all offers of an index as one document; ``site`` is the site's address without a final slash.

    Raises EngineError, WorkFileError; the file is as it was then.
    """
    report = Report()
    frame = Frame(site, today, Bodies(site, read_names(indices)), _labels(indices.fetch_reference()))
    with naming(path), _replacing(path) as file:
        for part in to_parts(_stored(indices, index), frame, report):
            file.write(part)
    return report


def to_parts(stored: Iterable[dict[str, Any]], frame: Frame, report: Report) -> Iterator[bytes]:
    """Yield the parts of the document: context, concepts, then a line for each node of the stored offers."""
    yield b'{"@context":' + orjson.dumps(CONTEXT) + b',"@graph":[\n'
    yield b",\n".join(map(orjson.dumps, concepts(frame.site, all_fields())))
    for each in stored:
        offer = _read(each)
        nodes = NOT_READABLE if offer is None else to_nodes(offer, frame)
        if isinstance(nodes, str):
            report.left_out[nodes] += 1
            continue
        report.offers += 1
        report.bodies += len(nodes) - 1
        yield from (b",\n" + orjson.dumps(node) for node in nodes)
    yield b"\n]}\n"


def _labels(known: Reference) -> dict[str, str]:
    """Return the labels of specialities (three digits) and Formacodes (five)."""
    return {**known.nsf, **known.formacode}


def _stored(indices: Indices, index: str) -> Iterator[dict[str, Any]]:
    view = indices.engine.run(open_view(index, {"size": PAGE, "sort": [{"key": "asc"}]}, KEPT))
    try:
        while hits := indices.engine.run(read_page(view)):
            yield from (hit["_source"] for hit in hits)
    finally:
        indices.engine.run(close_view(view))


def _read(stored: dict[str, Any]) -> Offer | None:
    try:
        return Offer.model_validate(stored, extra="ignore")
    except ValidationError:
        return None


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Yield a file, compressed for ``.gz``, that takes the place of ``path`` when the block ends well."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as raw:
            if path.suffix == ".gz":
                with gzip.GzipFile(path.stem, "wb", mtime=0, fileobj=raw) as packed:
                    yield cast(BinaryIO, packed)
            else:
                yield raw
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
