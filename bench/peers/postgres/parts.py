"""Statements and their parts: a part counts some facets, a statement is made of tables and of parts.

A row of the answer is: total, numbers of values, their offers, page texts, order of the page.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from bench.peers.postgres.codes import STEP, Codes
from bench.peers.postgres.truth import OF_PLACE_AND_FORM

# Columns of interned sets, and the facets whose values they hold.
SETS: Final[Mapping[str, tuple[str, ...]]] = {
    "sa": OF_PLACE_AND_FORM,
    "sb": ("domain", "rome", "nsf"),
    "su": ("audience", "rhythm"),
    "sc": ("funder", "recruiting", "seats"),
}
ON_OFFERS: Final = ("sa", "sb", "su")
NAMED: Final = re.compile(r"%\((\w+)\)s")


class Numbered(NamedTuple):
    """A statement with numbers in the place of named parameters, and their names in this order."""

    sql: str
    names: tuple[str, ...]


def numbered(sql: str) -> Numbered:
    """Return a statement as the server takes it: done once, as the driver would do it for each request.

    >>> numbered("SELECT %(a)s + %(b)s + %(a)s")
    Numbered(sql='SELECT $1 + $2 + $1', names=('a', 'b'))
    """
    names = tuple(dict.fromkeys(NAMED.findall(sql)))
    return Numbered(NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", sql), names)


@dataclass(frozen=True)
class Part:
    """A query for the rows (c, n) of some facets."""

    facets: tuple[str, ...]
    sql: str


@dataclass(frozen=True)
class Statement:
    """The tables of a statement, where its total and its page are counted from, and the parts of its lists."""

    tables: str
    hits: str
    parts: Sequence[Part]
    total: str = ""
    top: str = ""

    @property
    def sql(self) -> str:
        """Return the whole text."""
        total = self.total or f"SELECT count(*) AS n FROM {self.hits} hits"
        top = self.top or f"SELECT id, k FROM {self.hits} hits ORDER BY k, id LIMIT %(size)s::int4"
        lists = " UNION ALL ".join(f"(SELECT c, n FROM ({part.sql}) part)" for part in self.parts)
        return (
            f"WITH {self.tables}, total AS ({total}), top AS ({top}), lists (c, n) AS ({lists}),"
            " page AS (SELECT array_agg(card ORDER BY k, id) AS cards, array_agg(k::float8 ORDER BY k, id) AS ks"
            " FROM top JOIN offer USING (id)),"
            " listed AS (SELECT array_agg(c) AS cs, array_agg(n) AS ns FROM lists)"
            " SELECT (SELECT n FROM total), cs, ns, cards, ks FROM listed, page"
        )


def unfold(grouped: str) -> str:
    """Return the counts of values from those of sets: (s, n)."""
    return (
        f"SELECT c, sum(n)::int8 AS n FROM (SELECT unnest(f.codes) AS c, g.n FROM ({grouped}) g"
        " JOIN facet_set f ON f.id = g.s OFFSET 0) u GROUP BY c"
    )


def of_sets(columns: Sequence[str], source: str, without: Sequence[str] = ()) -> Part:
    sets = ", ".join(f"({column})" for column in columns)
    sql = unfold(
        f"SELECT coalesce({', '.join(columns)}) AS s, count(*) AS n FROM {source} m GROUP BY GROUPING SETS ({sets})"
    )
    facets = tuple(facet for column in columns for facet in SETS[column] if facet not in without)
    if without:
        numbers = ", ".join(str(Codes.base(facet) // STEP) for facet in without)
        sql = f"SELECT c, n FROM ({sql}) w WHERE c / {STEP} NOT IN ({numbers})"
    return Part(facets, sql)


def of_providers(source: str) -> Part:
    sql = f"SELECT provider AS c, count(*) AS n FROM {source} m WHERE provider IS NOT NULL GROUP BY provider"
    return Part(("provider",), f"{sql} ORDER BY n DESC, c LIMIT %(most)s::int4")


def of_bits(facet: str, column: str, source: str, mask: str = "-1") -> Part:
    """Count the bits of a mask: offers grouped by mask first, of which there are few."""
    base = Codes.base(facet)
    sql = (
        f"SELECT {base} + bit AS c, sum(n)::int8 AS n FROM (SELECT {column} & {mask} AS bits, count(*) AS n"
        f" FROM {source} m GROUP BY 1) grouped, generate_series(0, 21) bit WHERE bits & (1 << bit) <> 0 GROUP BY bit"
    )
    return Part((facet,), sql)


def of_seats(source: str) -> Part:
    return of_bits("seats", "of_seats", source, "%(seat_rows)s::int4")
