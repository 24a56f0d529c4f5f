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

MOST_OF_A_SHEET: Final = 100_000  # lines: some ten seconds of work; a sheet ends at 1,048,576
PIECE: Final = 65_536
WHOLE: Final = frozenset(name for name, row in MEASURES.items() if not row.over)  # measures that are whole numbers
PREVIOUS: Final = "previous_"
Batches = AsyncIterator[list[Line]]
Writer = Callable[[Sequence[str], Batches, Turns], AsyncIterator[bytes]]


async def write_csv(header: Sequence[str], batches: Batches, turns: Turns) -> AsyncIterator[bytes]:
    """Yield CSV for French spreadsheets: what is not told is empty, 0 is 0."""
    yield (BYTE_ORDER_MARK + to_line(header)).encode()
    async for batch in batches:
        for piece in await _joined(turns, batch, lambda line: to_line([_cell(value) for value in line]).encode()):
            yield piece


def _cell(value: object) -> object:
    """Return a number with all its digits, as a French spreadsheet reads it.

    >>> _cell(0.626511158107383), _cell(12.0), _cell("76"), _cell(None)
    ('0,626511158107383', '12,0', '76', None)
    """
    return repr(value).replace(".", ",") if isinstance(value, float) else value


async def write_ndjson(header: Sequence[str], batches: Batches, turns: Turns) -> AsyncIterator[bytes]:
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


async def write_parquet(header: Sequence[str], batches: Batches, turns: Turns) -> AsyncIterator[bytes]:
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


async def write_xlsx(header: Sequence[str], batches: Batches, turns: Turns) -> AsyncIterator[bytes]:
    """Yield a workbook; raises BadParameters if it has more lines than a sheet should."""
    with TemporaryDirectory(prefix="boussole-") as folder:
        path = Path(folder) / "table.xlsx"
        sheet = await asyncio.to_thread(Sheet, path, header)
        try:
            await _fill(sheet, batches)
        finally:
            sheet.release()
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield piece


async def _fill(sheet: "Sheet", batches: Batches) -> None:
    """Write all lines and the end of the file; raises BadParameters if they are too many."""
    lines = 0
    async for batch in batches:
        lines += len(batch)
        if lines > MOST_OF_A_SHEET:
            raise too_many_lines()
        await asyncio.to_thread(sheet.write, batch)
    await asyncio.to_thread(sheet.close)


def too_many_lines() -> BadParameters:
    """Return the fault of a table that is too long for a spreadsheet."""
    allowed = f"au plus {MOST_OF_A_SHEET} lignes en XLSX ; CSV, Parquet et NDJSON n’ont pas de limite"
    message = f"rows : ce tableau a plus de {MOST_OF_A_SHEET} lignes (possible : {allowed})."
    return BadParameters([Fault("rows", "", allowed, message)])


class Sheet:
    """A workbook with one sheet, whose lines are written to the disk at once."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        from xlsxwriter import Workbook

        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "tmpdir": path.parent,
        }
        self._book = Workbook(str(path), options)
        self._sheet = self._book.add_worksheet("Tableau")
        self._at = 0
        self._header = header
        shares = self._book.add_format({"num_format": "0.0 %"})
        money = self._book.add_format({"num_format": "0.00"})
        self._formats = [self._format(name, shares, money) for name in header]
        self._sheet.freeze_panes(1, 0)
        self.write([tuple(header)])

    @staticmethod
    def _format(name: str, shares: Any, money: Any) -> Any:
        row = MEASURES.get(name.removeprefix(PREVIOUS))
        if row is None or not row.over:
            return None
        return shares if row.unit == "part" else money

    def write(self, batch: Sequence[Line]) -> None:
        """Write lines; what is not told is an empty cell."""
        for line in batch:
            for column, value in enumerate(line):
                if isinstance(value, str):
                    self._sheet.write_string(self._at, column, value)
                elif value is not None:
                    self._sheet.write_number(self._at, column, value, self._formats[column])
            self._at += 1

    def close(self) -> None:
        """Write the end of the file."""
        self._book.close()

    def release(self) -> None:
        """Close the file of lines, if the workbook was given up; the library keeps it open until it is collected."""
        lines = getattr(self._sheet, "row_data_fh", None)
        if lines is not None and not lines.closed:
            lines.close()
        self._book.fileclosed = 1  # nothing is left to be written


WRITERS: Final[dict[str, Writer]] = {
    "csv": write_csv, "ndjson": write_ndjson, "parquet": write_parquet, "xlsx": write_xlsx,
}  # fmt: skip
