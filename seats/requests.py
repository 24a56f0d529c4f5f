"""Calls to the engine as plain values, so that one code path serves a blocking command and an asynchronous app."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Request:
    """One call; a body of bytes is NDJSON. ``pause`` is the seconds to wait before it is sent."""

    method: str
    path: str
    body: Mapping[str, Any] | bytes | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    pause: float = 0.0


# Yields requests, is sent the decoded JSON of each answer, returns the result; whoever drives it does the I/O.
Steps = Generator[Request, Any, Answer]
