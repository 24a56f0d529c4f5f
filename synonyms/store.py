"""Stores rules in the engine as one packed document beside the lexicons."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from mappings.reference import pack_table, unpack_table
from synonyms.rule import Rule

DOCUMENT: Final = "synonyms"  # document id in the lexicon index; no offers index has this name
PROJECT: Final = "project"  # origin of the rules that ship with the project
_LISTS: Final = ("words", "means", "beside")


@dataclass(frozen=True, slots=True)
class StoredRules:
    """Rules and their origin: the project's own, or a folder of the installation."""

    origin: str = PROJECT
    rules: tuple[Rule, ...] = ()


def pack_rules(stored: StoredRules, loaded_at: str) -> dict[str, Any]:
    """Return the document that stores rules; ``version`` is a hash of its content."""
    rows = [{each.name: getattr(rule, each.name) for each in fields(Rule)} for rule in stored.rules]
    return pack_table(DOCUMENT, {"origin": stored.origin, "rules": rows}, loaded_at) | {"count": len(rows)}


def unpack_rules(document: Mapping[str, Any]) -> StoredRules:
    """Return stored rules; raises ValueError if they are damaged."""
    data = unpack_table(document)
    try:
        return StoredRules(data["origin"], tuple(map(_to_rule, data["rules"])))
    except (KeyError, TypeError) as error:
        raise ValueError(f"the stored rules are damaged: {error}") from error


def _to_rule(row: Mapping[str, Any]) -> Rule:
    values: dict[str, Any] = {each.name: row[each.name] for each in fields(Rule)}
    return Rule(**(values | {name: tuple(values[name]) for name in _LISTS}))
