"""One run of the sender: what is too old goes, unsent questions go out, then the news of every alert that is due.

At least once: the letter is recorded in the alert (``outbox``) before it is sent, and the alert moves on after the
server's 250. A sender that dies between the two leaves the record, and the next one sends the same letter again.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Final

from alerts.horizon import read_horizon
from alerts.store import PAGE, Found, of_kind
from alerts.transport import MailServerFault, Transport
from engine.paging import close_view, open_view, read_page
from indexer.alerts.one import AlertSender
from indexer.alerts.report import SendReport
from indexer.alerts.retention import remove_old
from indexer.alerts.services import open_services
from indexer.alerts.unconfirmed import send_unconfirmed
from search_app.alerts.post_office import PostOffice
from search_app.base.settings import Settings
from search_app.search.service import Services

AT_ONCE: Final = 6  # alerts that are searched for and recorded at the same time; letters go one after the other
KEPT: Final = "10m"  # that the list of alerts is kept by the engine between two pages


async def send_alerts(settings: Settings, office: PostOffice, check: Callable[[], None]) -> SendReport:
    """Send what is due; ``check`` raises LockedError if another sender took over. Raises EngineError."""
    report = SendReport()
    async with open_services(settings) as services:
        transport = office.transport(services.engine.client)
        try:
            await _run(services, office, transport, report, check)
        except MailServerFault as error:
            report.fault = str(error)
        finally:
            await transport.close()
    return report


async def _run(
    services: Services,
    office: PostOffice,
    transport: Transport,
    report: SendReport,
    check: Callable[[], None],
) -> None:
    now, names = services.settings.current_moment(), office.names
    report.removed = await services.engine.run(remove_old(names, now))
    await send_unconfirmed(services, office, transport, report)
    horizon = await services.engine.run(read_horizon(names, datetime.now(UTC)))
    sender = AlertSender(services, office, horizon, now, report, check)
    async with aclosing(_pages(services, office)) as pages:  # else a fault would leave the list to be closed too late
        async for page in pages:
            parts = [page[start::AT_ONCE] for start in range(AT_ONCE)]
            tasks = [asyncio.create_task(sender.send_all(part, transport)) for part in parts]
            done, _ = await asyncio.wait(tasks)  # a fault ends the others, too, at their next alert
            for error in filter(None, [task.exception() for task in done]):
                raise error
    await sender.settle_refused()


async def _pages(services: Services, office: PostOffice) -> AsyncGenerator[Sequence[Found], None]:
    """Yield the alerts page by page, as they were when the run began."""
    client = services.engine.client
    body = {"query": of_kind("active"), "sort": [{"_seq_no": "asc"}], "size": PAGE, "seq_no_primary_term": True}
    view = await client.run(open_view(office.names.alerts, body, KEPT))
    try:
        while hits := await client.run(read_page(view)):
            yield [Found.of(hit) for hit in hits]
    finally:
        await client.run(close_view(view))
