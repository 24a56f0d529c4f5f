"""Sitemaps of two million offers and trainings: ``python -m bench.sitemaps``.

Invents keys, divides them into parts and writes each part through the code that the app streams, without an engine.
Prints addresses and bytes of the largest file, the time and the growth of the process. Exit status 1 if a file exceeds
the limits of the protocol, an address is missing or repeated, the time exceeds MOST_SECONDS, or memory grows.
"""

import argparse
import bisect
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
from msgspec import Raw

from bench.tables import table
from mappings.keys import key_of
from search_app.exports.streaming import Body
from search_app.pages.crawlers.urlset import (
    MOST_ADDRESSES,
    MOST_BYTES,
    key_range,
    offers_body,
    parts_of,
    trainings_body,
)

KEYS: Final = 2_000_000
MOST_SECONDS: Final = 60.0
MOST_GROWTH: Final = 16  # MiB: less than one file of the largest size, so that none is held whole
SITE: Final = "https://formations.region-exemple.example"
NEWS: Final = "2026-11-23T03:12:40+00:00"
TITLE: Final = "Titre professionnel technicien supérieur du bâtiment option économie de la construction, numéro "
MEBIBYTE: Final = 1 << 20


@dataclass
class Written:
    """What was written: files, addresses and bytes, the largest of each, and the most memory beyond the beginning."""

    files: int = 0
    addresses: int = 0
    most_addresses: int = 0
    most_bytes: int = 0
    growth: int = 0


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=KEYS)
    count = parser.parse_args().keys
    keys = sorted(key_of(f"AF_{number}") for number in range(count))
    rows, failed = [], False
    for name, body_of, to_record in (("offers", offers_body, to_offer), ("trainings", trainings_body, to_training)):
        begun = time.perf_counter()
        written = write_all(keys, body_of, to_record)
        seconds = time.perf_counter() - begun
        failed = failed or written.addresses != len(keys) or is_beyond(written) or seconds > MOST_SECONDS
        rows.append((name, f"{written.addresses:,}", str(written.files), f"{written.most_addresses:,}",
                     f"{written.most_bytes:,}", f"{seconds:.1f}", f"{written.growth / MEBIBYTE:.1f}"))  # fmt: skip
    print(table(("sitemaps of", "addresses", "files", "most in one", "bytes of it", "s", "growth, MiB"), rows))
    return 1 if failed else 0


def is_beyond(written: Written) -> bool:
    """Tell whether a limit is exceeded."""
    too_large = written.most_addresses > MOST_ADDRESSES or written.most_bytes > MOST_BYTES
    return too_large or written.growth > MOST_GROWTH * MEBIBYTE


def write_all(keys: list[str], body_of: Callable[[str], Body], to_record: Callable[[str], bytes]) -> Written:
    """Write all parts, each piece by piece."""
    written, parts = Written(), parts_of(len(keys))
    gc.collect()
    before = _resident()
    for part in range(1, parts + 1):
        first, after = key_range(part, parts)
        start = bisect.bisect_left(keys, first) if first else 0
        end = bisect.bisect_left(keys, after) if after else len(keys)
        addresses = size = 0
        for piece in pieces(keys, start, end, body_of(SITE), to_record):
            addresses += piece.count(b"<loc>")
            size += len(piece)
        written.files += 1
        written.addresses += addresses
        written.most_addresses = max(written.most_addresses, addresses)
        written.most_bytes = max(written.most_bytes, size)
        written.growth = max(written.growth, _resident() - before)
    return written


def pieces(keys: list[str], start: int, end: int, body: Body, to_record: Callable[[str], bytes]) -> Iterator[bytes]:
    """Yield the pieces of one part."""
    yield body.head
    for index in range(start, end):
        yield from body.to_parts(Raw(to_record(keys[index])))
    yield body.tail


def to_offer(key: str) -> bytes:
    """Return the fields of an offer as the engine sends them."""
    return orjson.dumps({"key": key, "news_at": NEWS})


def to_training(key: str) -> bytes:
    """Return the fields of an offer of a training, whose key this is."""
    return orjson.dumps({"training_key": key, "title": TITLE + key, "news_at": NEWS})


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.exit(main())
