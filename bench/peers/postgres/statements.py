"""One SQL statement for each shape of request: total, every list of counts, and the page.

Parameters are text, cast where they are used: a driver that sent small and large numbers as different types would
prepare a statement twice.
"""

from collections.abc import Mapping
from typing import Final

from bench.peers.postgres.parts import (
    ON_OFFERS,
    SETS,
    Part,
    Statement,
    of_bits,
    of_providers,
    of_seats,
    of_sets,
    unfold,
)

LEAST, FUNDER = "%(least)s::int4", "%(funder)s::int2"
FROM, TO = "%(from)s::date", "%(to)s::date"
JOBS: Final = "h.rome && %(jobs)s::int4[]"
WORDS: Final = f"(h.tall @@ %(q)s::tsquery OR {JOBS})"
# The rank of words, and jobs that they name above offers that only have the words.
RANK: Final = f"-(ts_rank(h.tsv, %(q)s::tsquery) + CASE WHEN {JOBS} THEN 0.3 ELSE 0 END)"
# Days of the earliest session: first those not begun, then those begun; around a place, remote offers after all others.
BEGUN: Final = 200_000
REMOTE_LAST: Final = 2 * BEGUN
DAY: Final = "(lo - DATE '1900-01-01')"
EARLIEST: Final = f"CASE WHEN slast >= %(today)s::date THEN {DAY} ELSE {BEGUN} + {DAY} END"
POINT: Final = "ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326)"
NEAR: Final = (
    f"NOT remote AND geom && ST_Expand({POINT}, %(wide)s::float8, %(high)s::float8)"
    f" AND ST_DWithin(geom::geography, {POINT}::geography, %(metres)s::float8, false)"
)
# Rows that say something: those under the funder whose seats count, and those with enough seats under any.
USEFUL: Final = f"(funder = {FUNDER} OR funder > 0 AND seats_left >= {LEAST})"
# What the sessions of an offer say: rows of the lists of seats, states and funders as bits, and the earliest start.
OF_SESSIONS: Final = (
    f"bit_or(seat_rows) FILTER (WHERE funder = {FUNDER}) AS of_seats,"
    f" bit_or(1 << state) FILTER (WHERE funder = {FUNDER} AND seats_left >= {LEAST}) AS of_states,"
    f" bit_or(1 << (funder - 1)) FILTER (WHERE funder > 0 AND seats_left >= {LEAST}) AS of_funders"
)
START: Final = f"min({EARLIEST}) FILTER (WHERE funder = {FUNDER} AND seats_left >= {LEAST}) AS k"
OF_OFFER: Final = "min(sa) AS sa, min(sb) AS sb, min(su) AS su, min(provider) AS provider"  # the same in all its rows


def _in_window(columns: str, condition: str) -> str:
    """Return, by offer, what its sessions that can start in the window say; each starts within a known number of days.

    Entry is fixed or permanent for a whole offer, so that its sessions are in one branch alone, and grouped there.
    """
    rows = f"SELECT offer_id AS id, {columns} FROM pair WHERE"
    rest = f"hi >= {FROM} AND {condition} GROUP BY offer_id"
    return (
        f"{rows} fixed AND lo BETWEEN {FROM} - %(span)s::int4 AND {TO} AND {rest}"
        f" UNION ALL {rows} NOT fixed AND lo <= {TO} AND {rest}"
    )


def _words() -> Statement:
    tables = f"m AS MATERIALIZED (SELECT h.id, sa, sb, su, sc, provider, {RANK} AS k FROM hot h WHERE {WORDS})"
    return Statement(tables, "m", [of_sets(tuple(SETS), "m"), of_providers("m")])


def _words_window() -> Statement:
    tables = (
        f"x AS MATERIALIZED (SELECT h.id, sa, sb, su, provider, s.* FROM hot h"
        f" CROSS JOIN LATERAL (SELECT {OF_SESSIONS} FROM pair WHERE offer_id = h.id AND lo <= {TO} AND hi >= {FROM}"
        f" AND {USEFUL}) s WHERE {WORDS} AND s.of_seats IS NOT NULL), {_ranked('x')}"
    )
    return Statement(tables, "m", _session_lists("m", "x"))


def _hits(source: str) -> str:
    """Return the table of offers with a session that meets all conditions."""
    return f"m AS MATERIALIZED (SELECT * FROM {source} x WHERE of_states IS NOT NULL)"


def _ranked(source: str) -> str:
    """Return the table of hits with their rank by words, computed for them alone: a join might read all vectors."""
    rank = f"(SELECT {RANK} FROM hot h WHERE h.id = x.id)"
    return f"m AS MATERIALIZED (SELECT x.*, {rank} AS k FROM {source} x WHERE of_states IS NOT NULL)"


