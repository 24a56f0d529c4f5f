"""Prepared offers on disk: what is read is what was written, in any order."""

import zlib
from pathlib import Path

import pytest

from indexer.work_files.spool import SpoolReader, SpoolWriter, spool_size

BLOCKS = [[b'{"a": 1}', b'{"b": 22}'], [b'{"c": "%s"}' % (b"x" * 10_000)], [b"{}"]]


@pytest.fixture
def refs(tmp_path: Path) -> list[tuple[object, list[bytes]]]:
    writers = [SpoolWriter(tmp_path, "1.spool"), SpoolWriter(tmp_path, "2.spool")]
    written = [(writers[n % 2].append(bodies), bodies) for n, bodies in enumerate(BLOCKS)]
    for writer in writers:
        writer.close()
    return list(written)


def test_bodies_come_back_from_any_block_in_any_order(tmp_path: Path, refs: list[tuple[object, list[bytes]]]) -> None:
    with SpoolReader(tmp_path) as reader:
        for ref, bodies in (refs[2], refs[0], refs[1], refs[0]):
            start = 0
            for body in bodies:
                assert reader.read(ref, start, len(body)) == body  # type: ignore[arg-type]
                start += len(body)


def test_the_size_told_is_that_on_disk_and_smaller_than_the_text(tmp_path: Path, refs: list[object]) -> None:
    assert spool_size(tmp_path) == sum(path.stat().st_size for path in tmp_path.iterdir())
    assert spool_size(tmp_path) < sum(len(body) for bodies in BLOCKS for body in bodies) / 10


def test_a_damaged_block_is_an_error_and_never_a_wrong_offer(
    tmp_path: Path, refs: list[tuple[object, list[bytes]]]
) -> None:
    path = tmp_path / "2.spool"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    with SpoolReader(tmp_path) as reader, pytest.raises(zlib.error):
        reader.read(refs[1][0], 0, 10)  # type: ignore[arg-type]
