"""Names the file in what the system says of one: neither a full disk nor SQLite tells where it could not write."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class WorkFileError(Exception):
    """A temporary database could not be read or written; the message names it and says why."""


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Give what is raised in the block, which touches this file and no other, the file's name."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            error.filename = str(path)
        raise
    except sqlite3.Error as error:
        raise WorkFileError(f"{path}: {error}") from error


class ResultFile:
    """A file of lines for the operator; trouble with it names it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] = path.open("wb")

    def write(self, lines: bytes) -> None:
        """Add lines."""
        with naming(self._path):
            self._file.write(lines)

    def close(self) -> None:
        """Write down what is still in memory, and close the file."""
        with naming(self._path):
            self._file.close()
