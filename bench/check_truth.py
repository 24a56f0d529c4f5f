"""Send random requests to a running app over a generated catalogue and compare the answers with its truth file.

    python -m bench.check_truth DIR --url http://127.0.0.1:8000 --n 1000 --communes FILE --former-communes FILE \\
        --employment-zones FILE

DIR holds the ``truth.jsonl`` of the loaded feed (and its ``seats.ndjson``, loaded too); the place files are those given
to ``indexer reference``. Exit status 0 if nothing differs.
"""

import argparse
import http.client
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from tests.oracle.answer import answer
from tests.oracle.compare import Compared, report
from tests.oracle.draw import Drawer
from tests.oracle.feed_truth import UNTOLD, read_feed_truth
from tests.oracle.places import Gazetteer, load_gazetteer, load_zones
from tests.oracle.query import Parameters, read_query
from tests.oracle.rows import Row


class Checker:
    """Rows in memory (shared with worker processes by fork) and the address of the app."""

    def __init__(self, rows: list[Row], gazetteer: Gazetteer, today: date, url: str) -> None:
        self.rows = rows
        self.by_id = {row.id: row for row in rows}
        self.gazetteer = gazetteer
        self.today = today
        self.url = urlsplit(url)

    def check(self, parameters: Parameters) -> tuple[int, list[str]] | None:
        """Return the expected total and the differences; None if rounding decides whether an offer is inside the
        radius.
        """
        query = read_query(parameters, self.gazetteer)
        expected = answer(self.rows, query, self.today)
        if expected.doubtful:
            return None
        status, got = self._fetch(parameters)
        if status != 200:
            return expected.total, [f"status {status}: {json.dumps(got, ensure_ascii=False)[:500]}"]
        return expected.total, Compared(parameters, expected, got, self.by_id, query.sort, UNTOLD).differences()

    def _fetch(self, parameters: Parameters) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self.url.netloc, timeout=60)
        try:
            connection.request("GET", f"/api/v1/offers?{urlencode(parameters, doseq=True)}")
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()


_checker: Checker


def _check(parameters: Parameters) -> tuple[Parameters, tuple[int, list[str]] | None]:
    return parameters, _checker.check(parameters)


def main() -> int:
    """Run from the command line."""
    global _checker  # noqa: PLW0603 - inherited by the worker processes, too large to be sent to them
    options = parser(str(__doc__)).parse_args()
    gazetteer, rows = read_rows(options)
    _checker = Checker(rows, gazetteer, options.today, options.url)
    drawer = Drawer(rows, gazetteer, options.today, options.seed, entry_levels=False, trainings=False, untold=UNTOLD)
    drawn = [drawer.parameters() for _ in range(options.n)]
    began = time.monotonic()
    wrong = doubtful = empty = 0
    with ProcessPoolExecutor(options.processes) as pool:
        for parameters, checked in pool.map(_check, drawn, chunksize=4):
            if checked is None:
                doubtful += 1
                continue
            empty += checked[0] == 0
            if checked[1]:
                wrong += 1
                print(report(parameters, checked[1]), flush=True)
    print(
        f"{len(rows)} actions, {options.n} requests, {time.monotonic() - began:.0f} s: {wrong} differ"
        f" ({empty} have no result, {doubtful} not compared: an offer within 2 m of the radius)"
    )
    return 1 if wrong else 0


def read_rows(options: argparse.Namespace) -> tuple[Gazetteer, list[Row]]:
    """Return the places and the rows of the files that the options name."""
    gazetteer = load_gazetteer(options.communes, options.former_communes)
    truth = read_feed_truth(options.dir / "truth.jsonl", gazetteer, load_zones(options.employment_zones))
    return gazetteer, list(truth)


def parser(about: str) -> argparse.ArgumentParser:
    """Return the options of a check of an app over a generated catalogue."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--communes", type=Path, required=True)
    parser.add_argument("--former-communes", type=Path)
    parser.add_argument("--employment-zones", type=Path, required=True)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(ZoneInfo("Europe/Paris")).date())
    return parser


if __name__ == "__main__":
    sys.exit(main())
