"""What is removed without anybody asking: each kind of record after its time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from alerts.gate import SHUT
from alerts.store import before, of_kind, remove_where
from engine.requests import Steps
from mappings.names import IndexNames

UNCONFIRMED: Final = timedelta(days=7)
WANTED_FOR: Final = timedelta(days=365)  # then one is asked whether an alert is still wanted
ANSWER_WITHIN: Final = timedelta(days=30)  # else it is removed
STOPPED_FOR: Final = timedelta(days=30)  # so that an operator sees why mails come back
SHOWN_FOR: Final = timedelta(days=7)


def remove_old(names: IndexNames, now: datetime) -> Steps[int]:
    """Remove what was kept long enough; return the number of records."""
    removed = 0
    for query in _old(now):
        removed += yield from remove_where(names, query)
    return removed


def _old(now: datetime) -> Iterator[dict[str, Any]]:
    def until(age: timedelta, at: datetime = now) -> str:
        return (at - age).isoformat(timespec="milliseconds")

    yield before(of_kind("pending", "used"), "created_at", until(UNCONFIRMED))
    yield before(of_kind("active"), "asked_at", until(ANSWER_WITHIN))
    yield before(of_kind("stopped"), "created_at", until(STOPPED_FOR))
    yield before(of_kind("shown"), "created_at", until(SHOWN_FOR))
    yield before(of_kind("gate"), "created_at", until(SHUT, datetime.now(UTC)))
