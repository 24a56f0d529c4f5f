"""What is done with the requests of readers: alerts are asked for, confirmed, kept and ended."""

import asyncio
from collections.abc import Sequence
from contextvars import Context
from datetime import UTC, datetime
from random import uniform
from typing import Final

from alerts.address import MailAddress
from alerts.gate import gate_id, pass_gate
from alerts.horizon import read_horizon
from alerts.message import Message
from alerts.model import CONSENT, Frequency, Record
from alerts.store import (
    Found,
    create,
    ensure_index,
    fetch,
    fetch_one,
    make_visible,
    new_id,
    of_kind,
    remove,
    search,
    try_create,
    try_replace,
)
from alerts.transport import MailServerFault, Outcome
from search_app.alerts.post_office import PostOffice
from search_app.alerts.requested import OR_ITS_ALERT, Asked, confirmation, mark_asked, mark_used
from search_app.alerts.searched import Searched
from search_app.base.background import TaskHealth
from search_app.base.errors import AppError, EngineOverloaded
from search_app.base.settings import Settings
from search_app.search.engine.offers import OffersEngine

MOST_WAITING: Final = 200  # confirmations that wait for the mail server; further ones are sent by ``alerts send``
AT_ONCE: Final = 4
SOON: Final = (0.2, 0.8)  # seconds after the answer in which the mail is begun
MOST_OTHERS: Final = 10  # other pending alerts of an address that its confirmation page lists
CHANGING: Final = "Cette alerte est en train d’être modifiée. Réessayez dans un instant."
ATTEMPTS: Final = 3  # at a change that somebody else makes at the same moment


class MailUnsent(AppError):
    """A mail was not taken by the mail server: no answer to a reader, for it is sent again later."""


