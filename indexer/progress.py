"""Shows how far a command is: a bar on a terminal, a plain line now and then elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Never, Protocol, TextIO

from tqdm import tqdm

LINE_EVERY: Final = 5.0  # seconds between plain lines


class Progress(Protocol):
    """Somewhere to say how much has been done."""

    def advance(self, count: int) -> None:
        """Say that ``count`` more are done."""


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
        """Say nothing."""


@contextmanager
def show_progress(
    title: str, total: int | None = None, unit: str = "offers", out: TextIO | None = None, quiet: bool = False
) -> Iterator[Progress]:
    """Open a progress display on ``out`` (standard error if not given) for the length of the block."""
    out = out or sys.stderr
    if quiet:
        yield _Quiet()
    elif out.isatty():
        tqdm.monitor_interval = 0  # no thread beside ours: worker processes are made meanwhile
        with tqdm(desc=title, total=total, unit=f" {unit}", unit_scale=True, file=out, leave=False) as bar:
            yield _Bar(bar)
    else:
        lines = _Lines(title, total, unit, out)
        yield lines
        lines.write()
