"""Addresses of the engine: checked before anything uses them, and shown without user and password wherever they are."""

from typing import Final
from urllib.parse import SplitResult, urlsplit

SCHEMES: Final = ("", "http", "https")
ALLOWED: Final = (
    "each address is http(s)://[USER:PASSWORD@]HOST[:PORT], several are comma-separated; "
    "/ ? # , @ and % in a user or password are written as %2F %3F %23 %2C %40 %25"
)
HIDDEN: Final = "(not shown: it holds a password)"


def check_addresses(addresses: str) -> str:
    """Return the addresses as they are; raises ValueError, which shows nothing of them, if one cannot be used."""
    for address in addresses.split(","):
        try:
            parts = parse_address(address)
            is_host = bool(parts.hostname) and parts.scheme in SCHEMES and parts.port != 0
            is_host &= "://" in address or parts.port is not None  # a word alone is more often a slip than a host
            is_host &= bool(parts.username) == bool(parts.password)
            is_host &= "@" not in parts.path + parts.query + parts.fragment
        except ValueError:
            is_host = False
        if not is_host:
            raise ValueError(ALLOWED)
    return addresses


def parse_address(address: str) -> SplitResult:
    """Return the parts of one address, with or without a scheme."""
    return urlsplit(_with_slashes(address))


def shown(addresses: str) -> str:
    """Return addresses without user and password, as they may be printed; every message that has one calls this.

    >>> shown("https://chef:s3cr3t@one:9200, http://two:9200")
    'https://one:9200, http://two:9200'
    """
    return ", ".join(_without_user(address.strip()) for address in addresses.split(","))


def shown_setting(addresses: str) -> str:
    """Return a value that is no address, as a message may quote it: nothing of it if it may hold a password.

    >>> shown_setting("ftp://one"), shown_setting("http://chef:s3/cr3t@one")
    ("'ftp://one'", '(not shown: it holds a password)')
    """
    return HIDDEN if "@" in addresses else repr(addresses)


def _without_user(address: str) -> str:
    scheme, slashes, rest = address.rpartition("://")
    return f"{scheme}{slashes}{rest.rpartition('@')[2]}"


def _with_slashes(address: str) -> str:
    address = address.strip()
    return address if "://" in address else f"//{address}"
