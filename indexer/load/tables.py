"""The reference tables that conversion reads, and the file by which they reach the worker processes.

No other table reaches conversion, so none can change an offer: neither the memory of the last load nor any offer
depends on it. A test compares ``TABLES`` with what conversion reads.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from indexer.load.convert import ConvertContext
from indexer.work_files.faults import naming
from mappings.reference import build_reference, tables_version

TABLES: Final = ("communes", "former_communes", "cedex", "rome", "formacode")


def conversion_version(documents: Iterable[Mapping[str, Any]]) -> str:
    """Return what changes with any row of a table that conversion reads, of the stored documents of all tables."""
    return tables_version(_read_by_conversion(documents))


def save_tables(path: Path, documents: Iterable[Mapping[str, Any]]) -> None:
    """Write the tables that conversion reads where the workers find them."""
    with naming(path):
        path.write_bytes(orjson.dumps(_read_by_conversion(documents)))


def read_context(path: Path, source: str) -> ConvertContext:
    """Return what conversion depends on, with the tables that ``save_tables`` wrote."""
    return ConvertContext(source, build_reference(orjson.loads(path.read_bytes())))


def _read_by_conversion(documents: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [document for document in documents if document["name"] in TABLES]
