"""Parts of an offer's page: terms with their values, texts, contacts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from mappings.offer import Contact, Organisation
from search_app.text import wording
from search_app.text.wording import curved


@dataclass(frozen=True, slots=True)
class Value:
    """One text, with an optional link."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a text: a paragraph or a list."""

    texts: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A term with its values, or with a long text; ``seats_of`` is the key of its session."""

    term: str
    values: tuple[Value, ...]
    blocks: tuple[Block, ...] = ()
    seats_of: str | None = None


@dataclass(frozen=True, slots=True)
class ContactCard:
    """One contact."""

    role: str | None
    name: str | None
    lines: tuple[Value, ...]


class FactList:
    """Collects facts; unknown ones are left out."""

    def __init__(self) -> None:
        self._facts: list[Fact] = []

    def add(self, term: str, *texts: str | None) -> Self:
        """Add a term with its non-empty texts."""
        return self.add_values(term, [Value(wording.typeset(text)) for text in texts if text])

    def add_values(self, term: str, values: Iterable[Value]) -> Self:
        """Add a term with values that may have links."""
        found = tuple(dict.fromkeys(values))
        if found:
            self._facts.append(Fact(term, found))
        return self

    def add_seats(self, term: str, texts: Iterable[str], key: str) -> Self:
        """Add the seats of a session, which change while the page is open."""
        values = tuple(dict.fromkeys(Value(wording.typeset(text)) for text in texts))
        self._facts.append(Fact(term, values, seats_of=key))
        return self

    def add_prose(self, term: str, *texts: str | None) -> Self:
        """Add a term with long texts."""
        blocks = tuple(block for text in texts if text for block in to_blocks(text))
        if blocks:
            self._facts.append(Fact(term, (), blocks))
        return self

    def all(self) -> tuple[Fact, ...]:
        """Return the facts in the order of addition."""
        return tuple(self._facts)


BULLET = re.compile(r"\s*+[-–•*·▪➢][ \t\u00a0]++(?=\S)")  # at the beginning of a line


def to_blocks(text: str) -> list[Block]:
    """Return the paragraphs of a text, one per line; lines that begin with a dash or a bullet form a list.

    >>> [(block.texts, block.is_list) for block in to_blocks("Vous verrez :\\n- le bois\\n- le fer\\n\\nÀ bientôt")]
    [(('Vous verrez\xa0:',), False), (('le bois', 'le fer'), True), (('À bientôt',), False)]
    >>> [block.texts for block in to_blocks("Niveau 3 - CAP soudeur")]
    [('Niveau 3 - CAP soudeur',)]
    """
    blocks: list[Block] = []
    for line in text.splitlines():
        bullet = BULLET.match(line)
        shown = wording.typeset(line[bullet.end() if bullet else 0 :].strip())
        if not shown:
            continue
        in_list = bullet is not None
        if in_list and blocks and blocks[-1].is_list:
            blocks[-1] = Block((*blocks[-1].texts, shown), True)
        else:
            blocks.append(Block((shown,), in_list))
    return blocks


def yes_no(value: bool | None) -> str | None:
    """Return a truth value in French, None if unknown."""
    return None if value is None else "Oui" if value else "Non"


def web_link(url: str) -> Value:
    """Return a web address as a link, other texts as plain text.

    >>> web_link("www.exemple.fr/a"), web_link("javascript:alert(1)").href
    (Value(text='www.exemple.fr/a', href='http://www.exemple.fr/a'), None)
    """
    text = url.strip()
    if re.match(r"https?://[^\s<>\"]+$", text, re.IGNORECASE):
        return Value(re.sub(r"^https?://", "", text, flags=re.IGNORECASE).rstrip("/"), text)
    if re.match(r"www\.[^\s<>\"]+$", text, re.IGNORECASE):
        return Value(text, f"http://{text}")
    return Value(text)


def mail_link(address: str) -> Value:
    """Return a mail address as a link if it is one."""
    text = address.strip()
    return Value(text, f"mailto:{text}" if re.fullmatch(r"[\w.+'-]+@[\w-]+(\.[\w-]+)+", text) else None)


def phone_link(number: str) -> Value:
    """Return a telephone number as a link.

    >>> phone_link("05.63.00.00.00").href, phone_link("standard").href
    ('tel:0563000000', None)
    """
    shown = wording.phone(number)
    dialled = re.sub(r"[^\d+]", "", shown)
    return Value(shown, f"tel:{dialled}" if re.fullmatch(r"\+?\d{4,15}", dialled) else None)


def to_contact_card(contact: Contact, role_labels: dict[str, str]) -> ContactCard | None:
    """Return a contact for display, None if it is empty."""
    lines = [phone_link(number) for number in contact.phones]
    if contact.email:
        lines.append(mail_link(contact.email))
    lines += [web_link(url) for url in contact.urls]
    lines += [Value(line) for line in (*contact.lines, contact.address) if line]
    if not lines and not contact.name:
        return None
    role = curved(role_labels.get(contact.role, contact.role)) if contact.role else None
    return ContactCard(role, contact.name, tuple(dict.fromkeys(lines)))


def organisation_values(organisation: Organisation, href: str | None) -> tuple[Value, ...]:
    """Return name and registration numbers of a legal body."""
    values = [Value(organisation.name, href)] if organisation.name else []
    if organisation.siret or organisation.siren:
        kind, code = ("SIRET", organisation.siret) if organisation.siret else ("SIREN", organisation.siren)
        values.append(Value(f"{kind} {code}", None if organisation.name else href))
    if organisation.declaration:
        values.append(Value(f"Déclaration d’activité {organisation.declaration}"))
    return tuple(values)
