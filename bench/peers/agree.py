"""Whether both sides answer alike: total, every list of counts in order, and the order of the page by start.

Words are left out, for the app understands them and PostgreSQL only stems them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from bench.kinds import Drawn
from bench.peers.draws import Draws, Side
from bench.peers.postgres.parameters import statement_of
from bench.peers.postgres.statements import BEGUN

EPOCH: Final = date(1900, 1, 1)
BY_START: Final = frozenset(("place", "window", "everything"))  # statements that order the page as the app does
FEW: Final = 3  # draws of words alone: without them that is the whole catalogue


@dataclass
class Agreement:
    """How many answers of each kind were compared, and what differed."""

    compared: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)

    @property
    def differing(self) -> int:
        """How many answers differ."""
        return sum(self.wrong.values())

    def told(self) -> str:
        """Return one line."""
        return f"{self.differing} of {sum(self.compared.values())} filter-only answers differ"


def compare_answers(app: Side, peer: Side, draws: Draws, each: int) -> Agreement:
    """Ask both sides the same without words and print what differs."""
    agreement = Agreement()
    for kind in draws.kinds:
        drawn = [draws.new(kind, without=("q",)) for _ in range(each)]
        if not any(set(one) - {"size", "facet_size"} for one in drawn):
            drawn = drawn[:FEW]
        agreement.compared[kind] = len(drawn)
        agreement.wrong[kind] = 0
        for one in drawn:
            found = list(differences(one, app.ask(one), peer.ask(one)))
            if found:
                agreement.wrong[kind] += 1
                print(f"{kind}: {one}", *found, sep="\n    ", flush=True)
        told = f"{agreement.wrong[kind]} of {len(drawn)} differ"
        print(f"{kind}{' (words left out)' if 'words' in kind else ''}: {told}", flush=True)
    return agreement


def differences(drawn: Drawn, ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each difference of two answers."""
    if ours["total"] != theirs["total"]:
        yield f"total: {ours['total']}, PostgreSQL {theirs['total']}"
    for name in ours["facets"].keys() | theirs["facets"].keys():
        one, other = (_rows(answer["facets"].get(name)) for answer in (ours, theirs))
        if one != other:
            yield f"{name}: {_first_difference(one, other)}"
    if len(ours["results"]) != len(theirs["results"]):
        yield f"page: {len(ours['results'])} results, PostgreSQL {len(theirs['results'])}"
    if statement_of(frozenset(drawn)) in BY_START:
        starts = [result["sessions"][0]["start"] for result in ours["results"]]
        days = [(EPOCH + timedelta(days=int(day) % BEGUN)).isoformat() for day in theirs["order"]]
        if starts != days:
            yield f"starts of the page: {_first_difference(starts, days)}"


def _rows(rows: Sequence[dict[str, Any]] | None) -> list[tuple[str, int, bool]]:
    return [(row["value"], row["count"], row["selected"]) for row in rows or ()]


def _first_difference(one: Sequence[Any], other: Sequence[Any]) -> str:
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return f"at {place} {a}, PostgreSQL {b}"
    return f"{len(one)} rows, PostgreSQL {len(other)}"
