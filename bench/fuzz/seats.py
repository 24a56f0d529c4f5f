"""Mutated bodies of statements: each line must be recorded or rejected, without any other exception.

``python -m bench.fuzz.seats --seconds 600 --seed N`` mutates lines of JSON and tables, as programs and spreadsheets
write them, and reads them as the app and the commands do. Exit status 1, with the case, if anything but UnusableForm is
raised, a line is reported twice, an answer cannot be written as JSON, or a valid line after broken ones is lost.
"""

import argparse
import json
import random
import secrets
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

import orjson

from seats.ledger.restore import parse_document
from seats.ledger.store import to_stored
from seats.statements.entries import Entries
from seats.statements.forms import CsvForm, Numbered, Read, UnusableForm, read_ndjson
from seats.statements.lines import LineSplitter
from seats.statements.parse import Rejection, Statement
from seats.statements.producers import COMMAND
from seats.statements.tally import SeatsAnswer

NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
SENTINEL: Final = "sound-session"
FIELDS: Final = ("session", "funder", "capacity", "available", "sequence", "observed_at")
HEADS: Final = ("session", "financeur", "capacite", "places_restantes", "numero_ordre", "releve_le")
ENCODINGS: Final = ("utf-8", "utf-8-sig", "windows-1252", "utf-16", "utf-16-le", "utf-16-be", "latin-1")
HOSTILE: Final = (
    "", " ", "\0", "\ufeff", "\ud800", "\u202e", "\u0661\u0662", "²", "½", '"', '""', "'", ";", ",", "\t", "\r", "\n",
    "\r\n", "\x85", "\u2028", "-1", "1e400", "1E+12", "NaN", "Infinity", "9" * 5_000, "0" * 400, "1.000", "3,0", "=1+1",
    "#REF!", "31/02/2026", "00/00/0000", "01/01/0001 00:00", "31/12/9999 23:59:59", "2026-W01-1", "\x1a",
    "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "2026-11-22T24:00:00Z", "2026-11-22T18:25:00,123456789Z",
    "sep=;", "é" * 9_000, "a" * 70_000, "[" * 2_000, "{" * 500, "\\", "\\ud800", "null", "true", "𐍈" * 8_000,
)  # fmt: skip
DEPTHS: Final = (3, 250, 300, 900, 1_100, 5_000)
SOUND_LINE: Final = json.dumps(dict(zip(FIELDS, (SENTINEL, "2", 12, 3, 7, "2026-11-22T18:25:00Z"), strict=True)))


@dataclass(frozen=True)
class Case:
    """A body, the form that reads it, and whether its last line is a valid statement of the session SENTINEL."""

    body: bytes
    form: Callable[[], Read]
    ends_well: bool


@dataclass(frozen=True)
class Outcome:
    """The number of cases read, and the first that failed."""

    cases: int
    failure: str | None = None


def fuzz(seed: int, cases: int | None = None, seconds: float = 0.0) -> Outcome:
    """Read mutated bodies up to that number, or for that time."""
    rng, until = random.Random(seed), time.monotonic() + seconds
    for number in count():
        if number == cases or (cases is None and time.monotonic() > until):
            return Outcome(number)
        case = rng.choice((draw_table, draw_lines))(rng)
        try:
            check(case, rng)
        except Exception:
            told = f"case {number} of seed {seed}\n{case.form}\n{case.body[:20_000]!r}\n{traceback.format_exc()}"
            return Outcome(number + 1, told)
    raise AssertionError("count() has no end")


def check(case: Case, rng: random.Random) -> None:
    """Read a body in parts of any size; raises if a rule is violated."""
    try:
        entries = read_in_parts(case.body, case.form(), rng)
    except UnusableForm as error:
        if case.ends_well and case.form is not CsvForm:
            raise AssertionError("lines of JSON have no form that is unusable") from error
        return
    numbers = [number for number, _ in entries]
    if len(set(numbers)) != len(numbers):
        raise AssertionError(f"a line is told twice: {numbers}")
    answer = SeatsAnswer()
    for _, entry in entries:
        if isinstance(entry, Rejection):
            answer.reject(entry)
        else:
            check_statement(entry)
    orjson.loads(b"".join(answer.parts()))
    if case.ends_well and not any(isinstance(each, Statement) and each.session == SENTINEL for _, each in entries):
        raise AssertionError("the sound line at the end is lost")
    for number, line in enumerate(case.body.split(b"\n"), 1):
        parse_document(line, number, NOW)


def check_statement(entry: Statement) -> None:
    """Raise if a statement cannot be stored, or holds a forbidden value."""
    orjson.dumps(to_stored(entry, NOW.isoformat(), COMMAND, None))
    if not (0 <= entry.sequence <= 2**53 and entry.session.strip() and len(entry.session) <= 8_000):
        raise AssertionError(f"not sound: {str(entry)[:500]}")


