"""A letter as an Internet message: headers that mail programs act upon, text first, HTML beside it."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlsplit

from alerts.address import MailAddress
from alerts.letter import Letter, cleaned, to_html, to_text

# The default policy folds a long List-Unsubscribe into encoded words, which no mail program reads (RFC 8058 needs it
# as it is); 998 is what a line of SMTP may have.
POLICY: Final = SMTP.clone(max_line_length=998)
SEVEN_BIT: Final = POLICY.clone(cte_type="7bit")  # for the rare server without 8BITMIME
SENDER_NAME: Final = "Boussole"


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom, under which identifier, and the address that ends the alert by one POST."""

    sender: MailAddress
    recipient: MailAddress
    message_id: str
    stop: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One message, with the addresses of the SMTP dialogue."""

    envelope: Envelope
    content: EmailMessage

    def to_bytes(self, *, eight_bits: bool = True) -> bytes:
        """Return the message with CRLF; lines stay whole unless it has to go through seven bits."""
        return self.content.as_bytes(policy=POLICY if eight_bits else SEVEN_BIT)


def message_id(record: str, what: str, site: str) -> str:
    """Return the identifier of a letter: the same whenever it is sent again.

    >>> message_id("abc", "1764489600000", "https://boussole.example/")
    '<abc.1764489600000@boussole.example>'
    """
    return f"<{record}.{what}@{host_of(site)}>"


def host_of(site: str) -> str:
    """Return the host of the site's address, as the domain of addresses and identifiers."""
    host = urlsplit(site).hostname or ""
    return host if host and ":" not in host else "localhost"


def build_message(letter: Letter, envelope: Envelope, site: str) -> Message:
    """Return the message of a letter, whatever texts of others are in it."""
    letter = cleaned(letter)
    content = EmailMessage(policy=POLICY)
    content["From"] = Address(SENDER_NAME, envelope.sender.local, envelope.sender.domain)
    content["To"] = str(envelope.recipient)
    content["Subject"] = letter.subject
    content["Date"] = format_datetime(envelope.sent_at)
    content["Message-ID"] = envelope.message_id
    content["List-Id"] = f"Alertes de Boussole <alertes.{host_of(site)}>"
    content["List-Unsubscribe"] = f"<{envelope.stop}>"
    content["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    content["Auto-Submitted"] = "auto-generated"
    content.set_content(to_text(letter))
    content.add_alternative(to_html(letter), subtype="html")
    return Message(envelope, content)
