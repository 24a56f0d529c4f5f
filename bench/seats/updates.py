"""``python -m bench.seats.updates FILE --rate 1000``: sends seat statements at a steady rate until it is stopped."""

import argparse
import http.client
import itertools
import json
import random
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from bench.engine_address import engine_to_measure
from engine.requests import Request, Steps
from mappings.names import IndexNames
from mappings.settings import EngineSettings
from seats.statements.forms import read_ndjson
from seats.statements.producers import COMMAND
from seats.statements.record import record_lines
from seats.statements.tally import SeatsAnswer

Answer = TypeVar("Answer")
BATCHES_A_SECOND = 10


def main() -> int:
    """Send statements until killed; print the achieved rate every ten seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rate", type=int, default=1000, help="statements a second")
    options = parser.parse_args()
    settings = EngineSettings.from_environment()
    names = IndexNames(settings.index_prefix)
    connection = http.client.HTTPConnection(urlsplit(engine_to_measure()).netloc, timeout=60)
    began = time.monotonic()
    for number, batch in enumerate(_batches(options.file, options.rate // BATCHES_A_SECOND), 1):
        with closing(SeatsAnswer()) as answer:
            drive(record_lines(names, batch, read_ndjson, COMMAND, answer, settings.seats_cutoff), connection)
        ahead = number / BATCHES_A_SECOND - (time.monotonic() - began)
        if ahead > 0:
            time.sleep(ahead)
        if number % (10 * BATCHES_A_SECOND) == 0:
            rate = number * options.rate / BATCHES_A_SECOND / (time.monotonic() - began)
            print(f"{rate:.0f} statements/s", flush=True)
    return 0


def drive(steps: Steps[Answer], connection: http.client.HTTPConnection) -> Answer:
    """Send each request of the steps to the engine and return their result."""
    try:
        request = next(steps)
        while True:
            request = steps.send(_send(request, connection))
    except StopIteration as finished:
        result: Answer = finished.value
        return result


def _send(request: Request, connection: http.client.HTTPConnection) -> Any:
    time.sleep(request.pause)
    body, kind = _encoded(request)
    query = f"?{urlencode(request.params)}" if request.params else ""
    connection.request(request.method, request.path + query, body, {"Content-Type": kind})
    return json.loads(connection.getresponse().read())


def _encoded(request: Request) -> tuple[bytes | None, str]:
    if isinstance(request.body, bytes):
        return request.body, "application/x-ndjson"
    return None if request.body is None else json.dumps(request.body).encode(), "application/json"


def _batches(path: Path, size: int) -> Iterator[list[bytes]]:
    """Yield statements of the file's sessions endlessly, each with other figures and a higher sequence."""
    rng = random.Random(1)
    known = [json.loads(line) for line in path.read_bytes().splitlines()]
    sequence = itertools.count(time.time_ns() // 1_000_000)
    observed_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    while True:
        batch = []
        for statement in rng.sample(known, min(size, len(known))):
            available = rng.randint(0, statement["capacity"] or 10)
            fresh = {"available": available, "sequence": next(sequence), "observed_at": observed_at}
            batch.append(json.dumps(statement | fresh).encode())
        yield batch


if __name__ == "__main__":
    sys.exit(main())
