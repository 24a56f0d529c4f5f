"""Stores the vocabulary rules in the engine, beside the lexicons; running apps reload them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import EngineNotFound
from indexer.installation.indices import Indices
from language.lexicon import unpack_lexicon
from synonyms import (
    DOCUMENT,
    PROJECT,
    Rule,
    RuleFileError,
    StoredRules,
    find_faults,
    pack_rules,
    read_rules,
    strangers,
    unpack_rules,
)


def read_checked_rules(folder: Path) -> list[Rule]:
    """Return the rules of a folder, valid individually and together; raises RuleFileError with every fault."""
    rules = read_rules(folder)
    faults = find_faults(rules)
    if faults:
        raise RuleFileError([f"{folder}/{fault}" for fault in faults])
    return rules


def store_rules(indices: Indices, rules: Sequence[Rule], origin: str) -> None:
    """Replace the stored rules, visible on return; raises EngineError."""
    indices.ensure("lexicon")
    loaded_at = datetime.now(UTC).isoformat(timespec="seconds")
    packed = pack_rules(StoredRules(origin, tuple(rules)), loaded_at)
    indices.store_document(indices.names.lexicon, DOCUMENT, packed)


def keep_project_rules(indices: Indices, rules: Sequence[Rule]) -> None:
    """Store the project's own rules unless they are stored already or the installation has others."""
    stored = _stored_rules(indices)
    if stored is None or (stored.origin == PROJECT and stored.rules != tuple(rules)):
        store_rules(indices, rules, PROJECT)


def find_strangers(indices: Indices, rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules whose words occur in no title or label of the live catalogue, none if nothing is live yet.

    Short words in capitals (« PME », « CACES ») are among the names of the lexicon, not its words.
    """
    index = indices.live_index()
    try:
        path = f"/{indices.names.lexicon}/_doc/{index}"
        lexicon = unpack_lexicon(indices.engine.call("GET", path)["_source"]) if index else None
    except EngineNotFound:
        lexicon = None
    return [] if lexicon is None else strangers(rules, {*lexicon.words, *lexicon.names})


def _stored_rules(indices: Indices) -> StoredRules | None:
    try:
        return unpack_rules(indices.engine.call("GET", f"/{indices.names.lexicon}/_doc/{DOCUMENT}")["_source"])
    except (EngineNotFound, ValueError):
        return None
