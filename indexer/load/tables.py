"""The reference tables used by conversion, and the file that passes them to the worker processes.

No other table is available to conversion, so none can change an offer: neither known records nor offers depend on it. A
test compares ``TABLES`` with the tables that conversion reads.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from indexer.load.convert import ConvertContext
from indexer.work_files.os_errors import naming
from mappings.reference import build_reference, tables_version

TABLES: Final = ("communes", "former_communes", "cedex", "employment_zones", "rome", "formacode")


def conversion_version(documents: Iterable[Mapping[str, Any]]) -> str:
    """Return a version that changes with any row of a table used by conversion, from the stored documents of all
    tables.
    """
    return tables_version(_read_by_conversion(documents))


def save_tables(path: Path, documents: Iterable[Mapping[str, Any]]) -> None:
    """Write the tables used by conversion for the workers."""
    with naming(path):
        path.write_bytes(orjson.dumps(_read_by_conversion(documents)))


def read_context(path: Path, source: str) -> ConvertContext:
    """Return what conversion depends on, with the tables that ``save_tables`` wrote."""
    return ConvertContext(source, build_reference(orjson.loads(path.read_bytes())))


def _read_by_conversion(documents: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [document for document in documents if document["name"] in TABLES]
