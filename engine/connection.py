"""Connection settings of both clients: addresses, user and password, certificate authority, time limit."""

import ssl
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

import orjson
from opensearchpy.serializer import JSONSerializer

from engine.address import parse_address, shown

HTTPS_PORT: Final = 443


@dataclass(frozen=True, slots=True)
class Connection:
    """The addresses of the engine and the credentials; neither ``repr`` nor ``shown`` contains a user or a password.

    User and password are sent to every address without its own. ``ca`` is a file of certificates with which https
    servers are verified instead of the system's.
    """

    addresses: Sequence[str] = field(repr=False)
    timeout: float = 10.0  # seconds of one call
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    ca: str = ""

    @property
    def shown(self) -> str:
        """Return the addresses in printable form."""
        return shown(",".join(self.addresses))

    def options(self) -> dict[str, Any]:
        """Return the constructor arguments of the client library, without its retries: the clients retry themselves."""
        options: dict[str, Any] = {
            "hosts": [self._host(address) for address in self.addresses],
            "timeout": self.timeout,
            "serializer": RawAnswers(),
            "max_retries": 0,  # the library would give each attempt the whole time limit
            "retry_on_timeout": False,
            "retry_on_status": (),
        }
        if any(address.startswith("https:") for address in self.addresses):
            options["ssl_context"] = ssl.create_default_context(cafile=self.ca or None)
        return options

    def _host(self, address: str) -> dict[str, Any]:
        """Return one address as the client library takes it. The library would encode user and password as Latin-1."""
        parts = parse_address(address)
        host: dict[str, Any] = {"host": parts.hostname}
        if parts.port or parts.scheme == "https":
            host["port"] = parts.port or HTTPS_PORT
        if parts.scheme == "https":
            host["use_ssl"] = True
        if parts.path.strip("/"):
            host["url_prefix"] = parts.path
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if not user:
            user, password = self.user, self.password
        if user:
            token = b64encode(f"{user}:{password}".encode()).decode()
            host["headers"] = {"authorization": f"Basic {token}"}
        return host


class RawAnswers(JSONSerializer):
    """Serialises with orjson; answers stay bytes, which are parsed for their purpose.

    The library's own JSON would be the largest part of the app's overhead.
    """

    def dumps(self, data: Any) -> Any:
        """Return JSON; bytes and text pass as they are."""
        return data if isinstance(data, (str, bytes)) else orjson.dumps(data).decode()

    def loads(self, s: Any) -> Any:
        """Return the answer unchanged."""
        return s
