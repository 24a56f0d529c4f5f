"""Producers: who may send seat statements, and for which sources (BOUSSOLE_SEATS_TOKENS)."""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SHORTEST_TOKEN: Final = 16  # characters; a shorter token can be guessed
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Producer:
    """A sender of statements; ``sources`` None means every source."""

    name: str
    sources: frozenset[str] | None = None

    def may_speak_for(self, source: str) -> bool:
        """Tell whether this producer may make statements for sessions of this source."""
        return self.sources is None or source in self.sources


COMMAND: Final = Producer("command")  # the operator of the indexer may send anything


@dataclass(frozen=True, slots=True)
class Producers:
    """All producers with their tokens."""

    tokens: Sequence[tuple[bytes, Producer]] = ()

    @classmethod
    def parse(cls, text: str) -> "Producers":
        """Parse ``name:token`` or ``name:token:source+source``, comma-separated; ValueErrors never contain the token.

        A token belongs to one producer only. A producer may have two tokens, so that one can replace the other.

        >>> [producer.name for _, producer in Producers.parse("idf:0123456789abcdef:idf+aura").tokens]
        ['idf']
        """
        rows: list[tuple[bytes, Producer]] = []
        for number, entry in enumerate((part.strip() for part in text.split(",") if part.strip()), 1):
            name, _, rest = entry.partition(":")
            token, _, sources = (part.strip() for part in rest.partition(":"))
            if not NAME.fullmatch(name):
                raise ValueError(f"entry {number}: a name of letters, digits, dots and dashes comes before the colon")
            if len(token) < SHORTEST_TOKEN or not token.isascii():
                raise ValueError(f"entry {number} ({name}): a token has at least {SHORTEST_TOKEN} ASCII characters")
            names = frozenset(sources.split("+")) if sources else None
            if names is not None and not all(map(NAME.fullmatch, names)):
                raise ValueError(f"entry {number} ({name}): sources are names joined by +")
            rows.append((token.encode(), Producer(name, names)))
            _check_alone(rows)
        return cls(tuple(rows))

    def find(self, token: bytes) -> Producer | None:
        """Return the owner of this token; every token is compared, each in constant time."""
        found = None
        for known, producer in self.tokens:
            if hmac.compare_digest(known, token):
                found = producer
        return found


def _check_alone(rows: Sequence[tuple[bytes, Producer]]) -> None:
    """Raise ValueError if the last entry has the token of an earlier one, or its name with other sources."""
    token, producer = rows[-1]
    for number, (known, other) in enumerate(rows[:-1], 1):
        if hmac.compare_digest(known, token):
            raise ValueError(
                f"entry {len(rows)} ({producer.name}) has the same token as entry {number} ({other.name}): "
                "give every producer a token of its own"
            )
        if other.name == producer.name and other.sources != producer.sources:
            raise ValueError(
                f"entries {number} and {len(rows)} are both named {producer.name} and differ in their sources: "
                "a producer may have two tokens, but for the same sources"
            )
