"""Stores the book in the engine as one packed document beside the vocabulary rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from funding.book import SCENARIOS, Book, read_book
from mappings.reference import pack_table, unpack_table

DOCUMENT: Final = "funding"  # document id in the lexicon index; no offers index has this name
PROJECT: Final = "project"  # origin of the rules that ship with the project


@dataclass(frozen=True)
class StoredFunding:
    """A book and its origin: the project's own, or a folder of the installation."""

    origin: str = PROJECT
    book: Book = field(default_factory=Book)
    loaded_at: str | None = None


def pack_funding(texts: Mapping[str, str], origin: str, loaded_at: str) -> dict[str, Any]:
    """Return the document that stores checked files; ``version`` is the version of their book.

    The files are stored as they were written, so that one reader reads both; scenarios are left out.
    """
    kept = without_scenarios(texts)
    book = read_book(kept).book
    packed = pack_table(DOCUMENT, {"origin": origin, "files": kept}, loaded_at)
    return packed | {"version": book.version, "count": len(book.schemes)}


def without_scenarios(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the files that are stored."""
    return {name: text for name, text in texts.items() if not name.startswith(SCENARIOS)}


class StoredFiles(NamedTuple):
    """Where stored rules come from, and their files as they were written."""

    origin: str
    files: dict[str, str]


def unpack_files(document: Mapping[str, Any]) -> StoredFiles:
    """Return the stored files, unread; raises ValueError if they are damaged."""
    data = unpack_table(document)
    try:
        return StoredFiles(str(data["origin"]), {**data["files"]})
    except (KeyError, TypeError) as error:
        raise ValueError(f"the stored funding rules are damaged: {error}") from error


def unpack_funding(document: Mapping[str, Any]) -> StoredFunding:
    """Return the stored book; raises ValueError if it is damaged."""
    origin, files = unpack_files(document)
    try:
        reading = read_book(files)
    except (TypeError, AttributeError) as error:
        raise ValueError(f"the stored funding rules are damaged: {error}") from error
    if reading.faults:
        raise ValueError(f"the stored funding rules are of another version: {reading.faults[0]}")
    return StoredFunding(origin, reading.book, document.get("loaded_at"))
