"""A line that identifies the inputs of a lexicon: if it differs, the lexicon is older than index, tables or code.

No load has to record that it changed something: the next process compares the live state with the recorded one.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from engine.errors import EngineNotFound
from indexer.installation.indices import Indices
from indexer.installation.written import fetch_written
from language.meaning import load_encoder

STATE_SIZE: Final = 16  # bytes
ROOT: Final = Path(__file__).parents[2]
# The inputs of a lexicon, and its stored form
CODE: Final = (Path("indexer/lexicon"), Path("language"), Path("mappings"))


def fetch_state(indices: Indices, index: str) -> str:
    """Return a hash of the inputs of this index's lexicon, as of the last refresh.

    Every write of an offer sets the time of its load, and every removal removes one: the number of offers per source
    and time changes with any of them, and never with a seat statement.
    """
    encoder = load_encoder()
    made_by = code_version() + (encoder.name if encoder else "")
    digest = hashlib.blake2b(made_by.encode(), digest_size=STATE_SIZE)
    for table in sorted(indices.reference_documents("name", "version"), key=lambda table: str(table["name"])):
        digest.update(f"{table['name']}={table['version']};".encode())
    for row in fetch_written(indices, index):
        digest.update(row.encode())
    return digest.hexdigest()


def is_current(indices: Indices, index: str) -> bool:
    """Tell whether an offers index has a lexicon made from its current offers, tables and code."""
    return stored_state(indices, index) == fetch_state(indices, index)


def stored_state(indices: Indices, index: str) -> str | None:
    """Return the inputs of the stored lexicon of an index, "" if unrecorded; None if there is no lexicon."""
    try:
        params = {"_source_includes": "made_from"}
        found = indices.engine.call("GET", f"/{indices.names.lexicon}/_doc/{index}", params=params)
    except EngineNotFound:
        return None
    return str(found["_source"].get("made_from", ""))


@cache
def code_version() -> str:
    """Return a hash of the code that builds lexicons: a release that changes it rebuilds each lexicon once."""
    digest = hashlib.blake2b(digest_size=STATE_SIZE)
    for path in sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py")):
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()
