"""What readers hand on: what a source says of a text, its parts that cannot be used, and what is known of the whole."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from mappings.documents.document import DocumentKind

CodeKind = Literal["formacode", "rome", "rncp", "funder", "region", "department"]


@dataclass(frozen=True, slots=True)
class Told:
    """One record as its source tells it; texts may hold markup, lists are in the source's order.

    ``place`` says where it stands, for the operator. ``dates`` and ``valid_from``, ``valid_until`` are texts.
    """

    identifier: str
    place: str
    titles: list[str] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    text: str = ""
    types: list[str] = field(default_factory=list)
    kind: DocumentKind | None = None  # if the form says it without words
    publishers: list[str] = field(default_factory=list)
    creators: list[str] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)  # of the text itself, the best first
    identifiers: list[str] = field(default_factory=list)  # of any kind: addresses, ELI, NOR, ISBN, OAI
    subjects: list[str] = field(default_factory=list)
    coverages: list[str] = field(default_factory=list)
    codes: list[tuple[CodeKind, str]] = field(default_factory=list)  # told as codes of their table
    dates: list[str] = field(default_factory=list)  # as dc:date: a bare one is the day of publication
    modified: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    datestamp: str | None = None
    raw: str = ""  # its own text, for the file of rejects


@dataclass(frozen=True, slots=True)
class Removed:
    """The source says that a record was removed."""

    identifier: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A part that cannot be used. Beside one without an identifier nothing that is missing is removed: it may be any.

    ``is_gone``: what is stored of it must not stay.
    """

    identifier: str | None
    place: str
    reason: str  # stable code, e.g. "no-title"
    message: str
    raw: str = ""
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A record that is stored already, and that its source says not to have changed since."""

    identifier: str


Item = Told | Removed | Rejected | Unchanged


@dataclass(slots=True)
class Reading:
    """What is known of a source once its reader has ended without a fault.

    ``is_full``: it named everything it has, so that what is missing is gone. ``window_from``: it named only what is at
    least as new, so that only what is newer and missing is gone. ``next_from``: where the next harvest begins.
    """

    is_full: bool = True
    window_from: date | None = None
    has_window: bool = False
    next_from: str | None = None
    notes: list[str] = field(default_factory=list)
