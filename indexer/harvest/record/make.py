"""What a source tells of a text → the record that is stored, or the reason why there is none."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic_core import PydanticSerializationError

from indexer.harvest.record.addresses import shown_address
from indexer.harvest.record.codes import Codes, CodeTables, read_all
from indexer.harvest.record.days import Moment, parse_moment
from indexer.harvest.record.evidence import find_evidence
from indexer.harvest.record.identifiers import nor_in_title, read_identifiers
from indexer.harvest.record.kinds import kind_of
from indexer.harvest.told import Rejected, Told
from indexer.normalize.texts import CONTROLS, clean_line, clean_text
from mappings.documents.document import DocumentFacts, DocumentKind
from mappings.documents.record import DocumentRecord
from mappings.keys import key_of

RULES_VERSION: Final = "2"  # incremented with every change of what a record becomes: all are then written again, once
LONGEST_TITLE: Final = 1_000
LONGEST_DESCRIPTION: Final = 5_000
LONGEST_TEXT: Final = 20_000
LONGEST_IDENTIFIER: Final = 2_000
MOST_CREATORS: Final = 20
LONGEST_NAME: Final = 300
LANGUAGES: Final = {
    "fre": "fr",
    "fra": "fr",
    "french": "fr",
    "francais": "fr",
    "français": "fr",
    "eng": "en",
    "ger": "de",
}
NEVER_SEEN: Final = re.compile(rf"{CONTROLS.pattern}|[\u202a-\u202e\u2066-\u2069]")
DOI: Final = re.compile(r"(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)(10\.\d{4,9}/\S+)", re.I)


@dataclass(frozen=True)
class Setting:
    """What the operator says of a source, where its records say nothing themselves."""

    source: str
    scope: str = ""
    kind: DocumentKind = "sheet"
    publisher: str | None = None
    licence: str | None = None
    regions: tuple[str, ...] = ()
    tables: CodeTables = field(default_factory=CodeTables)
    harvested_at: str = ""


def record_key(source: str, scope: str, identifier: str) -> str:
    """Return the key of a record."""
    return key_of(f"{source}\n{scope}\n{identifier}")


def to_record(told: Told, setting: Setting) -> DocumentRecord | Rejected:
    """Return the record, or why it cannot be stored."""
    try:
        return _to_record(told, setting)
    except (UnicodeError, PydanticSerializationError):  # half of a character, which no engine takes
        return Rejected(None, told.place, "unreadable", "a text that is not Unicode", "")


def _to_record(told: Told, setting: Setting) -> DocumentRecord | Rejected:
    if len(told.identifier) > LONGEST_IDENTIFIER:
        reason = f"identifier of {len(told.identifier)} characters"
        return Rejected(None, told.place, "identifier-too-long", reason, told.raw)
    title = _first_line(told.titles, LONGEST_TITLE)
    if not title:
        return Rejected(told.identifier, told.place, "no-title", "a text without title cannot be shown", told.raw)
    codes = _codes(told, title, setting)
    facts = _to_facts(told, title, setting, codes)
    if facts.valid_from and facts.valid_until and facts.valid_until < facts.valid_from:
        message = f"valid until {facts.valid_until}, but from {facts.valid_from} on"
        return Rejected(told.identifier, told.place, "validity-inverted", message, told.raw)
    return make_record(
        setting.source, setting.scope, told.identifier, told.datestamp, facts, codes["region"], setting.harvested_at
    )


def make_record(
    source: str,
    scope: str,
    identifier: str,
    datestamp: str | None,
    facts: DocumentFacts,
    regions: Sequence[str],
    harvested_at: str,
) -> DocumentRecord:
    """Return the record of some facts; ``regions`` are those that it tells itself."""
    digest = hashlib.blake2b(f"{RULES_VERSION}\n{facts.model_dump_json()}".encode(), digest_size=12)
    return DocumentRecord(
        key=record_key(source, scope, identifier),
        source=source,
        scope=scope,
        identifier=identifier,
        datestamp=datestamp,
        evidence=find_evidence(facts, regions),
        hash=digest.hexdigest(),
        facts=facts,
        harvested_at=harvested_at,
    )


def _to_facts(told: Told, title: str, setting: Setting, codes: dict[str, list[str]]) -> DocumentFacts:
    published, validity = _published(told), [parse_moment(told.valid_from), parse_moment(told.valid_until)]
    modified = parse_moment(told.modified)
    identifiers = read_identifiers([*told.identifiers, *told.urls])
    nor = nor_in_title(title)
    return DocumentFacts(
        title=title,
        description=_description(told.descriptions),
        text=_seen(clean_text(told.text[: 5 * LONGEST_TEXT]))[:LONGEST_TEXT],
        kind=told.kind or kind_of([each for each in map(clean_line, told.types) if each]) or setting.kind,
        publisher=_first_line(told.publishers, LONGEST_TITLE) or setting.publisher,
        creators=[line[:LONGEST_NAME] for line in _lines(told.creators[:MOST_CREATORS])],
        licence=_first_line(told.rights, LONGEST_TITLE) or setting.licence,
        language=_language(told.languages),
        url=_address(told),
        identifiers=sorted({*identifiers, *([nor] if nor else [])}),
        published=published.day if published else None,
        year=published.year if published else None,
        modified=_utc(modified),
        valid_from=validity[0].day if validity[0] else None,
        valid_until=validity[1].day if validity[1] else None,
        **{**codes, "region": codes["region"] or list(setting.regions)},
    )


def _codes(told: Told, title: str, setting: Setting) -> dict[str, list[str]]:
    codes = Codes(setting.tables)
    for kind, code in told.codes:
        codes.add(kind, code)
    read_all(codes, _lines(told.subjects), _lines(told.coverages))
    codes.read_title(title)
    for text in told.descriptions[:3]:
        codes.read_words(text[:LONGEST_DESCRIPTION])
    return codes.to_fields()


def _seen(text: str | None) -> str:
    """Return a text without control characters, and without those that turn the direction of what follows them."""
    if not text or text.isprintable():
        return text or ""
    return NEVER_SEEN.sub("", text).strip()


def _lines(texts: Iterable[str]) -> list[str]:
    return [line for text in texts if (line := _seen(clean_line(text[:LONGEST_DESCRIPTION])))]


def _first_line(texts: Iterable[str], longest: int) -> str | None:
    line = next(iter(_lines(texts)), None)
    return line if line is None or len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _description(texts: list[str]) -> str | None:
    found = next((text for each in texts if (text := _seen(clean_text(each[: 5 * LONGEST_DESCRIPTION])))), None)
    if found is None or len(found) <= LONGEST_DESCRIPTION:
        return found
    return f"{found[: LONGEST_DESCRIPTION - 1].rstrip()}…"


def _language(texts: list[str]) -> str | None:
    for text in texts:
        word = text.strip().lower()
        code = LANGUAGES.get(word, re.split(r"[-_]", word)[0])
        if re.fullmatch(r"[a-z]{2}", code):
            return code
    return None


def _address(told: Told) -> str | None:
    """Return the first address of the text; a DOI is one."""
    found = next((address for each in told.urls if (address := shown_address(each))), None)
    if found:
        return found
    dois = (match[1] for each in told.identifiers if (match := DOI.fullmatch(each.strip())))
    return next((shown_address(f"https://doi.org/{doi}") for doi in dois), None)


def _published(told: Told) -> Moment | None:
    """Return the most precise of the dates, the first of them."""
    moments = [moment for text in told.dates if (moment := parse_moment(text))]
    return next((moment for moment in moments if moment.day), next(iter(moments), None))


def _utc(moment: Moment | None) -> Any:
    if moment is None or moment.day is None:
        return None
    return moment.moment or f"{moment.day.isoformat()}T00:00:00Z"
