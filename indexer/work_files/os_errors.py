"""Adds the file name to operating-system errors: neither a full disk nor SQLite says where it could not write."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class WorkFileError(Exception):
    """A temporary database could not be read or written; the message names it and the reason."""


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Add the file's name to exceptions of the block, which uses only this file."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            error.filename = str(path)
        raise
    except sqlite3.Error as error:
        raise WorkFileError(f"{path}: {error}") from error


class ResultFile:
    """A file of lines for the operator; exceptions name it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] = path.open("wb")

    def write(self, lines: bytes) -> None:
        """Add lines."""
        with naming(self._path):
            self._file.write(lines)

    def close(self) -> None:
        """Flush and close the file."""
        with naming(self._path):
            self._file.close()
