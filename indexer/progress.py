"""Displays the progress of a command: a bar on a terminal, occasional plain lines elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Never, Protocol, TextIO

from tqdm import tqdm

LINE_EVERY: Final = 5.0  # seconds between plain lines


class Progress(Protocol):
    """Receives progress."""

    def advance(self, count: int) -> None:
        """Report ``count`` more items."""


class _Lines:
    def __init__(self, title: str, total: int | None, unit: str, out: TextIO) -> None:
        self._title, self._total, self._unit, self._out = title, total, unit, out
        self._done = 0
        self._next = time.monotonic() + LINE_EVERY

    def advance(self, count: int) -> None:
        self._done += count
        if time.monotonic() >= self._next:
            self.write()

    def write(self) -> None:
        of = f" of {self._total}" if self._total else ""
        print(f"{self._title}: {self._done}{of} {self._unit}", file=self._out, flush=True)
        self._next = time.monotonic() + LINE_EVERY


class _Bar:
    def __init__(self, bar: "tqdm[Never]") -> None:
        self._bar = bar

    def advance(self, count: int) -> None:
        self._bar.update(count)


class _Quiet:
    def advance(self, count: int) -> None:
        """Do nothing."""


@contextmanager
def show_progress(
    title: str, total: int | None = None, unit: str = "offers", out: TextIO | None = None, quiet: bool = False
) -> Iterator[Progress]:
    """Display progress on ``out`` (default: standard error) during the block."""
    out = out or sys.stderr
    if quiet:
        yield _Quiet()
    elif out.isatty():
        tqdm.monitor_interval = 0  # no additional thread: worker processes are started meanwhile
        with tqdm(desc=title, total=total, unit=f" {unit}", unit_scale=True, file=out, leave=False) as bar:
            yield _Bar(bar)
    else:
        lines = _Lines(title, total, unit, out)
        yield lines
        lines.write()
