"""Refuses addresses that tell the situation of a person: an address is kept in histories, logs and Referer headers."""

from typing import Final
from urllib.parse import unquote_to_bytes

from search_app.base.errors import Fault, PrivateParameters

KEYS: Final = frozenset({"disabled", "allowance", "cpf_euros", "status", "age", "child_under_12", "csp_since"})
_ENCODED: Final = frozenset(key.encode() for key in KEYS)
INSTEAD: Final = "le corps d’une requête POST"


def private_fault(query: bytes) -> PrivateParameters | None:
    """Return the refusal of a query string, None if it has none of the keys; the values are not read.

    >>> private_fault(b"q=age&entry_level=4"), private_fault(b"q=a&%61ge=26-29").faults[0].parameter
    (None, 'age')
    >>> private_fault(b"person.status=x").faults[0].parameter  # a field of a page's form
    'status'
    """
    named = {_key_of(pair) for pair in query.split(b"&")} & _ENCODED if query else None
    if not named:
        return None
    return PrivateParameters([_fault(key.decode()) for key in sorted(named)])


def _key_of(pair: bytes) -> bytes:
    key = pair.partition(b"=")[0]
    if b"%" in key or b"+" in key:
        key = unquote_to_bytes(key.replace(b"+", b" "))
    return key.strip().lower().removeprefix(b"person.")


def _fault(key: str) -> Fault:
    message = f"{key} : jamais dans une adresse, qui est gardée ; possible : {INSTEAD}."
    plain = f"« {key} » dit la situation d’une personne : jamais dans une adresse, qui est gardée."
    return Fault(key, "", INSTEAD, message, plain)
