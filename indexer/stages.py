"""How long the stages of a command take, and how much memory it needs."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Staged(Protocol):
    """A report that tells of stages."""

    seconds: dict[str, float]
    peak_memory_bytes: int


def peak_memory() -> int:
    """Return the most bytes that this process ever had resident."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@contextmanager
def timed(report: Staged, stage: str) -> Iterator[None]:
    """Record the duration of a stage, and the memory used by its end."""
    begin = time.monotonic()
    try:
        yield
    finally:
        report.seconds[stage] = time.monotonic() - begin
        report.peak_memory_bytes = peak_memory()
