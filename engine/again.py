"""Which requests may be sent again, to another node, when one did not answer them.

A node that refuses a connection has seen nothing: everything may be sent elsewhere. If the connection was lost later,
or the node says that it cannot serve (503), only what changes nothing may be: see ``is_read``.
"""

from typing import Final
from urllib.parse import urlsplit

import aiohttp
import urllib3
from opensearchpy import exceptions as client_errors

from engine.errors import EngineError, EngineUnavailable, EngineUnreachable

READS: Final = ("_search", "_msearch", "_mget", "_count", "_analyze")  # what a POST asks and does not change
# Of both libraries: refused, no route, no such host, or no connection in time.
NEVER_ARRIVED: Final = (
    *(ConnectionRefusedError, aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError),
    *(urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError),
)


def is_read(method: str, path: str) -> bool:
    """Tell whether a request changes nothing in the engine; a point in time is opened, and so is none.

    >>> is_read("POST", "/offers/_search?request_cache=false"), is_read("GET", "/_tasks/n:1")
    (True, True)
    >>> is_read("POST", "/offers/_search/point_in_time"), is_read("POST", "/_bulk"), is_read("POST", "/_reindex")
    (False, False, False)
    """
    return method in ("GET", "HEAD") or (method == "POST" and urlsplit(path).path.rpartition("/")[2] in READS)


def never_arrived(error: BaseException) -> bool:
    """Tell whether a connection error of the client library means that no connection was made."""
    return isinstance(getattr(error, "info", None), NEVER_ARRIVED)


def may_be_sent_again(failure: EngineError, error: client_errors.OpenSearchException, method: str, path: str) -> bool:
    """Tell whether another node may be asked the same after this failure."""
    if isinstance(failure, EngineUnreachable):
        return never_arrived(error) or is_read(method, path)
    return isinstance(failure, EngineUnavailable) and is_read(method, path)
