"""The mail server of an installation, as its setting names it."""

import ssl
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final, Self
from urllib.parse import unquote, urlsplit

SCHEMES: Final = {"smtp": 25, "smtps": 465}
FORM: Final = "smtp://host:port or smtps://user:password@host:port"


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server; ``secure`` is TLS from the first byte, else STARTTLS where it is offered."""

    host: str
    port: int
    secure: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """Return the server of a setting; raises ValueError that repeats nothing of it."""
        try:
            parts = urlsplit(url)
            port = parts.port or SCHEMES.get(parts.scheme, 0)
        except ValueError:
            raise ValueError(FORM) from None
        beside = parts.path.strip("/") or parts.query or parts.fragment
        if parts.scheme not in SCHEMES or not parts.hostname or beside or bool(parts.username) != bool(parts.password):
            raise ValueError(FORM)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, port, parts.scheme == "smtps", user, password)

    def tls(self) -> ssl.SSLContext:
        """Return how TLS is checked: the certificate counts wherever it protects something.

        STARTTLS that is offered but not demanded protects from listeners only, as between mail servers (RFC 7435); a
        password is never sent to a server that cannot prove its name, unless it is on this machine.
        """
        context = ssl.create_default_context()
        if _is_local(self.host) or not (self.secure or self.user):
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
