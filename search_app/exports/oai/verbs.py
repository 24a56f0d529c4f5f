"""The answers to the six verbs: each adds its element to the envelope."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from mappings.codes import region_labels
from mappings.documents.document import DOCUMENT_KINDS
from search_app.documents.asking import Stored, find_document
from search_app.documents.labels import KIND_LABELS, document_path
from search_app.exports.oai.arguments import (
    GET_RECORD,
    IDENTIFIER,
    IDENTIFY,
    LIST_FORMATS,
    LIST_IDENTIFIERS,
    LIST_RECORDS,
    LIST_SETS,
    OAI_DC,
    TOKEN,
    VERB,
    check_format,
    read_selection,
)
from search_app.exports.oai.dublin_core import DC_SCHEMA, to_dublin_core
from search_app.exports.oai.dublin_core import OAI_DC as OAI_DC_NAMESPACE
from search_app.exports.oai.envelope import SCHEMA_LOCATION
from search_app.exports.oai.faults import BAD_TOKEN, NO_IDENTIFIER, NO_RECORDS, refusal
from search_app.exports.oai.records import RecordPage, fetch_earliest, fetch_page, fetch_sets
from search_app.exports.oai.token import Position, key_of, seal, unseal
from search_app.search.service import Services
from search_app.text.xml import Element, add

IDENTIFIER_SCHEMA: Final = "http://www.openarchives.org/OAI/2.0/oai-identifier"
GRANULARITY: Final = "YYYY-MM-DDThh:mm:ssZ"
LONGEST_KEY: Final = 100
_LABEL: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*")
_BEFORE_MAIL: Final = re.compile(r"[\s<>:]+")


@dataclass(frozen=True, slots=True)
class Repository:
    """The provider: the site's address, and host as it is named in identifiers."""

    services: Services
    site: str

    @property
    def host(self) -> str:
        """Return the host of the site."""
        try:
            return urlsplit(self.site).hostname or "boussole"
        except ValueError:  # a host that a client invented
            return "boussole"

    @property
    def email(self) -> str:
        """Return the mail address of the contact, else the usual one of the host."""
        words = _BEFORE_MAIL.split(self.services.settings.contact)
        mails = (word for word in words if "@" in word[1:-1] and "/" not in word)
        return next(mails, f"contact@{self.host}")

    @property
    def is_namespace(self) -> bool:
        """Tell whether the host is one that the guideline on identifiers allows: no number, no local name."""
        labels = self.host.split(".")
        return len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)

    def identifier(self, key: str) -> str:
        """Return the identifier of a document."""
        return f"oai:{self.host}:{key}"

    def key(self, identifier: str) -> str:
        """Return the key of an identifier, empty if it is none of ours."""
        start = self.identifier("")
        key = identifier.removeprefix(start) if identifier.startswith(start) else ""
        return key if len(key) <= LONGEST_KEY else ""


Arguments = Mapping[str, str]
Answer = Callable[[Repository, Arguments, Element], Awaitable[None]]


async def identify(repository: Repository, _: Arguments, answer: Element) -> None:
    """Add what the repository is."""
    told = add(answer, IDENTIFY)
    editor = repository.services.settings.editor
    add(told, "repositoryName", f"Boussole – {editor}" if editor else "Boussole")
    add(told, "baseURL", f"{repository.site}/oai")
    add(told, "protocolVersion", "2.0")
    add(told, "adminEmail", repository.email)
    add(told, "earliestDatestamp", await fetch_earliest(repository.services))
    add(told, "deletedRecord", "transient")
    add(told, "granularity", GRANULARITY)
    add(told, "compression", "gzip")
    if repository.is_namespace:
        described = add(add(told, "description"), "oai-identifier", namespace=IDENTIFIER_SCHEMA)
        described.set(SCHEMA_LOCATION, f"{IDENTIFIER_SCHEMA} {IDENTIFIER_SCHEMA}.xsd")
        add(described, "scheme", "oai")
        add(described, "repositoryIdentifier", repository.host)
        add(described, "delimiter", ":")
        add(described, "sampleIdentifier", repository.identifier("n33nhrxdjcpe"))


async def list_formats(repository: Repository, arguments: Arguments, answer: Element) -> None:
    """Add the one format; raises OaiRefusal for a document that never was."""
    if IDENTIFIER in arguments:
        await _find(repository, arguments[IDENTIFIER])
    told = add(add(answer, LIST_FORMATS), "metadataFormat")
    add(told, "metadataPrefix", OAI_DC)
    add(told, "schema", DC_SCHEMA)
    add(told, "metadataNamespace", OAI_DC_NAMESPACE)


