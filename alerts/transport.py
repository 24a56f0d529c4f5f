"""The way of a message: to a mail server, or to the page of the demonstration that shows it instead."""

import time
from base64 import b64encode
from datetime import UTC, datetime
from enum import Enum
from typing import Final, Protocol

import aiosmtplib

from alerts.keys import AlertKeys
from alerts.message import Message
from alerts.model import Record
from alerts.server import MailServer
from alerts.store import create, new_id
from engine.client import AsyncEngine
from mappings.names import IndexNames

SECONDS: Final = 30.0  # that a step of the dialogue may take
RESTED: Final = 2.0  # seconds without a message after which a server may have ended the dialogue
PERMANENT: Final = 500
NOT_OF_ADDRESS: Final = (530, 535, 538)  # permanent answers that say nothing about the address


class Outcome(Enum):
    """What became of a message."""

    DELIVERED = "delivered"  # the server answered 250
    LATER = "later"  # the server wants it again, or ended the dialogue: it may have the message or not
    REFUSED = "refused"  # the server will never take this message for this address


class MailServerFault(Exception):
    """No message can be sent at all: unreachable, wrong password, or a sender that the server does not accept."""


class Transport(Protocol):
    """Takes messages one after the other."""

    async def send(self, message: Message) -> Outcome:
        """Send a message; raises MailServerFault."""

    async def close(self) -> None:
        """End the dialogue."""


class SmtpTransport:
    """One connection to a mail server, opened with the first message and again after it was lost."""

    def __init__(self, server: MailServer, own_name: str) -> None:
        self._server = server
        self._own_name = own_name
        self._client: aiosmtplib.SMTP | None = None
        self._used_at = 0.0

    async def send(self, message: Message) -> Outcome:
        """Send a message; raises MailServerFault."""
        client = await self._connected()
        eight_bits = client.supports_extension("8bitmime")
        content = message.to_bytes(eight_bits=eight_bits)
        envelope = message.envelope
        try:
            await client.sendmail(
                str(envelope.sender),
                [str(envelope.recipient)],
                content,
                mail_options=["BODY=8BITMIME"] if eight_bits else None,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _outcome_of(error.recipients[0])
        except aiosmtplib.SMTPDataError as error:
            return _outcome_of(error)
        except aiosmtplib.SMTPResponseException as error:
            if error.code < PERMANENT:
                return Outcome.LATER
            raise MailServerFault(f"the mail server does not accept the sender ({error.code})") from None
        except (aiosmtplib.SMTPException, OSError):
            await self.close()
            return Outcome.LATER
        return Outcome.DELIVERED

    async def _connected(self) -> aiosmtplib.SMTP:
        """Return a client whose server answers: one that ended the dialogue meanwhile is connected to again."""
        client, rested = self._client, time.monotonic() - self._used_at
        self._used_at = time.monotonic()
        if client is not None:
            if client.is_connected and rested < RESTED:
                return client
            try:
                await client.noop()
            except (aiosmtplib.SMTPException, OSError):
                await self.close()
            else:
                return client
        return await self._connect()

    async def _connect(self) -> aiosmtplib.SMTP:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            local_hostname=self._own_name,
            use_tls=server.secure,
            timeout=SECONDS,
            tls_context=server.tls(),
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise MailServerFault(f"the mail server at {server.host}:{server.port}: {_told(error)}") from None
        self._client = client
        return client

    async def close(self) -> None:
        """End the dialogue."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            await client.quit()
        except (aiosmtplib.SMTPException, OSError):
            client.close()


def _outcome_of(error: aiosmtplib.SMTPResponseException) -> Outcome:
    if error.code in NOT_OF_ADDRESS:
        raise MailServerFault(f"the mail server wants TLS or a password ({error.code})")
    return Outcome.REFUSED if error.code >= PERMANENT else Outcome.LATER


def _told(error: Exception) -> str:
    """Return what a failure to connect says, without what was sent: an answer may repeat user or password."""
    code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else None
    return f"{type(error).__name__} ({code})" if code else type(error).__name__


class ShownTransport:
    """Keeps messages for the page of the demonstration instead of sending them."""

    def __init__(self, engine: AsyncEngine, names: IndexNames, keys: AlertKeys) -> None:
        self._engine = engine
        self._names = names
        self._keys = keys

    async def send(self, message: Message) -> Outcome:
        """Store a message; raises EngineError."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        content = b64encode(message.to_bytes()).decode()
        mark = self._keys.marks(message.envelope.recipient)[0]
        record = Record(kind="shown", mark=mark, created_at=now, message=content)
        await self._engine.run(create(self._names, new_id(), record))
        return Outcome.DELIVERED

    async def close(self) -> None:
        """Nothing is open."""
