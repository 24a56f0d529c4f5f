"""Reads damaged archives and feeds up to offers: only declared exceptions, and no time that grows superlinearly.

``python -m bench.fuzz.feeds --what archives|xml --seconds 600 --seed N``. Exit status 1 at the first failing case;
it is written to a file, and printed with the command that reproduces it.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bench.fuzz.archives import draw_archive
from bench.fuzz.xml import draw_feed, sound_feeds
from indexer.load.convert import ConvertContext, convert_record
from indexer.records import FileEnd, Limits, RawRecord, UnusableFeed
from indexer.reference.files import READERS, read_tables
from indexer.reference.rows import ReferenceFileError
from indexer.sources import read_records
from mappings.reference import Reference

SECONDS_A_MEGABYTE: Final = 5.0
LEAST: Final = 200_000  # bytes: smaller cases count as this large
CONTEXT: Final = ConvertContext("fuzz", Reference())
# Limit of decompressed data here, so that a case stays short.
LIMITS: Final = Limits(total=20_000_000, ratio_from=2_000_000)
Case = Callable[[random.Random], bytes]


class Failed(Exception):
    """A case raised an undeclared exception, or took too long; the message says what."""


def archive_case(draw: random.Random) -> bytes:
    """Return an archive of a feed that is valid, or nearly so."""
    document = draw_feed(draw) if draw.random() < 0.2 else draw.choice(sound_feeds()).encode()
    return draw_archive(draw, document or b"<")


CASES: Final[dict[str, Case]] = {"archives": archive_case, "xml": draw_feed}


def make_case(what: str, seed: int, number: int) -> bytes:
    """Return a case; the same numbers give the same case."""
    return CASES[what](random.Random(f"{seed} {number}"))


def read_case(path: Path) -> Counter[str]:
    """Read a file as a feed, and as a table, as the commands do; return the result. Raises Failed."""
    told: Counter[str] = Counter()
    began, size = time.process_time(), 0
    try:
        for item in read_records([path], LIMITS):
            if isinstance(item, RawRecord):
                size += sum(map(len, item.texts))
                offers, rejects, _ = convert_record(item, CONTEXT)
                told["offers"] += len(offers)
                told.update(reject.reason for reject in rejects)
                broken = next((reject for reject in rejects if reject.reason == "not-convertible"), None)
                if broken:
                    raise Failed(f"line {broken.line}: {broken.message}")
            elif isinstance(item, FileEnd):
                told["read whole" if item.complete else "not read whole"] += 1
                _check_line(item.problem)
            else:
                told[item.reason] += 1
    except UnusableFeed as error:
        told["unusable"] += 1
        _check_line(str(error).splitlines()[0])
    except Failed:
        raise
    except BaseException as error:
        raise Failed(f"{type(error).__name__}: {error}") from error
    _read_table(path)
    megabytes = max(size, path.stat().st_size, LEAST) / 1e6
    taken = time.process_time() - began
    if taken > SECONDS_A_MEGABYTE * megabytes:
        raise Failed(f"{taken:.1f} s for {megabytes:.2f} MB")
    return told


def _read_table(path: Path) -> None:
    for kind in READERS:
        try:
            read_tables(kind, [path], LIMITS.total)
        except ReferenceFileError as error:
            _check_line(str(error))
        except BaseException as error:
            raise Failed(f"reference, {kind}: {type(error).__name__}: {error}") from error


def _check_line(message: str | None) -> None:
    if message and not message.isprintable():
        raise Failed(f"a message that is no line: {message!r}")


def run(what: str, seed: int, seconds: float, folder: Path, most: int | None = None) -> Counter[str]:
    """Read cases until the time is over; return the results. Raises Failed, which says how to reproduce the case."""
    told: Counter[str] = Counter()
    end, path = time.monotonic() + seconds, folder / "case"
    while time.monotonic() < end and (most is None or told["cases"] < most):
        number = told["cases"]
        path.write_bytes(make_case(what, seed, number))
        try:
            told += read_case(path)
        except Failed as error:
            raise Failed(f"{what}, seed {seed}, case {number}, kept as {path}: {error}") from error
        told["cases"] += 1
    return told


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--what", choices=CASES, required=True)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument(
        "--seed", type=int, default=None, help="the same one makes the same cases (default: a fresh one)"
    )
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(2**31) if options.seed is None else options.seed
    try:
        told = run(options.what, seed, options.seconds, Path(tempfile.mkdtemp(prefix="boussole-fuzz-")))
    except Failed as error:
        print(error)
        return 1
    cases = told.pop("cases")
    print(f"{options.what}, seed {seed}: {cases} cases, no failure")
    print(", ".join(f"{count} {name}" for name, count in told.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