async def list_sets(repository: Repository, arguments: Arguments, answer: Element) -> None:
    """Add the sets that have records, all kinds before the first harvest; raises OaiRefusal for any token."""
    if TOKEN in arguments:
        raise refusal(BAD_TOKEN, "La liste des ensembles tient en une page : elle n’a pas de resumptionToken.")
    found, regions = await fetch_sets(repository.services), region_labels()
    told = add(answer, LIST_SETS)
    for kind in found["kind"] or DOCUMENT_KINDS:
        _add_set(told, f"kind:{kind}", KIND_LABELS.get(kind, kind))
    for code in found["region"]:
        _add_set(told, f"region:{code}", regions.get(code, code))


def _add_set(told: Element, spec: str, name: str) -> None:
    made = add(told, "set")
    add(made, "setSpec", spec)
    add(made, "setName", name)


async def get_record(repository: Repository, arguments: Arguments, answer: Element) -> None:
    """Add one record; raises OaiRefusal."""
    check_format(arguments)
    stored = await _find(repository, arguments[IDENTIFIER])
    _add_record(repository, add(answer, GET_RECORD), stored)


async def list_records(repository: Repository, arguments: Arguments, answer: Element) -> None:
    """Add a page of records; raises OaiRefusal."""
    await _list(repository, arguments, answer, _add_record)


async def list_identifiers(repository: Repository, arguments: Arguments, answer: Element) -> None:
    """Add a page of headers; raises OaiRefusal."""
    await _list(repository, arguments, answer, _add_header)


async def _list(
    repository: Repository,
    arguments: Arguments,
    answer: Element,
    add_one: Callable[[Repository, Element, Stored], None],
) -> None:
    services, verb = repository.services, arguments[VERB]
    key = key_of(services.settings)
    resumed = unseal(arguments[TOKEN], verb, key) if TOKEN in arguments else None
    if resumed is None:
        check_format(arguments)
    selection = resumed.selection if resumed else read_selection(arguments)
    after, before = (resumed.after, resumed.before) if resumed else ("", 0)
    page = await fetch_page(services, selection, after, whole=verb == LIST_RECORDS)
    if not page.records and resumed is None:
        raise refusal(NO_RECORDS, "Aucun document ne correspond à ces dates et à cet ensemble.")
    if not page.records:  # what was to follow has disappeared meanwhile
        raise refusal(BAD_TOKEN, "La suite de cette liste n’existe plus ; recommencez la liste.")
    told = add(answer, verb)
    for stored in page.records:
        add_one(repository, told, stored)
    if page.is_last and resumed is None:
        return
    end = page.records[-1]["key"]
    following = Position(verb, selection, end, before + len(page.records))
    token = "" if page.is_last else seal(following, key)
    _add_token(told, token, page, before)


def _add_token(told: Element, token: str, page: RecordPage, before: int) -> None:
    total = max(page.total, before + len(page.records))
    add(told, "resumptionToken", token, completeListSize=str(total), cursor=str(before))


def _add_record(repository: Repository, told: Element, stored: Stored) -> None:
    record = add(told, "record")
    _add_header(repository, record, stored)
    if not stored.get("deleted"):
        page = f"{repository.site}{document_path(stored['key'])}"
        add(record, "metadata").append(to_dublin_core(stored, repository.services.reference.current(), page))


def _add_header(repository: Repository, told: Element, stored: Stored) -> None:
    header = add(told, "header")
    if stored.get("deleted"):
        header.set("status", "deleted")
    add(header, "identifier", repository.identifier(stored["key"]))
    add(header, "datestamp", stored["stamp"])
    for spec in (f"kind:{stored['kind']}", *(f"region:{code}" for code in stored.get("region") or ())):
        add(header, "setSpec", spec)


async def _find(repository: Repository, identifier: str) -> Stored:
    key = repository.key(identifier)
    stored = await find_document(repository.services, key) if key else None
    if stored is None:
        raise refusal(NO_IDENTIFIER, "Aucun document n’a cet identifiant.")
    return stored


ANSWERS: Final[Mapping[str, Answer]] = {
    IDENTIFY: identify,
    LIST_FORMATS: list_formats,
    LIST_SETS: list_sets,
    GET_RECORD: get_record,
    LIST_IDENTIFIERS: list_identifiers,
    LIST_RECORDS: list_records,
}
