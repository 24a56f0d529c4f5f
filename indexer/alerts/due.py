"""Whether an alert is due, and the window of news that its letter tells."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from alerts.horizon import EPOCH, Horizon, Window
from alerts.model import Outbox, Record
from indexer.alerts.retention import WANTED_FOR

WEEK: Final = timedelta(days=7)


def is_due(record: Record, now: datetime) -> bool:
    """Tell whether a letter about news may be sent: daily at every run, weekly seven days after the last one.

    Minutes count, not seconds: a run begins a little earlier or later than the one of last week.
    """
    if record.frequency == "daily":
        return True
    last = datetime.fromisoformat(record.mailed_at or record.confirmed_at or EPOCH)
    return _minute(now) - _minute(last) >= WEEK


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def is_to_be_asked(record: Record, now: datetime) -> bool:
    """Tell whether it is a year since somebody last said that an alert is wanted."""
    return record.asked_at is None and now - datetime.fromisoformat(record.confirmed_at or EPOCH) >= WANTED_FOR


def window_of(record: Record, horizon: Horizon) -> Window:
    """Return the window of the next letter: that of the outbox, else up to the horizon."""
    end = horizon
    if record.outbox is not None:
        end = Horizon(record.outbox.until, record.outbox.behind, horizon.first_seen)
    return Window(record.told_until or EPOCH, record.behind or {}, end)


def outbox_of(window: Window) -> Outbox:
    """Return the record of a letter that is about to be sent."""
    return Outbox(letter="news", until=window.end.until, behind=dict(window.end.behind))


def name_of(window: Window) -> str:
    """Return what tells the letter of a window from all others of the alert: of the same window, the same."""
    parts = (window.since, sorted(window.since_of.items()), window.end.until, sorted(window.end.behind.items()))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
