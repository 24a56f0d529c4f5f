"""Parses the engine's answer to an export step; each hit stays JSON.

Decoding a thousand offers at once takes 40 to 70 ms, during which other requests wait.
"""

from typing import Any

import msgspec
from msgspec import Raw, Struct, field

from search_app.search.stored import Shards, Total


class StepHit(Struct, gc=False):
    """One stored offer as JSON, and its sort values."""

    source: Raw = field(name="_source")
    sort: list[Any] = []


class StepHits(Struct, gc=False):
    """The hits of a step, and the total of the search."""

    total: Total
    hits: list[StepHit] = []


class Step(Struct, gc=False):
    """The engine's answer to one step."""

    hits: StepHits
    timed_out: bool = False
    shards: Shards = field(name="_shards", default_factory=Shards)


class _Opened(Struct, gc=False):
    """The engine's answer to opening a point in time."""

    pit_id: str


class _ClosedView(Struct, gc=False):
    """Result of closing one; one that was not open counts as closed."""

    successful: bool


class _Closed(Struct, gc=False):
    """The engine's answer to closing several."""

    pits: list[_ClosedView]


_STEP = msgspec.json.Decoder(Step)
_OPENED = msgspec.json.Decoder(_Opened)
_CLOSED = msgspec.json.Decoder(_Closed)


def read_step(answer: bytes) -> Step:
    """Parse the answer to a step; raises msgspec.DecodeError."""
    return _STEP.decode(answer)


def read_view(answer: bytes) -> str:
    """Return the opened point in time; raises msgspec.DecodeError if the answer names none."""
    return _OPENED.decode(answer).pit_id


def are_closed(answer: bytes) -> bool:
    """Tell whether all were closed; raises msgspec.DecodeError if the answer does not say."""
    return all(view.successful for view in _CLOSED.decode(answer).pits)
