"""Governed vocabulary: what people type, and what catalogues say for it.

``rules/`` holds the rules of the project, one file a theme, one rule a line; docs/vocabulary.md says how to add one.
``read`` validates files, ``lint`` looks at all rules together, ``book`` finds in a text what rules speak of, ``store``
makes the document that the engine keeps. Nothing in here speaks to the engine.
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
