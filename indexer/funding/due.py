"""What of the stored funding rules must be read again soon, and what nobody may rely on any more."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from funding import Book, StoredFunding

SOON: Final = timedelta(days=60)  # long enough to read a law, and shorter than the time between two of its changes


def funding_status(stored: StoredFunding | None, today: date) -> dict[str, Any] | None:
    """Return what ``status`` tells of the stored rules, None if there are none."""
    if stored is None:
        return None
    return {
        "rules_version": stored.book.version,
        "origin": stored.origin,
        "loaded_at": stored.loaded_at,
        "schemes": len(stored.book.schemes),
        "due": sorted(find_due(stored.book, today), key=lambda row: (row["by"], row["name"])),
    }


def find_due(book: Book, today: date) -> Iterator[dict[str, str]]:
    """Yield each version and each amount to be verified within 60 days, or overdue, that no later one follows."""
    last_day = today + SOON
    for scheme in book.schemes:
        for version in scheme.versions:
            if version.unread and version.first <= last_day <= version.end:
                yield _row(scheme.id, f"text of {version.first} was not read", version.first)
            elif version.verify_by is not None and version.verify_by <= last_day and not version.unread:
                yield _row(scheme.id, "sources must be read again", version.verify_by)
        ends = max((version.end for version in scheme.versions), default=date.max)
        if ends <= last_day:
            yield _row(scheme.id, "the last version ends", ends)
    for name, amounts in book.amounts.items():
        end = max(amount.last for amount in amounts)
        if end <= last_day:
            yield _row(name, "the last figure ends", end)


def _row(name: str, what: str, by: date) -> dict[str, str]:
    return {"name": name, "what": what, "by": by.isoformat()}


def funding_lines(status: dict[str, Any] | None) -> list[str]:
    """Return what ``status`` tells as lines for a terminal."""
    if status is None:
        return ["  funding rules: none"]
    head = f"  funding rules {status['rules_version']}: {status['schemes']} schemes, loaded {status['loaded_at']}"
    return [head, *(f"  funding, by {row['by']}: {row['name']}, {row['what']}" for row in status["due"])]
