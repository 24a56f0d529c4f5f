"""Short stable keys made from identifiers that may be hundreds of characters long."""

import hashlib
from typing import Final

from language.unicode import compose

KEY_LENGTH = 12  # 60 bits: among 500,000 offers a collision has probability 1e-7; the second offer is rejected
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"  # base32, RFC 4648
# pairs of letters: a load makes a million keys, two letters at a time
PAIRS: Final = [first + second for first in LETTERS for second in LETTERS]
SHIFTS: Final = range(5 * KEY_LENGTH - 10, -1, -10)


def key_of(identifier: str) -> str:
    """Return the 12-character key (lower-case base32) that represents an identifier in addresses and as document id.

    >>> key_of("14_AF_0000011179")
    'n33nhrxdjcpe'
    >>> len(key_of("x" * 2000))
    12
    """
    bits = int.from_bytes(hashlib.blake2b(compose(identifier).encode(), digest_size=8).digest()) >> 64 - 5 * KEY_LENGTH
    return "".join([PAIRS[bits >> shift & 1023] for shift in SHIFTS])


def keys_of(id_or_key: str) -> list[str]:
    """Return the keys that a number or a key may stand for: what looks like a key may be a number as well."""
    key = id_or_key.lower()
    return list(dict.fromkeys((key, key_of(id_or_key)) if len(key) == KEY_LENGTH else (key_of(id_or_key),)))
