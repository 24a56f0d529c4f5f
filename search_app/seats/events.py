"""The event of a changed figure: numbers for programs, and the words that pages display."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
from msgspec import convert

from mappings.codes import FUNDER_LABELS
from search_app.base.settings import Settings
from search_app.search.present.seat_lines import build_seat_line
from search_app.search.present.sessions import to_seats_view
from search_app.search.stored import StoredFigure
from seats.ledger.follower import Change

EVENT_NAME: Final = "seats"
JUST_NOW: Final = timedelta(minutes=2)  # clocks of producers differ by some seconds


def to_event_data(change: Change, settings: Settings, now: datetime) -> dict[str, Any]:
    """Return the data of one event; ``now`` has a time zone."""
    told = change.statement
    view = to_seats_view(
        convert(told, StoredFigure), FUNDER_LABELS, settings.current_day(), settings.seats_old_after_days
    )
    is_new = abs(now - datetime.fromisoformat(view.observed_at)) < JUST_NOW
    line = build_seat_line(view, "à l’instant" if is_new else None)
    return {
        "session": told["session"], "key": told["session_key"], "funder": view.funder, "label": view.label,
        "capacity": view.capacity, "available": view.available, "sequence": told["sequence"],
        "observed_at": view.observed_at, "age_days": view.age_days,
        "text": line.text, "short": line.short, "age": line.age, "old": line.old, "tone": line.tone,
    }  # fmt: skip


def encode_event(change: Change, settings: Settings) -> bytes:
    """Return one server-sent event; its id is the ledger's sequence number, after which a client may resume."""
    data = orjson.dumps(to_event_data(change, settings, datetime.now(UTC)))
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (change.number, EVENT_NAME.encode(), data)
