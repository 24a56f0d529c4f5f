"""Parses and validates seat statements, one JSON object per line; see "Seats" in the API's documentation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson

from language.unicode import compose
from mappings.codes import FUNDER_LABELS

LINE_LIMIT: Final = 65_536  # bytes; a session number of 8,000 characters fits several times
SESSION_LIMIT: Final = 8_000  # characters; the index cannot store a longer number
SEATS_LIMIT: Final = 2**31 - 1  # the ledger's integer type
SEQUENCE_LIMIT: Final = 2**53  # beyond it JSON readers of the producers cannot represent every integer
FUTURE_LIMIT: Final = timedelta(days=1)  # a wrong clock or time zone differs by hours, not by more
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
SHOWN_LIMIT: Final = 200  # characters of a rejected value that are echoed


FUNDER_EXPECTED: Final = "code de financeur inconnu : un code LHEO de 0 à 20 est attendu, sous forme de texte"
SEATS_EXPECTED: Final = f"un entier de 0 à {SEATS_LIMIT} ou null est attendu"
MOMENT_EXPECTED: Final = "une date et une heure ISO 8601 sont attendues"
ZONE_EXPECTED: Final = "fuseau horaire absent : par exemple 2026-11-23T18:25:00Z"
FIELD_EXPECTED: Final = "champ absent"


@dataclass(frozen=True, slots=True)
class Statement:
    """A producer's statement about one session and one funder; absolute numbers, ``available`` None withdraws the
    figure.
    """

    session: str
    funder: str
    capacity: int | None
    available: int | None
    sequence: int
    observed_at: str
    is_numbered_by_arrival: bool = False  # of a table without a sequence column
    session_head: str = "session"  # the session column's head in the sender's table

    def to_dict(self) -> dict[str, Any]:
        """Return the fields by name."""
        return {name: getattr(self, name) for name in _FIELDS}


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why one line was rejected; ``reason`` is French, for the producer."""

    line: int
    field: str
    value: Any
    reason: str


class _FieldError(ValueError):
    """A field's value is not accepted; the message says what is allowed."""


def parse_statement(
    line: bytes, number: int, now: datetime, highest_sequence: int | None = None
) -> Statement | Rejection:
    """Return the statement in a line of JSON, or its first fault; unknown fields are ignored.

    ``highest_sequence`` is the limit of sequences, by default that of now.
    """
    if len(line) > LINE_LIMIT:
        return too_long(line, number)
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return Rejection(number, "", shown(line), "ligne illisible : un objet JSON est attendu")
    if not isinstance(row, dict):
        return Rejection(number, "", shown(row), "un objet JSON est attendu")
    return read_statement(row, number, now, highest_sequence)


def sequence_limit(now: datetime) -> int:
    """Return the highest sequence accepted at a moment: its microseconds since 1970, plus a day.

    A higher one would block the figure: a producer that numbers by a clock would never exceed it.

    >>> sequence_limit(datetime(2026, 11, 23, tzinfo=UTC))
    1795478400000000
    """
    return min(SEQUENCE_LIMIT, (now + FUTURE_LIMIT - EPOCH) // MICROSECOND)


def read_statement(
    row: Mapping[str, Any], number: int, now: datetime, highest_sequence: int | None = None
) -> Statement | Rejection:
    """Return the statement with these fields, or its first fault."""
    values: dict[str, Any] = {}
    for name, read in _FIELDS.items():
        if name not in row:
            return Rejection(number, name, None, FIELD_EXPECTED)
        try:
            values[name] = read(row[name], now)
        except _FieldError as error:
            return Rejection(number, name, shown(row[name]), str(error))
    highest = sequence_limit(now) if highest_sequence is None else highest_sequence
    if values["sequence"] > highest:
        return Rejection(number, "sequence", values["sequence"], _TOO_HIGH.format(highest=highest))
    return Statement(**values)


_TOO_HIGH: Final = (
    "numéro d’ordre trop grand : {highest} au plus en ce moment (microsecondes depuis 1970, plus un jour) ; "
    "un simple compteur, ou l’heure en secondes, millisecondes ou microsecondes, convient"
)


def too_long(line: bytes, number: int) -> Rejection:
    """Return the rejection of a line of more than LINE_LIMIT bytes."""
    return Rejection(number, "", shown(line), f"ligne de plus de {LINE_LIMIT} octets")


def _read_session(value: Any, now: datetime) -> str:
    number = compose(value).strip() if isinstance(value, str) else ""  # normalised as numbers in feeds are
    if not number:
        raise _FieldError("un numéro de session est attendu (texte non vide)")
    if len(number) > SESSION_LIMIT:
        raise _FieldError(f"numéro de session de plus de {SESSION_LIMIT} caractères")
    return number


def _read_funder(value: Any, now: datetime) -> str:
    if not isinstance(value, str) or value not in FUNDER_LABELS:
        raise _FieldError(FUNDER_EXPECTED)
    return value


def _read_seats(value: Any, now: datetime) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= SEATS_LIMIT:
        raise _FieldError(SEATS_EXPECTED)
    return value


def _read_sequence(value: Any, now: datetime) -> int:
    if type(value) is not int or not 0 <= value <= SEQUENCE_LIMIT:
        raise _FieldError(f"un entier de 0 à {SEQUENCE_LIMIT} est attendu")
    return value


def _read_observed_at(value: Any, now: datetime) -> str:
    if not isinstance(value, str):
        raise _FieldError(MOMENT_EXPECTED)
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise _FieldError(ZONE_EXPECTED)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        if isinstance(error, _FieldError):
            raise
        raise _FieldError(MOMENT_EXPECTED) from error
    if moment > now + FUTURE_LIMIT:
        raise _FieldError("date dans le futur")
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


_FIELDS: Final[dict[str, Callable[[Any, datetime], Any]]] = {
    "session": _read_session,
    "funder": _read_funder,
    "capacity": _read_seats,
    "available": _read_seats,
    "sequence": _read_sequence,
    "observed_at": _read_observed_at,
}


def shown(value: Any) -> Any:
    """Return a value as it is echoed to its sender: short, and valid in JSON."""
    if isinstance(value, bytes):
        value = value[: SHOWN_LIMIT * 4].decode("utf-8", "replace")
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) <= SEQUENCE_LIMIT else _cut(str(value)) if abs(value) < 10**SHOWN_LIMIT else "…"
    return _cut(value if isinstance(value, str) else _as_json(value))


def _as_json(value: Any) -> str:
    """Return lists and objects as JSON; what can be parsed can be nested deeper than what can be serialised."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return "[…]" if isinstance(value, list) else "{…}"


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_LIMIT else text[:SHOWN_LIMIT] + "…"
