"""Région × funder, four measures, of a loaded catalogue: the app beside PostgreSQL and DuckDB, in turns.

    python -m bench.peers.sums FOLDER --feed DIR --app http://127.0.0.1:8000 --communes FILE --former-communes FILE

Both peers have one flat row for each offer, funder and session, as an expert would lay it out for such sums, and answer
one statement with grouping sets. There are no figures unless all four counts of every cell agree. FOLDER is one that
the system's user ``postgres`` can reach; needs ``pip install -r requirements/peers.txt``.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

from bench.peers.packages import load_package
from bench.peers.postgres.cluster import Cluster
from bench.tables import table
from tests.oracle.feed_truth import read_feed_truth
from tests.oracle.places import load_gazetteer

MEASURES: Final = "measure=offers&measure=sessions&measure=left&measure=fill_rate"
CREATE: Final = (
    'CREATE TABLE facts (offer integer, region text, funder text, session integer, capacity bigint, "left" bigint)'
)
ASK: Final = """
SELECT region, funder, count(DISTINCT offer), count(DISTINCT session), sum("left"),
  CAST(sum(CASE WHEN "left" <= capacity THEN capacity - "left" END) AS double precision)
    / NULLIF(sum(CASE WHEN "left" <= capacity THEN capacity END), 0), grouping(region), grouping(funder)
FROM facts {where} GROUP BY GROUPING SETS ((region, funder), (region), (funder), ())
"""
KINDS: Final = {"no condition": ("", ""), "one région": ("&region=76", "WHERE region = '76'")}
Cells = dict[tuple[str, str], tuple[Any, ...]]


def facts(truth: Path, communes: Path, former: Path | None) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each offer, funder and session; None where an offer has none."""
    gazetteer, sessions = load_gazetteer(communes, former), 0
    with truth.open(encoding="utf-8") as lines:
        for number, (row, line) in enumerate(zip(read_feed_truth(truth, gazetteer), lines, strict=True)):
            told = json.loads(line)["sessions"]
            (region,) = row.values["region"] or (None,)
            for funder in row.funders or (None,):
                for place, session in enumerate(told):
                    capacity, left = session["seats"].get(funder, (None, None))
                    yield number, region, funder, sessions + place, capacity, left
                if not told:
                    yield number, region, funder, None, None, None
            sessions += len(told)


def cells_of(rows: list[tuple[Any, ...]]) -> Cells:
    """Return the groups of a statement by région and funder, "*" for all."""
    return {
        ("*" if every_region else region or "", "*" if every_funder else funder or ""): (offers, sessions, left, rate)
        for region, funder, offers, sessions, left, rate, every_region, every_funder in rows
    }


def ask_app(url: str, query: str) -> Cells:
    """Return the same of the app."""
    with urlopen(f"{url}/api/v1/analytics?rows=region&columns=funder&size=100&{MEASURES}{query}") as answer:
        told = json.load(answer)
    cells = {("*", "*"): tuple(told["total"].values())}
    cells |= {(row["value"] or "", "*"): tuple(row["measures"].values()) for row in told["rows"]}
    cells |= {("*", row["value"] or ""): tuple(row["measures"].values()) for row in told["columns"]}
    return cells | {(e["row"] or "", e["column"] or ""): tuple(e["measures"].values()) for e in told["cells"]}


def ask_sql(connection: Any, statement: str) -> Cells:
    """Return the same of a peer."""
    return cells_of(connection.execute(statement).fetchall())


def agree(one: Cells, other: Cells) -> bool:
    """Tell whether all figures are the same."""
    return one.keys() == other.keys() and all(
        left[:3] == right[:3] and abs((left[3] or 0) - (right[3] or 0)) < 1e-9
        for left, right in ((one[key], other[key]) for key in one)
    )


def main() -> None:
    """Run from the command line."""
    options = _parser().parse_args()
    rows = list(facts(options.feed / "truth.jsonl", options.communes, options.former_communes))
    duck = load_package("duckdb").connect()
    duck.execute("SET threads = 2")
    duck.execute(CREATE)
    load_csv(options.folder, rows, lambda path: duck.execute(f"COPY facts FROM '{path}' (HEADER false)"))
    cluster = Cluster(options.folder / "postgresql")
    cluster.start("1GB")
    with cluster.connect("postgres") as postgres:  # needs no PostGIS
        postgres.execute("DROP TABLE IF EXISTS facts")
        postgres.execute(CREATE)
        with postgres.cursor().copy("COPY facts FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        postgres.execute("CREATE INDEX ON facts (region)")
        postgres.execute("ANALYZE facts")
        for kind, (query, where) in KINDS.items():
            statement = ASK.format(where=where)
            sides: dict[str, Callable[[], Cells]] = {
                "Boussole": partial(ask_app, options.app, query),
                "PostgreSQL": partial(ask_sql, postgres, statement),
                "DuckDB": partial(ask_sql, duck, statement),
            }
            compare(kind, sides, options.rounds)
    cluster.stop()


def load_csv(folder: Path, rows: list[tuple[Any, ...]], load: Callable[[Path], Any]) -> None:
    """Give the rows to a side as a file."""
    path = folder / "facts.csv"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(",".join("" if value is None else str(value) for value in row) + "\n" for row in rows)
    load(path)
    path.unlink()


def compare(kind: str, sides: dict[str, Callable[[], Cells]], rounds: int) -> None:
    """Print the times of one question, if all sides answer the same."""
    answers = {name: ask() for name, ask in sides.items()}
    first = answers["Boussole"]
    wrong = [name for name, cells in answers.items() if not agree(first, cells)]
    if wrong:
        raise SystemExit(f"bench.peers.sums: {kind}: {', '.join(wrong)} answers otherwise")
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, ask in sides.items():
            began = time.perf_counter()
            ask()
            times[name].append((time.perf_counter() - began) * 1000)
    lines = [[name, f"{statistics.median(each):.0f}", f"{min(each):.0f}"] for name, each in times.items()]
    print(f"{kind}: {len(first)} groups, {first['*', '*'][0]} offers, {rounds} rounds")
    print(table(["side", "p50 ms", "least ms"], lines), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--feed", type=Path, required=True)
    parser.add_argument("--app", default="http://127.0.0.1:8000")
    parser.add_argument("--communes", type=Path, required=True)
    parser.add_argument("--former-communes", type=Path)
    parser.add_argument("--rounds", type=int, default=15)
    return parser


if __name__ == "__main__":
    main()
