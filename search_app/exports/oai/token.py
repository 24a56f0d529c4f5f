"""Resumption tokens: the arguments of a list and its last key, signed; no process keeps anything."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from search_app.base.settings import Settings
from search_app.exports.oai.arguments import FROM, SET, UNTIL, Selection, read_selection
from search_app.exports.oai.faults import BAD_TOKEN, OaiRefusal, refusal

LONGEST: Final = 2_000  # characters; ours have some 150
LONGEST_KEY: Final = 100
SIGNED_BYTES: Final = 16  # of HMAC-SHA256: nobody guesses 128 bits
MOST_BEFORE: Final = 10**9
PURPOSE: Final = b"boussole oai resumption token 1"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a list goes on: after a key, ``before`` records having been sent."""

    verb: str
    selection: Selection
    after: str
    before: int


def key_of(settings: Settings) -> bytes:
    """Return the key of an installation, equal in all of its processes and machines.

    Without BOUSSOLE_OAI_KEY it is made of settings that are no secrets; it then detects damage only, which suffices:
    whatever a token tells is checked as if it had been typed.
    """
    secret = settings.oai_key.get_secret_value() or f"{settings.index_prefix} {settings.public_url}"
    return hashlib.sha256(PURPOSE + secret.encode()).digest()


def seal(position: Position, key: bytes) -> str:
    """Return the token of a position."""
    selection = position.selection
    value = [position.verb, selection.start, selection.end, selection.set_spec, position.before, position.after]
    payload = orjson.dumps(value)
    return f"{_encode(payload)}.{_encode(_signature(payload, key))}"


def unseal(token: str, verb: str, key: bytes) -> Position:
    """Return the position of a token; raises OaiRefusal for one that is damaged, foreign, or of another verb."""
    try:
        if len(token) > LONGEST:
            raise ValueError(token[:100])
        payload, _, signature = token.encode("ascii").partition(b".")
        decoded = _decode(payload)
        if not hmac.compare_digest(_encode(_signature(decoded, key)).encode(), signature):
            raise ValueError(token)
        return _to_position(orjson.loads(decoded), verb)
    except (ValueError, TypeError, OaiRefusal):
        raise refusal(BAD_TOKEN, "Ce resumptionToken n’est pas valide ; recommencez la liste.") from None


def _to_position(value: Any, verb: str) -> Position:
    told, start, end, set_spec, before, after = value
    texts: Mapping[str, str] = {FROM: start, UNTIL: end, SET: set_spec}
    if told != verb or not all(isinstance(text, str) for text in (*texts.values(), after)):
        raise ValueError(told)
    if type(before) is not int or not 0 < before < MOST_BEFORE or not 0 < len(after) <= LONGEST_KEY:
        raise ValueError(before)
    return Position(verb, read_selection(texts), after, before)


def _signature(payload: bytes, key: bytes) -> bytes:
    return hmac.new(key, payload, hashlib.sha256).digest()[:SIGNED_BYTES]


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decode(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
