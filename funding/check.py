"""Reads and checks a whole folder of rules, as is done before they are stored."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from funding.book import Reading, read_book, read_texts
from funding.lint.together import find_faults
from funding.reading.table import FundingFileError


class Checked(NamedTuple):
    """A folder without a fault: its files, and what was read from them."""

    texts: dict[str, str]
    reading: Reading


def check_folder(folder: Path) -> Checked:
    """Return the rules of a folder, valid individually and together; raises FundingFileError with every fault."""
    return _check(tuple(read_texts(folder).items()), str(folder))


@lru_cache(maxsize=1)  # commands that run one after the other in one process check the same files
def _check(files: tuple[tuple[str, str], ...], folder: str) -> Checked:
    reading = read_book(dict(files), folder)
    faults = list(reading.faults) or find_faults(reading)
    if faults:
        raise FundingFileError(faults)
    return Checked(dict(files), reading)
