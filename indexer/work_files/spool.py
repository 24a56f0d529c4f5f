"""Prepared offers on disk between reading and writing: compressed blocks, one file per worker."""

import zlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from indexer.records import BlockRef
from indexer.work_files.os_errors import naming

LEVEL: Final = 1  # the fastest: 100 MB/s and a fifth of the size


class SpoolWriter:
    """Appends blocks to one file, which no other process writes."""

    def __init__(self, folder: Path, name: str) -> None:
        self._name, self._path = name, folder / name
        self._file = (folder / name).open("ab", buffering=0)

    def append(self, bodies: Sequence[bytes]) -> BlockRef:
        """Write bodies as one block that other processes can read on return; raises OSError if the disk is full."""
        data = zlib.compress(b"".join(bodies), LEVEL)
        ref = BlockRef(self._name, self._file.tell(), len(data))
        view = memoryview(data)
        with naming(self._path):
            while view:
                view = view[self._file.write(view) :]
        return ref

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class SpoolReader:
    """Reads blocks; caches the last one, so that a block read in order is decompressed once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, IO[bytes]] = {}
        self._last: tuple[BlockRef, bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()

    def read(self, ref: BlockRef, start: int, length: int) -> bytes:
        """Return the bytes ``start`` to ``start + length`` of a decompressed block."""
        if self._last is None or self._last[0] != ref:
            if ref.file not in self._files:
                self._files[ref.file] = (self._folder / ref.file).open("rb")
            file = self._files[ref.file]
            file.seek(ref.offset)
            self._last = ref, zlib.decompress(file.read(ref.size))
        return self._last[1][start : start + length]


def spool_size(folder: Path) -> int:
    """Return the size of the files of a spool, in bytes."""
    return sum(path.stat().st_size for path in folder.iterdir())
