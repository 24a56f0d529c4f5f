"""What of the rules must be read again soon, and what nobody may rely on any more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from funding.book import Book

SOON: Final = timedelta(days=60)  # long enough to read a law, and shorter than the time between two of its changes

Reason = Literal["unread", "sources", "version_ends", "figure_ends"]


@dataclass(frozen=True, slots=True)
class Due:
    """One scheme or amount to be verified by a day: an unread text, sources, or an end that nothing follows.

    ``first`` is the first day of the version whose text was not read.
    """

    name: str
    reason: Reason
    by: date
    first: date | None = None


def find_due(book: Book, today: date) -> Iterator[Due]:
    """Yield each version and each amount to be verified within 60 days, or overdue, that no later one follows."""
    last_day = today + SOON
    for scheme in book.schemes:
        for version in scheme.versions:
            if version.unread and version.first <= last_day <= version.end:
                yield Due(scheme.id, "unread", version.first, version.first)
            elif version.verify_by is not None and version.verify_by <= last_day and not version.unread:
                yield Due(scheme.id, "sources", version.verify_by)
        ends = max((version.end for version in scheme.versions), default=date.max)
        if ends <= last_day:
            yield Due(scheme.id, "version_ends", ends)
    for name, amounts in book.amounts.items():
        end = max(amount.last for amount in amounts)
        if end <= last_day:
            yield Due(name, "figure_ends", end)
