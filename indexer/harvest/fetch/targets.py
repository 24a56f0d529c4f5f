"""Which addresses may be asked: the operator's own always, others only on the public Internet.

A name is resolved once, and the connection goes to an address that was checked: a second answer of its name server
changes nothing.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from indexer.harvest.faults import SourceFault, one_line

PORTS: Final = {"http": 80, "https": 443}
TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")  # IPv4 behind NAT64: the last four bytes are the address
KEPT: Final = "%/:=&?~#+!$,;'@()*[]"  # of a path and query, which are sent as they are
Resolve = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Target:
    """An address to ask, split, with the numeric address that the connection goes to."""

    url: str
    secure: bool
    host: str
    port: int
    path: str
    numeric: str

    @property
    def host_header(self) -> str:
        """The value of the Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS["https" if self.secure else "http"] else f"{name}:{self.port}"


def resolve_host(host: str, port: int) -> list[str]:
    """Return the numeric addresses of a host; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def is_public(numeric: str) -> bool:
    """Tell whether a numeric address is on the public Internet, whatever form it is written in.

    >>> is_public("8.8.8.8"), is_public("10.0.0.1"), is_public("169.254.169.254"), is_public("::ffff:127.0.0.1")
    (True, False, False, False)
    >>> is_public("64:ff9b::7f00:1"), is_public("2002:7f00:1::"), is_public("fe80::1%eth0"), is_public("224.0.0.1")
    (False, False, False, False)
    """
    address = ipaddress.ip_address(numeric.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in TRANSLATED:
            inner = ipaddress.IPv4Address(address.packed[-4:])
        if inner is not None:
            return is_public(str(inner))
        if address.teredo is not None:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def split_address(url: str) -> SplitResult:
    """Return the parts of an http address; raises SourceFault if it is none, or holds a user."""
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError as error:
        raise SourceFault(f"{one_line(url)}: not an address ({error})") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise SourceFault(f"{one_line(url)}: not an address of http or https")
    if parts.username is not None or any(not c.isprintable() or c == " " for c in url.strip()):
        shown = parts._replace(netloc=parts.hostname).geturl()
        raise SourceFault(f"{one_line(shown)}: an address with a user or blanks")
    return parts


def origin_of(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address; raises SourceFault.

    >>> origin_of("HTTP://Docs.Example/x"), origin_of("https://docs.example:8443")
    (('http', 'docs.example', 80), ('https', 'docs.example', 8443))
    """
    parts = split_address(url)
    return parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme]


def find_target(url: str, *, is_trusted: bool, resolve: Resolve = resolve_host) -> Target:
    """Return where to connect for an address; raises SourceFault.

    Only a trusted address, one that the operator gave, may be private: every address of another host must be public.
    """
    parts = split_address(url)
    scheme, host, port = origin_of(url)
    try:
        host = host if host.isascii() else host.encode("idna").decode()  # the form of names and heads
        numeric = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise SourceFault(f"{one_line(url)}: the host cannot be found ({one_line(str(error))})") from None
    if not numeric:
        raise SourceFault(f"{one_line(url)}: the host cannot be found")
    if not is_trusted and not all(map(is_public, numeric)):
        raise SourceFault(f"{one_line(url)}: refused, it leads to a private address ({', '.join(numeric)})")
    path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=KEPT)
    return Target(url.strip(), scheme == "https", host, port, path, numeric[0])