class AlertsDesk:
    """Stores what readers ask for, and sends the mails that ask them to confirm it."""

    def __init__(self, engine: OffersEngine, office: PostOffice, replicas: int) -> None:
        self.office = office
        self.health = TaskHealth("alerts", "mails that ask to confirm an alert could not be sent")
        self._engine = engine
        self._replicas = replicas
        self._is_ready = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(AT_ONCE)

    @classmethod
    def of(cls, engine: OffersEngine, settings: Settings) -> "AlertsDesk | None":
        """Return the desk of an installation, None if it offers no alerts."""
        office = PostOffice.of(settings)
        return cls(engine, office, settings.replicas) if office else None

    async def ask(self, address: MailAddress, searched: Searched, frequency: Frequency, now: datetime) -> Asked:
        """Store a pending alert: the same requests to the engine whatever is known of the address; raises EngineError.

        The news of its first letter begin with this moment, for the reader has just seen what there is.
        """
        keys, names = self.office.keys, self.office.names
        if not self._is_ready:
            await self._engine.run(ensure_index(names, self._replicas))
            self._is_ready = True
        horizon = await self._engine.run(read_horizon(names, datetime.now(UTC)))
        asked = Asked(new_id(), address, searched, frequency, keys.marks(address)[0])
        record = Record(
            kind="pending", mark=asked.mark, address=keys.encrypt(address), query=searched.query, frequency=frequency,
            consent=CONSENT, created_at=now.isoformat(timespec="milliseconds"), told_until=horizon.until,
            behind=dict(horizon.behind) or None,
        )  # fmt: skip
        await self._engine.run(create(names, asked.id, record))
        return asked

    async def write_soon(self, asked: Asked) -> None:
        """Start sending the confirmation mail in the background."""
        if len(self._tasks) < MOST_WAITING:
            task = asyncio.create_task(self._write(asked), context=Context())  # without the deadline of the request
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _write(self, asked: Asked) -> None:
        try:
            # Whether a mail is written must not show in how long the next request of the same client takes.
            await asyncio.sleep(uniform(*SOON))
            async with self._free:
                await self._confirm_if_due(asked)
        except MailServerFault as error:
            self.health.failed(MailUnsent(str(error)))
        except Exception as error:
            # Its text might name the address; the kind of the failure is what an operator needs.
            self.health.failed(MailUnsent(type(error).__name__))
        else:
            self.health.succeeded()

    async def _confirm_if_due(self, asked: Asked) -> None:
        """Write, unless the request was removed or became an alert meanwhile, or its address was just written to."""
        found = await self._engine.run(fetch_one(self.office.names, asked.id))
        if found is None or found.record.kind != "pending":
            return
        if await self._engine.run(pass_gate(self.office.names, asked.mark, datetime.now(UTC))):
            await self._confirm(asked)

    async def _confirm(self, asked: Asked) -> None:
        outcome = Outcome.LATER
        try:
            outcome = await self._send(confirmation(self.office, asked, datetime.now(UTC)))
        finally:
            if outcome is not Outcome.DELIVERED:  # the address was not written to: it may be at once
                await self._engine.run(remove(self.office.names, gate_id(asked.mark)))
        if outcome is not Outcome.LATER:
            await self._engine.run(mark_asked(self.office.names, asked.id, datetime.now(UTC)))

    async def _send(self, message: Message) -> Outcome:
        transport = self.office.transport(self._engine.client)
        try:
            return await transport.send(message)
        finally:
            await transport.close()

    async def close(self) -> None:
        """Wait for the mails that are under way; what is not sent by then is sent by ``alerts send``."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def find(self, record: str) -> Found | None:
        """Return what a token names: a request, or the alert that it became. Raises EngineError."""
        found = await self._engine.run(fetch(self.office.names, record.split(OR_ITS_ALERT)))
        first = found[0] if found else None
        if first is not None and first.record.kind == "used" and first.record.alert:
            return await self._engine.run(fetch_one(self.office.names, first.record.alert))
        return first

    async def others_of(self, found: Found) -> list[Found]:
        """Return further pending alerts of the same address, each search once; raises EngineError."""
        hits = await self._pending_of(found)
        by_query = {hit.record.query: hit for hit in hits if hit.record.query != found.record.query}
        return list(by_query.values())[:MOST_OTHERS]

    async def _pending_of(self, found: Found) -> list[Found]:
        """Return the newest requests of the address of a record, those of this moment, too."""
        mark = found.record.mark
        if mark is None:
            return []
        await self._engine.run(make_visible(self.office.names))
        return await self._engine.run(search(self.office.names, of_kind("pending", mark=mark), MOST_OTHERS * 2))

    async def confirm(self, found: Found, now: datetime) -> None:
        """Make a pending alert an active one; raises EngineError."""
        pending, keys = found.record, self.office.keys
        address = keys.decrypt(pending.address or "")
        ids = keys.alert_ids(address, pending.query or "")
        moment = now.isoformat(timespec="milliseconds")
        fresh = pending.model_copy(
            update={"kind": "active", "confirmed_at": moment, "mailed_at": moment, "created_at": None, "asked_at": None}
        )
        alert = await self._activate(ids, fresh)
        same = [each for each in await self._pending_of(found) if each.record.query == pending.query]
        for request in (found, *same):  # else one who stops the alert would be asked about it again
            await self._engine.run(mark_used(self.office.names, request, alert))

    async def _activate(self, ids: Sequence[str], fresh: Record) -> str:
        """Store an alert, or give the one that is there its frequency; return its id."""
        names = self.office.names
        for _ in range(ATTEMPTS):
            known = await self._engine.run(fetch(names, ids))
            if not known:
                if await self._engine.run(try_create(names, ids[0], fresh)):
                    return ids[0]
                continue
            kept = known[0].record.model_copy(
                update={
                    "kind": "active", "frequency": fresh.frequency, "confirmed_at": fresh.confirmed_at,
                    "consent": fresh.consent, "asked_at": None, "refused": None, "created_at": None,
                }
            )  # fmt: skip
            if await self._engine.run(try_replace(names, known[0], kept)):
                return known[0].id
        raise EngineOverloaded(CHANGING)

    async def keep(self, found: Found, now: datetime) -> None:
        """Keep an alert for another year; raises EngineError."""
        for _ in range(ATTEMPTS):
            update = {"confirmed_at": now.isoformat(timespec="milliseconds"), "asked_at": None}
            if await self._engine.run(try_replace(self.office.names, found, found.record.model_copy(update=update))):
                return
            again = await self.find(found.id)
            if again is None:
                return
            found = again
        raise EngineOverloaded(CHANGING)

    async def stop(self, record: str) -> None:
        """End an alert, or refuse a request, and forget its address, now; raises EngineError.

        Who refuses one request refuses all that wait: the mail says that the address is removed.
        """
        names, found = self.office.names, await self.find(record)
        if found is not None and found.record.mark is not None:
            is_request = found.record.kind == "pending"
            waiting = await self._pending_of(found)
            unwanted = [each for each in waiting if is_request or each.record.query == found.record.query]
            for each in (found, *unwanted):
                await self._engine.run(remove(names, each.id))
        await self._engine.run(remove(names, record.partition(OR_ITS_ALERT)[0]))
