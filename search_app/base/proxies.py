"""Trusted proxies: those whose forwarded client address and scheme are accepted."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

LOOPBACK: Final = "127.0.0.1, ::1"
NOBODY: Final = "none"
_MAPPED: Final = "::ffff:"

Network = IPv4Network | IPv6Network


def parse_proxies(text: str) -> tuple[Network, ...]:
    """Return the networks that a setting names; raises ValueError that says which part is wrong, and why.

    >>> [str(network) for network in parse_proxies("10.0.0.7, 172.20.0.0/16")]
    ['10.0.0.7/32', '172.20.0.0/16']
    >>> parse_proxies("none")
    ()
    """
    if text.strip().lower() == NOBODY:
        return ()
    return tuple(_parse(part.strip()) for part in text.split(","))


def _parse(part: str) -> Network:
    allowed = "addresses and networks, comma-separated, such as 127.0.0.1, 172.20.0.0/16; or none"
    if part == "*":
        raise ValueError("* would let every client choose the address that it is known by; name the proxies")
    try:
        network = ip_network(part)
    except ValueError as error:
        why = "has bits of a host beyond its prefix" if "host bits" in str(error) else "is no address and no network"
        raise ValueError(f"{part!r} {why}; allowed: {allowed}") from None
    if not network.prefixlen:
        raise ValueError(f"{part} is everybody: every client could choose the address that it is known by")
    return network


def plain_address(host: str) -> str:
    """Return an address as settings write it: an IPv4-mapped IPv6 address becomes the IPv4 address.

    >>> plain_address("::ffff:10.0.0.7"), plain_address("2001:db8::1"), plain_address("10.0.0.7")
    ('10.0.0.7', '2001:db8::1', '10.0.0.7')
    """
    if not host.startswith(_MAPPED):
        return host
    try:
        mapped = IPv6Address(host).ipv4_mapped
    except ValueError:
        return host
    return str(mapped) if mapped else host


def is_trusted(host: str, proxies: Sequence[Network]) -> bool:
    """Tell whether a connection from this address comes from a trusted proxy."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in proxies)
