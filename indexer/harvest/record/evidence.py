"""What records of one text have in common: identifiers, the address, title with publisher and day.

Each piece is "scheme:value". Schemes are ordered: a weaker one joins nothing that a stronger one tells apart.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from indexer.harvest.record.addresses import compared_address
from language.unicode import compose_text
from language.words import fold
from mappings.documents.document import DocumentFacts

PUNCTUATION: Final = re.compile(r"[^\w+#]+|_+")  # « C », « C++ » and « C# » are three titles
NUMBER_SIGN: Final = re.compile(r"\b(?:n|no|nr|num|numero)\s?[°ºo.]?\s?(?=\d)")
SHORTEST_TITLE: Final = 8  # characters: « Agenda » of one day says nothing
LONGEST_TITLE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Scheme:
    """One kind of evidence.

    ``joins`` records that share a value. ``parts`` records whose values all differ, from weaker joins on.
    ``unique``: a value that one source tells of texts with different titles is void. ``across``: joins only records of
    different sources, for one source tells two texts by two identifiers.
    """

    name: str
    joins: bool = True
    parts: bool = False
    unique: bool = False
    across: bool = False


# In the order of their strength. ELI by NOR and ELI by number name the same text differently: neither parts the other.
SCHEMES: Final = (
    Scheme("oai"),
    Scheme("eli-nor", parts=True, unique=True),
    Scheme("eli-number", parts=True, unique=True),
    Scheme("nor", parts=True, unique=True),
    Scheme("isbn", parts=True, unique=True),
    Scheme("address", unique=True),
    Scheme("language", joins=False, parts=True),
    Scheme("region", joins=False, parts=True),
    Scheme("title", across=True),
)
IDENTIFYING: Final = frozenset(("oai", "eli-nor", "eli-number", "nor", "isbn"))  # schemes of identifiers
NAME: Final = "name"  # the title alone: joins nothing, tells whether two records of a source speak of one text
NOR_PATH: Final = re.compile(r"[a-z_-]{1,40}/\d{4}/\d{1,2}/\d{1,2}/[A-Z]{3}[A-Z0-9]\d{7}[A-Z](?:/.*)?")


def compared_title(title: str) -> str:
    """Return a title without case, accents, punctuation and the variants of « n° ».

    >>> compared_title("L’apprentissage : Guide N° 3") == compared_title("l'apprentissage – guide nº3")
    True
    >>> compared_title("Développeur C++"), compared_title("Niveau 5 / 2026")
    ('developpeur c++', 'niveau 5 2026')
    """
    plain = NUMBER_SIGN.sub("n ", fold(compose_text(title)).replace("°", "o").replace("º", "o"))
    return " ".join(PUNCTUATION.sub(" ", plain).split())[:LONGEST_TITLE]


def find_evidence(facts: DocumentFacts, regions: Iterable[str]) -> list[str]:
    """Return the evidence of a record, each piece once; ``regions`` are those that it tells itself."""
    title = compared_title(facts.title)
    found = [*map(_of_identifier, facts.identifiers)]
    address = compared_address(facts.url) if facts.url else None
    found += [f"address:{_digest(address)}"] if address else []
    found += [f"language:{facts.language}"] if facts.language else []
    found += [f"region:{code}" for code in regions]
    if facts.publisher and facts.published and len(title) >= SHORTEST_TITLE:
        found.append(f"title:{_digest(title, compared_title(facts.publisher), facts.published.isoformat())}")
    return list(dict.fromkeys([*found, f"{NAME}:{_digest(title)}"]))


def _of_identifier(identifier: str) -> str:
    scheme, _, value = identifier.partition(":")
    if scheme == "eli":
        return f"eli-{'nor' if NOR_PATH.fullmatch(value) else 'number'}:{value}"
    return identifier


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()
