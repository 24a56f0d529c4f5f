"""Mail addresses as they are typed: read strictly, because one becomes part of an SMTP dialogue and of headers."""

import re
from dataclasses import dataclass
from typing import Final

import idna

MOST_TYPED: Final = 320  # characters: 64 before the @ and 255 after it
MOST_BYTES: Final = 254  # of a whole address, RFC 5321
MOST_LOCAL: Final = 64
# Without ! and %, which old mail servers take for a route, and without what is a quotation or a command elsewhere.
LOCAL: Final = re.compile(r"[A-Za-z0-9#$&'*+/=?^_~-]+(\.[A-Za-z0-9#$&'*+/=?^_~-]+)*")
DOMAIN: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])", re.ASCII)
EXAMPLE: Final = "prenom.nom@exemple.fr"


class BadAddress(ValueError):
    """This is no address that mail can be sent to; the message says why in French, without repeating the address."""


@dataclass(frozen=True, slots=True)
class MailAddress:
    """An address in ASCII: the local part as typed, the domain in lower case and as DNS has it."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    def __repr__(self) -> str:
        return "MailAddress(…)"  # never in a traceback or a log

    @property
    def normal(self) -> str:
        """Return the form under which the address is found again: no provider distinguishes capitals."""
        return str(self).lower()


def parse_address(text: str) -> MailAddress:
    """Return the typed address; raises BadAddress.

    Quoted local parts, comments, address literals and names without a dot are refused: nobody types them.

    >>> str(parse_address(" Prenom.Nom@Exemple.FR ")), str(parse_address("a@Straße.example"))
    ('Prenom.Nom@exemple.fr', 'a@xn--strae-oqa.example')
    >>> parse_address("A.B@exemple.fr").normal
    'a.b@exemple.fr'
    """
    text = text.strip(" ")
    if not text:
        raise BadAddress(f"Saisissez votre adresse électronique, par exemple {EXAMPLE}.")
    if len(text) > MOST_TYPED or text.count("@") != 1:
        raise BadAddress(f"Cette adresse électronique n’a pas la bonne forme : attendu, par exemple, {EXAMPLE}.")
    local, _, domain = text.partition("@")
    if not local.isascii():
        raise BadAddress("Avant le @, seules les lettres sans accent, les chiffres et les signes usuels sont acceptés.")
    if len(local) > MOST_LOCAL or not LOCAL.fullmatch(local):
        raise BadAddress(f"La partie avant le @ n’a pas la bonne forme : attendu, par exemple, {EXAMPLE}.")
    address = MailAddress(local, _to_ascii(domain))
    if len(str(address)) > MOST_BYTES:
        raise BadAddress("Cette adresse électronique est trop longue.")
    return address


def _to_ascii(domain: str) -> str:
    """Return a domain as DNS has it (IDNA 2008); raises BadAddress."""
    try:
        ascii_domain = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        ascii_domain = ""
    if not DOMAIN.fullmatch(ascii_domain):
        raise BadAddress(f"La partie après le @ n’est pas un nom de domaine : attendu, par exemple, {EXAMPLE}.")
    return ascii_domain
