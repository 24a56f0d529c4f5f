"""The session that an offer's page names first: the next one that can still be joined, as far as known."""

from collections.abc import Sequence
from dataclasses import dataclass

from search_app.pages.offer.sessions import SessionRow
from search_app.text import wording


@dataclass(frozen=True, slots=True)
class NextSession:
    """A session to come; ``skipped`` are earlier closed ones. It is closed itself if all of them are."""

    row: SessionRow
    skipped: int

    @property
    def sooner(self) -> str | None:
        """Return the text about earlier ones."""
        if not self.skipped:
            return None
        words = ("session plus proche, inscription close", "sessions plus proches, inscriptions closes")
        return wording.counted(self.skipped, *words)


def find_next_session(rows: Sequence[SessionRow]) -> NextSession | None:
    """Return the first open session to come, else the first of all, None if none is known."""
    coming = sorted((row for row in rows if not row.over), key=lambda row: row.first_day)
    for number, row in enumerate(coming):
        if not row.closed:
            return NextSession(row, number)
    return NextSession(coming[0], 0) if coming else None
