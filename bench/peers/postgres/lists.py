"""The answer's JSON from a row of a statement: prepared texts of all values, page texts as they are stored."""

from collections.abc import Mapping, Sequence
from typing import Final

import orjson

from bench.peers.postgres.codes import STEP, Codes
from bench.peers.postgres.parameters import Asked
from search_app.search.facets import FACETS

LONG: Final = frozenset(facet.param for facet in FACETS if facet.long)
IN_ORDER: Final = "seats"  # the list that is ordered by value
SEATS_ORDER: Final = ("1", "2", "3", "5", "10", "full", "unknown")
NAMES: Final = tuple(facet.param for facet in FACETS)
NO_NUMBERS: Final[Sequence[int]] = ()


class Lists:
    """Writes answers; all that does not depend on the request is made once."""

    def __init__(self, codes: Codes, labels: Mapping[int, str]) -> None:
        self._codes = codes
        self._heads = {
            number: b'{"value":%b,"label":%b,"count":' % (orjson.dumps(value), orjson.dumps(labels.get(number, value)))
            for facet, values in codes.values.items()
            for number, value in enumerate(values, start=codes.base(facet))
        }
        self._seats = {codes.number(IN_ORDER, value): place for place, value in enumerate(SEATS_ORDER)}

    def answer(
        self,
        asked: Asked,
        total: int,
        counts: tuple[Sequence[int] | None, Sequence[int] | None],
        page: tuple[Sequence[bytes] | None, Sequence[float] | None],
    ) -> bytes:
        """Return the JSON of an answer; ``order`` is what the page is ordered by."""
        found: list[list[tuple[int, int]]] = [[] for _ in NAMES]
        for number, count in zip(counts[0] or NO_NUMBERS, counts[1] or NO_NUMBERS, strict=True):
            found[number // STEP].append((-count, number))
        facets = b",".join(
            b'"%b":[%b]' % (name.encode(), self._rows(name, rows, asked))
            for name, rows in zip(NAMES, found, strict=True)
        )
        return b'{"total":%d,"results":[%b],"facets":{%b},"order":%b}' % (
            total,
            b",".join(page[0] or ()),
            facets,
            orjson.dumps(page[1] or ()),
        )

    def _rows(self, name: str, rows: list[tuple[int, int]], asked: Asked) -> bytes:
        chosen = self._codes.number(name, asked.chosen[name]) if name in asked.chosen else None
        if chosen is not None and all(number != chosen for _, number in rows):
            rows.append((0, chosen))
        if name == IN_ORDER:
            rows.sort(key=lambda row: self._seats[row[1]])
        else:
            rows.sort()
        if name in LONG:
            del rows[asked.facet_size :]
        tails = {True: b',"selected":true}', False: b',"selected":false}'}
        return b",".join(b"%b%d%b" % (self._heads[number], -count, tails[number == chosen]) for count, number in rows)
