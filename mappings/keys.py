"""Short stable keys made from identifiers that may be hundreds of characters long."""

import base64
import hashlib

KEY_LENGTH = 12  # 60 bits: among 500,000 offers two share one with probability 1e-7; the second is rejected


def key_of(identifier: str) -> str:
    """Return the 12-character key (lower-case base32) that stands for an identifier in addresses and as document id.

    >>> key_of("14_AF_0000011179")
    'n33nhrxdjcpe'
    >>> len(key_of("x" * 2000))
    12
    """
    digest = hashlib.blake2b(identifier.encode(), digest_size=8).digest()
    return base64.b32encode(digest).decode().lower()[:KEY_LENGTH]
