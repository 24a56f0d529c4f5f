"""Values passed between the stages of a load; immutable, cheap and picklable."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

# "cpf": the dialect of the national training account (indexer.transform.forms.cpf)
Format = Literal["1.3", "2.2", "2.3", "index", "cpf"]

# Incremented with every change of what a record becomes: unchanged feeds are then written again, once.
RULES_VERSION: Final = "7"
REJECT_TEXT: Final = 100_000  # characters of a rejected record that are stored


class UnusableFeed(Exception):
    """A file cannot be read at all (not XML, unknown format, zip in zip, bomb); names file, place and reason."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a feed; sizes are bytes of decompressed data unless stated otherwise."""

    record: int = 5_000_000  # characters of one record
    total: int = 40_000_000_000  # of one file
    ratio: int = 200  # decompressed bytes per compressed byte, counted beyond ``ratio_from``
    ratio_from: int = 50_000_000
    members: int = 10_000  # entries of a zip


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record of a feed as text: a self-contained XML fragment; index form: all resumes of one action.

    It may contain lone surrogates, which represent undecodable bytes (indexer.sources.encodings).
    """

    file: str
    line: int
    format: Format
    texts: tuple[str, ...]
    repeats_training: bool = False  # an earlier record of the document has the same number of formation


@dataclass(frozen=True, slots=True)
class Reject:
    """A rejected record, or a rejected part of one.

    ``identifiers`` are the numbers of its actions, whose live versions are kept; empty if not all of them are known,
    and then nothing may be removed. ``whole`` is False for a session whose offer is kept.
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
    """One offer as determined by its record: ``body`` is the JSON of ``mappings.offer.OfferBody``, ``hash`` its
    hash.
    """

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


class OfferRow(NamedTuple):
    """What is remembered of a prepared offer; ``start`` and ``length`` say where its body is in the block."""

    id: str
    key: str
    hash: str
    start: int
    length: int
    session_ids: tuple[str, ...]
    session_keys: tuple[str, ...]
    siren: str | None
    provider_name: str | None
    file: str
    line: int
    title_key: str  # the same for offers of one title


class Clash(NamedTuple):
    """An offer, or one session of it, that cannot stand because the feed had its number before."""

    offer: OfferRow
    reason: Literal["repeated-number", "key-collision", "repeated-session"]
    session: str | None = None


class BlockRef(NamedTuple):
    """Location of a block of bodies: file in the spool's folder, offset and compressed size in bytes."""

    file: str
    offset: int
    size: int


class Planned(NamedTuple):
    """One offer to be written, and where its body lies."""

    number: int
    key: str
    hash: str
    is_new: bool
    block: BlockRef
    start: int
    length: int
    file: str
    line: int
    copy_number: int  # how many offers of the feed have had this title when it comes, itself included


class PlanCounts(NamedTuple):
    """How many offers of the feed are new, changed and unchanged, how many live ones go, and how many are kept."""

    new: int
    changed: int
    same: int
    gone: int
    kept: int


@dataclass(frozen=True, slots=True)
class FileEnd:
    """Follows the last record of a file; if not complete, further records may be missing."""

    file: str
    complete: bool
    problem: str | None = None
