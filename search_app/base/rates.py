"""Who is one client, and how often it may do something."""

from collections import OrderedDict
from ipaddress import IPv6Address

from starlette.requests import Request

MOST_CLIENTS = 10_000  # whose last requests are remembered; the one seen longest ago is forgotten first
BURST_SECONDS = 5.0  # of allowance that a client can save up
CLIENT_BITS = 64  # of an IPv6 address: what one subscriber has for themselves; the other half costs nothing to change


def client_of(host: str) -> str:
    """Return what a client is counted by: its address, or the network of a subscriber if that is IPv6.

    An address of IPv4 that came over IPv6, as some proxies write it, is the one of IPv4.

    >>> client_of("192.0.2.7"), client_of("2001:db8::1:2:3:4"), client_of("2001:db8::9"), client_of("")
    ('192.0.2.7', '2001:db8::', '2001:db8::', '')
    >>> client_of("::ffff:192.0.2.7")
    '192.0.2.7'
    """
    if ":" not in host:
        return host
    try:
        address = IPv6Address(host)
    except ValueError:
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> CLIENT_BITS << CLIENT_BITS))


def host_of(request: Request) -> str:
    """Return the address of the client that asks, empty if the server does not know it."""
    return request.client.host if request.client else ""


class RateLimiter:
    """A bucket of requests a client: refilled at ``rate`` a second, holding five seconds' worth."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._most = max(1.0, rate * BURST_SECONDS)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_for(self, client: str, now: float) -> float:
        """Take one request from a client's bucket; returns 0, or the seconds until there is one."""
        if not self._rate:
            return 0.0
        client = client_of(client)
        left, seen = self._buckets.pop(client, (self._most, now))
        left = min(self._most, left + (now - seen) * self._rate)
        wait = 0.0 if left >= 1 else (1 - left) / self._rate
        self._buckets[client] = (left - 1 if not wait else left, now)
        if len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return wait
