"""A request for an alert: what is asked, the mail that asks to confirm it, and what is recorded of both."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alerts.address import MailAddress
from alerts.keys import Purpose
from alerts.message import Message
from alerts.model import Frequency, Record
from alerts.store import Found, fetch_one, try_replace
from engine.requests import Steps
from mappings.names import IndexNames
from search_app.alerts.letters import build_confirmation
from search_app.alerts.post_office import PostOffice
from search_app.alerts.searched import Searched

# Between the two records of a token in a mail that asks to confirm: the request goes, its links still end the alert.
OR_ITS_ALERT: Final = "~"


@dataclass(frozen=True, slots=True)
class Asked:
    """A pending alert that was stored, whose confirmation goes out after the answer."""

    id: str
    address: MailAddress
    searched: Searched
    frequency: Frequency
    mark: str


def confirmation(office: PostOffice, asked: Asked, now: datetime) -> Message:
    """Return the mail that asks to confirm a pending alert."""
    links = OR_ITS_ALERT.join((asked.id, office.keys.alert_ids(asked.address, asked.searched.query)[0]))
    letter = build_confirmation(office, links, asked.searched.text, asked.frequency)
    return office.message(letter, asked.address, asked.id, Purpose.CONFIRM.value, now, links)


def mark_asked(names: IndexNames, record_id: str, now: datetime) -> Steps[None]:
    """Record that the mail about a pending alert went out, unless it is confirmed or gone by now."""
    found = yield from fetch_one(names, record_id)
    if found is not None and found.record.kind == "pending":
        record = found.record.model_copy(update={"asked_at": now.isoformat(timespec="milliseconds")})
        yield from try_replace(names, found, record)


def mark_used(names: IndexNames, found: Found, alert: str) -> Steps[None]:
    """Put into the place of a pending alert what it became, also if its mail was recorded at the same moment."""
    used = Record(kind="used", alert=alert, created_at=found.record.created_at)
    known: Found | None = found
    while known is not None and known.record.kind == "pending":
        if (yield from try_replace(names, known, used)):
            return
        known = yield from fetch_one(names, found.id)
