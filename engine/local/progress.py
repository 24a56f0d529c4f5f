"""Progress of a download: a bar on a terminal, a line per tenth elsewhere."""

from __future__ import annotations

import sys
import threading
from types import TracebackType

from tqdm import tqdm

MEGABYTE = 1_000_000
STEPS = 10


class Progress:
    """Counts bytes of a known total; `add` is thread-safe."""

    def __init__(self, title: str, total: int) -> None:
        self._title = title
        self._total = total
        self._done = 0
        self._step = 0
        self._lock = threading.Lock()
        self._bar = tqdm(total=total, desc=title, unit="B", unit_scale=True, disable=not sys.stderr.isatty())

    def __enter__(self) -> Progress:
        if not sys.stderr.isatty():
            print(f"{self._title}: {self._total / MEGABYTE:.0f} MB to download", file=sys.stderr, flush=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def add(self, count: int) -> None:
        """Add `count` bytes and display the progress."""
        with self._lock:
            self._done += count
            self._bar.update(count)
            step = min(self._done * STEPS // self._total, STEPS)
            if step > self._step and not sys.stderr.isatty():
                self._step = step
                print(f"{self._title}: {self._done / MEGABYTE:.0f} MB", file=sys.stderr, flush=True)
