"""The engine's answers to a step of an export, read only as far as its steps need: each hit stays JSON.

To make values of a thousand offers at once takes 40 to 70 ms, in which nobody else is answered.
"""

from typing import Any

import msgspec
from msgspec import Raw, Struct, field

from search_app.search.stored import Shards, Total


class StepHit(Struct, gc=False):
    """One stored offer as JSON, and where it stands in the order."""

    source: Raw = field(name="_source")
    sort: list[Any] = []


class StepHits(Struct, gc=False):
    """The hits of a step, and how many the search has in all."""

    total: Total
    hits: list[StepHit] = []


class Step(Struct, gc=False):
    """The engine's answer to one step."""

    hits: StepHits
    timed_out: bool = False
    shards: Shards = field(name="_shards", default_factory=Shards)


class _Opened(Struct, gc=False):
    """The engine's answer where a view was opened."""

    pit_id: str


class _ClosedView(Struct, gc=False):
    """What became of one view; one that was not open is closed."""

    successful: bool


class _Closed(Struct, gc=False):
    """The engine's answer where views were closed."""

    pits: list[_ClosedView]


_STEP = msgspec.json.Decoder(Step)
_OPENED = msgspec.json.Decoder(_Opened)
_CLOSED = msgspec.json.Decoder(_Closed)


def read_step(answer: bytes) -> Step:
    """Read the answer to a step; raises msgspec.DecodeError if it is none."""
    return _STEP.decode(answer)


def read_view(answer: bytes) -> str:
    """Return the view that was opened; raises msgspec.DecodeError if the answer names none."""
    return _OPENED.decode(answer).pit_id


def are_closed(answer: bytes) -> bool:
    """Tell whether all views are closed that were to be; raises msgspec.DecodeError if the answer does not say."""
    return all(view.successful for view in _CLOSED.decode(answer).pits)
