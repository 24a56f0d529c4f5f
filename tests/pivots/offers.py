"""The offers that the evaluator counts over: a row of the oracle, with what a pivot needs beside."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from tests.oracle.feed_truth import read_feed_truth
from tests.oracle.places import Gazetteer
from tests.oracle.rows import Row

CITIES = {"751": "75056", "6938": "69123", "132": "13055"}  # first digits of arrondissements -> the city


class Line(NamedTuple):
    """One funder line; empty texts are not told."""

    funder: str = ""
    programme: str = ""
    market: str = ""
    seats: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer; ``capacity`` is by session and funder."""

    row: Row
    lines: tuple[Line, ...]
    trainers: frozenset[str]
    zones: frozenset[str]
    capacity: Mapping[str, Mapping[str, int]]
    training: str = ""


def value_of(text: str | None) -> str:
    """Return a programme or market as it is searched."""
    text = (text or "").strip()
    return "" if text == "." else text


def stored_offers(rows: Iterable[Row], stored: Mapping[str, Mapping[str, Any]]) -> list[Offer]:
    """Return offers of which lines, trainers and zones are those of the stored offers, by number."""
    return [_stored(row, stored[row.id]) for row in rows]


def _stored(row: Row, record: Mapping[str, Any]) -> Offer:
    lines = tuple(
        Line(line["funder"], value_of(line.get("programme")), value_of(line.get("market")), line.get("seats_bought", 0))
        for line in record.get("funding", ())
    )
    trainers = {body.get("siren", "") for body in record.get("trainers", ())} - {"", "000000000"}
    capacity = {
        session["id"]: {told["funder"]: told["capacity"] for told in session.get("seats", ()) if "capacity" in told}
        for session in record.get("sessions", ())
    }
    zones = frozenset(record.get("employment_zone", ()))
    return Offer(row, lines, frozenset(trainers), zones, capacity, record["training_key"])


def feed_offers(path: Path, gazetteer: Gazetteer, zones: Mapping[str, str]) -> Iterator[Offer]:
    """Yield the offers of a generated feed's ``truth.jsonl``; which training they are of is not in it."""
    with path.open(encoding="utf-8") as lines:
        for row, line in zip(read_feed_truth(path, gazetteer), lines, strict=True):
            truth = json.loads(line)
            insee = gazetteer.former.get(truth["insee"], truth["insee"])
            city = next((code for digits, code in CITIES.items() if insee.startswith(digits)), "")
            zone = zones.get(insee) or zones.get(city, "")
            bought = [
                Line(funder, value_of(programme), value_of(market), seats or 0)
                for funder, seats, programme, market in truth["bought"]
            ]
            told = {line.funder for line in bought}
            bought += [Line(funder) for funder in truth["funders"] if funder not in told]
            capacity = {
                session["session"]: {
                    funder: seats for funder, (seats, _) in session["seats"].items() if seats is not None
                }
                for session in truth["sessions"]
            }
            trainer = truth["trainer"][:9]
            yield Offer(
                replace(row), tuple(bought), frozenset({trainer} if trainer.strip("0") else ()),
                frozenset({zone} if zone else ()), capacity,
            )  # fmt: skip
