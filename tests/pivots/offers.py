"""The offers that the evaluator counts over: a row of the oracle, with the seats bought and the capacities."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.oracle.feed_truth import read_feed_truth
from tests.oracle.lines import Line
from tests.oracle.places import Gazetteer
from tests.oracle.rows import Row

Truth = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer; ``bought`` are funder lines and their seats, 0 if not told, ``capacity`` by session and funder."""

    row: Row
    bought: Sequence[tuple[Line, int]]
    capacity: Mapping[str, Mapping[str, int]]


def fixture_offers(rows: Sequence[Row], truths: Sequence[Truth]) -> list[Offer]:
    """Return the offers of the fixtures from rows and identified lines of the truth file."""
    by_id = {truth["action"]: truth for truth in truths}
    return [_offer(row, by_id[row.id], by_id[row.id]["lines"], 3) for row in rows]


def feed_offers(path: Path, gazetteer: Gazetteer, zones: Mapping[str, str]) -> Iterator[Offer]:
    """Yield the offers of a generated feed's ``truth.jsonl``; which training they are of is not in it."""
    with path.open(encoding="utf-8") as lines:
        for row, line in zip(read_feed_truth(path, gazetteer, zones), lines, strict=True):
            truth = json.loads(line)
            yield _offer(row, truth, truth["bought"], 1)


def _offer(row: Row, truth: Truth, lines: Sequence[Sequence[Any]], seats_at: int) -> Offer:
    seats = [line[seats_at] or 0 for line in lines] or [0] * len(row.lines)
    capacity = {
        session["session"]: {funder: told[0] for funder, told in session["seats"].items() if told[0] is not None}
        for session in truth["sessions"]
    }
    return Offer(row, list(zip(row.lines, seats, strict=True)), capacity)
