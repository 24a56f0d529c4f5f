"""Fills the database from a catalogue's truth file and from the app that serves the same catalogue."""

import csv
import gzip
import io
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.peers.postgres.cluster import Cluster
from bench.peers.postgres.codes import Codes
from bench.peers.postgres.told import fetch_cards, fetch_labels, fetch_texts
from bench.peers.postgres.truth import collect_values, offer_columns, pair_columns
from tests.oracle.feed_truth import read_feed_truth
from tests.oracle.places import load_gazetteer

HERE: Final = Path(__file__).parent
EACH: Final = 50_000  # rows between two lines of progress


@dataclass(frozen=True)
class Sources:
    """What the database is made from: files of the feed and of code tables, the app and its index."""

    feed: Path
    communes: Path
    former_communes: Path | None
    job_titles: Path
    app_url: str
    engine_url: str
    alias: str


def fill(cluster: Cluster, sources: Sources) -> None:
    """Make the database anew and fill it; prints each step and its time."""
    with _step("database"):
        cluster.create_database()
    with cluster.connect() as connection, cluster.connect() as second:
        with _step("schema"):
            connection.execute((HERE / "schema.sql").read_text())
        codes = _copy_truth(connection, second, sources)
        with _step("texts"):
            _copy(connection, "told", _counted("texts", fetch_texts(sources.engine_url, sources.alias, codes)))
        with _step("page texts"):
            _copy(connection, "told_card", _counted("page texts", fetch_cards(sources.app_url)))
        with _step("labels and job titles"):
            _copy(connection, "facet_code", _code_rows(codes, fetch_labels(sources.app_url)))
            _copy(connection, "appellation", _title_rows(sources.job_titles, codes))
        offers = _number(connection, "SELECT count(*) FROM truth")
        for statement in split_statements((HERE / "index.sql").read_text()):
            with _step(" ".join(statement.split())[:60]):
                connection.execute(statement)
        kept, cards = (_number(connection, f"SELECT count(*) FROM {table}") for table in ("ids", "offer"))
        size = _number(connection, "SELECT pg_database_size(current_database())") >> 20
    if kept != cards:
        raise SystemExit(f"bench.peers: {kept} offers, but {cards} page texts: was the export cut short?")
    print(f"{kept} offers ({offers - kept} of the truth file are not in the app), {size} MiB", flush=True)


def _number(connection: Any, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])


def split_statements(text: str) -> list[str]:
    """Return the statements of a script without comments; none holds a semicolon or two hyphens inside.

    >>> split_statements("-- why\\nSELECT 1;\\nSELECT 2;\\n")
    ['SELECT 1', 'SELECT 2']
    """
    lines = (line.partition("--")[0] for line in text.splitlines())
    return [statement.strip() for statement in "\n".join(lines).split(";") if statement.strip()]


def _copy_truth(connection: Any, second: Any, sources: Sources) -> Codes:
    """Read the truth file twice: for the values of facets, then for the rows."""
    gazetteer = load_gazetteer(sources.communes, sources.former_communes)
    path = sources.feed / "truth.jsonl"
    with _step("values of facets"):
        codes = Codes.of(collect_values(read_feed_truth(path, gazetteer)))
    with (
        _step("offers and sessions"),
        connection.cursor().copy("COPY truth FROM STDIN") as offers,
        second.cursor().copy("COPY truth_pair FROM STDIN") as pairs,
    ):
        for line, row in enumerate(_counted("offers", read_feed_truth(path, gazetteer))):
            offers.write_row(offer_columns(line, row, codes))
            for columns in pair_columns(line, row, codes):
                pairs.write_row(columns)
    return codes


def _copy(connection: Any, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as into:
        for row in rows:
            into.write_row(row)


def _code_rows(codes: Codes, labels: dict[tuple[str, str], str]) -> Iterator[tuple[Any, ...]]:
    for facet, values in codes.values.items():
        for value in values:
            yield codes.number(facet, value), facet, value, labels.get((facet, value), value)


def _title_rows(path: Path, codes: Codes) -> Iterator[tuple[Any, ...]]:
    """Yield job titles of the ROME codes that the catalogue has; columns ``rome`` and ``appellation``."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    known = set(codes.values["rome"])
    for row in csv.DictReader(io.StringIO(text), delimiter=";"):
        if row["rome"] in known:
            yield codes.number("rome", row["rome"]), row["appellation"]


def _counted(what: str, rows: Iterable[Any]) -> Iterator[Any]:
    for number, row in enumerate(rows, start=1):
        if number % EACH == 0:
            print(f"  {number} {what}", flush=True)
        yield row


@contextmanager
def _step(name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"{time.monotonic() - began:6.1f} s  {name}", flush=True)