def read_in_parts(body: bytes, read: Read, rng: random.Random) -> list[Numbered]:
    """Return the entries of a body split at random places."""
    splitter, entries = LineSplitter(), Entries(read)
    found: list[Numbered] = []
    size = rng.choice((1, 3, 100, 4_096, 1 << 20)) if len(body) < 5_000 else rng.choice((1_000, 65_536))
    for start in range(0, len(body), size):
        for line in splitter.feed(body[start : start + size]):
            found += entries.take(line, NOW)
    for line in splitter.end():
        found += entries.take(line, NOW)
    return found + list(entries.end(NOW))


def draw_value(rng: random.Random) -> str:
    """Return a cell, mostly valid."""
    sound = ("14_SE_1", "2", "12", "3", "7", "2026-11-22T18:25:00Z", "22/11/2026 19:25")
    return rng.choice(sound) if rng.random() < 0.7 else rng.choice(HOSTILE)


def draw_table(rng: random.Random) -> Case:
    """Return a table with unusual heads, separators, quotation marks, line ends and encoding."""
    separator, end, encoding = (
        rng.choice((";", ",", "\t", "|")),
        rng.choice(("\n", "\r", "\r\n")),
        rng.choice(ENCODINGS),
    )
    is_usable = rng.random() < 0.9
    heads = list(HEADS) if is_usable else [rng.choice((*HEADS, *HOSTILE)) for _ in range(rng.randint(0, 9))]
    rows = [[draw_value(rng) for _ in range(rng.randint(0, 8))] for _ in range(rng.randint(0, 6))]
    lines = [separator.join(heads), *(separator.join(_quoted(cell, rng) for cell in row) for row in rows)]
    if rng.random() < 0.2:
        lines.insert(0, f"sep={separator if is_usable else rng.choice(HOSTILE)}")
    if not is_usable or rng.random() < 0.4:
        return Case(mutate(end.join(lines).encode(encoding, "replace"), rng), CsvForm, ends_well=False)
    lines.append(separator.join((SENTINEL, "2", "12", "3", "7", "")))
    return Case(end.join(lines).encode(encoding, "replace"), CsvForm, ends_well=True)


def _quoted(cell: str, rng: random.Random) -> str:
    chance = rng.random()
    if chance < 0.6:
        return cell
    return '"' + (cell.replace('"', '""') if chance < 0.9 else cell) + '"'


def draw_lines(rng: random.Random) -> Case:
    """Return lines of JSON with unusual values, repeated and missing fields."""
    lines = [_draw_object(rng) for _ in range(rng.randint(0, 6))]
    body = mutate("\n".join(lines).encode(rng.choice(ENCODINGS[:2]), "replace"), rng) + b"\n" + SOUND_LINE.encode()
    return Case(body, lambda: read_ndjson, ends_well=body[:1] not in b"\0\xfe\xff" and body[1:2] != b"\0")


def _draw_object(rng: random.Random) -> str:
    sound: dict[str, Any] = json.loads(SOUND_LINE) | {"session": "14_SE_1"}
    pairs = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in sound.items() if rng.random() < 0.97]
    pairs += [f"{json.dumps(rng.choice(FIELDS))}: {_draw_json(rng)}" for _ in range(rng.randint(0, 2))]
    rng.shuffle(pairs)
    return "{" + ", ".join(pairs) + "}"


def _draw_json(rng: random.Random) -> str:
    deep = rng.choice(DEPTHS)
    nested = ("[" * deep + "]" * deep, '{"a":' * deep + "1" + "}" * deep)
    numbers = ("1e400", "-1e400", "NaN", "-0", "1" * 5_000, "1.5", str(2**63), str(2**64), str(2**53 + 1))
    others = ("[]", "{}", "true", "null", '"\\ud800"', '"\\u0000"')
    return rng.choice((*nested, *numbers, *others)) if rng.random() < 0.6 else json.dumps(rng.choice(HOSTILE))


def mutate(body: bytes, rng: random.Random) -> bytes:
    """Remove, repeat, overwrite and insert bytes, in a third of the cases."""
    if rng.random() < 0.67:
        return body
    told = bytearray(body)
    for _ in range(rng.randint(1, 5)):
        place = rng.randint(0, len(told))
        kind = rng.randrange(4)
        if kind == 0:
            del told[place : place + rng.randint(1, 20)]
        elif kind == 1:
            told[place:place] = rng.randbytes(rng.randint(1, 8))
        elif kind == 2:
            told[place:place] = rng.choice(HOSTILE).encode("utf-8", "replace")
        else:
            told[place:place] = told[max(0, place - 50) : place]
    return bytes(told)


def main() -> int:
    """Run for a while and print the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = secrets.randbelow(10**9) if options.seed is None else options.seed
    outcome = fuzz(seed, seconds=options.seconds)
    print(f"seed {seed}: {outcome.cases} bodies, {'1 failure' if outcome.failure else 'no failure'}")
    if outcome.failure:
        print(outcome.failure)
    return 1 if outcome.failure else 0


if __name__ == "__main__":
    sys.exit(main())
