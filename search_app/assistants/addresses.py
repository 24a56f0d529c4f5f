"""Which hosts and origins the door for assistants takes: exact ones, never by their beginning.

A page of another site could otherwise make its reader's browser call a server on the reader's own machine (DNS
rebinding). The library's own check of ``http://127.0.0.1:*`` compares beginnings, and so admits
``http://127.0.0.1:8611.evil.example``.
"""

import re
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

_PORT: Final = r"(?::[0-9]{1,5})?"
LOCAL_HOST: Final = re.compile(rf"(?:127\.0\.0\.1|localhost|\[::1\]){_PORT}", re.IGNORECASE)
LOCAL_ORIGIN: Final = re.compile(rf"https?://(?:127\.0\.0\.1|localhost|\[::1\]){_PORT}", re.IGNORECASE)
_USUAL_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Allowed:
    """The names of the public site beside local ones; empty if no public address is set."""

    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()

    @classmethod
    def of(cls, public_url: str) -> Self:
        """Return the names of a public address; with the usual port of its scheme, told or not.

        >>> sorted(Allowed.of("https://Formations.example/site").hosts)
        ['formations.example', 'formations.example:443']
        """
        parts = urlsplit(public_url)
        host, scheme = (parts.netloc.rpartition("@")[2].lower(), parts.scheme.lower())
        if not host or scheme not in _USUAL_PORTS:
            return cls()
        usual = f":{_USUAL_PORTS[scheme]}"
        names = {host, host.removesuffix(usual)}
        names |= {f"{name}{usual}" for name in names if parts.port is None}
        return cls(frozenset(names), frozenset(f"{scheme}://{name}" for name in names))

    def takes_host(self, host: str) -> bool:
        """Tell whether a request may name this host.

        >>> site = Allowed.of("https://a.example")
        >>> [site.takes_host(each) for each in ("a.example", "localhost:8000", "[::1]")]
        [True, True, True]
        >>> [site.takes_host(each) for each in ("b.example", "127.0.0.1:1.b.example", "a.example.b.example", "")]
        [False, False, False, False]
        """
        return host.lower() in self.hosts or LOCAL_HOST.fullmatch(host) is not None

    def takes_origin(self, origin: str) -> bool:
        """Tell whether a request of a page of this origin is taken.

        >>> Allowed().takes_origin("http://127.0.0.1:8611")
        True
        >>> [Allowed().takes_origin(each) for each in ("http://127.0.0.1:8611.evil.example", "null")]
        [False, False]
        """
        return origin.lower() in self.origins or LOCAL_ORIGIN.fullmatch(origin) is not None
