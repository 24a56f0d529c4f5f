"""``python -m bench.clients.exports_beside URL``: response times of other requests during exports of the catalogue.

URL is a running app over a large catalogue. Prints a table: pings (/healthz) and searches alone, then during eight
concurrent exports of each form. Exit status 1 if an export is incomplete or a limit is exceeded.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar
from urllib.request import urlopen

from bench.clients.beside import HEAD, others, wait_beside, wait_idle
from bench.tables import table

FORMS: Final = {"ics": "ics?upcoming=false", "csv": "csv", "ndjson": "ndjson"}
ENDS: Final = {"ics": b"END:VCALENDAR\r\n", "csv": b"\r\n", "ndjson": b"\n"}
MOST_PING: Final = 50.0  # ms, median
MOST_SEARCH: Final = 250.0  # ms, 95th percentile
CHUNK: Final = 1 << 18

Waited = TypeVar("Waited")
# seconds to the first byte and to the last, bytes, whether it is complete or left
Told = tuple[float, float, int, bool]


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=["ics"])
    parser.add_argument(
        "--seconds", type=float, default=600, help="after which a reader leaves; a bar needs whole exports"
    )
    parser.add_argument("--idle-seconds", type=float, default=10)
    options = parser.parse_args()
    aim = others(options.url)
    rows: list[tuple[object, ...]] = [("nothing", "", "", "", *wait_idle(aim, options.idle_seconds).row())]
    good = True
    for form in options.forms:
        address = f"{options.url}/api/v1/offers.{FORMS[form]}"
        reader = partial(_read, address, form, options.seconds)
        alone, _ = _export(reader, 1, lambda _: None)
        told, waits = _export(reader, options.at_once, lambda running: wait_beside(aim, running))
        good &= all(each[3] for each in (*alone, *told)) and waits.ping <= MOST_PING and waits.search <= MOST_SEARCH
        rows.append((f"{form}, alone", *_times(alone), *[""] * len(HEAD)))
        rows.append((f"{form}, {options.at_once} at once", *_times(told), *waits.row()))
    print(table(("beside", "first byte s", "whole s", "MB each", *HEAD), rows))
    verdict = "held" if good else "FAILED"
    print(f"\nbars: median ping ≤ {MOST_PING:.0f} ms, searches p95 ≤ {MOST_SEARCH:.0f} ms: {verdict}")
    return 0 if good else 1


def _export(
    reader: Callable[[int], Told], at_once: int, meanwhile: Callable[[Callable[[], bool]], Waited]
) -> tuple[list[Told], Waited]:
    """Read an export that many times at once, each in its own process, and run ``meanwhile`` as long as one is read."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(at_once) as pool:
        pool.map(abs, range(at_once))  # start the processes before the measurement
        reading = pool.map_async(reader, range(at_once), chunksize=1)
        waited = meanwhile(lambda: not reading.ready())
        return reading.get(), waited


def _read(address: str, form: str, seconds: float, _: int) -> Told:
    began = time.monotonic()
    with urlopen(address, timeout=600) as response:
        last = response.read(1)
        first, size = time.monotonic() - began, 1
        while (chunk := response.read1(CHUNK)) and time.monotonic() - began < seconds:
            size += len(chunk)
            last = (last + chunk)[-32:]
    return first, time.monotonic() - began, size, bool(chunk) or last.endswith(ENDS[form])


def _times(told: list[Told]) -> tuple[str, str, str]:
    first, whole, size, _ = (max(column) for column in zip(*told, strict=True))
    return f"{first:.2f}", f"{whole:.1f}", f"{size / 1e6:.0f}"


if __name__ == "__main__":
    sys.exit(main())
