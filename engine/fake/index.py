"""One in-memory index: versions and sequence numbers as the engine assigns them, and the state visible to searches."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

PRIMARY_TERM: Final = 1
FORGETS_DELETIONS: Final = ("-1", "0")  # values of ``gc_deletes`` with which the version of a deleted document is lost


class Failure(Exception):
    """An error of the engine: a status, a type, a reason."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(f"{status} {kind}: {reason}")
        self.status, self.kind, self.reason = status, kind, reason

    @property
    def error(self) -> dict[str, Any]:
        """Return the ``error`` of an item of a bulk request."""
        return {"type": self.kind, "reason": self.reason}

    @property
    def body(self) -> dict[str, Any]:
        """Return the body of an answer."""
        return {"error": {**self.error, "root_cause": [self.error]}, "status": self.status}


@dataclass(frozen=True, slots=True)
class Stored:
    """A document and its metadata; ``source`` is never modified in place."""

    key: str
    source: dict[str, Any]
    seq_no: int
    version: int

    @property
    def told(self) -> dict[str, Any]:
        """Return the metadata that every answer contains."""
        return {"_id": self.key, "_version": self.version, "_seq_no": self.seq_no, "_primary_term": PRIMARY_TERM}


@dataclass(slots=True)
class MemoryIndex:
    """Documents of one index; ``visible`` are those of its last refresh, which searches return."""

    name: str
    settings: dict[str, Any] = field(default_factory=dict)
    mappings: dict[str, Any] = field(default_factory=dict)
    documents: dict[str, Stored] = field(default_factory=dict)
    visible: dict[str, Stored] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)  # the version of each deletion
    next_number: int = 0

    @property
    def checkpoint(self) -> int:
        """The number of the last operation; -1 before the first."""
        return self.next_number - 1

    def refresh(self) -> None:
        """Make everything written visible to searches."""
        self.visible = dict(self.documents)

    def write(self, key: str, source: Mapping[str, Any], action: Mapping[str, Any], *, create: bool = False) -> Stored:
        """Store a document; raises Failure for a conflict, or for a field missing in a strict mapping."""
        version = self._next_version(key, action, create=create)
        self._check_fields(source)
        stored = Stored(key, copy.deepcopy(dict(source)), self._number(), version)
        self.documents[key] = stored
        self.deleted.pop(key, None)
        return stored

    def delete(self, key: str, action: Mapping[str, Any]) -> tuple[bool, int]:
        """Delete a document; return whether it existed, and the deletion's version; raises Failure."""
        version = self._next_version(key, action, create=False)
        found = self.documents.pop(key, None)
        self._number()
        if not str(self.settings.get("gc_deletes", "60s")).startswith(FORGETS_DELETIONS):
            self.deleted[key] = version
        return found is not None, version

    def _number(self) -> int:
        self.next_number += 1
        return self.next_number - 1

    def _next_version(self, key: str, action: Mapping[str, Any], *, create: bool) -> int:
        found = self.documents.get(key)
        known = found.version if found is not None else self.deleted.get(key)
        if create and found is not None:
            raise _conflict(key, f"document already exists (current version [{found.version}])")
        if "if_seq_no" in action:
            wanted = int(action["if_seq_no"]), int(action["if_primary_term"])
            if found is None or wanted != (found.seq_no, PRIMARY_TERM):
                raise _conflict(key, f"required seqNo [{wanted[0]}], primary term [{wanted[1]}]")
        kind = action.get("version_type")
        if kind is None:
            return (known or 0) + 1
        version = int(action["version"])
        if known is not None and (known > version or (known == version and kind == "external")):
            raise _conflict(key, f"current version [{known}] is higher or equal to the one provided [{version}]")
        return version

    def _check_fields(self, source: Mapping[str, Any]) -> None:
        if self.mappings.get("dynamic") != "strict":
            return
        unknown = sorted(source.keys() - self.mappings.get("properties", {}).keys())
        if unknown:
            reason = f"mapping set to strict, dynamic introduction of [{unknown[0]}] within [_doc] is not allowed"
            raise Failure(400, "strict_dynamic_mapping_exception", reason)


def _conflict(key: str, reason: str) -> Failure:
    return Failure(409, "version_conflict_engine_exception", f"[{key}]: version conflict, {reason}")
