"""Sends what one alert has to tell."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from alerts.horizon import Horizon, Window
from alerts.keys import UnreadableAddress
from alerts.letter import Letter
from alerts.model import Outbox, Record
from alerts.store import Found, fetch_one, replace, try_replace
from alerts.transport import MailServerFault, Outcome, Transport
from engine.errors import EngineConflict
from indexer.alerts.due import is_due, is_to_be_asked, name_of, outbox_of, window_of
from indexer.alerts.report import SendReport
from indexer.alerts.retention import ANSWER_WITHIN
from search_app.alerts.digest import build_digest
from search_app.alerts.letters import build_renewal
from search_app.alerts.news import News, find_news
from search_app.alerts.post_office import PostOffice
from search_app.alerts.searched import Searched, read_searched
from search_app.base.errors import BadParameters
from search_app.search.service import Services

MOST_REFUSED: Final = 3  # runs in a row in which the server refused an address for good
SUSPICIOUS: Final = 20  # refused, and nothing taken: then it is the server, not the addresses
ATTEMPTS: Final = 3
MOST_KEPT: Final = 5_000  # offers of searches that are kept for other alerts of the run


class AlertSender:
    """Sends the letters of one run."""

    def __init__(
        self,
        services: Services,
        office: PostOffice,
        horizon: Horizon,
        now: datetime,
        report: SendReport,
        check: Callable[[], None],
    ) -> None:
        self._services = services
        self._office = office
        self._horizon = horizon
        self._now = now
        self._report = report
        self._check = check
        self._refused: list[str] = []
        self._failed = False
        self._known: dict[tuple[str, str], News] = {}
        self._one = asyncio.Lock()

    async def send_all(self, alerts: Sequence[Found], transport: Transport) -> None:
        """Send the letters of some alerts, one after the other; raises EngineError, MailServerFault."""
        for found in alerts:
            if self._failed:
                return
            self._check()
            self._report.alerts += 1
            try:
                await self._serve(found, transport)
            except (UnreadableAddress, BadParameters):
                self._report.unreadable += 1
            except EngineConflict:
                continue  # its owner changes it at this moment: the next run sees how
            except BaseException:
                self._failed = True
                raise

    async def _serve(self, found: Found, transport: Transport) -> None:
        """Send what a dead sender left, then the news if they are due, then the question of the year."""
        after: Found | None = found
        if found.record.outbox is not None and found.record.outbox.letter == "news":
            self._report.due += 1
            after = await self._tell(found, transport)
        elif found.record.outbox is not None:
            after = await self._ask(found, transport)
        if after is not None and is_due(after.record, self._now):
            self._report.due += found.record.outbox is None
            after = await self._tell(after, transport)
        if after is not None and is_to_be_asked(after.record, self._now):
            await self._ask(after, transport)

    async def _tell(self, found: Found, transport: Transport) -> Found | None:
        """Tell the news of a window; return the alert as it is then, None if the letter has to wait."""
        record, window = found.record, window_of(found.record, self._horizon)
        moved: dict[str, Any] = {"told_until": window.end.until, "behind": window.told() or None, "outbox": None}
        if window.end.until < window.since:  # the catalogue went back: what comes now is told
            moved["told_until"] = window.since
        searched = read_searched(self._services, record.query or "")
        news = await self._find(searched, window)
        if not news.total:
            return await self._move(found, moved)
        letter = build_digest(self._office, found.id, searched, record.frequency or "daily", news)
        moved |= {"mailed_at": self._now.isoformat(timespec="milliseconds"), "refused": None}
        return await self._post(found, letter, name_of(window), outbox_of(window), moved, transport)

    async def _find(self, searched: Searched, window: Window) -> News:
        """Return the news of a window; popular searches are asked once a run."""
        key = (searched.query, name_of(window))
        if key not in self._known:
            if sum(len(each.offers) for each in self._known.values()) > MOST_KEPT:
                self._known.clear()
            self._known[key] = await find_news(self._services, searched.search, window)
        return self._known[key]

    async def _ask(self, found: Found, transport: Transport) -> Found | None:
        """Ask whether an alert is still wanted."""
        asked = read_searched(self._services, found.record.query or "").text
        letter = build_renewal(self._office, found.id, asked, ANSWER_WITHIN.days)
        moved = {"asked_at": self._now.isoformat(timespec="milliseconds"), "outbox": None, "refused": None}
        name = f"keep-{(found.record.confirmed_at or '')[:10]}"
        return await self._post(found, letter, name, Outbox(letter="renewal"), moved, transport)

    async def _post(
        self, found: Found, letter: Letter, name: str, outbox: Outbox, moved: dict[str, Any], transport: Transport
    ) -> Found | None:
        """Record a letter, send it, and move the alert on if the server took it."""
        recipient = self._office.keys.decrypt(found.record.address or "")
        message = self._office.message(letter, recipient, found.id, name, datetime.now(UTC))
        if found.record.outbox is None:
            found = await self._replace(found, found.record.model_copy(update={"outbox": outbox}))
        # One at a time: a sender that is killed has at most one letter between the server's 250 and its record.
        async with self._one:
            try:
                outcome = Outcome.LATER if self._failed else await transport.send(message)
            except MailServerFault:
                self._failed = True
                self._report.later += 1
                raise
            if outcome is Outcome.DELIVERED:
                self._report.sent += outbox.letter == "news"
                self._report.asked += outbox.letter == "renewal"
                return await self._move(found, moved)
        if outcome is Outcome.LATER:
            self._report.later += 1
        else:
            self._report.refused += 1
            self._refused.append(found.id)
        return None

    async def _replace(self, found: Found, record: Record) -> Found:
        return await self._services.engine.client.run(replace(self._office.names, found, record))

    async def _move(self, found: Found, moved: dict[str, Any]) -> Found | None:
        """Move an alert on, whatever its owner changes at the same moment; None if it was ended."""
        for _ in range(ATTEMPTS):
            record = found.record.model_copy(update=moved)
            if record == found.record:
                return found
            try:
                return await self._replace(found, record)
            except EngineConflict:
                again = await self._services.engine.client.run(fetch_one(self._office.names, found.id))
                if again is None:
                    return None
                found = again
        return None

    async def settle_refused(self) -> None:
        """Count the refusals of this run, and stop alerts whose address was refused three times in a row."""
        if len(self._refused) >= SUSPICIOUS and not self._report.sent + self._report.asked:
            self._report.fault = "the mail server refused everything: none of it counts against an address"
            return
        run, names = self._services.engine.client.run, self._office.names
        for record_id in self._refused:
            found = await run(fetch_one(names, record_id))
            if found is None:
                continue
            refused = (found.record.refused or 0) + 1
            update: dict[str, Any] = {"refused": refused}
            if refused >= MOST_REFUSED:
                stopped_at = self._now.isoformat(timespec="milliseconds")
                update |= {"kind": "stopped", "created_at": stopped_at, "outbox": None}
                self._report.stopped += 1
            await run(try_replace(names, found, found.record.model_copy(update=update)))
