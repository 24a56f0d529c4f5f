"""Keys of an installation: addresses are encrypted, found by a keyed hash, and links carry a signed token.

The first key is the present one; further ones are former keys, with which old records are still read and old links
still work (docs/alerts.md).
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from alerts.address import MailAddress, parse_address

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

LEAST_CHARACTERS: Final = 32
MAC_BYTES: Final = 16  # 128 bits: not to be guessed, and short enough for a line of a mail
MOST_TOKEN: Final = 100  # characters of a token


class Purpose(Enum):
    """What the link of a token does: one for another purpose is no token here."""

    CONFIRM = "confirm"
    STOP = "stop"
    KEEP = "keep"


class UnreadableAddress(Exception):
    """A stored address was encrypted with a key that is not among the configured ones."""


@dataclass(frozen=True, slots=True)
class AlertKeys:
    """The keys, the present one first; never printed."""

    secrets: Sequence[bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "AlertKeys":
        """Return the keys of a setting, separated by spaces; raises ValueError if one is too short."""
        keys = text.split()
        if any(len(key) < LEAST_CHARACTERS for key in keys) or not keys:
            raise ValueError(f"{LEAST_CHARACTERS} characters or more, former keys after the present one with spaces")
        return cls(tuple(key.encode() for key in keys))

    def encrypt(self, address: MailAddress) -> str:
        """Return the address encrypted with the present key."""
        return self._fernet().encrypt(str(address).encode()).decode()

    def decrypt(self, text: str) -> MailAddress:
        """Return a stored address; raises UnreadableAddress."""
        from cryptography.fernet import InvalidToken

        try:
            return parse_address(self._fernet().decrypt(text.encode()).decode())
        except (InvalidToken, ValueError):
            raise UnreadableAddress("an address was encrypted with a key that BOUSSOLE_ALERTS_KEY lacks") from None

    def marks(self, address: MailAddress) -> list[str]:
        """Return the hashes under which an address is found, that of the present key first."""
        return [_mac(secret, "mark", address.normal).hex() for secret in self.secrets]

    def alert_ids(self, address: MailAddress, query: str) -> list[str]:
        """Return the ids that the alert of an address and a search has or had, that of the present key first."""
        return [_text(_mac(secret, "alert", f"{address.normal}\n{query}")) for secret in self.secrets]

    def token(self, purpose: Purpose, record: str) -> str:
        """Return the token that a link to a record carries; it never expires."""
        return f"{record}.{_text(_mac(self.secrets[0], purpose.value, record))}"

    def read_token(self, purpose: Purpose, token: str) -> str | None:
        """Return the record that a token names, None if the token is not of ours or for something else."""
        record, _, given = token.partition(".")
        if len(token) > MOST_TOKEN or not token.isascii():
            return None
        wanted = [_text(_mac(secret, purpose.value, record)) for secret in self.secrets]
        # Each is compared: neither which key it is nor where a guess differs shows in the time.
        found = [hmac.compare_digest(each, given) for each in wanted]
        return record if any(found) else None

    def _fernet(self) -> "MultiFernet":
        from cryptography.fernet import Fernet, MultiFernet  # 7 MB that a process without alerts does not need

        made = (hmac.digest(secret, b"boussole alerts address", "sha256") for secret in self.secrets)
        return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in made])


def _mac(secret: bytes, purpose: str, text: str) -> bytes:
    """Return a keyed hash of a text, of its own for each purpose."""
    return hmac.digest(secret, f"boussole alerts {purpose}\n{text}".encode(), hashlib.sha256)[:MAC_BYTES]


def _text(mac: bytes) -> str:
    return urlsafe_b64encode(mac).decode().rstrip("=")
