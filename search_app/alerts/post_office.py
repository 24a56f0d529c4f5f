"""How mails leave this installation: keys, sender, addresses in letters, and the transport."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alerts.address import MailAddress, parse_address
from alerts.keys import AlertKeys, Purpose
from alerts.letter import Letter
from alerts.message import Envelope, Message, build_message, host_of, message_id
from alerts.server import MailServer
from alerts.transport import ShownTransport, SmtpTransport, Transport
from engine.client import AsyncEngine
from mappings.names import IndexNames
from search_app.base.settings import Settings

FORM: Final = "/alertes"
CONFIRM: Final = "/alertes/confirmation"
STOP: Final = "/alertes/desabonnement"
KEEP: Final = "/alertes/maintien"
# Of a demonstration without a key: its mails can be read by everybody, so there is nothing to protect.
OF_DEMONSTRATION: Final = "the-key-of-every-demonstration-of-boussole"
PATHS: Final = {Purpose.CONFIRM: CONFIRM, Purpose.STOP: STOP, Purpose.KEEP: KEEP}


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What every letter needs; ``server`` is None in the demonstration, which shows its letters."""

    keys: AlertKeys
    site: str
    sender: MailAddress
    names: IndexNames
    server: MailServer | None

    @classmethod
    def of(cls, settings: Settings) -> "PostOffice | None":
        """Return the post office of an installation, None if it offers no alerts."""
        keys = keys_of(settings)
        if keys is None or not settings.alerts_offered:
            return None
        site = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
        url = settings.smtp_url.get_secret_value()
        return cls(
            keys,
            site,
            parse_address(settings.mail_from) if settings.mail_from else MailAddress("boussole", host_of(site)),
            IndexNames(settings.index_prefix),
            MailServer.parse(url) if url else None,
        )

    def link(self, purpose: Purpose, record: str) -> str:
        """Return the address of a page about a record."""
        return f"{self.site}{PATHS[purpose]}/{self.keys.token(purpose, record)}"

    def search_link(self, query: str) -> str:
        """Return the address of a search."""
        return f"{self.site}/offres?{query}"

    def transport(self, engine: AsyncEngine) -> Transport:
        """Return a new way to send; nothing is opened yet."""
        if self.server is None:
            return ShownTransport(engine, self.names, self.keys)
        return SmtpTransport(self.server, host_of(self.site))

    def message(
        self, letter: Letter, recipient: MailAddress, record: str, what: str, now: datetime, stopped: str = ""
    ) -> Message:
        """Return the message of a letter; ``what`` tells letters of one record apart, ``stopped`` is what its header
        ends, by default the record.
        """
        identifier = message_id(record, what, self.site)
        envelope = Envelope(self.sender, recipient, identifier, self.link(Purpose.STOP, stopped or record), now)
        return build_message(letter, envelope, self.site)


def keys_of(settings: Settings) -> AlertKeys | None:
    """Return the keys of an installation, None if it has none."""
    text = settings.alerts_key.get_secret_value() or (OF_DEMONSTRATION if settings.demonstration else "")
    return AlertKeys.parse(text) if text else None
