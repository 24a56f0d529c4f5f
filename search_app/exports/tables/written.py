"""The files of a table: CSV, NDJSON, Parquet and XLSX, written while the lines are read.

Parquet and XLSX need packages that are large or rarely used: they are imported when a file is asked for, and write in
a thread, for a batch takes them longer than other requests should wait.
"""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from search_app.analytics.measures import MEASURES
from search_app.base.errors import BadParameters, Fault
from search_app.base.responses import to_bytes
from search_app.base.turns import Turns
from search_app.exports.files import BYTE_ORDER_MARK, to_line
from search_app.exports.tables.lines import Line
from search_app.exports.tables.notes import Notes
from search_app.exports.tables.workbook import PREVIOUS, Workbook

MOST_OF_A_SHEET: Final = 100_000  # lines: some ten seconds of work; a sheet ends at 1,048,576
PIECE: Final = 65_536
WHOLE: Final = frozenset(name for name, row in MEASURES.items() if not row.over)  # measures that are whole numbers
LABEL_COLUMNS: Final = ("dimension", "value", "label")
Batches = AsyncIterator[list[Line]]
Writer = Callable[[Sequence[str], Batches, Turns, Notes | None], AsyncIterator[bytes]]


async def write_csv(
    header: Sequence[str], batches: Batches, turns: Turns, notes: Notes | None = None
) -> AsyncIterator[bytes]:
    """Yield CSV for French spreadsheets: what is not told is empty, 0 is 0."""
    yield (BYTE_ORDER_MARK + to_line(header)).encode()
    async for batch in batches:
        for piece in await _joined(turns, batch, lambda line: to_line([exact(value) for value in line]).encode()):
            yield piece


def exact(value: object) -> object:
    """Return a number with all its digits, as a French spreadsheet reads it.

    >>> exact(0.626511158107383), exact(12.0), exact("76"), exact(None)
    ('0,626511158107383', '12,0', '76', None)
    """
    return repr(value).replace(".", ",") if isinstance(value, float) else value


async def write_ndjson(
    header: Sequence[str], batches: Batches, turns: Turns, notes: Notes | None = None
) -> AsyncIterator[bytes]:
    """Yield one JSON object a line: what is not told is null."""
    yield b""
    async for batch in batches:
        for piece in await _joined(turns, batch, lambda line: to_bytes(dict(zip(header, line, strict=True))) + b"\n"):
            yield piece


async def _joined(turns: Turns, batch: Sequence[Line], convert: Callable[[Line], bytes]) -> list[bytes]:
    """Return a batch in pieces of a suitable size."""
    pieces, part, size = [], [], 0
    for made in await turns.make(map(convert, batch)):
        part.append(made)
        size += len(made)
        if size >= PIECE:
            pieces.append(b"".join(part))
            part, size = [], 0
    return [*pieces, b"".join(part)]


async def write_parquet(
    header: Sequence[str], batches: Batches, turns: Turns, notes: Notes | None = None
) -> AsyncIterator[bytes]:
    """Yield Parquet, one row group a batch: what is not told is null."""
    file = await asyncio.to_thread(ParquetFile, header)
    yield file.taken()
    async for batch in batches:
        if batch:
            await asyncio.to_thread(file.write, batch)
            yield file.taken()
    await asyncio.to_thread(file.close)
    yield file.taken()


class ParquetFile:
    """A Parquet file that is taken away while it is written."""

    def __init__(self, header: Sequence[str]) -> None:
        import pyarrow
        from pyarrow import parquet

        self._arrow = pyarrow
        fields = [(name, _arrow_type(pyarrow, name)) for name in header]
        self._schema = pyarrow.schema(fields)
        self._sink = _Sink()
        self._writer = parquet.ParquetWriter(self._sink, self._schema, compression="zstd")

    def write(self, batch: Sequence[Line]) -> None:
        """Write a batch."""
        columns = [
            self._arrow.array(values, field.type)
            for values, field in zip(zip(*batch, strict=True), self._schema, strict=True)
        ]
        self._writer.write_table(self._arrow.Table.from_arrays(columns, schema=self._schema))

    def close(self) -> None:
        """Write the end of the file."""
        self._writer.close()

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        return self._sink.taken()


def _arrow_type(pyarrow: Any, name: str) -> Any:
    measure = name.removeprefix(PREVIOUS)
    if measure not in MEASURES:
        return pyarrow.string()
    return pyarrow.int64() if measure in WHOLE else pyarrow.float64()


class _Sink(io.RawIOBase):
    """Keeps what is written until it is taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        self._size += len(part)
        return len(part)

    def tell(self) -> int:
        return self._size

    def taken(self) -> bytes:
        """Return the bytes since the last time."""
        found = b"".join(self._parts)
        self._parts.clear()
        return found


async def write_xlsx(
    header: Sequence[str], batches: Batches, turns: Turns, notes: Notes | None = None
) -> AsyncIterator[bytes]:
    """Yield a workbook, with its notes on sheets of their own; raises BadParameters if it has too many lines."""
    with TemporaryDirectory(prefix="boussole-") as folder:
        path = Path(folder) / "table.xlsx"
        sheet = await asyncio.to_thread(Workbook, path, header)
        try:
            await _fill(sheet, batches, notes)
        finally:
            sheet.release()
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield piece


async def _fill(sheet: "Workbook", batches: Batches, notes: Notes | None) -> None:
    """Write all lines and the end of the file; raises BadParameters if they are too many."""
    lines = 0
    async for batch in batches:
        lines += len(batch)
        if lines > MOST_OF_A_SHEET:
            raise too_many_lines()
        if notes is not None:
            notes.collect(batch)
        await asyncio.to_thread(sheet.write, batch)
    if notes is not None:
        labels = await notes.labels()
        await asyncio.to_thread(sheet.add, "Libellés", LABEL_COLUMNS, labels)
        await asyncio.to_thread(sheet.add, "À propos", (), await notes.about())
    await asyncio.to_thread(sheet.close)


def too_many_lines() -> BadParameters:
    """Return the fault of a table that is too long for a spreadsheet."""
    allowed = f"au plus {MOST_OF_A_SHEET} lignes en XLSX ; CSV, Parquet et NDJSON n’ont pas de limite"
    message = f"rows : ce tableau a plus de {MOST_OF_A_SHEET} lignes (possible : {allowed})."
    return BadParameters([Fault("rows", "", allowed, message)])


WRITERS: Final[dict[str, Writer]] = {
    "csv": write_csv, "ndjson": write_ndjson, "parquet": write_parquet, "xlsx": write_xlsx,
}  # fmt: skip
