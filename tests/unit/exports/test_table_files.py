"""Writers of tables: unknown, zero and absent differ; a workbook that is given up leaves nothing open."""

import asyncio
import gc
import io
import json
from collections.abc import AsyncIterator

import pytest
from pyarrow import parquet

from search_app.base.errors import BadParameters
from search_app.base.turns import Turns
from search_app.exports.tables import written
from search_app.exports.tables.lines import Line
from search_app.exports.tables.written import WRITERS

HEADER = ("row", "offers", "left", "fill_rate")
LINES: list[Line] = [("76", 3, 0, 0.5), (None, 2, None, None), ("=1+1", 1, 7, 1 / 3)]


async def batches() -> AsyncIterator[list[Line]]:
    yield LINES[:1]
    yield []
    yield LINES[1:]


def write(kind: str) -> bytes:
    async def collect() -> bytes:
        return b"".join([piece async for piece in WRITERS[kind](HEADER, batches(), Turns(), None)])

    return asyncio.run(collect())


def test_csv_leaves_unknown_empty_and_disables_formulas() -> None:
    lines = write("csv").decode("utf-8-sig").splitlines()
    assert lines[:3] == ["row;offers;left;fill_rate", "76;3;0;0,5", ";2;;"]
    assert lines[3].startswith("'=1+1;1;7;0,333")


def test_ndjson_and_parquet_have_null_for_unknown() -> None:
    expected = [dict(zip(HEADER, line, strict=True)) for line in LINES]
    assert [json.loads(line) for line in write("ndjson").splitlines()] == expected
    assert parquet.read_table(io.BytesIO(write("parquet"))).to_pylist() == expected


def test_workbook_that_is_given_up_leaves_no_file_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written, "MOST_OF_A_SHEET", 2)
    with pytest.raises(BadParameters):
        write("xlsx")
    gc.collect()  # a file that is open is a warning, which is an error


def test_workbook_is_whole_and_leaves_no_file_open() -> None:
    assert write("xlsx").startswith(b"PK")
    gc.collect()
