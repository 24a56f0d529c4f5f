"""Calls to the engine as plain values, so that one code path serves a blocking command and an asynchronous app."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Request:
    """One call; a body of bytes is NDJSON. ``pause`` is the seconds to wait before it is sent.

    The answer of a status in ``ignore`` is handed on as it is, instead of being an error. Requests ``beside`` it are
    sent at the same time, and the answer is then the list of all answers; they may be carried out in any order.
    """

    method: str
    path: str
    body: Mapping[str, Any] | bytes | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    pause: float = 0.0
    ignore: tuple[int, ...] = ()
    beside: tuple["Request", ...] = ()

    @property
    def client_params(self) -> dict[str, Any]:
        """Return the parameters as the client library takes them."""
        return {**self.params, "ignore": self.ignore} if self.ignore else dict(self.params)


def together(requests: Sequence[Request]) -> Request:
    """Return the first request with the others beside it."""
    return replace(requests[0], beside=tuple(requests[1:]))


# Yields requests, is sent the decoded JSON of each answer, returns the result; whoever drives it does the I/O.
Steps = Generator[Request, Any, Answer]
