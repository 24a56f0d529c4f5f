"""Refuses addresses that tell the situation of a person: an address is kept in histories, logs and Referer headers."""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from search_app.base.errors import Fault, PrivateParameters

KEYS: Final = frozenset({"disabled", "allowance", "cpf_euros", "status", "age", "child_under_12", "csp_since"})
_ENCODED: Final = frozenset(key.encode() for key in KEYS)
_PAIRS: Final = re.compile(rb"[&;]")
_NESTED: Final = re.compile(rb"[.\[\]]")
INSTEAD: Final = "le corps d’une requête POST"


def private_fault(query: bytes) -> PrivateParameters | None:
    """Return the refusal of a query string, None if it has none of the keys; the values are not read.

    >>> private_fault(b"q=age&entry_level=4"), private_fault(b"q=a&%61ge=26-29").faults[0].parameter
    (None, 'age')
    >>> private_fault(b"person.status=x").faults[0].parameter  # a field of a page's form
    'status'
    >>> [private_fault(query).faults[0].parameter for query in (b"a=1;age=x", b"person%5Bage%5D=x", b"age%00[]=x")]
    ['age', 'age', 'age']
    """
    named = {name for pair in _PAIRS.split(query) for name in _names_of(pair)} & _ENCODED if query else None
    if not named:
        return None
    return PrivateParameters([_fault(key.decode()) for key in sorted(named)])


def _names_of(pair: bytes) -> list[bytes]:
    """Return the names in the key of a pair, which may be nested: ``person.age``, ``person[age]``."""
    key = pair.partition(b"=")[0]
    if b"%" in key or b"+" in key:
        key = unquote_to_bytes(key.replace(b"+", b" "))
    return [name.strip(b" \t\0").lower() for name in _NESTED.split(key)]


def _fault(key: str) -> Fault:
    message = f"{key} : jamais dans une adresse, qui est gardée ; possible : {INSTEAD}."
    plain = f"« {key} » dit la situation d’une personne : jamais dans une adresse, qui est gardée."
    return Fault(key, "", INSTEAD, message, plain)
