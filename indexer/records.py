"""What passes between the stages of a load; all of it is immutable, cheap and picklable."""

from dataclasses import dataclass
from typing import Final, Literal

# "cpf": the dialect of the national training account (indexer.transform.cpf)
Format = Literal["1.3", "2.2", "2.3", "index", "cpf"]

# Raised by one with every change of what a record becomes: unchanged feeds are then written again, once.
RULES_VERSION: Final = "6"
REJECT_TEXT: Final = 100_000  # characters of a rejected record that are kept


class UnusableFeed(Exception):
    """Nothing of a file can be read (not XML, unknown format, zip in zip, bomb); names file, place and reason."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of what a feed may make the reader do; sizes are bytes of decompressed data if not said otherwise."""

    record: int = 5_000_000  # characters of one record
    total: int = 40_000_000_000  # of one file
    ratio: int = 200  # decompressed bytes per compressed byte, counted beyond ``ratio_from``
    ratio_from: int = 50_000_000
    members: int = 10_000  # entries of a zip


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record of a feed as text: one XML fragment that stands alone; index form: all resumes of one action.

    It may hold lone surrogates, which stand for bytes that did not decode (indexer.sources.encodings).
    """

    file: str
    line: int
    format: Format
    texts: tuple[str, ...]
    repeats_training: bool = False  # an earlier record of the document has the same number of formation


@dataclass(frozen=True, slots=True)
class Reject:
    """A record, or part of one, that was set aside.

    ``identifiers`` are the numbers of its actions, whose live versions stay; none if they cannot all be told, and then
    nothing may be removed. ``whole`` is False for a session whose offer stands without it.
    """

    file: str
    line: int
    identifier: str | None
    identifiers: tuple[str, ...]
    reason: str  # stable code, e.g. "no-title"
    message: str  # one line that names field and value
    record: str  # its text, at most REJECT_TEXT characters
    whole: bool = True


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A fault that is stored in a live offer, as a line of the load's repairs file."""

    file: str
    line: int
    id: str
    kind: str
    field: str
    value: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """One offer ready to be stored; ``body`` is the JSON of mappings.offer.Offer without seat figures."""

    id: str
    key: str
    hash: str
    session_ids: tuple[str, ...]
    body: bytes
    siren: str | None
    provider_name: str | None
    fault_kinds: tuple[str, ...]
    file: str
    line: int
    title_key: str


@dataclass(frozen=True, slots=True)
class FileEnd:
    """Comes after the last record of a file; not complete means that something after the last record may be missing."""

    file: str
    complete: bool
    problem: str | None = None
