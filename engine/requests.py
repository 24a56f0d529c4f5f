"""Calls to the engine as plain values, so that one code path serves a blocking command and an asynchronous app."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

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


# Yields requests, is sent the decoded JSON of each answer, returns the result; whoever drives it does the I/O.
Steps = Generator[Request, Any, Answer]
MOST_AT_ONCE: Final = 2  # requests beside each other: more would leave no thread of the engine to searches


def ask_together(requests: Sequence[Request], pause: float = 0.0) -> Steps[list[Any]]:
    """Send requests, two at the same time, after a pause; return their answers in order."""
    answers: list[Any] = []
    for start in range(0, len(requests), MOST_AT_ONCE):
        first, *others = requests[start : start + MOST_AT_ONCE]
        told = yield replace(first, beside=tuple(others), pause=0.0 if start else pause)
        answers += told if others else [told]
    return answers
