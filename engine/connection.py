"""How a client connects: addresses, user and password, certificate authority, time limit; shared by both clients."""

import ssl
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from opensearchpy.serializer import JSONSerializer

from engine.address import shown


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the engine is and how to get in; neither ``repr`` nor ``shown`` holds a user or a password.

    User and password are sent to every address that has none of its own. ``ca`` is a file of certificates that https
    servers are verified with, instead of those of the system.
    """

    addresses: Sequence[str] = field(repr=False)
    timeout: float = 10.0  # seconds of one call
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    ca: str = ""

    @property
    def shown(self) -> str:
        """Return the addresses as they may be printed."""
        return shown(",".join(self.addresses))

    def options(self) -> dict[str, Any]:
        """Return what both constructors of the client library take; the clients repeat requests themselves."""
        options: dict[str, Any] = {
            "hosts": list(self.addresses),
            "timeout": self.timeout,
            "serializer": RawAnswers(),
            "max_retries": 0,  # the library would give each attempt the whole time limit
            "retry_on_timeout": False,
            "retry_on_status": (),
        }
        if self.user:
            token = b64encode(f"{self.user}:{self.password}".encode()).decode()
            options["headers"] = {"authorization": f"Basic {token}"}
        if any(address.startswith("https:") for address in self.addresses):
            options["ssl_context"] = ssl.create_default_context(cafile=self.ca or None)
        return options


class RawAnswers(JSONSerializer):
    """orjson for what is sent; answers stay as they came, and are read as what was asked for.

    The library's own JSON would be the largest part of what the app adds to a search.
    """

    def dumps(self, data: Any) -> Any:
        """Return JSON; bytes and text pass as they are."""
        return data if isinstance(data, (str, bytes)) else orjson.dumps(data).decode()

    def loads(self, s: Any) -> Any:
        """Return the answer as it is."""
        return s
