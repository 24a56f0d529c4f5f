"""Rate limit: which requests belong to one client, and how many it may make."""

from collections import OrderedDict, deque
from ipaddress import IPv6Address

from starlette.requests import Request

MOST_CLIENTS = 10_000  # clients remembered; the least recently seen one is forgotten first
BURST_SECONDS = 5.0  # seconds' worth of requests that a client can save up
MINUTE = 60.0
CLIENT_BITS = 64  # bits of an IPv6 address: the network of one subscriber, who can change the other half at will


def client_of(host: str) -> str:
    """Return the key under which a client is counted: its address, or the subscriber's network if that is IPv6.

    An IPv4-mapped IPv6 address, as some proxies write it, counts as the IPv4 address.

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
    """Return the address of the client, empty if the server does not know it."""
    return request.client.host if request.client else ""


class RateLimiter:
    """Token bucket per client: refilled at ``rate`` per second, with room for five seconds' worth."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._most = max(1.0, rate * BURST_SECONDS)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_for(self, client: str, now: float) -> float:
        """Take one request from a client's bucket; return 0, or the seconds until one is available."""
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


class MinuteLimiter:
    """Exact number of requests per client in any sixty seconds, for what is rare and costs others something."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_for(self, client: str, now: float) -> float:
        """Count one request of a client; return 0, or the seconds until another one is allowed."""
        client = client_of(client)
        seen = self._seen.pop(client, None) or deque()
        while seen and now - seen[0] >= MINUTE:
            seen.popleft()
        self._seen[client] = seen
        if len(self._seen) > MOST_CLIENTS:
            self._seen.popitem(last=False)
        if len(seen) >= self._most:
            return MINUTE - (now - seen[0])
        seen.append(now)
        return 0.0
