"""Vocabulary rules: words that people type, and the words that catalogues use for them.

``rules/`` holds the rules of the project, one file per theme, one rule per line; docs/vocabulary.md describes them.
``read`` validates files, ``lint`` checks all rules together, ``book`` finds the rules that apply to a text, ``store``
packs them into the document that the engine stores. This package does not call the engine.
"""

from pathlib import Path
from typing import Final

from synonyms.book import Match, RuleBook, holds
from synonyms.lint import find_faults, strangers
from synonyms.read import RuleFileError, read_rules
from synonyms.rule import Kind, Rule
from synonyms.store import DOCUMENT, PROJECT, StoredRules, pack_rules, unpack_rules

OWN_RULES: Final = Path(__file__).parent / "rules"

__all__ = [
    "DOCUMENT",
    "OWN_RULES",
    "PROJECT",
    "Kind",
    "Match",
    "Rule",
    "RuleBook",
    "RuleFileError",
    "StoredRules",
    "find_faults",
    "holds",
    "pack_rules",
    "read_rules",
    "strangers",
    "unpack_rules",
]