def _session_lists(hits: str, before_seats: str) -> list[Part]:
    return [
        of_sets(ON_OFFERS, hits),
        of_providers(hits),
        of_bits("recruiting", "of_states", hits),
        of_bits("funder", "of_funders", before_seats),
        of_seats(before_seats),
    ]


def _codes(words: bool) -> Statement:
    condition = f"{WORDS} AND " if words else ""
    in_both = "(SELECT * FROM x WHERE in_region AND in_level)"
    hits = _ranked(in_both) if words else _hits(f"(SELECT *, 0 AS k FROM {in_both} x)")
    tables = (
        "x AS MATERIALIZED (SELECT h.id, sa, sb, su, provider, region, level, s.*,"
        " coalesce(region = %(region)s::int4, false) AS in_region, coalesce(level = %(level)s::int4, false) AS in_level"
        f" FROM hot h CROSS JOIN LATERAL (SELECT {OF_SESSIONS} FROM pair WHERE offer_id = h.id AND {USEFUL}) s"
        f" WHERE {condition}(region = %(region)s::int4 OR level = %(level)s::int4)), {hits}"
    )
    parts = [
        of_sets(ON_OFFERS, "m", without=("region", "level")),
        *_session_lists("m", in_both)[1:],
        Part(("region",), "SELECT region AS c, count(*) AS n FROM x WHERE in_level AND of_states IS NOT NULL"
             " AND region IS NOT NULL GROUP BY 1"),
        Part(("level",), "SELECT level AS c, count(*) AS n FROM x WHERE in_region AND of_states IS NOT NULL"
             " AND level IS NOT NULL GROUP BY 1"),
    ]  # fmt: skip
    return Statement(tables, "m", parts)


def _place() -> Statement:
    columns = f"{OF_OFFER}, {OF_SESSIONS}"
    near = _in_window(f"{columns}, {START}", f"{USEFUL} AND {NEAR}")
    remote = _in_window(f"{columns}, {REMOTE_LAST} + {START}", f"remote AND {USEFUL}")
    return Statement(f"x AS MATERIALIZED ({near} UNION ALL {remote}), {_hits('x')}", "m", _session_lists("m", "x"))


def _window() -> Statement:
    columns = (
        f"{OF_OFFER}, bit_or(seat_rows) AS of_seats, bit_or(1 << state) FILTER (WHERE seats_left >= {LEAST})"
        f" AS of_states, min({EARLIEST}) FILTER (WHERE seats_left >= {LEAST}) AS k"
    )
    enough = f"funder > 0 AND seats_left >= 1 AND seats_left >= {LEAST}"
    funded = _in_window("bit_or(1 << (funder - 1)) AS of_funders", enough)
    tables = f"x AS MATERIALIZED ({_in_window(columns, f'funder = {FUNDER}')}), {_hits('x')}, funded AS ({funded})"
    parts = [part for part in _session_lists("m", "x") if part.facets != ("funder",)]
    return Statement(tables, "m", [*parts, of_bits("funder", "of_funders", "funded")])


def _everything() -> Statement:
    """Count the whole catalogue anew; the first of the page are the next sessions to start."""
    tables = ", ".join(
        f"by_{column} AS MATERIALIZED (SELECT {column} AS s, count(*) AS n FROM counted GROUP BY {column})"
        for column in SETS
    )
    grouped = " UNION ALL ".join(f"SELECT s, n FROM by_{column}" for column in SETS)
    facets = tuple(facet for names in SETS.values() for facet in names)
    top = (
        f"SELECT offer_id AS id, min({DAY}) AS k FROM (SELECT offer_id, lo FROM pair WHERE funder = 0"
        " AND lo >= %(today)s::date - %(span)s::int4 AND slast >= %(today)s::date ORDER BY lo, offer_id LIMIT 400) soon"
        " GROUP BY 1 ORDER BY 2, 1 LIMIT %(size)s::int4"
    )
    parts = [Part(facets, unfold(grouped)), of_providers("counted")]
    return Statement(tables, "counted", parts, total="SELECT sum(n)::int8 AS n FROM by_sa", top=top)


STATEMENTS: Final[Mapping[str, Statement]] = {
    "words": _words(),
    "words_window": _words_window(),
    "words_codes": _codes(words=True),
    "codes": _codes(words=False),
    "place": _place(),
    "window": _window(),
    "everything": _everything(),
}
# The first round trip of a search with words: the query, and the jobs whose titles have all of the words.
UNDERSTAND: Final = (
    "SELECT plainto_tsquery('fr', %(words)s)::text, coalesce((SELECT array_agg(DISTINCT rome)::text FROM appellation"
    " WHERE tsv @@ plainto_tsquery('fr', %(words)s)), '{}')"
)
