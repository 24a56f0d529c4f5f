"""At most one mail to an address in ten minutes, for all clients and processes together."""

from datetime import UTC, datetime, timedelta
from typing import Final

from alerts.model import Record
from alerts.store import fetch_one, try_create, try_replace
from engine.requests import Steps
from mappings.names import IndexNames

SHUT: Final = timedelta(minutes=10)


def gate_id(mark: str) -> str:
    """Return the id of the record that an address was written to."""
    return f"gate-{mark}"


def pass_gate(names: IndexNames, mark: str, now: datetime) -> Steps[bool]:
    """Tell whether an address may be written to, and shut its gate; of two askers at once one is let through."""
    record = Record(kind="gate", mark=mark, created_at=now.astimezone(UTC).isoformat(timespec="milliseconds"))
    if (yield from try_create(names, gate_id(mark), record)):
        return True
    found = yield from fetch_one(names, gate_id(mark))
    if found is None or now - datetime.fromisoformat(found.record.created_at or "") < SHUT:
        return False
    return (yield from try_replace(names, found, record))
