"""What of the stored funding rules must be read again soon, and what nobody may rely on any more."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from funding import StoredFunding
from funding.evaluation.due import Due, Reason, find_due

WHAT: Final[Mapping[Reason, str]] = {
    "unread": "text of {} was not read",
    "sources": "sources must be read again",
    "version_ends": "the last version ends",
    "figure_ends": "the last figure ends",
}


def funding_status(stored: StoredFunding | None, today: date) -> dict[str, Any] | None:
    """Return what ``status`` tells of the stored rules, None if there are none."""
    if stored is None:
        return None
    return {
        "rules_version": stored.book.version,
        "origin": stored.origin,
        "loaded_at": stored.loaded_at,
        "schemes": len(stored.book.schemes),
        "due": sorted(map(_row, find_due(stored.book, today)), key=lambda row: (row["by"], row["name"])),
    }


def _row(due: Due) -> dict[str, str]:
    return {"name": due.name, "what": WHAT[due.reason].format(due.first), "by": due.by.isoformat()}


def funding_lines(status: dict[str, Any] | None) -> list[str]:
    """Return what ``status`` tells as lines for a terminal."""
    if status is None:
        return ["  funding rules: none"]
    head = f"  funding rules {status['rules_version']}: {status['schemes']} schemes, loaded {status['loaded_at']}"
    return [head, *(f"  funding, by {row['by']}: {row['name']}, {row['what']}" for row in status["due"])]
