"""Reads and checks a whole folder of rules, as every load does before it stores them."""

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
    texts = read_texts(folder)
    reading = read_book(texts, str(folder))
    faults = list(reading.faults) or find_faults(reading)
    if faults:
        raise FundingFileError(faults)
    return Checked(texts, reading)
