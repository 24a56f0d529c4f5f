"""From a request of ``bench.kinds`` to the statement that answers it and the statement's parameters, all as text.

Only the shapes of these requests are answered; any other is an error, never a wrong answer.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from bench.peers.postgres.codes import Codes

PAGING: Final = frozenset(("size", "facet_size"))
WINDOW: Final = frozenset(("start_from", "start_to", "seats"))
# Statement -> parameters that it needs, and those that it may have beside.
SHAPES: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "words": (frozenset(("q",)), frozenset()),
    "words_window": (WINDOW | {"q"}, frozenset()),
    "words_codes": (frozenset(("q", "region", "level", "funder", "seats")), frozenset()),
    "codes": (frozenset(("region", "level", "funder", "seats")), frozenset()),
    "place": (WINDOW | {"lat", "lon", "radius"}, frozenset(("funder",))),
    "window": (WINDOW, frozenset(("funder",))),
    "everything": (frozenset(), frozenset()),
}
STEPS: Final = ("1", "5", "10", "full", "unknown")  # rows of the list of seats, and the one asked for
METRES_A_DEGREE: Final = 111_000  # a little less than there are, so that a box is never too small
ENOUGH: Final = 0.75  # of three words or more, as the app requires (ENOUGH_WORDS)
MOST_WORDS: Final = 7  # of more, every combination would be a long query: all are required
Values = dict[str, str | None]


class NotAnswered(ValueError):
    """A request has parameters for which there is no statement."""


@dataclass(frozen=True)
class Asked:
    """A request: the statement that answers it, its parameters, and the values that must be listed."""

    statement: str
    values: Values
    chosen: Mapping[str, str]
    words: str | None = None
    facet_size: int = 100


def statement_of(names: frozenset[str]) -> str:
    """Return the statement for a set of parameters; raises NotAnswered."""
    asked = names - PAGING
    for name, (needed, more) in SHAPES.items():
        if needed <= asked <= needed | more:
            return name
    raise NotAnswered(f"no statement for {', '.join(sorted(asked))}")


def read_request(given: Mapping[str, str], codes: Codes, today: date, span: int) -> Asked:
    """Return what a request asks; ``span`` is how many days the start of a session may span."""
    name = statement_of(frozenset(given))
    seats = given.get("seats")
    rows = sum(codes.bit("seats", value) for value in {*STEPS, seats} - {None} if value)
    values: Values = {
        "today": today.isoformat(),
        "size": given.get("size", "20"),
        "most": given.get("facet_size", "100"),
        "from": given.get("start_from"),
        "to": given.get("start_to"),
        "span": str(span),
        "least": seats,
        "seat_rows": str(rows),
        "funder": str(codes.funder(given.get("funder"))),
    }
    if "region" in given:
        values |= {facet: str(codes.number(facet, given[facet])) for facet in ("region", "level")}
    if "lat" in given:
        values |= _circle(float(given["lat"]), float(given["lon"]), float(given["radius"]))
    chosen = {facet: given[facet] for facet in ("region", "level", "funder", "seats") if facet in given}
    return Asked(name, values, chosen, given.get("q"), int(given.get("facet_size", "100")))


def _circle(lat: float, lon: float, km: float) -> Values:
    high = km * 1000 / METRES_A_DEGREE
    wide = high / math.cos(math.radians(min(89, abs(lat) + high)))
    return {"lat": str(lat), "lon": str(lon), "metres": str(km * 1000), "wide": str(wide), "high": str(high)}


def enough_words(query: str) -> str:
    """Return the text of a tsquery of which enough words suffice.

    >>> enough_words("'soud' & 'industriel'")
    "'soud' & 'industriel'"
    >>> enough_words("'a' & 'b' & 'c'")
    "('a' & 'b') | ('a' & 'c') | ('b' & 'c')"
    """
    words = query.split(" & ")
    enough = len(words) if len(words) <= 2 else int(len(words) * ENOUGH)
    if enough == len(words) or len(words) > MOST_WORDS:
        return query
    return " | ".join(f"({' & '.join(some)})" for some in combinations(words, enough))
