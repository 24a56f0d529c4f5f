"""A real mail server of the tests' own, on a port that the system chooses."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

OK = "250 OK"


@dataclass(frozen=True)
class Received:
    """One message as it came in."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    def part(self, kind: str) -> str:
        """Return the text of a part: plain or html."""
        found = self.message.get_body((kind,))
        assert found is not None
        return str(found.get_content())

    @property
    def text(self) -> str:
        return self.part("plain")

    def link(self, path: str) -> str:
        """Return the address with this path that stands on a line of its own."""
        (found,) = {line.strip() for line in self.text.splitlines() if path in line and line.strip().startswith("http")}
        return found


@dataclass
class MailServer:
    """What came in, and what is answered: to MAIL, RCPT and DATA the next of the given answers, else 250.

    ``on_data`` is called with a message that was taken, before the client hears of it.
    """

    port: int = 0
    received: list[Received] = field(default_factory=list)
    to_recipients: deque[str] = field(default_factory=deque)
    to_data: deque[str] = field(default_factory=deque)
    to_senders: deque[str] = field(default_factory=deque)
    on_data: Callable[[Received], None] | None = None
    tried: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def take(self) -> list[Received]:
        """Return what came in since the last time."""
        taken, self.received = self.received, []
        return taken

    async def handle_MAIL(self, _: Any, __: Any, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        if self.to_senders:
            return self.to_senders.popleft()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return OK

    async def handle_RCPT(self, _: Any, __: Any, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        self.tried.append(address)
        if self.to_recipients:
            return self.to_recipients.popleft()
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, _: Any, __: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.to_data:
            return self.to_data.popleft()
        content = envelope.original_content or b""
        for recipient in envelope.rcpt_tos:
            received = Received(envelope.mail_from or "", recipient, content)
            self.received.append(received)
            if self.on_data is not None:
                self.on_data(received)
        return OK


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    """Yield a running mail server; ``options`` are those of aiosmtpd."""
    handler, loop = MailServer(), asyncio.new_event_loop()

    def make() -> SMTP:
        return SMTP(handler, loop=loop, hostname="test", data_size_limit=None, **options)

    server = loop.run_until_complete(loop.create_server(make, "127.0.0.1", 0))
    handler.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield handler
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()
