"""Mails that ask to confirm an alert and did not go out with the request: the mail server or the app was down.

An address is still written to once only: a request that came within ten minutes of another one gets its mail here,
unless the first one was for the same search.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from alerts.address import MailAddress
from alerts.gate import gate_id, pass_gate
from alerts.keys import UnreadableAddress
from alerts.store import PAGE, Found, fetch, of_kind, remove, search
from alerts.transport import Outcome, Transport
from indexer.alerts.report import SendReport
from search_app.alerts.post_office import PostOffice
from search_app.alerts.requested import Asked, confirmation, mark_asked
from search_app.alerts.searched import read_searched
from search_app.base.errors import BadParameters
from search_app.search.service import Services


async def send_unconfirmed(services: Services, office: PostOffice, transport: Transport, report: SendReport) -> None:
    """Send what was not sent, one mail an address; raises EngineError, MailServerFault."""
    by_mark: dict[str, list[Found]] = defaultdict(list)
    for each in await services.engine.run(search(office.names, of_kind("pending"), PAGE)):
        by_mark[each.record.mark or ""].append(each)
    for mark, found in by_mark.items():
        unsent = [each for each in found if each.record.asked_at is None]
        if unsent:
            await _send_one(services, office, transport, report, mark, found)


async def _send_one(
    services: Services, office: PostOffice, transport: Transport, report: SendReport, mark: str, found: Sequence[Found]
) -> None:
    run, now = services.engine.run, datetime.now(UTC)
    unsent = [each for each in found if each.record.asked_at is None]
    try:
        address = office.keys.decrypt(unsent[0].record.address or "")
        wanted = await _wanted(services, office, found, address)
        asked = wanted and _asked(services, wanted, address, mark)
    except (UnreadableAddress, BadParameters):
        report.unreadable += 1
        return
    if asked:
        if not await run(pass_gate(office.names, mark, now)):
            return
        outcome = await transport.send(confirmation(office, asked, now))
        if outcome is Outcome.LATER:
            await run(remove(office.names, gate_id(mark)))
            report.later += 1
            return
        report.asked += outcome is Outcome.DELIVERED
    for each in unsent:
        await run(mark_asked(office.names, each.id, now))


async def _wanted(services: Services, office: PostOffice, found: Sequence[Found], address: MailAddress) -> Found | None:
    """Return the newest request that no mail has answered, and whose alert does not exist."""
    answered = {each.record.query for each in found if each.record.asked_at is not None}
    for each in found:
        query = each.record.query or ""
        if query not in answered and not await services.engine.run(
            fetch(office.names, office.keys.alert_ids(address, query))
        ):
            return each
    return None


def _asked(services: Services, found: Found, address: MailAddress, mark: str) -> Asked:
    searched = read_searched(services, found.record.query or "")
    return Asked(found.id, address, searched, found.record.frequency or "daily", mark)
