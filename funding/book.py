"""All rules together: schemes, amounts and contacts, read from files or from what was stored."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import orjson

from funding.reading.registers import read_amounts, read_contacts
from funding.reading.scenarios import Scenario, read_scenarios
from funding.reading.schemes import read_scheme
from funding.reading.table import Document, FundingFileError
from funding.rule.scheme import Amount, Contact, Scheme

RULES, SCENARIOS, AMOUNTS, CONTACTS = "rules", "scenarios", "amounts.toml", "contacts.toml"
NO_VERSION: Final = "none"


@dataclass(frozen=True)
class Book:
    """The schemes by their order, and what they refer to; immutable, shared by all requests."""

    schemes: tuple[Scheme, ...] = ()
    amounts: Mapping[str, tuple[Amount, ...]] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    version: str = NO_VERSION

    def scheme(self, identifier: str) -> Scheme | None:
        """Return a scheme, None if there is none."""
        return next((scheme for scheme in self.schemes if scheme.id == identifier), None)

    def amount(self, identifier: str, first: date, last: date | None) -> Amount | None:
        """Return the figure that holds on every day of a period, None if there is none: never last year's."""
        return next((each for each in self.amounts.get(identifier, ()) if each.holds(first, last)), None)


@dataclass(frozen=True)
class Reading:
    """A book, its scenarios, the documents that it was read from, and the faults of single files."""

    book: Book
    scenarios: tuple[Scenario, ...]
    documents: Mapping[str, Document]
    faults: tuple[str, ...]


def read_texts(folder: Path) -> dict[str, str]:
    """Return the TOML files of a folder of rules by their names in it; raises FundingFileError."""
    paths = [*folder.glob(f"{RULES}/*.toml"), *folder.glob(f"{SCENARIOS}/*.toml")]
    paths += [path for name in (AMOUNTS, CONTACTS) if (path := folder / name).is_file()]
    if not any(path.parent.name == RULES for path in paths):
        raise FundingFileError([f"{folder}/{RULES}: no funding rules (*.toml) are here"])
    texts: dict[str, str] = {}
    for path in sorted(paths):
        raw = path.read_bytes()
        try:
            texts[path.relative_to(folder).as_posix()] = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise FundingFileError([f"{path}, line {line}: the file is not UTF-8"]) from error
    return texts


def read_book(texts: Mapping[str, str], folder: str = "") -> Reading:
    """Return the book of some files; every fault of a single file is collected, with its line."""
    documents = {name: Document(f"{folder}/{name}" if folder else name, text) for name, text in texts.items()}
    sound = {name: document for name, document in documents.items() if not document.faults}
    schemes = [read_scheme(document) for name, document in sound.items() if name.startswith(RULES)]
    amounts = read_amounts(sound[AMOUNTS]) if AMOUNTS in sound else ()
    contacts = read_contacts(sound[CONTACTS]) if CONTACTS in sound else ()
    scenarios = [each for name, document in sound.items() if name.startswith(SCENARIOS)
                 for each in read_scenarios(document)]  # fmt: skip
    book = Book(
        tuple(sorted(schemes, key=lambda scheme: (scheme.order, scheme.id))),
        {each.id: tuple(other for other in amounts if other.id == each.id) for each in amounts},
        {each.id: each for each in contacts},
        _version(document for name, document in sound.items() if not name.startswith(SCENARIOS)),
    )
    faults = tuple(fault for document in documents.values() for fault in document.faults)
    return Reading(book, tuple(scenarios), documents, faults)


def _version(documents: Iterable[Document]) -> str:
    """Return a hash of what the rules say: comments, layout and the folder do not change it."""
    rows = sorted(orjson.dumps(document.data, option=orjson.OPT_SORT_KEYS) for document in documents)
    return hashlib.blake2b(b"\n".join(rows), digest_size=8).hexdigest()
